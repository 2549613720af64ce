// Every file of the reference libraries, damaged in every place.

import { describe, expect, test } from "vitest";
import { files, outcome, REFUSAL } from "./compressed-files.ts";

describe.each(files)("$name", ({ compression, text, stored, name }) => {
  const hasCheck = !/no check|raw|two frames|nothing/.test(name);

  // Without a check another text may come out; it ends, and in no other error.
  test("a flipped bit anywhere", async () => {
    const isShort = text.length < 1000;
    for (let at = 0; at < stored.length; at++) {
      for (let bit = isShort ? 0 : at % 8; bit < 8; bit += isShort ? 1 : 8) {
        const damaged = Buffer.from(stored);
        damaged[at]! ^= 1 << bit;
        const got = await outcome(damaged, compression);
        if (hasCheck && got !== text) expect(got, `at ${at}`).toMatch(REFUSAL);
      }
    }
  });

  test.each([0, 255])("16 bytes of %d in it", async (byte) => {
    for (let at = 0; at + 16 < stored.length; at++) {
      const damaged = Buffer.from(stored);
      damaged.fill(byte, at, at + 16);
      const got = await outcome(damaged, compression);
      if (hasCheck && got !== text) expect(got, `at ${at}`).toMatch(REFUSAL);
    }
  });
});
