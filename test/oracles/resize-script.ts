// Matrices as `apply` writes them against finetune/resize_embeddings.py (numpy), bit for bit: every format, every method, tied
// and untied, biases, padding.
//   npx tsx test/oracles/resize-script.ts            VOCAB_PYTHON=…/python (default .venv/bin/python)

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { initialWeights, PLAN_METHODS } from "../../src/embeddings/methods.ts";
import { apply } from "../../src/pipeline/apply.ts";
import {
  foldersIn,
  makeCheckpoint,
  makeExpansion,
  planOf,
  type Shapes,
  VOCAB,
} from "../pipeline/apply-fixture.ts";

const COLUMNS = 257;
const NEW_TOKENS = 60;
const LAYOUTS: Readonly<Record<string, (dtype: string, rows: number) => Shapes>> = {
  tied: (dtype, rows) => ({ "wte.weight": [dtype, rows, COLUMNS], "lm_head.bias": [dtype, rows] }),
  untied: (dtype, rows) => ({
    "model.embed_tokens.weight": [dtype, rows, COLUMNS],
    "lm_head.weight": [dtype, rows, COLUMNS],
    "lm_head.bias": [dtype, rows],
  }),
};

const root = mkdtempSync(join(tmpdir(), "vocab-"));
try {
  for (const dtype of ["F64", "F32", "F16", "BF16"])
    for (const method of PLAN_METHODS)
      for (const layout of Object.keys(LAYOUTS)) await makeCase(dtype, method, layout);
  const script = fileURLToPath(new URL("./resize-script.py", import.meta.url));
  const { status } = spawnSync(process.env["VOCAB_PYTHON"] ?? ".venv/bin/python", [script, root], {
    stdio: "inherit",
  });
  process.exitCode = status ?? 1;
} finally {
  rmSync(root, { recursive: true, force: true });
}

async function makeCase(dtype: string, method: (typeof PLAN_METHODS)[number], layout: string): Promise<void> {
  const place = join(root, `${dtype}-${method}-${layout}`);
  const folders = foldersIn(place);
  const rows = layout === "tied" ? VOCAB + 5 : VOCAB;
  const shapes = LAYOUTS[layout]!(dtype, rows);
  makeCheckpoint(folders.checkpoint, shapes, { config: { vocab_size: rows } });
  // Constituents of every number from 1 to 12, some of them twice.
  const planned = Array.from({ length: NEW_TOKENS }, (_, k) => {
    const ids = Array.from({ length: 1 + (k % 12) }, (_, i) => (7 * k + 3 * i * i) % VOCAB);
    const { input, output } = initialWeights(method, ids);
    return [input, output] as const;
  });
  const scaleIds =
    method === "mean-median-norm" ? { scaleIds: [3, 5, 8, 13, 2, 0, ...(layout === "tied" ? [1] : [])] } : {};
  makeExpansion(folders.expansion, planOf({ rows: planned, target: { padToMultipleOf: 8 }, ...scaleIds }));
  const { tensors } = await apply(folders);
  const sides = Object.fromEntries(tensors.map(({ name, weights }) => [name, weights]));
  writeFileSync(join(place, "sides.json"), JSON.stringify(sides));
}
