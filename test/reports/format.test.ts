import { expect, test } from "vitest";
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatRatio,
  formatShare,
} from "../../src/reports/format.ts";

test("counts are grouped by thousands", () => {
  expect([0, 999, 1000, 1234567, -1234].map(formatCount)).toEqual([
    "0",
    "999",
    "1,000",
    "1,234,567",
    "-1,234",
  ]);
});

test("ratios and shares", () => {
  expect(formatRatio(2.346, 2)).toBe("2.35");
  expect(formatRatio(3, 3)).toBe("3.000");
  expect(formatRatio(-0.001, 2)).toBe("0.00");
  expect(formatShare(0.1234)).toBe("12.3 %");
  expect(formatShare(-0.0001)).toBe("0.0 %");
});

test("bytes", () => {
  const expected = ["0 B", "1023 B", "1.0 KiB", "1.5 KiB", "1.0 MiB", "2.0 GiB"];
  expect([0, 1023, 1024, 1536, 2 ** 20 - 1, 2 ** 31].map(formatBytes)).toEqual(expected);
});

test("durations", () => {
  const expected = ["0 ms", "950 ms", "1.0 s", "12.3 s", "1 min 00 s", "2 min 05 s", "2 h 03 min"];
  expect([0, 950, 999.6, 12345, 59_960, 125_000, 7_380_000].map(formatDuration)).toEqual(expected);
});

test("what is missing is n/a", () => {
  const formatters = [formatCount, formatRatio, formatShare, formatBytes, formatDuration];
  expect(formatters.map((format) => format(undefined))).toEqual(["n/a", "n/a", "n/a", "n/a", "n/a"]);
});
