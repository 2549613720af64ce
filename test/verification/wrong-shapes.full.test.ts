// Files of any shape: a certificate or an error that says what is wrong, never a crash.

import { expect, it } from "vitest";
import { VocabError } from "../../src/errors.ts";
import { verifyExpansion } from "../../src/verification/verify-expansion.ts";
import { Random } from "../tokenizer/hostile-text.ts";
import { jsonFile } from "./json-file.ts";
import { byteLevelBase, expandFor, fallbackBase, PERSIAN } from "./made-expansions.ts";

const MADE = [byteLevelBase(), fallbackBase()].map((base) => expandFor(base, PERSIAN, 12));
const VALUES: readonly unknown[] = [null, 0, -1, 1.5, 1e9, "", "x", true, [], [[]], {}, { type: "BPE" }];

/** Replaces or removes one value somewhere below `json`. */
function damage(random: Random, json: unknown): unknown {
  if (typeof json !== "object" || json === null || random.chance(0.15)) return random.pick(VALUES);
  const keys = Object.keys(json);
  if (keys.length === 0) return random.pick(VALUES);
  const key = random.pick(keys);
  const copy = (Array.isArray(json) ? [...json] : { ...json }) as Record<string, unknown>;
  if (random.chance(0.1)) delete copy[key];
  else copy[key] = damage(random, copy[key]);
  return copy;
}

it("files of any shape", async () => {
  const random = new Random(77);
  const outcomes = { certificates: 0, errors: 0 };
  for (let round = 0; round < 300; round++) {
    const made = random.pick(MADE);
    const isPlan = random.chance(0.3);
    const expanded = isPlan ? made.expanded : JSON.stringify(damage(random, JSON.parse(made.expanded)));
    const siblings = {
      "tokenizer_config.json": damage(random, { added_tokens_decoder: { 1: { content: "x" } } }),
    };
    try {
      const { checks } = await verifyExpansion(
        {
          base: jsonFile("base", made.base),
          expanded: jsonFile("expanded", expanded),
          plan: isPlan ? damage(random, made.plan) : made.plan,
          siblings: random.chance(0.5) ? siblings : {},
          panel: [],
        },
        { generated: 5 },
      );
      expect(checks.length).toBeGreaterThan(0);
      outcomes.certificates++;
    } catch (error) {
      if (!(error instanceof VocabError)) throw error;
      outcomes.errors++;
    }
  }
  expect(outcomes.certificates).toBeGreaterThan(100);
  expect(outcomes.errors).toBeGreaterThan(5);
});
