import { describe, expect, it } from "vitest";
import { BYTE_CHARACTERS } from "../../src/text/byte-alphabet.ts";
import { hostileLine, Random } from "./hostile-text.ts";
import { tinyModel, tinyTokenizer } from "./tiny-tokenizer.ts";

const byteLevel = {
  pre_tokenizer: { type: "ByteLevel", add_prefix_space: false },
  decoder: { type: "ByteLevel" },
  model: {
    type: "BPE",
    vocab: Object.fromEntries([...BYTE_CHARACTERS, "Ġa"].map((token, id) => [token, id])),
    merges: [["Ġ", "a"]],
  },
};

describe("encode", () => {
  it("gives the bytes of the text under each token", () => {
    const encoding = tinyTokenizer().encodeBytes(Buffer.from("abcéa"));
    expect(encoding).toMatchObject({ ids: [5, 0, 1], starts: [0, 3, 5], ends: [3, 5, 6], preTokens: 1 });
  });

  it("cuts out added tokens, raw ones first", () => {
    const added_tokens = [
      { id: 7, content: "a<x>", normalized: true },
      { id: 8, content: "<x>", normalized: false },
    ];
    expect(tinyTokenizer({ added_tokens }).encode("a<x>b")).toEqual([1, 8, 2]);
  });

  it("of the empty text is empty; a lone surrogate counts as U+FFFD", () => {
    const tokenizer = tinyTokenizer(byteLevel);
    expect(tokenizer.encode("")).toEqual([]);
    expect(tokenizer.encode("\ud800")).toEqual(tokenizer.encode("\ufffd"));
  });

  it("is undone by decode for byte-level models, without a normalizer", () => {
    const random = new Random(8);
    const tokenizer = tinyTokenizer(byteLevel);
    for (const line of random.times(500, () => hostileLine(random)))
      expect(tokenizer.decode(tokenizer.encode(line))).toBe(line);
  });

  it("puts a Metaspace before the text, or before every section between added tokens", () => {
    const added_tokens = [{ id: 7, content: "<x>", normalized: false }];
    const pieces = (prepend_scheme: string) =>
      tinyTokenizer({
        added_tokens,
        model: tinyModel(),
        pre_tokenizer: { type: "Metaspace", replacement: "▁", prepend_scheme },
      }).encode("a<x>b c");
    expect(pieces("always")).toEqual([6, 1, 7, 6, 2, 6, 3]);
    expect(pieces("first")).toEqual([6, 1, 7, 2, 6, 3]);
    expect(pieces("never")).toEqual([1, 7, 2, 6, 3]);
  });
});
