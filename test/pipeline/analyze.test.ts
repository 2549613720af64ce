import { describe, expect, it } from "vitest";
import type { TokenizerResult } from "../../src/pipeline/analysis-result.ts";
import { type AnalyzeOptions, analyze } from "../../src/pipeline/analyze.ts";
import { Random } from "../tokenizer/hostile-text.ts";
import { hardDocument } from "./hard-documents.ts";
import { BYTES, PIECES } from "./tiny-files.ts";
import { expectTwin, jsonLines, tempFile } from "./twin.ts";

async function resultOf(
  documents: readonly string[],
  tokenizer: string,
  options: AnalyzeOptions = {},
): Promise<TokenizerResult> {
  const corpus = [tempFile(jsonLines(documents), ".jsonl")];
  const { results } = await analyze("en", {
    corpus,
    tokenizers: [tokenizer],
    words: "whitespace",
    ...options,
  });
  return results[0]!;
}

describe("every figure, by hand", () => {
  // "ab ab ü": ab| ab| |C3|BC   5 tokens, 3 pre-tokens, 8 bytes, 7 characters; words: 1 token, 1, 2 (the space touches none)
  // "<x> b":   <x>| |b          3 tokens, 2 pre-tokens, 5 bytes, 5 characters; words: 1 token, 1
  // Ids: the space twice, six others once: Σ p^2.5 = (2/8)^2.5 + 6 (1/8)^2.5.
  it("a byte-level tokenizer", async () => {
    const result = await resultOf(["ab ab ü", "<x> b"], BYTES);
    expect(result).toMatchObject({
      vocabSize: 260,
      tokens: 8,
      fertility: 8 / 5,
      bytesPerToken: 13 / 8,
      charactersPerToken: 12 / 8,
      continuedWordShare: 1 / 5,
      singleTokenWordShare: 4 / 5,
      floor: 5 / 5,
      floorRule: "pre-tokens",
      headroom: 1 - 1 / 1.6,
      partialCharacterTokenShare: 2 / 8,
      unknownTokens: 0,
      vocabularyUsed: 7,
    });
    expect(result.renyiEfficiency).toBeCloseTo(
      Math.log2(0.25 ** 2.5 + 6 * 0.125 ** 2.5) / -1.5 / Math.log2(260),
      12,
    );
    expect(result.fertilityInterval).toBeUndefined();
    expect(result.byteFallbackTokens).toBeUndefined();
  });

  // "a a":    ▁a|▁a         2 tokens, 2 pieces, 2 words of one token
  // "a<x>b":  ▁a|<x>|▁|62   4 tokens, 3 pieces, 1 word touched by three: the ▁ before b stands for nothing in the text
  it("a tokenizer without a pre-tokenizer", async () => {
    expect(await resultOf(["a a", "a<x>b"], PIECES)).toMatchObject({
      tokens: 6,
      fertility: 6 / 3,
      bytesPerToken: 8 / 6,
      continuedWordShare: 1 / 3,
      singleTokenWordShare: 2 / 3,
      floor: 5 / 3,
      floorRule: "pieces",
      headroom: 1 - 5 / 6,
      partialCharacterTokenShare: 0,
      unknownTokens: 0,
      byteFallbackTokens: 1,
      vocabularyUsed: 4,
    });
  });

  // é is C3 A9 in bytes, each half a character; a line end goes on with the piece: ▁a|0A|C3|A9 is one.
  it("byte tokens that are half a character", async () => {
    expect(await resultOf(["a\né"], PIECES)).toMatchObject({
      tokens: 4,
      floor: 1 / 2,
      partialCharacterTokenShare: 2 / 4,
      unknownTokens: 0,
      byteFallbackTokens: 3,
    });
  });

  it("a word that only the <x> beside the prefix touches has one token", async () => {
    expect(await resultOf(["<x> a"], PIECES)).toMatchObject({ tokens: 3, singleTokenWordShare: 1 });
  });
});

describe("what segments could lose", () => {
  it("an added token that only appears when the text is composed", async () => {
    expect(await resultOf(["b e\u0303"], BYTES)).toMatchObject({ tokens: 3, vocabularyUsed: 3 });
    expect(await resultOf(["b \u1ebd"], BYTES)).toMatchObject({ tokens: 3, vocabularyUsed: 3 });
  });

  it("two U+202F, white space, are a word to UAX 29", async () => {
    const corpus = [tempFile("\u202f\u202f", ".txt")];
    const { result } = await expectTwin({ corpus, tokenizers: [BYTES], words: "uax29" });
    expect(result.corpus.words).toBe(1);
  });

  it("a mark on white space, which NFC changes", async () => {
    const corpus = [tempFile("a \u0301\u0316b\n\tיִ\n \u2000\u0301\u0316", ".txt")];
    await expectTwin({ corpus, tokenizers: [BYTES], words: "whitespace" });
  });

  it("nothing, on hostile documents under tiny tokenizers", async () => {
    const random = new Random(5);
    const documents = random.times(150, () => hardDocument(random, ["<x>", "ẽ", "e\u0303", " ab", "a"]));
    const corpus = [tempFile(jsonLines(documents), ".jsonl"), tempFile(documents.join("\n"), ".txt")];
    await expectTwin({ corpus, tokenizers: [BYTES, PIECES], words: "whitespace", seed: 7 });
    await expectTwin({ corpus, tokenizers: [PIECES, BYTES], words: "uax29" });
  });
});

it("a word of several pre-tokens may be touched by one token: characters may make no token", async () => {
  const json = {
    added_tokens: [],
    pre_tokenizer: { type: "ByteLevel", add_prefix_space: false, use_regex: true },
    model: { type: "BPE", vocab: { a: 0, "-": 1, Ġ: 2 }, merges: [] },
  };
  const tokenizer = tempFile(JSON.stringify(json), ".json");
  // "é" makes no token: it belongs to the token before it, which may be the space. "é-é" is touched by "-" alone where it opens
  // a document, " é" by the space, "a-é" by two.
  const corpus = [tempFile("é-é a é-a é\na-é  é-é é--\n", ".txt")];
  const options = { corpus, tokenizers: [tokenizer, "qwen3"], words: "whitespace" as const };
  const { result } = await expectTwin(options);
  expect(result.results[0]).toMatchObject({ continuedWordShare: 4 / 7, singleTokenWordShare: 3 / 7 });
});

describe("the interval", () => {
  it("is absent below 30 documents, and narrow for equal ones", async () => {
    const documents = Array.from({ length: 29 }, () => "ab");
    expect((await resultOf(documents, BYTES)).fertilityInterval).toBeUndefined();
    const { fertilityInterval } = await resultOf([...documents, "ab"], BYTES);
    expect(fertilityInterval).toMatchObject({ level: 0.95, low: 1, high: 1, documents: 30 });
  });

  it("without words there is neither fertility nor interval", async () => {
    const result = await resultOf(
      Array.from({ length: 40 }, () => "ab"),
      BYTES,
      { words: "none" },
    );
    expect(result.fertility ?? result.floor ?? result.headroom ?? result.fertilityInterval).toBeUndefined();
    expect(result.tokens).toBe(40);
  });

  it("a text without words has no fertility", async () => {
    expect((await resultOf([" "], BYTES)).fertility).toBeUndefined();
  });
});
