import { describe, expect, it } from "vitest";
import { type Charsmap, readCharsmap } from "../../../src/tokenizer/formats/charsmap.ts";
import { Random } from "../hostile-text.ts";
import { buildCharsmap, charsmapOf } from "./charsmap-builder.ts";
import { damaged, randomBytes, refusal, unlike } from "./refusal.ts";

const RULES: ReadonlyMap<string, string> = new Map([
  ["a", "b"],
  ["ab", "▁"],
  ["abcd", ""],
  ["ﷺ", "صلى الله عليه وسلم"],
  ["ي", "ی"],
  ["\u00a0", " "],
]);

const read = (blob: Uint8Array) => readCharsmap(blob, "x.model", "charsmap");
const answer = (blob: Uint8Array) => refusal(() => read(blob));

/** The longest match at the beginning of the bytes as [length, replacement]. */
function match(map: Charsmap, text: string | Uint8Array): readonly [number, string] | undefined {
  const bytes = Buffer.from(text);
  const found = map.longestPrefix(bytes, 0, bytes.length);
  if (found === undefined) return undefined;
  return [found.length, Buffer.from(found.replacement).toString()];
}

describe("longestPrefix", () => {
  const map = read(buildCharsmap(RULES))!;

  it("finds the longest key", () => {
    expect(match(map, "a")).toEqual([1, "b"]);
    expect(match(map, "ax")).toEqual([1, "b"]);
    expect(match(map, "abc")).toEqual([2, "▁"]);
    expect(match(map, "abcd")).toEqual([4, ""]);
    expect(match(map, "ﷺ!")).toEqual([3, "صلى الله عليه وسلم"]);
    expect(match(map, "\u00a0")).toEqual([2, " "]);
  });

  it("finds nothing where no key begins", () => {
    for (const text of ["", "x", "ba", "\0", "\0a", "\u00a1", "ز"]) expect(match(map, text)).toBeUndefined();
    expect(match(map, Uint8Array.of(0xff, 0xfe))).toBeUndefined();
    expect(match(map, Buffer.from("ي").subarray(0, 1))).toBeUndefined();
  });

  it("takes a NUL behind a key as text, not as the leaf", () => {
    expect(match(map, "a\0")).toEqual([1, "b"]);
  });

  it("stays between start and end", () => {
    const bytes = Buffer.from("xabcd");
    expect(map.longestPrefix(bytes, 1, 4)).toMatchObject({ length: 2 });
    expect(map.longestPrefix(bytes, 1, 5)).toMatchObject({ length: 4 });
    expect(map.longestPrefix(bytes, 5, 5)).toBeUndefined();
  });

  it("agrees with a plain search on random rules and texts", () => {
    const random = new Random(81);
    const letters = [..."abcسلα\u0301💡"];
    const word = (longest: number) =>
      random.times(random.integer(1, longest), () => random.pick(letters)).join("");
    for (let run = 0; run < 200; run++) {
      const rules = new Map(
        random.times(random.integer(1, 12), () => [word(4), random.chance(0.2) ? "" : word(3)]),
      );
      const built = read(buildCharsmap(rules))!;
      for (let i = 0; i < 50; i++) {
        const text = word(6);
        const key = [...rules.keys()]
          .filter((start) => text.startsWith(start))
          .sort((a, b) => b.length - a.length)[0];
        expect(match(built, text)).toEqual(
          key === undefined ? undefined : [Buffer.byteLength(key), rules.get(key)],
        );
      }
    }
  });

  it("looks at the 32 shortest keys of one place, as the library does", () => {
    const rules = new Map(Array.from({ length: 40 }, (_, i) => ["a".repeat(i + 1), `${i + 1}`]));
    expect(match(read(buildCharsmap(rules))!, "a".repeat(50))).toEqual([32, "32"]);
  });
});

const whole = buildCharsmap(RULES);
const NUL = Uint8Array.of(0);

/** 256 units, of which unit 0 leads to units 1 to 255 by the offset 1; `changes` are units by place. */
function units(changes: Readonly<Record<number, number>>): Uint32Array {
  const array = new Uint32Array(256).fill(0x80000000);
  array[0] = 1 << 10;
  for (const [place, unit] of Object.entries(changes)) array[Number(place)] = unit;
  return array;
}

describe("readCharsmap", () => {
  it("takes no bytes as no map", () => {
    expect(read(new Uint8Array(0))).toBeUndefined();
  });

  it("takes a trie of one block", () => {
    expect(answer(charsmapOf(units({}), NUL))).toBe("accepted");
  });

  it.each([
    ["four bytes", Uint8Array.of(0, 0, 0, 0), "4 bytes are too few"],
    ["a trie of 4 GB", charsmapOf(units({}), NUL, 0xffffffff), "the trie has 4294967295 bytes, but"],
    ["a trie and nothing else", charsmapOf(units({}), Uint8Array.of()), "the trie has 1024 bytes, but"],
    ["no trie", charsmapOf(new Uint32Array(0), NUL), "the size of the trie, 0, is no multiple of 1024"],
    ["half a block", charsmapOf(units({}), NUL, 512), "the size of the trie, 512, is no multiple of 1024"],
    ["no NUL at the end", charsmapOf(units({}), Buffer.from("a")), "the last replacement is not ended"],
    ["invalid UTF-8", charsmapOf(units({}), Uint8Array.of(0xff, 0)), "the replacements are not valid UTF-8"],
    ["a root without children", charsmapOf(units({ 0: 0 }), NUL), "unit 0 of the trie"],
    ["a root that leads away", charsmapOf(units({ 0: 256 << 10 }), NUL), "unit 0 of the trie"],
    ["a unit that leads away", charsmapOf(units({ 96: (256 << 10) | 0x61 }), NUL), "unit 96 of the trie"],
    [
      "a unit that leads away by blocks",
      charsmapOf(units({ 96: (1 << 10) | 0x200 | 0x61 }), NUL),
      "unit 96 of the trie",
    ],
    ["a leaf that is none", charsmapOf(units({ 96: (2 << 10) | 0x161, 98: 5 }), NUL), "unit 96 of the trie"],
    ["a value outside", charsmapOf(units({ 7: 0x80000001 }), NUL), "unit 7 of the trie"],
    [
      "a value inside a character",
      charsmapOf(units({ 7: 0x80000001 }), Buffer.from("é\0")),
      "unit 7 of the trie",
    ],
  ])("refuses %s", (_, blob, message) => {
    expect(answer(blob)).toContain(`tokenizer-invalid x.model: charsmap: ${message}`);
  });

  it("ends on a trie whose units lead in circles", () => {
    // Unit 96 is the "a" of the root (1 ^ 0x61), and its own "a" as well: 96 ^ offset ^ 0x61 = 96 with offset 0x61.
    const map = read(charsmapOf(units({ 96: (0x61 << 10) | 0x61 }), NUL))!;
    expect(match(map, "a".repeat(100_000))).toBeUndefined();
  });

  it("is refused wherever it is cut", () => {
    for (let size = 1; size < whole.length; size++)
      expect(answer(whole.subarray(0, size)), `the first ${size} bytes`).toMatch(/^tokenizer-invalid /);
    // Without the last replacement and its NUL, its leaf has no value any more.
    expect(answer(whole.subarray(0, whole.length - 2))).toContain("leads out of it, or to no replacement");
  });

  it("of random bytes is refused; with bytes changed it is refused, or can be searched", () => {
    const random = new Random(82);
    const texts = ["abcd", "ﷺي", "\0\0", "zzz\u00a0"].map((text) => Buffer.from(text));
    const answers = random.times(10_000, () => answer(randomBytes(random)));
    expect(unlike(answers, /^tokenizer-invalid x\.model: charsmap: /)).toEqual([]);
    for (let i = 0; i < 3000; i++) {
      const blob = damaged(whole, random);
      if (answer(blob) !== "accepted") continue;
      const map = read(blob)!;
      for (const text of [...texts, randomBytes(random)]) {
        const found = map.longestPrefix(text, 0, text.length);
        if (found === undefined) continue;
        expect(found.length).toBeLessThanOrEqual(text.length);
        expect(found.replacement.length).toBeGreaterThanOrEqual(0);
      }
    }
  });
});
