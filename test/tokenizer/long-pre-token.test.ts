import { expect, it } from "vitest";
import { BYTE_CHARACTERS } from "../../src/text/byte-alphabet.ts";
import { BpeEncoder } from "../../src/tokenizer/bpe-encoder.ts";
import { encodeByWindows } from "../../src/tokenizer/long-pre-token.ts";
import { byteFallbackToken } from "../../src/tokenizer/model-tokens.ts";
import { Random } from "./hostile-text.ts";
import { bpeModel } from "./tiny-tokenizer.ts";

const LETTERS = ["a", "b", "c", "é"];

// Random merges in random order, as in bpe-encoder.test.ts: windows must give what the whole gives, or say that they cannot.
it("windows of a word give the tokens of the word", () => {
  const random = new Random(3);
  let joined = 0;
  for (let round = 0; round < 400; round++) {
    const tokens = [...LETTERS];
    const merges = random.times(random.integer(1, 60), () => {
      const pair = [random.pick(tokens), random.pick(tokens)] as const;
      if (!tokens.includes(pair.join("")) && pair.join("").length < 12) tokens.push(pair.join(""));
      return pair;
    });
    const known = random.shuffle(merges.filter((pair) => tokens.includes(pair.join(""))));
    const vocab = Object.fromEntries(["unk", ...tokens].map((token, id) => [token, id]));
    const encoder = new BpeEncoder(bpeModel({ vocab, merges: known }));
    const text = Buffer.from(
      random.times(600, () => random.pick(random.chance(0.5) ? ["a"] : LETTERS)).join(""),
    );
    const whole = encodePart(encoder, text, 0, text.length);
    const ids: number[] = [];
    const isWhole = encodeByWindows(
      text,
      0,
      text.length,
      random.integer(32, 200),
      (from, to) => encodePart(encoder, text, from, to),
      (window, count) => ids.push(...window.ids.subarray(0, count)),
    );
    if (!isWhole) continue;
    joined++;
    expect(ids).toEqual([...whole.ids]);
  }
  expect(joined).toBeGreaterThan(350);
});

// Each emoji is four byte tokens, so that most borders of tokens lie inside characters; U+07D8 is what its second and third
// byte would be if they began a character.
it("windows begin where characters do", () => {
  const bytes = Array.from({ length: 256 }, (_, byte) => byteFallbackToken(byte));
  const vocab = Object.fromEntries(["a", "aa", ...bytes, "\u07d8"].map((token, id) => [token, id]));
  const encoder = new BpeEncoder(
    bpeModel({ vocab, unk_token: null, merges: [["a", "a"]], byte_fallback: true }),
  );
  const random = new Random(5);
  const text = Buffer.from(random.times(50_000, () => random.pick(["a", "\u{1f600}"])).join(""));
  const part = (from: number, to: number) => encodePart(encoder, text, from, to);
  const ids: number[] = [];
  const isWhole = encodeByWindows(text, 0, text.length, 1000, part, (window, count) => {
    ids.push(...window.ids.subarray(0, count));
  });
  expect(isWhole).toBe(true);
  const restored = ids.flatMap((id) => (id < 2 ? [0x61, 0x61].slice(0, id + 1) : [id - 2]));
  expect(Buffer.from(restored).equals(text)).toBe(true);
});

// With aa, aaaa and so on, 4 MB of "a" are tokens of 8; the rest is 4 + 2 + 1.
it("encodes a word of 4 MB", () => {
  const vocab = Object.fromEntries(
    [...BYTE_CHARACTERS, "aa", "aaaa", "aaaaaaaa"].map((token, id) => [token, id]),
  );
  const merges = [
    ["a", "a"],
    ["aa", "aa"],
    ["aaaa", "aaaa"],
  ];
  const encoder = new BpeEncoder(bpeModel({ vocab, unk_token: null, merges }, true));
  const text = new Uint8Array(4_000_007).fill(0x61);
  const count = encoder.encode(text, 0, text.length);
  expect(count).toBe(500_000 + 3);
  expect([...encoder.lengths.subarray(count - 4, count)]).toEqual([8, 4, 2, 1]);
});

function encodePart(encoder: BpeEncoder, text: Uint8Array, from: number, to: number) {
  const count = encoder.encode(text, from, to);
  return { ids: encoder.ids.slice(0, count), lengths: encoder.lengths.slice(0, count) };
}
