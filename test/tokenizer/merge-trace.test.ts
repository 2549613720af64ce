import { expect, test } from "vitest";
import { VocabError } from "../../src/errors.ts";
import { BpeEncoder } from "../../src/tokenizer/bpe-encoder.ts";
import type { BpeModel } from "../../src/tokenizer/definition.ts";
import { MergeTable } from "../../src/tokenizer/merge-table.ts";
import { type MergeTrace, traceMerges } from "../../src/tokenizer/merge-trace.ts";
import { parseBpeTokenizerJson } from "../../src/tokenizer/require-bpe.ts";
import { hostileLine, Random } from "./hostile-text.ts";
import { randomTokenizer } from "./random-tokenizers.ts";
import { bpeModel } from "./tiny-tokenizer.ts";

function trace(model: BpeModel, text: string): MergeTrace {
  return traceMerges(model, new MergeTable(model.merges), Buffer.from(text));
}

const spelt = ({ bytes }: { bytes: Uint8Array }) => Buffer.from(bytes).toString("utf8");

// Tiny model: merges a+b (rank 0), ab+c (rank 1).
test("abcab: a+b twice from the left, then ab+c", () => {
  const { initial, merges, tokens } = trace(bpeModel({}), "abcab");
  expect(initial.map(spelt)).toEqual(["a", "b", "c", "a", "b"]);
  expect(
    merges.map(({ rank, at, left, right, product }) => [rank, at, ...[left, right, product].map(spelt)]),
  ).toEqual([
    [0, 0, "a", "b", "ab"],
    [0, 2, "a", "b", "ab"],
    [1, 0, "ab", "c", "abc"],
  ]);
  expect(tokens.map(({ id, kind }) => [id, kind])).toEqual([
    [5, "merged"],
    [4, "merged"],
  ]);
});

test("unknown characters, alone or fused", () => {
  const kinds = (parts: object) =>
    trace(bpeModel({ ...parts }), "xya").initial.map((symbol) => [symbol.id, symbol.kind, spelt(symbol)]);
  expect(kinds({})).toEqual([
    [0, "unknown", "x"],
    [0, "unknown", "y"],
    [1, "character", "a"],
  ]);
  expect(kinds({ fuse_unk: true })).toEqual([
    [0, "unknown", "xy"],
    [1, "character", "a"],
  ]);
});

test("ignore_merges looks the whole pre-token up first", () => {
  const { merges, tokens } = trace(bpeModel({ ignore_merges: true, merges: [] }), "abc");
  expect(merges).toEqual([]);
  expect(tokens.map(({ id, kind }) => [id, kind])).toEqual([[5, "whole"]]);
});

test("on random tokenizers and hostile lines, the trace ends where the encoder does", () => {
  let merges = 0;
  for (let seed = 0; seed < 30; seed++) {
    const random = new Random(seed);
    const { json, likes } = randomTokenizer(random);
    const model = acceptedModel(json);
    if (model === undefined) continue;
    const encoder = new BpeEncoder(model);
    const table = new MergeTable(model.merges);
    for (const line of random.times(20, () => hostileLine(random, likes))) {
      const bytes = Buffer.from(line, "utf8").subarray(0, 400);
      const text = Buffer.from(bytes.toString("utf8"), "utf8");
      const count = encoder.encode(text, 0, text.length);
      const traced = traceMerges(model, table, text);
      expect(traced.tokens.map(({ id }) => id)).toEqual([...encoder.ids.subarray(0, count)]);
      expect(traced.tokens.map(({ bytes }) => bytes.length)).toEqual([...encoder.lengths.subarray(0, count)]);
      merges += traced.merges.length;
    }
  }
  expect(merges).toBeGreaterThan(1000);
});

function acceptedModel(json: string): BpeModel | undefined {
  try {
    return parseBpeTokenizerJson(json, "random").model;
  } catch (error) {
    if (error instanceof VocabError) return undefined;
    throw error;
  }
}
