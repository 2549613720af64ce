import { describe, expect, test } from "vitest";
import { freeRows, type PlacementOptions, placeRows } from "../../src/expansion/placement.ts";

function options(parts: Partial<PlacementOptions>): PlacementOptions {
  return { placement: "append", embeddingRows: undefined, padToMultipleOf: undefined, ...parts };
}

describe("append", () => {
  test.each([
    // Qwen 3: 151,669 ids, 151,936 rows.
    [151_669, 267, { embeddingRows: 151_936 }, 151_936],
    [151_669, 268, { embeddingRows: 151_936 }, 151_937],
    [151_669, 8_000, { embeddingRows: 151_936, padToMultipleOf: 128 }, 159_744],
    [151_669, 10, { embeddingRows: 151_936, padToMultipleOf: 1_000 }, 152_000],
    [151_669, 0, { embeddingRows: 151_936 }, 151_936],
    // Rows not known: as many as ids.
    [262_145, 100, {}, 262_245],
    [262_145, 100, { padToMultipleOf: 64 }, 262_272],
    // The smallest Gemma 3 has one row less than its tokenizer has ids.
    [262_145, 3, { embeddingRows: 262_144 }, 262_148],
  ])("%d ids and %d more, %o: %d rows", (ids, added, parts, rows) => {
    expect(placeRows(ids, added, options(parts))).toEqual({
      vocabSize: ids + added,
      embeddingRows: rows,
      padToMultipleOf: (parts as Partial<PlacementOptions>).padToMultipleOf ?? null,
    });
  });
});

describe("fill-padding", () => {
  const fill = (added: number, parts: Partial<PlacementOptions>) =>
    placeRows(100, added, options({ placement: "fill-padding", ...parts }));

  test("keeps the rows", () => {
    expect(fill(28, { embeddingRows: 128 }).embeddingRows).toBe(128);
    expect(fill(1, { embeddingRows: 128, padToMultipleOf: 64 }).embeddingRows).toBe(128);
  });

  test.each([
    [29, { embeddingRows: 128 }, "29 new tokens do not fit into 28 free rows (128 rows, 100 ids)"],
    [1, { embeddingRows: 99 }, "do not fit into 0 free rows"],
    [1, {}, "are not known"],
    [1, { embeddingRows: 128, padToMultipleOf: 50 }, "no multiple of it"],
  ])("%d more, %o: refused", (added, parts, message) => {
    expect(() => fill(added, parts)).toThrow(message);
  });
});

test("free rows", () => {
  expect([freeRows(100, 128), freeRows(100, 99), freeRows(100, undefined)]).toEqual([28, 0, undefined]);
});
