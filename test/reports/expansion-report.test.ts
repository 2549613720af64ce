import { expect, test } from "vitest";
import { modelCard } from "../../src/artifacts/model-card.ts";
import type { ExpansionResult } from "../../src/pipeline/expansion-result.ts";
import { expansionReport } from "../../src/reports/expansion-report.ts";

const RESULT: ExpansionResult = {
  schema: "vocab.expansion/1",
  languages: [{ tag: "fa", name: "Persian" }],
  base: {
    tokenizer: "gemma3",
    name: "Gemma 3",
    source: "npm:gemma",
    sha256: "abc",
    vocabSize: 262_145,
    embeddingRows: null,
  },
  target: { vocabSize: 263_145, embeddingRows: 263_168, padToMultipleOf: 64 },
  model: "bpe",
  placement: "append",
  method: "mean",
  added: { tokens: 1000, firstId: 262_145, merges: 1935, stones: 2, characters: 3, revived: 4 },
  relaxed: true,
  texts: [
    {
      tag: "fa",
      training: {
        documents: 66_518,
        bytes: 4_835_674,
        sha256: "def",
        tokens: [1000, 600],
        fertility: [2.5, 1.5],
        floor: [1.2, 1.1],
        bytesPerToken: [3, 5],
      },
      heldOut: { documents: 9, bytes: 900, sha256: "def", every: 50, seed: 0, tokens: [100, 110] },
    },
  ],
  out: "gemma3-fa",
  stopped: "learned 1000, as many as asked for",
  findings: ["a finding"],
  certificate: {
    schema: "vocab.certificate/1",
    ok: true,
    checks: [{ id: "G2", ok: true, detail: "merges follow", figures: {} }],
    notChecked: [],
    base: { source: "npm:gemma", sha256: "abc" },
    expanded: { source: "tokenizer.json", sha256: "ghi" },
    version: "0.1.0",
  },
  run: {
    version: "0.1.0",
    date: "2000-01-01T00:00:00.000Z",
    durationMs: 1,
    workers: 1,
    bytesPerSecond: 1,
    machine: { platform: "x", cpu: "x", cores: 1, node: "x", icu: "x" },
    tokenizerLoadMs: 1,
    cpuMs: 1,
  },
};

test("the report says what was added, what it saves, and where it is", () => {
  const lines = expansionReport(RESULT, { color: false }).split("\n");
  expect(lines.slice(0, 7)).toEqual([
    "Gemma 3 + 1,000 tokens for Persian (fa)",
    "- ids 262,145 to 263,144, 1,935 merges; learned 1000, as many as asked for",
    "- 3 are single characters that the base spells in bytes",
    "- 2 stop inside a character, on the way to others",
    "- 4 tokens of the base are made by new merges: check their rows",
    "- words hold combining marks: the pre-tokenizer is not the base's",
    "- embeddings: rows not known → at least 263,168 (append); new rows by mean",
  ]);
  const row = (name: string) => lines.find((line) => line.startsWith(name))?.split(/ {2,}/);
  expect(row("training, fa")).toEqual([
    "training, fa",
    "66,518",
    "4.6 MiB",
    "1,000",
    "600",
    "−40.0 %",
    "2.500",
    "1.500",
    "1.100",
  ]);
  expect(row("held-out, fa")?.slice(3)).toEqual(["100", "110", "10.0 %", "n/a", "n/a", "n/a"]);
  expect(lines).toContain("- a finding");
  expect(lines).toContain("written: gemma3-fa (README.md there says how to go on)");
  expect(lines.at(-2)).toMatch(/^licence of the base: Gemma Terms of Use: derived models: /);
});

test("the model card has the figures, the guarantees, the licence and its conditions", () => {
  const card = modelCard(RESULT, [{ id: "G6", ok: false, detail: "en changed" }], ["vocab.json"]);
  expect(card.split("\n")[0]).toBe("# Gemma 3 with 1,000 tokens for Persian (fa)");
  for (const part of [
    "more tokens (ids 262145 to 263144)",
    "**The pre-tokenizer is not the base's**",
    "| held-out, fa | 9 | 100 | 110 | +10.0 % | n/a | n/a | n/a |",
    "| training, fa | 66,518 | 1,000 | 600 | −40.0 % | 2.500 → 1.500 | 1.200 → 1.100 | 3.000 → 5.000 |",
    "- held-out, fa: 900 bytes, one document in 50 (seed 0) of the corpus with the SHA-256 `def`",
    "- G6 **does not hold**: en changed",
    "unknown in the base, at least 263,168 now",
    "Rows of the new tokens: 262145 to 263144, in Python `range(262145, 263145)`, 1,000 in all; the 23 behind them belong to no token.",
    "Gemma Terms of Use. Conditions: derived models: terms and use restrictions passed on",
    "the base's vocabulary: `vocab.json`",
  ])
    expect(card).toContain(part);
});

test("the model card tells what llama.cpp's converter makes of it", () => {
  const card = (detail: string, figures: object) =>
    modelCard(RESULT, [{ id: "G12", ok: true, detail, figures: { ...figures } }], []);
  const line = 'if chkhsh == "abc": res = "qwen2"';
  expect(card("…", { before: "def", after: "abc", name: "qwen2", line })).toContain(
    `\`\`\`python\n        ${line}\n`,
  );
  expect(card("the hash is that of the base", { before: "def", after: "def" })).toContain(
    "convert_hf_to_gguf.py: the hash is that of the base.",
  );
  expect(card("for byte-level tokenizers only", {})).not.toContain("## llama.cpp");
});

test("a base that is not known has the licence of its model; nothing measured is not shown", () => {
  const base = { ...RESULT.base, tokenizer: "mine/tokenizer.json", name: "mine" };
  const card = modelCard({ ...RESULT, base, texts: [], relaxed: false }, [], []);
  expect(card).toContain("the licence of the base model applies to it");
  expect(card).not.toContain("## Measured");
  expect(card).not.toContain("left out");
});
