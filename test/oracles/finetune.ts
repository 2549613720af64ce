// The scripts of finetune/ with the real torch, transformers and PEFT: a real tokenizer is expanded, `apply` gives tiny random
// models their rows, and a few steps of each script move what they should and nothing else.
//   npx tsx test/oracles/finetune.ts     VOCAB_TORCH_PYTHON=…/python, with test/oracles/requirements-torch.txt

import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { apply } from "../../src/pipeline/apply.ts";
import { expand } from "../../src/pipeline/expand.ts";
import { foldersIn } from "../pipeline/apply-fixture.ts";

const NEW_TOKENS = 100;
const TEXT = [
  "تمام افراد بشر آزاد به دنیا می‌آیند و از لحاظ حیثیت و حقوق با هم برابرند",
  "همه دارای عقل و وجدان هستند و باید نسبت به یکدیگر با روح برادری رفتار کنند",
  "هر کس حق زندگی و آزادی و امنیت شخصی دارد",
  "All human beings are born free and equal in dignity and rights",
];

const python = process.env["VOCAB_TORCH_PYTHON"];
if (python === undefined)
  throw new Error(
    "name a Python with torch: VOCAB_TORCH_PYTHON=…/python (test/oracles/requirements-torch.txt)",
  );

const root = mkdtempSync(join(tmpdir(), "vocab-"));
try {
  const expansion = join(root, "expansion");
  await expand("fa", { base: "qwen3", add: NEW_TOKENS, out: expansion });
  writeFileSync(join(root, "text.txt"), `${TEXT.join("\n")}\n`);
  runPython(python, "make");
  for (const name of readdirSync(root).sort()) {
    if (name === "expansion" || !statSync(join(root, name)).isDirectory()) continue;
    const folders = foldersIn(join(root, name));
    cpSync(expansion, folders.expansion, { recursive: true });
    const { rows } = await apply(folders);
    console.log(`${name}: ${rows.before} → ${rows.after} rows`);
  }
  process.exitCode = runPython(python, "check");
} finally {
  rmSync(root, { recursive: true, force: true });
}

function runPython(program: string, mode: "make" | "check"): number {
  const script = fileURLToPath(new URL("./finetune.py", import.meta.url));
  const { status, error } = spawnSync(program, [script, mode, root], { stdio: "inherit" });
  if (error !== undefined || (mode === "make" && status !== 0))
    throw new Error(`${program}: ${error?.message ?? `exit code ${status}`}`);
  return status ?? 1;
}
