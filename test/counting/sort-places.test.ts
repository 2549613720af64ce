import { expect, it } from "vitest";
import { sortPlaces } from "../../src/counting/sort-places.ts";
import { compareSegments } from "../../src/counting/sorted-counts.ts";
import { Random } from "../tokenizer/hostile-text.ts";

/** Segments one behind another; few letters, so that many share their first 16 bytes. */
function randomSegments(random: Random, size: number) {
  const offsets = [0];
  const bytes: number[] = [];
  for (let i = 0; i < size; i++) {
    const length = random.integer(1, random.pick([3, 16, 17, 18, 40]));
    if (random.chance(0.1)) bytes.push(0xff);
    for (let at = 0; at < length; at++)
      bytes.push(random.chance(0.9) ? 0x61 : random.pick([0, 0x20, 0x62, 0xd8]));
    offsets.push(bytes.length);
  }
  return { bytes: Uint8Array.from(bytes), offsets };
}

// Below 2,048 segments they are compared, above that their keys are sorted.
it.each([1, 500, 2047, 2048, 6000])("%i segments are in order, and equal ones stay", (size) => {
  const { bytes, offsets } = randomSegments(new Random(size), size);
  const [startOf, endOf] = [(i: number) => offsets[i]!, (i: number) => offsets[i + 1]!];
  const places = Uint32Array.from({ length: size }, (_, i) => size - 1 - i);
  const sorted = sortPlaces(places, { bytesOf: () => bytes, startOf, endOf });
  const segment = (i: number) => Buffer.from(bytes.subarray(startOf(i), endOf(i)));
  const slowly = Array.from(places).sort((a, b) =>
    compareSegments(bytes, startOf(a), endOf(a), bytes, startOf(b), endOf(b)),
  );
  expect(Array.from(sorted, (i) => segment(i).toString("hex"))).toEqual(
    slowly.map((i) => segment(i).toString("hex")),
  );
  expect([...sorted].sort((a, b) => a - b)).toEqual([...places].sort((a, b) => a - b));
});

// "a" < "a b" < "ab"; a mark is no byte, and comes last of two equal segments.
it("by hand", () => {
  const texts = [[0x61, 0x62], [0xff, 0x20], [0x61], [0x20], [0x61, 0x20, 0x62]];
  const bytes = Uint8Array.from(texts.flat());
  const offsets = [0, 2, 4, 5, 6, 9];
  const sorted = sortPlaces(Uint32Array.from([0, 1, 2, 3, 4]), {
    bytesOf: () => bytes,
    startOf: (i) => offsets[i]!,
    endOf: (i) => offsets[i + 1]!,
  });
  expect([...sorted]).toEqual([3, 1, 2, 4, 0]);
});
