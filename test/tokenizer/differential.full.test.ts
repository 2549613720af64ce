// Small random tokenizers against the reference library: every combination of components that vocab accepts must give
// the reference's ids and text; what it cannot reproduce must be refused at load.

import { expect, it } from "vitest";
import { VocabError } from "../../src/errors.ts";
import { parseTokenizerJson } from "../../src/tokenizer/parse-tokenizer-json.ts";
import { Tokenizer } from "../../src/tokenizer/tokenizer.ts";
import { hostileLine, Random } from "./hostile-text.ts";
import { loadReference, referenceIds } from "./oracle.ts";
import { randomTokenizer } from "./random-tokenizers.ts";

const TOKENIZERS = 600;
const LINES_EACH = 60;

it(`${TOKENIZERS} random tokenizers encode and decode as the reference does`, async () => {
  let accepted = 0;
  let lines = 0;
  for (let seed = 0; seed < TOKENIZERS; seed++) {
    const compared = await compareTokenizer(seed);
    if (compared > 0) accepted++;
    lines += compared;
  }
  console.log(`${accepted} of ${TOKENIZERS} random tokenizers accepted; ${lines} lines equal`);
  expect(accepted).toBeGreaterThan(TOKENIZERS * 0.75);
});

it("truncation and padding of the file are off for counting: the ids are the reference's without them", async () => {
  const random = new Random(77);
  const limits = {
    truncation: { direction: "Right", max_length: 3, strategy: "LongestFirst", stride: 0 },
    padding: {
      strategy: { Fixed: 8 },
      direction: "Right",
      pad_to_multiple_of: null,
      pad_id: 0,
      pad_type_id: 0,
      pad_token: "x",
    },
  };
  for (let i = 0; i < 20; i++) {
    const { json } = randomTokenizer(random);
    const limited = JSON.stringify({ ...JSON.parse(json), ...limits });
    const ours = loadOurs(limited);
    if (ours === undefined) continue;
    const lines = random.times(20, () => hostileLine(random));
    const reference = loadReference(limited);
    reference.disableTruncation();
    reference.disablePadding();
    expect(lines.map((line) => ours.encode(line))).toEqual(await referenceIds(reference, lines));
  }
});

/** Returns the number of lines compared; 0 when vocab refuses the tokenizer. */
async function compareTokenizer(seed: number): Promise<number> {
  const random = new Random(seed);
  const { json, likes } = randomTokenizer(random);
  const ours = loadOurs(json);
  if (ours === undefined) return 0;
  const reference = loadReference(json);
  const lines = random.times(LINES_EACH, () => hostileLine(random, likes));
  const expected = await referenceIds(reference, lines);
  const texts = await reference.decodeBatch(expected, false);
  for (const [i, line] of lines.entries()) {
    const place = () => `tokenizer ${seed}, line ${JSON.stringify(line)}`;
    const ids = ours.encode(line);
    if (ids.join() !== expected[i]!.join()) expect(ids, place()).toEqual(expected[i]);
    if (ours.decode(ids) !== texts[i]) expect(ours.decode(ids), place()).toBe(texts[i]);
  }
  return lines.length;
}

function loadOurs(json: string): Tokenizer | undefined {
  try {
    return new Tokenizer(parseTokenizerJson(json, "random"));
  } catch (error) {
    if (error instanceof VocabError) return undefined;
    throw error;
  }
}
