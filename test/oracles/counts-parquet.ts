// The tables of `vocab count` in DuckDB and pyarrow: both must read the rows that the slow twin counts; and tables that they
// write, in several parts, must be to vocab what its own are.
//
//   VOCAB_PYTHON=.venv/bin/python npx tsx test/oracles/counts-parquet.ts

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { count } from "../../src/pipeline/count.ts";
import { mergeCountFolders } from "../../src/pipeline/merge-counts.ts";
import { madeLines } from "../pipeline/training-files.ts";
import { rowsSlowly } from "../reference/count-rows.ts";
import { countSlowly } from "../reference/segments.ts";

const python = process.env["VOCAB_PYTHON"] ?? ".venv/bin/python";
const script = fileURLToPath(new URL("./counts-parquet.py", import.meta.url));
const ask = (...args: string[]) => execFileSync(python, [script, ...args], { encoding: "utf8" });

const folder = mkdtempSync(join(tmpdir(), "vocab-counts-"));
try {
  const lines = madeLines(3, 20_000).map((line, i) => (i % 7 === 0 ? ` ${line}` : `${line} ${i}`));
  lines.push("\u0000 a\u0000b", "ยาว".repeat(300), "😀 é <b> x");
  const corpus = join(folder, "text.txt");
  writeFileSync(corpus, lines.join("\n"));
  // Small tables: the rows come out of a merge of many runs.
  const small = { memoryBytes: 1 << 20, commitBytes: 1 << 18 };
  const [whole, split] = [join(folder, "whole"), join(folder, "split")];
  await count("fa", { corpus: [corpus], out: whole, holdOut: 0, ...small });
  await count("fa", { corpus: [corpus], out: split, holdOut: 7, ...small });

  const rows = rowsSlowly(countSlowly(lines));
  const expected = { rows: rows.length, sha256: createHash("sha256").update(rows.join("")).digest("hex") };
  const readers = ask("read", whole).trim().split("\n");
  for (const line of readers) {
    const { reader, version, training } = JSON.parse(line) as Record<string, unknown>;
    require(JSON.stringify(training) ===
      JSON.stringify(expected), `${reader} ${version} reads ${expected.rows} rows as the twin counts them`);
  }
  require(readers.length === 2, "two readers");

  const [theirs, ours] = [join(folder, "theirs"), join(folder, "ours")];
  ask("write", split, theirs);
  await mergeCountFolders("fa", [theirs], { out: ours });
  require(digestOf(ours) ===
    digestOf(split), "tables of pyarrow and DuckDB, in parts, give the bytes of vocab's");
} finally {
  rmSync(folder, { recursive: true });
}

function require(holds: boolean, what: string): void {
  console.log(`${holds ? "ok" : "FAILED"}: ${what}`);
  if (!holds) process.exitCode = 1;
}

function digestOf(path: string): string {
  const names = readdirSync(path).sort();
  return names.map((name) => readFileSync(join(path, name), "base64")).join(" ");
}
