// The proof of safe-cuts.ts, part by part: what it says about Unicode for every code point, and what it concludes for
// random and real tokenizers on hostile text: the ids of the segments, joined, are those of the document.

import { expect, it } from "vitest";
import { cutDocument } from "../../src/counting/cut-document.ts";
import { VocabError } from "../../src/errors.ts";
import { has } from "../../src/text/code-point-set.ts";
import { CUT_BEFORE_BLANK, CUT_BEFORE_SPACES, cutKinds, NO_CUT } from "../../src/text/cut-rule.ts";
import { normalize } from "../../src/text/normalize.ts";
import { codePointSet } from "../../src/text/unicode.ts";
import { findTokenizer, loadTokenizer } from "../../src/tokenizer/load-tokenizer.ts";
import { parseBpeTokenizerJson } from "../../src/tokenizer/require-bpe.ts";
import { composedSymbols, planReading } from "../../src/tokenizer/safe-cuts.ts";
import { type BpeTokenizer, Tokenizer } from "../../src/tokenizer/tokenizer.ts";
import { hardDocument } from "../pipeline/hard-documents.ts";
import { tokenizerGroup } from "../pipeline/segmentable-tokenizers.ts";
import { Random } from "./hostile-text.ts";

const CODE_POINTS = Array.from({ length: 0x110000 }, (_, codePoint) => codePoint).filter(
  (codePoint) => codePoint < 0xd800 || codePoint > 0xdfff,
);

function lastOfNfc(text: string): number {
  return [...normalize(text, "NFC")].at(-1)!.codePointAt(0)!;
}

/** Whether a cut as after `raw` is proved for text that ends in `seen` under NFC. */
function isProved(raw: number, seen: number): boolean {
  const kind = cutKinds[seen];
  if (cutKinds[raw] === CUT_BEFORE_SPACES) return kind === CUT_BEFORE_SPACES;
  return kind !== NO_CUT || has(composedSymbols(), seen);
}

function hex(codePoints: readonly number[]): string {
  return codePoints.map((codePoint) => codePoint.toString(16)).join(" ");
}

it("NFC of every character leaves what may stand before its cut", () => {
  const wrong = CODE_POINTS.filter(
    (codePoint) =>
      cutKinds[codePoint] !== NO_CUT && !isProved(codePoint, lastOfNfc(String.fromCodePoint(codePoint))),
  );
  expect(hex(wrong)).toBe("");
});

it("NFC of every character and a mark leaves what may stand before the mark's cut", () => {
  const { ranges } = codePointSet("M")!;
  // All marks that compose with anything, and one of the others.
  const marks = [0x20dd];
  for (let i = 0; i < ranges.length; i += 2)
    for (let mark = ranges[i]!; mark < ranges[i + 1]!; mark++)
      if (has(codePointSet("NfcMaybe")!, mark)) marks.push(mark);
  const wrong: string[] = [];
  for (const base of composing()) {
    for (const mark of marks) {
      const last = lastOfNfc(String.fromCodePoint(base, mark));
      if (!isProved(mark, last)) wrong.push(hex([base, mark, last]));
    }
  }
  expect(wrong).toEqual([]);
});

/** The characters that NFC ever joins another one to: what some character decomposes to, but for its last part. */
function composing(): Set<number> {
  const parts = CODE_POINTS.map((codePoint) => [...normalize(String.fromCodePoint(codePoint), "NFD")])
    .filter((form) => form.length > 1)
    .flatMap((form) => form.slice(1).map((_, i) => normalize(form.slice(0, i + 1).join(""), "NFC")));
  return new Set(parts.filter((text) => [...text].length === 1).map((text) => text.codePointAt(0)!));
}

it("NFC makes no white space that is cut at, and none goes away or moves", () => {
  const spaces = ["\t", "\n", "\v", "\f", "\r", " "];
  const wrong = CODE_POINTS.filter((codePoint) => {
    const character = String.fromCodePoint(codePoint);
    const normal = normalize(character, "NFC");
    return (
      (!spaces.includes(character) && spaces.some((space) => normal.includes(space))) ||
      spaces.some((space) => normalize(`${character}${space}${character}`, "NFC") !== normal + space + normal)
    );
  });
  expect(hex(wrong)).toBe("");
});

it("the composed symbols are symbols, and no cut stands behind them as they are", () => {
  const { ranges } = composedSymbols();
  let count = 0;
  for (let i = 0; i < ranges.length; i += 2)
    for (let codePoint = ranges[i]!; codePoint < ranges[i + 1]!; codePoint++) {
      expect(cutKinds[codePoint]).toBe(NO_CUT);
      count++;
    }
  expect(count).toBeGreaterThan(30);
  expect(has(composedSymbols(), "≮".codePointAt(0)!)).toBe(true);
  expect(cutKinds[0x338]).toBe(CUT_BEFORE_BLANK);
});

const TOKENIZERS = 400;
const DOCUMENTS = 80;

it(`${TOKENIZERS} random tokenizers: what is read by segments has the ids of the document`, () => {
  // Segments encoded whole are for other models than BPE: test/pipeline/other-models.full.test.ts.
  const counts: Record<string, number> = { "pre-tokens": 0, pieces: 0, documents: 0 };
  for (let seed = 0, made = 0; made < TOKENIZERS; seed++) {
    const random = new Random(seed + 5_000_000);
    const { json, likes } = random.pick(tokenizerGroup(random))();
    const tokenizer = loadOurs(json);
    if (tokenizer === undefined) continue;
    const { kind } = planReading(tokenizer.definition);
    counts[kind] = (counts[kind] ?? 0) + 1;
    made++;
    if (kind === "documents") continue;
    for (let i = 0; i < DOCUMENTS; i++)
      expectJoined(tokenizer, hardDocument(random, likes), `tokenizer ${seed}`);
  }
  console.log("random tokenizers:", counts);
  expect(Math.min(...Object.values(counts))).toBeGreaterThan(20);
});

it.each([
  ["qwen3", "pre-tokens"],
  ["llama3", "pre-tokens"],
  ["gemma3", "pieces"],
])("%s is read by %s, and the ids of the segments are those of the document", (name, kind) => {
  const { tokenizer } = loadTokenizer(findTokenizer(name));
  expect(planReading(tokenizer.definition).kind).toBe(kind);
  const random = new Random(8);
  const likes = ["<|im_end|>", "<|eot_id|>", "<end_of_turn>", "\n\n\n", "▁▁"];
  for (let i = 0; i < 5000; i++) expectJoined(tokenizer, hardDocument(random, likes), name);
});

function expectJoined(tokenizer: Tokenizer, document: string, place: string): void {
  const bytes = Buffer.from(document);
  const joined: number[] = [];
  cutDocument(bytes, (start, end) => {
    const options = { continuesDocument: start > 0 };
    joined.push(...tokenizer.encodeBytes(bytes.subarray(start, end), options).ids);
  });
  const { ids } = tokenizer.encodeBytes(bytes);
  if (joined.join() !== ids.join()) expect(joined, `${place}: ${JSON.stringify(document)}`).toEqual(ids);
}

function loadOurs(json: string): BpeTokenizer | undefined {
  try {
    return new Tokenizer(parseBpeTokenizerJson(json, "random"));
  } catch (error) {
    if (error instanceof VocabError) return undefined;
    throw error;
  }
}
