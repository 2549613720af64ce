// The loop in WebAssembly that encodes many pre-tokens at once: whole tokens, white space, and what it leaves alone.

import { expect, it } from "vitest";
import { mergeSlowly } from "../reference/bpe.ts";
import { Random } from "./hostile-text.ts";
import { encodeByLoop, LETTERS, loopOf, modelOf, preTokensOf, randomMerges, spell } from "./loop-models.ts";
import { bpeModel } from "./tiny-tokenizer.ts";

const randomWord = (random: Random) =>
  random.times(random.integer(1, 5), () => random.pick(LETTERS)).join("");

it("with `ignore_merges`, what is spelt as a token is that token", () => {
  const random = new Random(8);
  let unreachable = 0;
  for (let i = 0; i < 60; i++) {
    const merges = randomMerges(random);
    const words = [...new Set(random.times(30, () => randomWord(random)))];
    const model = modelOf(merges, words.map(spell), { ignore_merges: true });
    const texts = [...words, ...random.times(60, () => randomWord(random))];
    const merged = texts.map((text) => mergeSlowly([...spell(text)], merges));
    const expected = texts.map((text, k) => (model.idOfToken.has(spell(text)) ? [spell(text)] : merged[k]!));
    expect(encodeByLoop(model, texts).tokens).toEqual(expected);
    unreachable += merged.filter((tokens, k) => tokens.length > expected[k]!.length).length;
  }
  expect(unreachable).toBeGreaterThan(100);
});

it("a token that the merges make is not taken for another that is spelt so", () => {
  // "a" has no token of its own: its byte and the next merge to `<0x61>b`, which is no spelling of "ab".
  const model = bpeModel({
    vocab: { ...byteTokens(), b: 300, "<0x61>b": 301, ab: 302 },
    merges: [["<0x61>", "b"]],
    byte_fallback: true,
    unk_token: null,
  });
  const ignoring = { ...model, ignoreMerges: true };
  expect(encodeByLoop(model, ["ab"]).tokens).toEqual([["<0x61>b"]]);
  expect(encodeByLoop(ignoring, ["ab"]).tokens).toEqual([["ab"]]);
});

it("says how many tokens lie in the white space before the word", () => {
  const model = modelOf([
    ["Ġ", "a"],
    ["Ġ", "Ġ"],
    ["Ġa", "b"],
  ]);
  const { tokens, inSpace } = encodeByLoop(model, [" ab", "  ab", "   ab", "ab", " b", "         b"]);
  expect(tokens.map((each) => each.length)).toEqual([1, 2, 2, 2, 2, 6]);
  expect(inSpace).toEqual([0, 1, 1, 0, 1, 5]);
});

it("leaves pre-tokens with a byte that the vocabulary lacks", () => {
  const { idOfToken } = modelOf([["Ù", "Ħ"]]);
  // Without 0x85, the last byte of "م", and "b".
  const vocab = Object.fromEntries([...idOfToken].filter(([token]) => token !== "ħ" && token !== "b"));
  const model = bpeModel({ vocab, merges: [["Ù", "Ħ"]], unk_token: null }, true);
  const texts = ["aل", "ab", "م", "لم", "ل", "aس", "b"];
  const states = new Uint16Array(texts.length).fill(1);
  const known = { states, places: new Uint32Array(texts.length), spaces: new Uint8Array(texts.length) };
  loopOf(model).run(preTokensOf(texts), known, 0, 0);
  expect([...states].map((state) => state > 1)).toEqual([true, false, false, false, true, true, false]);
});

it("leaves what is known, long or not its own as it is, in chunks of any size", () => {
  const random = new Random(9);
  const merges = randomMerges(random);
  const loop = loopOf(modelOf(merges));
  const texts = random.times(10_000, () => randomWord(random).repeat(random.chance(0.01) ? 40 : 1));
  texts[5000] = "x".repeat(70_000);
  const states = Uint16Array.from(texts, () => (random.chance(0.2) ? 24 : 1));
  const before = states.slice();
  const places = new Uint32Array(texts.length).fill(7);
  const preTokens = preTokensOf(texts);
  const ids: number[] = [];
  for (let from = 0; from < texts.length; ) {
    const known = { states, places, spaces: new Uint8Array(texts.length) };
    const done = loop.run(preTokens, known, from, ids.length);
    ids.push(...loop.ids.subarray(0, done.tokens));
    from += done.preTokens;
  }
  let encoded = 0;
  for (const [i, text] of texts.entries()) {
    const isForLoop = before[i] === 1 && Buffer.byteLength(text) <= 64;
    const count = isForLoop ? mergeSlowly([...spell(text)], merges).length : undefined;
    expect(states[i]).toBe(count === undefined ? before[i] : (count + 1) * 8);
    expect(places[i]).toBe(count === undefined ? 7 : encoded);
    encoded += count ?? 0;
  }
  expect(encoded).toBe(ids.length);
});

function byteTokens(): Record<string, number> {
  const name = (byte: number) => `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`;
  return Object.fromEntries(Array.from({ length: 256 }, (_, byte) => [name(byte), byte]));
}
