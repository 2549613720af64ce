import { expect, it } from "vitest";
import { sortCounts } from "../../src/counting/canonical-counts.ts";
import { blocksOf, MergedSource, OneBlock } from "../../src/counting/merge-sorted.ts";
import { SEGMENT_PADDING, type SegmentCounts } from "../../src/counting/segment-counts.ts";
import { rowsSlowly } from "../reference/count-rows.ts";
import { Random } from "../tokenizer/hostile-text.ts";
import { toMap } from "./scan-text.ts";

function tableOf(entries: ReadonlyMap<string, number>): SegmentCounts {
  const all = [...entries];
  const bytes = Buffer.from(all.map(([key]) => key).join(""), "hex");
  const padded = new Uint8Array(bytes.length + SEGMENT_PADDING);
  padded.set(bytes);
  const offsets = new Uint32Array(all.length + 1);
  all.forEach(([key], i) => {
    offsets[i + 1] = offsets[i]! + key.length / 2;
  });
  return sortCounts({ bytes: padded, offsets, counts: Float64Array.from(all, ([, count]) => count) });
}

function randomTable(random: Random): Map<string, number> {
  const key = () =>
    (random.chance(0.2) ? "ff20" : "") +
    random.times(random.integer(1, 4), () => random.pick(["20", "61", "62", "00"])).join("");
  return new Map(random.times(random.integer(0, 60), () => [key(), random.integer(1, 9)] as const));
}

it("is the sum of the maps, in order, without what comes to nothing", async () => {
  const random = new Random(4);
  for (let round = 0; round < 60; round++) {
    const tables = random.times(random.integer(1, 6), () => randomTable(random));
    const sum = new Map<string, number>();
    for (const table of tables) for (const [key, n] of table) sum.set(key, (sum.get(key) ?? 0) + n);
    // What is taken off stands in the sum as often or more.
    const minus = new Map(
      [...sum].filter(() => random.chance(0.3)).map(([key, n]) => [key, random.integer(1, n)]),
    );
    for (const [key, n] of minus) sum.set(key, sum.get(key)! - n);
    for (const [key, n] of sum) if (n === 0) sum.delete(key);
    const merged = new MergedSource([
      ...tables.map((table) => ({ source: new OneBlock(tableOf(table)), factor: 1 as const })),
      { source: new OneBlock(tableOf(minus)), factor: -1 },
    ]);
    const rows: [string, number][] = [];
    for await (const block of blocksOf(merged)) rows.push(...toMap(block));
    expect(rowsSlowly(new Map(rows))).toEqual(rowsSlowly(sum));
    // A map keeps the order in which its keys came.
    expect(rows.map(([key, n]) => rowsSlowly(new Map([[key, n]]))[0])).toEqual(rowsSlowly(sum));
  }
});
