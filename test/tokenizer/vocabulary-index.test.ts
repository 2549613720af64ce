import { expect, it } from "vitest";
import { VocabularyIndex } from "../../src/tokenizer/vocabulary-index.ts";
import { LinearMemory } from "../../src/wasm/linear-memory.ts";
import { hostileLine, Random } from "./hostile-text.ts";

it("finds the id of every spelling, and nothing else", () => {
  const random = new Random(6);
  const texts = [...new Set(random.times(3000, () => hostileLine(random)))].filter((text) => text !== "");
  const known = texts.filter((_, i) => i % 2 === 0);
  const index = new VocabularyIndex(
    [undefined, ...known.map((text) => Buffer.from(text))],
    new LinearMemory(0),
  );
  const find = (text: string) => index.find(Buffer.from(text), 0, Buffer.byteLength(text));
  for (const [i, text] of known.entries()) expect(find(text)).toBe(i + 1);
  for (const [i, text] of texts.entries()) if (i % 2 === 1) expect(find(text)).toBe(-1);
});
