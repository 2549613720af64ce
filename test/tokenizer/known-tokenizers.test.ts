// The catalogue: what an entry must say, so that adding one is adding data.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  DEFAULT_TOKENIZERS,
  KNOWN_TOKENIZERS,
  TOKENIZER_ALIASES,
} from "../../src/tokenizer/known-tokenizers.ts";
import { MODEL_SIZES } from "../../src/tokenizer/model-sizes.ts";

const ids = KNOWN_TOKENIZERS.map(({ id }) => id);

/** The families and models that the catalogue was asked to have. */
const WANTED = [
  ["pythia", "olmo1", "olmo2", "smollm1", "smollm2", "smollm3", "tinyllama", "gpt-oss"],
  ["gemma1", "gemma2", "gemma3", "grok-1", "grok-2", "llama1", "llama2", "llama3", "llama3.1", "llama4"],
  ["phi-3", "phi-3.5", "phi-4", "openelm", "nemotron-4", "minitron", "qwen2", "qwen2.5", "qwen3"],
  ["deepseek-v3", "deepseek-r1", "kimi-k2", "glm-4.5", "mistral-v1", "mistral-v3", "mistral-nemo", "tekken"],
  ["xlm-r", "mt5", "nllb", "gpt2", "cl100k", "o200k"],
].flat();

test("every family that was asked for is there, by id", () => {
  const all = new Set([...ids, ...TOKENIZER_ALIASES.map(({ id }) => id)]);
  expect(WANTED.filter((id) => !all.has(id))).toEqual([]);
});

test("no name leads to two entries", () => {
  const names = [...KNOWN_TOKENIZERS, ...TOKENIZER_ALIASES].flatMap(({ id, name }) => [
    ...new Set([id, name].map((text) => text.toLowerCase().replace(/[\s_-]+/g, ""))),
  ]);
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  expect(ids.filter((id) => !/^[a-z0-9][a-z0-9.-]*$/.test(id))).toEqual([]);
});

test("aliases, stand-ins, defaults and model sizes name tokenizers that are there", () => {
  const standIns = KNOWN_TOKENIZERS.flatMap(({ obtained }) =>
    obtained.kind === "package-stand-in" ? [obtained.of] : [],
  );
  const named = [...TOKENIZER_ALIASES.map(({ sameAs }) => sameAs), ...standIns, ...DEFAULT_TOKENIZERS];
  expect(
    [...named, ...MODEL_SIZES.map(({ tokenizer }) => tokenizer)].filter((id) => !ids.includes(id)),
  ).toEqual([]);
});

describe.each(KNOWN_TOKENIZERS)("$id", (known) => {
  test("states a licence, with what it asks", () => {
    expect(known.licence.name).not.toBe("");
    expect(known.licence.conditions).not.toBe("");
  });

  test("says how it is obtained, in one pinned version of a package", () => {
    const { obtained, hubId } = known;
    if (obtained.kind === "npm") {
      expect(obtained.version).toMatch(/^\d+\.\d+\.\d+$/);
      expect(obtained.file).toMatch(/^[\w./-]+\.(json|model|tiktoken)$/);
      expect(obtained.name).toMatch(/^(@[\w.-]+\/)?[\w.-]+$/);
    }
    if (obtained.kind === "hub" || obtained.kind === "package-stand-in")
      expect(hubId).toMatch(/^[\w.-]+\/[\w.-]+$/);
  });

  test("is as open as what is published", () => {
    const { weights, architecture, trainingCode, trainingData, process } = known.published;
    const level = !weights
      ? "closed"
      : !(architecture && trainingCode && trainingData)
        ? "open-weight"
        : process
          ? "radically open"
          : "open-source";
    expect(known.openness).toBe(level);
  });

  test("explains itself where no real file was read, and has no more ids than rows", () => {
    if (known.verified !== "real-file") expect(known.note).toMatch(/[.]$/);
    // Gemma 3 has an image token above the rows of its text models.
    const most = known.id === "gemma3" ? 262_208 : Math.min(...Object.values(known.embeddingRows));
    expect(known.vocabSize ?? 0).toBeLessThanOrEqual(most);
  });
});

test("the npm packages that come with vocab are pinned in the same version", () => {
  const { dependencies } = JSON.parse(
    readFileSync(join(import.meta.dirname, "../../package.json"), "utf8"),
  ) as { dependencies: Record<string, string> };
  const pinned = KNOWN_TOKENIZERS.filter(({ id }) => DEFAULT_TOKENIZERS.includes(id)).map(({ obtained }) =>
    obtained.kind === "npm" ? [dependencies[obtained.name], obtained.version] : [],
  );
  expect(pinned).toHaveLength(DEFAULT_TOKENIZERS.length);
  for (const [inPackage, inCatalogue] of pinned) expect(inPackage).toBe(inCatalogue);
});

test("no host of a package registry is named", () => {
  const texts = JSON.stringify([KNOWN_TOKENIZERS, TOKENIZER_ALIASES]);
  expect(texts).not.toMatch(/npmjs|pypi\.org|pythonhosted|crates\.io/);
});
