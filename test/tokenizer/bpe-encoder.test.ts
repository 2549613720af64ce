import { describe, expect, it } from "vitest";
import { BYTE_CHARACTERS } from "../../src/text/byte-alphabet.ts";
import { BpeEncoder } from "../../src/tokenizer/bpe-encoder.ts";
import type { BpeModel } from "../../src/tokenizer/definition.ts";
import { byteFallbackToken } from "../../src/tokenizer/model-tokens.ts";
import { mergeSlowly } from "../reference/bpe.ts";
import { Random } from "./hostile-text.ts";
import { bpeModel, type Parts } from "./tiny-tokenizer.ts";

it("refuses a model of more merges or ids than its keys can tell apart", () => {
  const model = bpeModel({});
  expect(() => new BpeEncoder({ ...model, ranks: Int32Array.of(0, 2 ** 23 - 1) })).not.toThrow();
  const refused = "a BPE model with more than 8388608 merges or ids";
  expect(() => new BpeEncoder({ ...model, ranks: Int32Array.of(0, 2 ** 23) })).toThrow(refused);
  const tokens = { ...model.tokens, length: 2 ** 23 + 1 } as BpeModel["tokens"];
  expect(() => new BpeEncoder({ ...model, tokens })).toThrow(refused);
});

describe("merging", () => {
  // a b c → ab c → abc; in "aabcb" the first a has no partner: a abc b.
  it("joins the pair of lowest rank, leftmost first", () => {
    expect(encode(bpeModel({}), "abc")).toEqual(["abc"]);
    expect(encode(bpeModel({}), "aabcb")).toEqual(["a", "abc", "b"]);
  });

  it("of overlapping equal pairs takes the left: aaa → aa a", () => {
    expect(encode(bpeModel({ vocab: { unk: 0, a: 1, aa: 2 }, merges: [["a", "a"]] }), "aaa")).toEqual([
      "aa",
      "a",
    ]);
  });

  // bc has the lower rank, so "abc" becomes a bc although ab also is a merge; repeated last, ab comes first no more.
  it("counts a merge that stands twice at its last place", () => {
    const vocab = { unk: 0, a: 1, b: 2, c: 3, ab: 4, bc: 5 };
    const merges = [
      ["a", "b"],
      ["b", "c"],
    ];
    expect(encode(bpeModel({ vocab, merges }), "abc")).toEqual(["ab", "c"]);
    expect(encode(bpeModel({ vocab, merges: [...merges, ["a", "b"]] }), "abc")).toEqual(["a", "bc"]);
  });

  it("equals the slow twin for words of 0 to 64 symbols, by scanning", () => {
    const random = new Random(1);
    for (let i = 0; i < 600; i++) expectEqualToTwin(random, random.integer(0, 64));
  });

  it("equals the slow twin for words of 65 to 2000 symbols, by the heap", () => {
    const random = new Random(2);
    for (let i = 0; i < 60; i++) expectEqualToTwin(random, random.integer(65, 400));
    expectEqualToTwin(random, 2000);
  });
});

describe("characters that the vocabulary lacks", () => {
  const bytes = Object.fromEntries(
    Array.from({ length: 256 }, (_, byte) => [byteFallbackToken(byte), 10 + byte]),
  );
  const vocab = { unk: 0, a: 1, ...bytes };
  const model = (parts: Parts) => bpeModel({ vocab, merges: [], ...parts });

  it("become byte tokens", () => {
    expect(encode(model({ byte_fallback: true }), "aé")).toEqual(["a", "<0xC3>", "<0xA9>"]);
  });

  it("become one unknown token each, or one together", () => {
    expect(encode(model({}), "éüaé")).toEqual(["unk", "unk", "a", "unk"]);
    expect(encode(model({ fuse_unk: true }), "éüaé")).toEqual(["unk", "a", "unk"]);
  });

  it("become unknown where one of their byte tokens is missing, written after the bytes that follow", () => {
    const partial = Object.fromEntries(Object.entries(vocab).filter(([token]) => token !== "<0xA9>"));
    const parts = { vocab: partial, byte_fallback: true };
    expect(encode(model(parts), "éüa")).toEqual(["<0xC3>", "<0xBC>", "unk", "a"]);
    expect(encode(model({ ...parts, fuse_unk: true }), "éüéa")).toEqual(["<0xC3>", "<0xBC>", "unk", "a"]);
  });
});

describe("ignore_merges", () => {
  it("takes a pre-token that is a token as it is", () => {
    const parts = { vocab: { unk: 0, a: 1, b: 2, ab: 3 }, merges: [], ignore_merges: true };
    expect(encode(bpeModel(parts), "ab")).toEqual(["ab"]);
    expect(encode(bpeModel(parts), "aab")).toEqual(["a", "a", "b"]);
  });

  it("of a byte-level model compares in its alphabet, so that no text is the token é or a b", () => {
    const vocab = Object.fromEntries(
      [...BYTE_CHARACTERS, "é", "中", "a b", "Ã©"].map((token, id) => [token, id]),
    );
    const model = bpeModel({ vocab, unk_token: null, merges: [], ignore_merges: true }, true);
    expect(encode(model, "é")).toEqual(["Ã©"]);
    expect(encode(model, "中")).toEqual(["ä", "¸", "Ń"]);
    expect(encode(model, "a b")).toEqual(["a", "Ġ", "b"]);
  });
});

it("refuses a pre-token above 32 MiB where characters may be unknown", () => {
  const text = new Uint8Array(32 * 1024 * 1024 + 1);
  expect(() => new BpeEncoder(bpeModel({})).encode(text, 0, text.length)).toThrow(/33554433 bytes/);
});

function encode(model: BpeModel, text: string): string[] {
  const encoder = new BpeEncoder(model);
  const bytes = Buffer.from(text);
  const count = encoder.encode(bytes, 0, bytes.length);
  const lengths = [...encoder.lengths.subarray(0, count)];
  expect(lengths.reduce((sum, length) => sum + length, 0)).toBe(bytes.length);
  return Array.from(encoder.ids.subarray(0, count), (id) => model.tokens.at(id)!);
}

// Random merges over four letters, in random order: a product may come before its parts, and have several pairs.
function expectEqualToTwin(random: Random, length: number): void {
  const letters = ["a", "b", "c", "é"];
  const tokens = [...letters];
  const merges = random.times(random.integer(1, 60), () => {
    const pair = [random.pick(tokens), random.pick(tokens)] as const;
    if (!tokens.includes(pair.join("")) && pair.join("").length < 12) tokens.push(pair.join(""));
    return pair;
  });
  const known = random.shuffle(merges.filter((pair) => tokens.includes(pair.join(""))));
  const vocab = Object.fromEntries(["unk", ...tokens].map((token, id) => [token, id]));
  const word = random.times(length, () => random.pick(random.chance(0.5) ? ["a"] : letters));
  expect(encode(bpeModel({ vocab, merges: known }), word.join(""))).toEqual(mergeSlowly(word, known));
}
