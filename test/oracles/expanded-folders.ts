// Expands the known tokenizers with the embedded text of a language each, and compares the folders with the real
// libraries: what CI runs of compare-folder.ts.
//
//   npx tsx test/oracles/expanded-folders.ts            VOCAB_PYTHON=…/python (default .venv/bin/python)

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ExpandOptions, expand } from "../../src/pipeline/expand.ts";
import { verify } from "../../src/pipeline/verify.ts";
import { check, compareFolder, failureCount } from "./compare-folder.ts";

interface Case {
  readonly base: string;
  readonly lang: string;
  readonly options: Partial<ExpandOptions> & { readonly add: number };
}

const CASES: readonly Case[] = [
  { base: "qwen3", lang: "fa", options: { add: 400 } },
  { base: "llama3", lang: "am", options: { add: 300 } },
  { base: "gemma3", lang: "am", options: { add: 200 } },
  { base: "llama3", lang: "hi", options: { add: 150, relaxPreTokenizer: "marks" } },
];

const folder = mkdtempSync(join(tmpdir(), "vocab-oracle-"));
try {
  for (const { base, lang, options } of CASES) {
    const out = join(folder, `${base}-${lang}`);
    console.log(`== ${base} ${lang} ${JSON.stringify(options)}`);
    await expand(lang, { ...options, base, out });
    const { ok, checks } = await verify(out, { languages: [lang] });
    check("verify", ok, checks.map((one) => `${one.id} ${one.ok ? "ok" : one.detail}`).join(", "));
    await compareFolder({ base, lang, folder: out });
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${failureCount()} differences`);
process.exitCode = failureCount() === 0 ? 0 : 1;
