import { expect, test } from "vitest";
import { XxHash64 } from "../../src/io/xxh64.ts";

// From Python: xxhash.xxh64(bytes((i*i*7 + i*13 + 5) & 255 for i in range(n))).intdigest() & 0xffffffff, xxhash 3.
const EXPECTED: readonly (readonly [size: number, hash: number])[] = [
  [0, 1373170073],
  [1, 323000079],
  [3, 2736412405],
  [4, 1553429757],
  [5, 4119537922],
  [7, 1034681934],
  [8, 1525056275],
  [9, 1355714630],
  [12, 3894324041],
  [15, 2555954395],
  [31, 1843160620],
  [32, 1345529169],
  [33, 2669411389],
  [40, 3633141089],
  [44, 492178325],
  [63, 3968299230],
  [64, 2181662433],
  [65, 2752596182],
  [100, 1272764332],
  [65535, 1153125827],
  [65536, 4100054409],
  [65537, 50609268],
  [200000, 1392425201],
];

test.each(EXPECTED)("%d bytes, in pieces of any size", (size, expected) => {
  const bytes = Uint8Array.from({ length: size }, (_, i) => i * i * 7 + i * 13 + 5);
  for (const step of [1, 7, 32, 1000, 70_000, 1 << 20]) {
    if (size / step > 10_000) continue;
    const hash = new XxHash64();
    for (let at = 0; at < size; at += step) hash.update(bytes.subarray(at, at + step));
    expect(hash.low32(), `${step}`).toBe(expected);
  }
});

// The loop is compiled while it runs: V8 11.3 ended the process on its twin in big integers.
test("warm", () => {
  const bytes = new Uint8Array(1 << 24).fill(1);
  const hash = new XxHash64();
  for (let i = 0; i < 3; i++) hash.update(bytes);
  const other = new XxHash64();
  for (let at = 0; at < 3 << 24; at += 100_000)
    other.update(bytes.subarray(0, Math.min(100_000, (3 << 24) - at)));
  expect(hash.low32()).toBe(other.low32());
});
