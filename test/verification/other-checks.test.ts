// The checks that faults.ts does not reach: siblings, overlap, hash, relaxed pattern, files that cannot be loaded.

import { describe, expect, it } from "vitest";
import { relaxPreTokenizer } from "../../src/expansion/relax-pre-tokenizer.ts";
import { checkOverlap } from "../../src/verification/document-overlap.ts";
import type { Evidence } from "../../src/verification/evidence.ts";
import { preTokenizerHash } from "../../src/verification/llama-cpp-hash.ts";
import { openSubject } from "../../src/verification/subject.ts";
import { verifyExpansion } from "../../src/verification/verify-expansion.ts";
import { jsonFile } from "./json-file.ts";
import { byteLevelBase, ENGLISH, expandFor, PERSIAN } from "./made-expansions.ts";

const MADE = expandFor(byteLevelBase(), PERSIAN, 24);
const HINDI = "सभी मनुष्यों को गौरव और अधिकारों के मामले में जन्मजात स्वतन्त्रता";

function certify(parts: Partial<Evidence>, expanded = MADE.expanded) {
  const evidence = {
    base: jsonFile("base", MADE.base),
    expanded: jsonFile("expanded", expanded),
    panel: [],
    ...parts,
  };
  return verifyExpansion(evidence, { generated: 100 });
}

async function detailOf(id: string, ...args: Parameters<typeof certify>) {
  const { checks } = await certify(...args);
  const check = checks.find((one) => one.id === id);
  return check && `${check.ok}: ${check.detail}`;
}

describe("G1: siblings of tokenizer.json", () => {
  it("may repeat what it says", async () => {
    const siblings = {
      "tokenizer_config.json": {
        added_tokens_decoder: { [MADE.learned.firstId - 3]: { content: "<|begin|>" } },
      },
      "added_tokens.json": { "<|end|>": MADE.learned.firstId - 2 },
      "vocab.json": (JSON.parse(MADE.expanded) as { model: { vocab: unknown } }).model.vocab,
    };
    expect(await detailOf("G1", { siblings })).toMatch(/^true/);
  });
  it.each([
    [
      "tokenizer_config.json",
      { added_tokens_decoder: { 400: { content: "<|begin|>" } } },
      /added_tokens_decoder\["400"\] is "<\|begin\|>"/,
    ],
    ["added_tokens.json", { "<|end|>": 400 }, /added_tokens\.json: token "<\|end\|>" has id 400/],
    ["vocab.json", { "!": 1 }, /vocab\.json: token "!" has id 1/],
    ["vocab.json", { the: "x" }, /vocab\.json: token "the" has id "x"/],
  ])("may not contradict it: %s", async (name, content, message) => {
    const detail = await detailOf("G1", { siblings: { [name]: content } });
    expect(detail).toMatch(/^false/);
    expect(detail).toMatch(message);
  });
  it("may not be the vocabulary of the base", async () => {
    const { vocab } = (JSON.parse(MADE.base) as { model: { vocab: Record<string, number> } }).model;
    expect(await detailOf("G1", { siblings: { "vocab.json": vocab } })).toMatch(
      /^false: vocab\.json: \d+ tokens, but model.vocab/,
    );
  });
});

describe("G4: use in the training text", () => {
  it("names a token that never occurs and leads to none that does", async () => {
    const usesOfId = [...MADE.usesOfId];
    const last = usesOfId.length - 1;
    usesOfId[last] = 0;
    expect(await detailOf("G4", { training: { usesOfId } })).toMatch(
      new RegExp(`^false: .*token ${last} \\S+ \\S+ does not occur in the training text`),
    );
  });
});

it("G11: names a document that was trained on", () => {
  const counts = { trainingDocuments: 10, heldOutDocuments: 4 };
  expect(checkOverlap({ ...counts, shared: 0 }).ok).toBe(true);
  expect(checkOverlap({ ...counts, shared: 2, example: "ab12" })).toMatchObject({
    ok: false,
    detail:
      "2 different documents stand in the training text and in the held-out text, for example the one with SHA-256 ab12",
  });
});

describe("G12", () => {
  it("gives the line to register when the hash is new", async () => {
    const khmer = expandFor(byteLevelBase(), "កាន់តែ កាន់តែ", 3);
    const hash = preTokenizerHash(openSubject(jsonFile("khmer", khmer.expanded)));
    const detail = await detailOf("G12", { base: jsonFile("base", khmer.base) }, khmer.expanded);
    expect(detail).toContain(`if chkhsh == "${hash}": res = "…"`);
    expect(detail).toContain("(which llama.cpp's converter does not know)");
  });
});

describe("G13: relaxed pre-tokenizer", () => {
  const made = expandFor(byteLevelBase(`${ENGLISH} ${HINDI}`), PERSIAN, 24);
  const relaxed = relaxPreTokenizer(made.expanded);
  const base = jsonFile("base", made.base);
  const panel = () => [{ name: "hi", source: "hi", documents: [Buffer.from(HINDI)] }];
  it("is compared with the relaxed base, and what the pattern changes is told apart", async () => {
    const { ok, checks } = await certify({ base, panel: panel() }, relaxed);
    expect(checks.filter((check) => !check.ok)).toEqual([]);
    expect(ok).toBe(true);
    expect(checks.at(-1)).toMatchObject({ id: "G13", ok: true });
    expect(checks.find(({ id }) => id === "G12")!.detail).toMatch(/^llama\.cpp has no pre-tokenizer for/);
    expect(checks.at(-1)!.detail).toMatch(
      /^the relaxed pattern alone, before any token is added, changes hi 1 of 1/,
    );
    expect(checks.find(({ id }) => id === "G6")!.detail).toBe("1 of 1 texts unchanged");
  });
  it("needs a class that keeps it when transformers loads the folder", async () => {
    const detail = (name: string) => {
      const siblings = { "tokenizer_config.json": { tokenizer_class: name } };
      return detailOf("G1", { base, siblings }, relaxed);
    };
    expect(await detail("Qwen2Tokenizer")).toMatch(
      /^false: .*"Qwen2Tokenizer" may bring its own pre-tokenizer/,
    );
    expect(await detail("PreTrainedTokenizerFast")).toMatch(/^true/);
    const siblings = { "tokenizer_config.json": { tokenizer_class: "Qwen2Tokenizer" } };
    expect(await detailOf("G1", { base, siblings }, made.expanded)).toMatch(/^true/);
  });
  it("is not looked at where nothing was relaxed", async () => {
    const { checks, notChecked } = await certify({ base, panel: panel() }, made.expanded);
    expect(checks.map(({ id }) => id)).not.toContain("G13");
    expect(notChecked).toContainEqual({ id: "G13", reason: "the pre-tokenizer was not relaxed" });
  });
});

describe("a file that cannot be loaded", () => {
  it("fails G1 with the place", async () => {
    const certificate = await certify({}, MADE.expanded.replace('"merges": [', '"merges": [ ["a", 5],'));
    expect(certificate).toMatchObject({ ok: false, checks: [{ id: "G1", ok: false }] });
    expect(certificate.checks[0]!.detail).toMatch(/cannot be loaded: expanded: model\.merges\[0\]/);
    expect(certificate.notChecked.map(({ id }) => id)).toContain("G2");
  });
  it("is an error where vocab lacks what it asks for", async () => {
    const text = MADE.expanded.replace('"type": "BPE"', '"type": "Unigram"');
    await expect(certify({}, text)).rejects.toThrow(/Unigram/);
  });
});

describe("options", () => {
  it("refuse a budget for a text that is not there", async () => {
    const evidence = {
      base: jsonFile("b", MADE.base),
      expanded: jsonFile("e", MADE.expanded),
      panel: [],
    };
    await expect(verifyExpansion(evidence, { budgets: { ur: 0 } })).rejects.toMatchObject({
      code: "unknown-budget",
    });
  });
  it("stop at a signal", async () => {
    const evidence = {
      base: jsonFile("b", MADE.base),
      expanded: jsonFile("e", MADE.expanded),
      panel: [],
    };
    const signal = AbortSignal.abort(new Error("stopped"));
    await expect(verifyExpansion(evidence, { signal })).rejects.toThrow("stopped");
  });
});
