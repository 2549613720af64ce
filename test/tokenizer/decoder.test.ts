import { describe, expect, it } from "vitest";
import { tinyModel, tinyTokenizer } from "./tiny-tokenizer.ts";

const bytes = { "<0xC3>": 7, "<0xA9>": 8, "<0x+A>": 9 };
const model = tinyModel({ vocab: { unk: 0, a: 1, b: 2, c: 3, ab: 4, abc: 5, "▁": 6, ...bytes } });

describe("decode", () => {
  it.each([
    ["no decoder joins by spaces", null, [1, 4], "a ab"],
    ["an empty sequence joins by nothing", { type: "Sequence", decoders: [] }, [1, 4], "aab"],
    ["bytes make characters", { type: "ByteFallback" }, [1, 7, 8, 1], "aéa"],
    ["bytes that make none become U+FFFD each", { type: "ByteFallback" }, [7, 7, 1], "\ufffd\ufffda"],
    ["a byte may have a sign, as in the reference", { type: "ByteFallback" }, [9], "\n"],
    ["Replace", { type: "Replace", pattern: { String: "▁" }, content: "$& " }, [6, 1], "$& a"],
    ["Strip", { type: "Strip", content: "a", start: 1, stop: 0 }, [1, 4], "b"],
    [
      "Metaspace drops the first",
      { type: "Metaspace", replacement: "▁", prepend_scheme: "first" },
      [6, 1, 6],
      "a ",
    ],
    [
      "Metaspace keeps the first",
      { type: "Metaspace", replacement: "▁", prepend_scheme: "never" },
      [6, 1, 6],
      " a ",
    ],
  ])("%s", (_name, decoder, ids, text) => {
    expect(tinyTokenizer({ model, decoder }).decode(ids)).toBe(text);
  });

  it("of no ids is the empty text", () => {
    for (const type of [undefined, "ByteLevel", "ByteFallback", "Fuse"])
      expect(tinyTokenizer({ model, decoder: type === undefined ? null : { type } }).decode([])).toBe("");
  });

  it.each([10, -1, 1.5, Number.NaN, 2 ** 31])("refuses the unknown id %s", (id) => {
    expect(() => tinyTokenizer({ model }).decode([1, id])).toThrow(`no token has the id ${id}`);
  });

  it("writes a normalized added token as it is matched", () => {
    const added = { id: 10, content: "ﬁ", normalized: true };
    const tokenizer = tinyTokenizer({ model, added_tokens: [added], normalizer: { type: "NFKC" } });
    expect(tokenizer.encode("afi")).toEqual([1, 10]);
    expect(tokenizer.decode([1, 10])).toBe("a fi");
  });
});
