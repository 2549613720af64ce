import { isUtf8 } from "node:buffer";
import { describe, expect, test } from "vitest";
import { firstInvalidByte, incompleteTail, repairUtf8 } from "../../src/text/utf8.ts";
import { decodeSlowly } from "../reference/utf8.ts";
import { anyCharacter, Random } from "../tokenizer/hostile-text.ts";

const LEADS = [0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf];
const HIGH_LEADS = [0xe0, 0xe1, 0xec, 0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xf8, 0xfe, 0xff];
const EDGES = [...LEADS, ...HIGH_LEADS];

/** Whole characters and bytes from the edges of the table of well-formed sequences. */
function hostileBytes(random: Random, pieces: number, wrong: number): Buffer {
  const piece = () =>
    random.chance(wrong) ? Buffer.from([random.pick(EDGES)]) : Buffer.from(anyCharacter(random));
  return Buffer.concat(random.times(pieces, piece));
}

function* samples(): Generator<Buffer> {
  const random = new Random(1);
  for (const wrong of [0, 0.02, 0.3, 1])
    for (let round = 0; round < 2000; round++) yield hostileBytes(random, random.integer(0, 12), wrong);
  // Every sequence of up to three edge bytes.
  for (const a of EDGES) for (const b of EDGES) for (const c of EDGES) yield Buffer.from([a, b, c]);
}

describe("by hand", () => {
  test.each<[string, number]>([
    ["", -1],
    ["41", -1],
    ["d8b3", -1],
    ["41d8", 1], // cut off: where the character begins
    ["41f09f98", 1],
    ["d8b3ff", 2],
    ["eda080", 0], // a surrogate
    ["c080", 0], // overlong
    ["f4908080", 0], // above U+10FFFF
    ["80", 0],
  ])("the first invalid byte of %s is %d", (hex, expected) => {
    expect(firstInvalidByte(Buffer.from(hex, "hex"))).toBe(expected);
  });

  test.each<[string, string, number]>([
    ["41ff42", "A\ufffdB", 1],
    ["f09f9841", "\ufffdA", 1], // one for the longest beginning of a character
    ["eda080", "\ufffd\ufffd\ufffd", 3],
    ["efbfbdff", "\ufffd\ufffd", 1], // a U+FFFD that stands in the file is not counted
    ["efbbbfff", "\ufeff\ufffd", 1],
  ])("%s is repaired to %j", (hex, text, replaced) => {
    const repaired = repairUtf8(Buffer.from(hex, "hex"));
    expect([Buffer.from(repaired.bytes).toString(), repaired.replaced]).toEqual([text, replaced]);
  });
});

test("as the slow twin and the platform's decoder, on bytes from all edges", () => {
  for (const bytes of samples()) {
    const { text, invalid } = decodeSlowly(bytes);
    const repaired = repairUtf8(bytes);
    const found = [Buffer.from(repaired.bytes).toString(), repaired.replaced, firstInvalidByte(bytes)];
    const expected = [text, invalid.length, invalid[0] ?? -1];
    if (found.join() !== expected.join() || isAccepted(bytes) !== (invalid.length === 0))
      expect(found, bytes.toString("hex")).toEqual(expected);
  }
});

test("the first invalid byte of a long text, wherever it stands", () => {
  const random = new Random(2);
  for (let round = 0; round < 300; round++) {
    const before = hostileBytes(random, random.pick([0, 1, 9, 100, 3000, 8000]), 0);
    const bytes = Buffer.concat([before, Buffer.from([random.pick(EDGES)]), hostileBytes(random, 20, 0.3)]);
    expect(firstInvalidByte(bytes)).toBe(decodeSlowly(bytes).invalid[0] ?? -1);
  }
});

test("the tail begins where a character that more bytes could complete begins", () => {
  for (const bytes of samples()) {
    const padded = Buffer.concat([Buffer.from([0xe1]), bytes, Buffer.from([0x80, 0x80])]);
    const tail = incompleteTail(padded, 1, 1 + bytes.length) - 1;
    if (tail !== slowTail(bytes)) expect(tail, bytes.toString("hex")).toBe(slowTail(bytes));
  }
});

// The last sequence is incomplete when some continuation makes it a character.
function slowTail(bytes: Buffer): number {
  const last = decodeSlowly(bytes).invalid.at(-1);
  if (last === undefined || decodeSlowly(bytes.subarray(last)).text.length !== 1) return bytes.length;
  const endings = [0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf].flatMap((byte) => [
    [byte],
    [byte, 0x80],
    [byte, 0x80, 0x80],
  ]);
  const canBeCompleted = endings.some((ending) => isUtf8(Buffer.from([...bytes.subarray(last), ...ending])));
  return canBeCompleted ? last : bytes.length;
}

function isAccepted(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
