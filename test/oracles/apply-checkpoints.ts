// Checkpoints that `apply` makes of tiny random models of many families, loaded by transformers: no key missing or left over,
// old rows the same bits, logits of base ids on base text the same, all tensors equal to what resize_embeddings.py makes.
//   npx tsx test/oracles/apply-checkpoints.ts     VOCAB_PYTHON=…/python (default .venv/bin/python), with torch

import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { initialWeights, PLAN_METHODS } from "../../src/embeddings/methods.ts";
import { apply } from "../../src/pipeline/apply.ts";
import { foldersIn, makeExpansion, planOf } from "../pipeline/apply-fixture.ts";

/** As apply-checkpoints.py has them. */
const IDS = 300;
const NEW_TOKENS = 70;

const root = mkdtempSync(join(tmpdir(), "vocab-"));
try {
  runPython("make");
  for (const [k, name] of readdirSync(root).sort().entries()) await applyTo(join(root, name), k);
  process.exitCode = runPython("check");
} finally {
  rmSync(root, { recursive: true, force: true });
}

function runPython(mode: "make" | "check"): number {
  const script = fileURLToPath(new URL("./apply-checkpoints.py", import.meta.url));
  const python = process.env["VOCAB_PYTHON"] ?? ".venv/bin/python";
  const { status, error } = spawnSync(python, [script, mode, root], { stdio: "inherit" });
  if (error !== undefined || (mode === "make" && status !== 0))
    throw new Error(
      `${python}: ${error?.message ?? `exit code ${status}`} (it needs torch and transformers)`,
    );
  return status ?? 1;
}

// Each method in turn; into padding alone, beyond it, and padded anew.
async function applyTo(place: string, k: number): Promise<void> {
  const folders = foldersIn(place);
  const method = PLAN_METHODS[k % PLAN_METHODS.length]!;
  const count = k % 4 === 3 ? 15 : NEW_TOKENS;
  const rows = Array.from({ length: count }, (_, i) => {
    const ids = Array.from({ length: 1 + (i % 7) }, (_, j) => (31 * i + 7 * j * j) % IDS);
    const { input, output } = initialWeights(method, ids);
    return [input, output] as const;
  });
  const scale = method === "mean-median-norm" ? { scaleIds: [3, 50, 77, 120, 200, 299] } : {};
  const plan = planOf({ rows, ...scale });
  makeExpansion(folders.expansion, {
    ...plan,
    base: { ...plan.base, vocabSize: IDS },
    target: { vocabSize: IDS + count, embeddingRows: null, padToMultipleOf: k % 2 === 0 ? 64 : null },
    rows: plan.rows.map((row, i) => ({ ...row, id: IDS + i })),
  });
  const result = await apply(folders);
  writeFileSync(join(place, "rows.json"), String(result.rows.after));
  console.log(
    `${result.model.type}: ${result.tensors.map(({ name, weights }) => `${name} (${weights})`).join(", ")}, ${result.rows.after} rows, ${method}`,
  );
}
