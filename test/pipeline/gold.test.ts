import { expect, test } from "vitest";
import type { AnalysisCorpus } from "../../src/pipeline/analysis-result.ts";
import { type AnalyzeOptions, analyze } from "../../src/pipeline/analyze.ts";
import { runFake } from "../cli/fake-io.ts";
import { tokenLine, wordLines } from "../corpus/treebank-lines.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { Random } from "../tokenizer/hostile-text.ts";
import { randomTreebank } from "./random-treebanks.ts";
import { BYTES, PIECES } from "./tiny-files.ts";
import { expectGoldTwin, tempFile } from "./twin.ts";

function treebank(...sentences: (readonly string[])[]): string {
  return tempFile(`${sentences.map((lines) => lines.join("\n")).join("\n\n")}\n`, ".conllu");
}

// "abab ab" as abab|ab and as ab|ab|ab: the same text, divided differently.
//   tokens    ab|ab| ab           3 in each, 2 pre-tokens in each
//   abab|ab   touched by 2 and 1; ab|ab|ab by 1, 1, 1
// "a <x>" as one word with a space in it: a| |<x>, 3 tokens, 3 pre-tokens, the word is touched by all.
test("every figure, by hand", async () => {
  const corpus = treebank(
    wordLines("abab ab"),
    [tokenLine(1, "ab", "SpaceAfter=No"), tokenLine(2, "ab"), tokenLine(3, "ab")],
    [tokenLine("1-2", "a <x>"), tokenLine(1, "a"), tokenLine(2, "b")],
  );
  const result = await analyze("en", { corpus: [corpus], tokenizers: [BYTES] });
  expect(result.corpus).toMatchObject({
    files: 1,
    documents: 3,
    bytes: 7 + 7 + 5,
    characters: 19,
    words: 6,
    wordRule: "gold",
    unit: "record",
  });
  expect(result.results[0]).toMatchObject({
    tokens: 9,
    fertility: 9 / 6,
    continuedWordShare: 2 / 6,
    singleTokenWordShare: 4 / 6,
    floor: 7 / 6,
    floorRule: "pre-tokens",
    headroom: 1 - 7 / 9,
    vocabularyUsed: 5,
  });
});

// ▁a|a and, in the other sentence, a|a: words beside each other without a space are words of their own.
test("a tokenizer without a pre-tokenizer", async () => {
  const corpus = treebank(wordLines("aa"), [tokenLine(1, "a", "SpaceAfter=No"), tokenLine(2, "a")]);
  const { results } = await analyze("en", { corpus: [corpus], tokenizers: [PIECES] });
  expect(results[0]).toMatchObject({
    tokens: 4,
    fertility: 4 / 3,
    continuedWordShare: 1 / 3,
    singleTokenWordShare: 2 / 3,
    floor: 2 / 3,
    floorRule: "pieces",
  });
});

test("hostile treebanks under tiny tokenizers: analyze is its slow twin", async () => {
  const likes = ["<x>", "ẽ", "e\u0303", " ab", "a"];
  for (let seed = 0; seed < 8; seed++) {
    const random = new Random(seed + 400);
    const treebanks = [randomTreebank(random, 60, likes), randomTreebank(random, 1, likes)];
    await expectGoldTwin(treebanks, { tokenizers: [BYTES, PIECES], seed });
  }
});

const TREES = treebank(wordLines("a b"), wordLines("ab"));
const TEXT = tempFile("a b\n", ".txt");
const corpusOf = async (options: AnalyzeOptions): Promise<AnalysisCorpus> =>
  (await analyze("en", { tokenizers: [BYTES], ...options })).corpus;

test("gold is the default of treebanks alone; other rules read their text", async () => {
  expect(await corpusOf({ corpus: [TREES] })).toMatchObject({ wordRule: "gold", words: 3 });
  expect(await corpusOf({ corpus: [TREES], words: "gold" })).toMatchObject({ wordRule: "gold", words: 3 });
  expect(await corpusOf({ corpus: [TREES], words: "whitespace" })).toMatchObject({
    wordRule: "whitespace",
    words: 3,
    documents: 2,
  });
  expect(await corpusOf({ corpus: [TREES], words: "none" })).not.toHaveProperty("words", 3);
  expect(await corpusOf({ corpus: [TREES, TEXT] })).toMatchObject({
    wordRule: "whitespace",
    words: 5,
    unit: "line",
  });
});

test("gold with anything else is refused, and says what that is", async () => {
  const args = ["analyze", "--lang", "en", "--words", "gold", "--tokenizer", BYTES];
  const { code, stdout, stderr } = await runFake([...args, "--corpus", TREES, TEXT]);
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toBe(
    `vocab: error: --words gold needs .conllu files: ${TEXT} is not one\n` +
      "  hint: use --words whitespace or uax29, or name .conllu files only\n",
  );
});

const out = temporaryFolder();

test("counts of treebanks have their text, and no gold words", async () => {
  const counted = await runFake([
    "count",
    "--lang",
    "en",
    "--corpus",
    TREES,
    "--out",
    out,
    "--hold-out",
    "0",
  ]);
  expect(counted.code).toBe(0);
  expect(await corpusOf({ counts: [out] })).toMatchObject({
    documents: 2,
    bytes: 5,
    words: 3,
    wordRule: "whitespace",
    unit: "record",
  });
  const gold = await runFake(["analyze", "--lang", "en", "--counts", out, "--words", "gold"]);
  expect(gold.code).toBe(2);
  expect(gold.stderr).toContain("--words gold needs .conllu files: a folder of counts is not one");
});

test("a fault of a treebank is a failure that names file and line", async () => {
  const broken = treebank(wordLines("a b"), [tokenLine(2, "c")]);
  const { code, stderr } = await runFake([
    "analyze",
    "--lang",
    "en",
    "--corpus",
    broken,
    "--tokenizer",
    BYTES,
  ]);
  expect(code).toBe(1);
  expect(stderr).toContain(`vocab: error: ${broken}, line 4: token 2 outside a sentence`);
});

test("a treebank without sentences is an empty corpus", async () => {
  const empty = treebank(["# newdoc"]);
  await expect(analyze("en", { corpus: [empty], tokenizers: [BYTES] })).rejects.toThrow(
    "the corpus is empty",
  );
});
