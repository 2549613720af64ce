// Random sound expansions pass, and one random change anywhere makes them fail.

import { describe, expect, it } from "vitest";
import { verifyExpansion } from "../../src/verification/verify-expansion.ts";
import { Random } from "../tokenizer/hostile-text.ts";
import type { TokenizerParts } from "./faults.ts";
import { jsonFile } from "./json-file.ts";
import { byteLevelBase, expandFor, fallbackBase, type MadeExpansion } from "./made-expansions.ts";

const LATIN = [..."abcdefgh"];
const PERSIAN_LETTERS = [..."سلامبرخنوهیتک"];

function randomText(random: Random, letters: readonly string[]): string {
  const word = () => random.times(random.integer(1, 6), () => random.pick(letters)).join("");
  const vocabulary = random.times(12, word);
  return random.times(120, () => random.pick(vocabulary)).join(" ");
}

function randomExpansion(random: Random): MadeExpansion {
  const text = randomText(random, PERSIAN_LETTERS);
  const old = randomText(random, LATIN);
  const base = random.chance(0.5) ? byteLevelBase(old, text) : fallbackBase(old);
  return expandFor(base, text, random.integer(1, 25));
}

function certify(made: MadeExpansion) {
  const evidence = {
    base: jsonFile("base", made.base),
    expanded: jsonFile("expanded", made.expanded),
    plan: made.plan,
    training: { usesOfId: made.usesOfId },
    panel: [],
  };
  return verifyExpansion(evidence, { generated: 100 });
}

/** Each makes some guarantee false, whatever the place it falls on. */
const MUTATIONS: readonly ((random: Random, parts: TokenizerParts, baseMerges: number) => void)[] = [
  (random, { model }, baseMerges) => {
    const at = random.integer(0, baseMerges - 2);
    [model.merges[at], model.merges[at + 1]] = [model.merges[at + 1]!, model.merges[at]!];
  },
  (random, { model }) => {
    model.merges.push(random.pick(model.merges));
  },
  (random, { model }) => {
    model.merges.splice(random.integer(0, model.merges.length - 1), 1);
  },
  (random, { model }) => {
    delete model.vocab[random.pick(Object.keys(model.vocab))];
  },
  (random, { model }) => {
    const [a, b] = random.shuffle(Object.keys(model.vocab)) as [string, string];
    [model.vocab[a], model.vocab[b]] = [model.vocab[b]!, model.vocab[a]!];
  },
  (random, { model }) => {
    model.vocab[random.pick(Object.keys(model.vocab))]! += Object.keys(model.vocab).length;
  },
  (random, { model }, baseMerges) => {
    const [merge] = model.merges.splice(random.integer(baseMerges, model.merges.length - 1), 1);
    model.merges.splice(random.integer(0, baseMerges - 1), 0, merge!);
  },
  (random, { added_tokens: tokens }) => {
    const token = random.pick(tokens);
    const flag = random.pick(["single_word", "lstrip", "rstrip", "normalized", "special"]);
    token[flag] = token[flag] !== true;
  },
  (random, { added_tokens: tokens }) => {
    tokens.splice(random.integer(0, tokens.length - 1), 1);
  },
];

describe("random expansions", () => {
  it("pass when they are sound", async () => {
    const random = new Random(11);
    for (let round = 0; round < 12; round++) {
      const certificate = await certify(randomExpansion(random));
      expect(certificate.checks.filter(({ ok }) => !ok)).toEqual([]);
    }
  });
  it.each(MUTATIONS.map((mutate, i) => [i, mutate] as const))("fail after mutation %i", async (i, mutate) => {
    const random = new Random(100 + i);
    for (let round = 0; round < 4; round++) {
      const made = randomExpansion(random);
      const parts = JSON.parse(made.expanded) as TokenizerParts;
      mutate(random, parts, (JSON.parse(made.base) as TokenizerParts).model.merges.length);
      const certificate = await certify({ ...made, expanded: JSON.stringify(parts) });
      expect(certificate.ok).toBe(false);
    }
  });
});
