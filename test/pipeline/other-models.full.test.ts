// Unigram, WordPiece and SentencePiece tokenizers: `analyze` against its slow twin and the reference library, and the two
// kinds of floor counted in another way.

import { expect, it } from "vitest";
import { cutDocument } from "../../src/counting/cut-document.ts";
import { VocabError } from "../../src/errors.ts";
import { hasPreTokenizer, planReading } from "../../src/tokenizer/safe-cuts.ts";
import type { Tokenizer } from "../../src/tokenizer/tokenizer.ts";
import { Random } from "../tokenizer/hostile-text.ts";
import { loadReference, type Reference, referenceIds } from "../tokenizer/oracle.ts";
import { acceptedTokenizer } from "./accepted-tokenizer.ts";
import { hardDocument } from "./hard-documents.ts";
import { otherTokenizer, sentencePieceFile } from "./other-models.ts";
import { expectTwin, jsonLines, tempFile, tokenizerOf } from "./twin.ts";

const GROUPS = 40;
const DOCUMENTS = 100;
const RULES = ["whitespace", "whitespace", "uax29"] as const;

it(`${GROUPS} groups of Unigram and WordPiece tokenizers: analyze is its slow twin, its totals the reference's`, async () => {
  const seen = new Map<string, number>();
  for (let seed = 0; seed < GROUPS; seed++) {
    const random = new Random(seed + 30_000);
    const group = random.times(3, () => acceptedTokenizer(() => otherTokenizer(random)));
    for (const { tokenizer } of group) note(tokenizer, seen);
    const documents = random.times(DOCUMENTS, () =>
      hardDocument(
        random,
        group.flatMap(({ likes }) => likes),
      ),
    );
    const isByLine = random.chance(0.5);
    const corpus = isByLine
      ? tempFile(documents.join("\n"), ".txt")
      : tempFile(jsonLines(documents), ".jsonl");
    const tokenizers = group.map(({ json }) => tempFile(json, ".json"));
    const words = random.pick(RULES);
    const { result, documents: read } = await expectTwin({ corpus: [corpus], tokenizers, words, seed });
    for (const [t, { json }] of group.entries()) {
      const ids = await referenceIds(loadReference(json), read);
      expect(result.results[t]!.tokens, `group ${seed}, tokenizer ${t}`).toBe(ids.flat().length);
    }
  }
  console.log("tokenizers:", Object.fromEntries([...seen].sort()));
  for (const way of [
    "unigram, segments, pre-tokens",
    "unigram, documents, pre-tokens",
    "unigram, documents, pieces",
    "wordpiece, segments, pre-tokens",
  ])
    expect(seen.get(way) ?? 0, way).toBeGreaterThanOrEqual(5);
});

it("30 SentencePiece models: analyze is its slow twin, and the floor is that of pieces", async () => {
  const seen = new Map<string, number>();
  for (let made = 0, seed = 0; made < 30; seed++) {
    const random = new Random(seed + 40_000);
    const { bytes, likes } = sentencePieceFile(random);
    const path = tempFile(bytes, ".model");
    if (!isRead(path)) continue;
    made++;
    note(tokenizerOf(path), seen);
    const documents = random.times(DOCUMENTS, () => hardDocument(random, likes));
    const corpus = [tempFile(jsonLines(documents), ".jsonl")];
    const { result } = await expectTwin({ corpus, tokenizers: [path], words: random.pick(RULES), seed });
    expect(result.results[0]!.floorRule).toBe("pieces");
  }
  console.log("models:", Object.fromEntries([...seen].sort()));
  for (const way of ["bpe, pieces, pieces", "unigram, documents, pieces"])
    expect(seen.get(way) ?? 0, way).toBeGreaterThanOrEqual(5);
});

it("200 tokenizers: the segments of a document have its tokens, in the same places", () => {
  let compared = 0;
  for (let seed = 0; compared < 200; seed++) {
    const random = new Random(seed + 60_000);
    const { tokenizer, likes } = acceptedTokenizer(() => otherTokenizer(random));
    if (planReading(tokenizer.definition).kind !== "segments") continue;
    compared++;
    for (let i = 0; i < 60; i++) {
      const bytes = Buffer.from(hardDocument(random, likes));
      const joined: string[] = [];
      cutDocument(bytes, (start, end) =>
        joined.push(...placedTokens(tokenizer, bytes.subarray(start, end), start)),
      );
      expect(joined, `tokenizer ${seed}: ${JSON.stringify(bytes.toString())}`).toEqual(
        placedTokens(tokenizer, bytes, 0),
      );
    }
  }
});

// "17 at 3–5": its id and the bytes under it, of a segment that begins at `base`.
function placedTokens(tokenizer: Tokenizer, bytes: Uint8Array, base: number): string[] {
  const { ids, starts, ends } = tokenizer.encodeBytes(bytes, { continuesDocument: base > 0 });
  return ids.map((id, i) => `${id} at ${base + starts[i]!}–${base + ends[i]!}`);
}

it("pre-tokens and pieces are those that the reference library's normalizer and pre-tokenizer leave", () => {
  let compared = 0;
  for (let seed = 0; seed < 150; seed++) {
    const random = new Random(seed + 50_000);
    const { json, tokenizer } = acceptedTokenizer(() => otherTokenizer(random, false));
    const reference = loadReference(json);
    const isByPieces = !hasPreTokenizer(tokenizer.definition);
    for (let i = 0; i < 30; i++) {
      const document = hardDocument(random);
      if (document === "") continue;
      const { pieces, preTokens } = tokenizer.encodeBytes(Buffer.from(document));
      const expected = referencePieces(reference, document);
      const place = `tokenizer ${seed}: ${JSON.stringify(document)}`;
      if (isByPieces) expect(pieces, place).toBe(runsOfSymbols(expected.join("")));
      else expect(preTokens, place).toBe(expected.length);
      compared++;
    }
  }
  expect(compared).toBeGreaterThan(4000);
});

function referencePieces(reference: Reference, document: string): string[] {
  const normalized = reference.getNormalizer()?.normalizeString(document) ?? document;
  const preTokenizer = reference.getPreTokenizer();
  if (preTokenizer === null) return [normalized];
  return preTokenizer.preTokenizeString(normalized).map(([piece]) => piece);
}

// "▁a▁▁b" has two, "a▁b" as well: a piece begins where a run of the symbol does, and where the text does.
function runsOfSymbols(text: string): number {
  return text.match(/▁+[^▁]*|^[^▁]+/gu)?.length ?? 0;
}

function note({ definition }: Tokenizer, seen: Map<string, number>): void {
  const rule = hasPreTokenizer(definition) ? "pre-tokens" : "pieces";
  const way = `${definition.model.type}, ${planReading(definition).kind}, ${rule}`;
  seen.set(way, (seen.get(way) ?? 0) + 1);
}

function isRead(path: string): boolean {
  try {
    tokenizerOf(path);
    return true;
  } catch (error) {
    if (error instanceof VocabError) return false;
    throw error;
  }
}
