// `apply` as typed: what it prints, and what wrong usage says.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { foldersIn, makeCheckpoint, makeExpansion, planOf, TIED } from "../pipeline/apply-fixture.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { runFake } from "./fake-io.ts";

const root = temporaryFolder();
const folders = foldersIn(root);
makeCheckpoint(folders.checkpoint, TIED, {
  config: { architectures: ["TinyForCausalLM"], model_type: "llama", vocab_size: 20 },
});
makeExpansion(folders.expansion, planOf({ target: { padToMultipleOf: 8 } }));
const ARGS = ["apply", ...Object.entries(folders).flatMap(([option, folder]) => [`--${option}`, folder])];

const REPORT = `TinyForCausalLM + 3 tokens
- base tiny (tokenizer.json is the same file); new rows by mean
- rows 20 → 24: 3 for new tokens, 1 row of zeros that no token has; the head is tied
- 24 parameters added to 180 (13.3 %)
- weights 662 B → 716 B (54 B more)
- config.json: vocab_size 20 → 24

tensor                     is         format  shape before   after  added
─────────────────────────  ─────────  ──────  ────────────  ──────  ─────
model.embed_tokens.weight  embedding  BF16          20 × 6  24 × 6   48 B
`;

test("a dry run writes nothing and says what would be done", async () => {
  const { code, stdout, stderr } = await runFake([...ARGS, "--dry-run"]);
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout).toContain(REPORT);
  expect(stdout).toContain("would write anew: model.safetensors, config.json\n");
  expect(stdout).toMatch(/\nnothing was written \(--dry-run\)\n$/);
  expect(existsSync(folders.out)).toBe(false);
});

test("the result as text and as JSON, and the record in the folder", async () => {
  const { code, stdout } = await runFake(ARGS);
  expect(code).toBe(0);
  expect(stdout).toContain(REPORT);
  expect(stdout).toMatch(
    /\nwrote anew: model.safetensors, config.json\nfrom the expansion: tokenizer.json, tokenizer_config.json\n/,
  );
  const { run, expansion, checkpoint, out, dryRun, ...result } = JSON.parse(
    (await runFake([...ARGS, "--json"])).stdout,
  );
  expect({ expansion, checkpoint, out, dryRun }).toEqual({ ...folders, dryRun: false });
  expect(run.workers).toBe(1);
  const { files, ...record } = JSON.parse(readFileSync(join(folders.out, "vocab-application.json"), "utf8"));
  const { files: names, ...rest } = result;
  expect(record).toEqual(rest);
  expect(Object.keys(files).sort()).toEqual(
    ["model.safetensors", "config.json", "tokenizer.json", "tokenizer_config.json"].sort(),
  );
  expect(names.changed).toEqual(["model.safetensors", "config.json"]);
});

test("wrong usage", async () => {
  const missing = await runFake(["apply", "--expansion", "x", "--checkpoint", "y"]);
  expect([missing.code, missing.stderr]).toEqual([
    2,
    expect.stringMatching(/required option '--out <dir>' not specified/),
  ]);
  const named = await runFake([...ARGS, "--out", join(root, "new"), "--embedding", "nothing"]);
  expect([named.code, named.stderr.split("\n")[0]]).toEqual([
    2,
    "vocab: error: --embedding nothing: no tensor has this name: model.embed_tokens.weight [20, 6] BF16; model.layers.0.mlp.down_proj.weight [6, 9] BF16",
  ]);
});
