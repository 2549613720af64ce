// Expanded models through llama.cpp's own converter: one whose hash is that of the base, and one whose hash is new, which is
// refused until the certificate's line is added. Where llama_cpp is at hand the files are loaded, and their ids compared.
//   npx tsx test/oracles/llama-cpp.ts SOURCE     the unpacked source of PyPI's llama-cpp-python;
//   VOCAB_TORCH_PYTHON=…/python (torch, transformers, pyyaml), VOCAB_LLAMA_PYTHON=…/python (llama_cpp; optional)

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { embeddedText } from "../../src/corpus/embedded-text.ts";
import { apply } from "../../src/pipeline/apply.ts";
import { expand } from "../../src/pipeline/expand.ts";
import { resolveLanguage } from "../../src/text/languages.ts";

const TEXTS = ["fa", "bg", "en", "km", "hi", "zh", "am"];

const python = process.env["VOCAB_TORCH_PYTHON"];
const source = process.argv[2];
if (python === undefined || source === undefined)
  throw new Error("VOCAB_TORCH_PYTHON=…/python npx tsx test/oracles/llama-cpp.ts SOURCE");

const root = mkdtempSync(join(tmpdir(), "vocab-"));
try {
  runPython(python, ["make", root]);
  // llama.cpp does not normalize.
  const lines = TEXTS.flatMap((tag) => embeddedText(resolveLanguage(tag)).documents).filter(
    (line) => line === line.normalize("NFC"),
  );
  writeFileSync(join(root, "lines.json"), JSON.stringify(lines));
  // Persian is not in the converter's text; Bulgarian is.
  for (const lang of ["fa", "bg"]) {
    const expansion = join(root, lang, "expansion");
    await expand(lang, { base: "qwen3", add: 100, out: expansion });
    await apply({ expansion, checkpoint: join(root, "base"), out: join(root, lang, "out") });
  }
  process.exitCode = runPython(python, ["check", root, resolve(source)]);
} finally {
  rmSync(root, { recursive: true, force: true });
}

function runPython(program: string, args: readonly string[]): number {
  const script = fileURLToPath(new URL("./llama-cpp.py", import.meta.url));
  const { status, error } = spawnSync(program, [script, ...args], { stdio: "inherit" });
  if (error !== undefined || (args[0] === "make" && status !== 0))
    throw new Error(`${program}: ${error?.message ?? `exit code ${status}`}`);
  return status ?? 1;
}
