// Real text against Python `tokenizers`: the ids of every line of every file under a folder, and the totals of `analyze`
// for each file, under the three tokenizers. Prints a table; what was found for a file is kept beside, so that a run that
// was stopped goes on where it was, as long as neither the file nor our sources changed.
//
//   npx tsx test/oracles/compare-corpora.ts FOLDER [STATE]     VOCAB_PYTHON=…/python (default .venv/bin/python)

import { createHash } from "node:crypto";
import { appendFileSync, readFileSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve, sep } from "node:path";
import { gunzipSync } from "node:zlib";
import fastGlob from "fast-glob";
import { analyze } from "../../src/pipeline/analyze.ts";
import { findTokenizer, loadTokenizer } from "../../src/tokenizer/load-tokenizer.ts";
import type { Tokenizer } from "../../src/tokenizer/tokenizer.ts";
import { firstDifference, PythonReference, type ReferenceVersions } from "./python-reference.ts";

const NAMES = ["qwen3", "llama3", "gemma3"];
const SHOWN = 10;

interface FileRecord {
  readonly key: string;
  readonly lines: number;
  readonly bytes: number;
  /** By tokenizer: Python's tokens, lines whose ids differ, and what `analyze` counted. */
  readonly tokens: readonly number[];
  readonly differing: readonly number[];
  readonly analyzed: readonly number[];
}

interface Side {
  readonly name: string;
  readonly tokenizer: Tokenizer;
  readonly python: PythonReference;
}

const folder = resolve(process.argv[2] ?? "corpora");
const state = process.argv[3] ?? join(tmpdir(), "vocab-compare-corpora.jsonl");
const files = fastGlob.sync("**/*.{txt,txt.gz}", { cwd: folder, absolute: true }).sort();
if (files.length === 0) throw new Error(`no text files under ${folder}`);

const sides = NAMES.map((name): Side => {
  const source = findTokenizer(name);
  return { name, tokenizer: loadTokenizer(source).tokenizer, python: new PythonReference(source.file) };
});
let versions: ReferenceVersions | undefined;
for (const side of sides) versions = await side.python.versions();
const sources = digestOfSources();
const known = readState();
const records: [string, FileRecord][] = [];
for (const file of files) {
  const key = `${relative(folder, file)} ${statSync(file).size} ${sources} ${versions!.tokenizers}`;
  const record = known.get(key) ?? (await compareFile(file, key));
  if (!known.has(key)) appendFileSync(state, `${JSON.stringify(record)}\n`);
  records.push([relative(folder, file), record]);
  console.error(`${records.length}/${files.length} ${relative(folder, file)}: ${record.lines} lines`);
}
for (const side of sides) side.python.close();
process.exitCode = printTable() === 0 ? 0 : 1;

/** Our sources, so that a change of them makes the kept results worthless. */
function digestOfSources(): string {
  const hash = createHash("sha256");
  const root = new URL("../../src/", import.meta.url).pathname;
  for (const file of fastGlob.sync("**/*.ts", { cwd: root }).sort())
    hash.update(readFileSync(join(root, file)));
  return hash.digest("hex").slice(0, 16);
}

function readState(): Map<string, FileRecord> {
  if (statSync(state, { throwIfNoEntry: false }) === undefined) return new Map();
  const lines = readFileSync(state, "utf8").split("\n").filter(Boolean);
  return new Map(lines.map((line) => JSON.parse(line) as FileRecord).map((record) => [record.key, record]));
}

async function compareFile(file: string, key: string): Promise<FileRecord> {
  const lines = linesOf(file);
  const tokens: number[] = [];
  const differing: number[] = [];
  for (const side of sides) {
    const compared = await compareIds(side, file, lines);
    tokens.push(compared.tokens);
    differing.push(compared.differing);
  }
  const analysis = await analyze("en", {
    corpus: [fastGlob.escapePath(file)],
    tokenizers: NAMES,
    words: "none",
  });
  const analyzed = analysis.results.map((result) => result.tokens);
  if (analyzed.join() !== tokens.join())
    console.log(
      `${relative(folder, file)}: analyze counts ${analyzed.join(", ")}, Python ${tokens.join(", ")}`,
    );
  const bytes = lines.reduce((sum, line) => sum + line.length, 0);
  return { key, lines: lines.length, bytes, tokens, differing, analyzed };
}

function linesOf(file: string): Buffer[] {
  const stored = readFileSync(file);
  const text = file.endsWith(".gz") ? gunzipSync(stored) : stored;
  const lines: Buffer[] = [];
  let at = text.subarray(0, 3).equals(Buffer.from("\ufeff")) ? 3 : 0;
  while (at < text.length) {
    const found = text.indexOf(0x0a, at);
    const next = found < 0 ? text.length : found;
    const end = found > at && text[found - 1] === 0x0d ? found - 1 : next;
    if (end > at) lines.push(text.subarray(at, end));
    at = next + 1;
  }
  return lines;
}

async function compareIds(
  { name, tokenizer, python }: Side,
  file: string,
  lines: readonly Buffer[],
): Promise<{ readonly tokens: number; readonly differing: number }> {
  let tokens = 0;
  let differing = 0;
  let line = 0;
  for await (const block of python.ids({ file })) {
    for (const expected of block) {
      tokens += expected.length;
      const text = lines[line++];
      if (text === undefined) throw new Error(`${file}: Python reads more lines than ${lines.length}`);
      if (firstDifference(tokenizer.encodeBytes(text).ids, expected) < 0) continue;
      differing++;
      if (differing <= SHOWN)
        console.log(
          `${relative(folder, file)}, ${name}: ${JSON.stringify(text.toString("utf8").slice(0, 300))}`,
        );
    }
  }
  if (line !== lines.length) throw new Error(`${file}: Python reads ${line} lines, we ${lines.length}`);
  return { tokens, differing };
}

/** One row for each folder; returns the number of differences. */
function printTable(): number {
  const groups = new Map<string, FileRecord[]>();
  for (const [file, record] of records) {
    const group = file.split(sep).slice(0, -1).join("/") || ".";
    groups.set(group, [...(groups.get(group) ?? []), record]);
  }
  console.log(
    `| folder | files | lines | MB | ${NAMES.map((name) => `tokens ${name}`).join(" | ")} | lines whose ids differ | totals that differ |`,
  );
  console.log(`| --- |${" ---: |".repeat(5 + NAMES.length)}`);
  for (const [group, own] of groups) console.log(row(group, own));
  const all = records.map(([, record]) => record);
  console.log(row("**all**", all));
  const lines = NAMES.length * sumOf(all, (record) => record.lines);
  const differences = sumOf(all, (record) => sum(record.differing) + wrongTotals(record));
  console.log(
    `\n${lines} comparisons of a line's ids and ${NAMES.length * all.length} of a file's total, ${differences} differences. ` +
      `Python tokenizers ${versions!.tokenizers}, Python ${versions!.python}, Node ${process.versions.node}, sources ${sources}.`,
  );
  return differences;
}

function row(name: string, own: readonly FileRecord[]): string {
  const tokens = NAMES.map((_, t) => sumOf(own, (record) => record.tokens[t]!).toLocaleString("en"));
  const lines = sumOf(own, (record) => record.lines).toLocaleString("en");
  const megabytes = (sumOf(own, (record) => record.bytes) / 1e6).toFixed(1);
  const ids = sumOf(own, (record) => sum(record.differing));
  const cells = [name, own.length, lines, megabytes, ...tokens, ids, sumOf(own, wrongTotals)];
  return `| ${cells.join(" | ")} |`;
}

function wrongTotals({ tokens, analyzed }: FileRecord): number {
  return tokens.filter((count, t) => count !== analyzed[t]).length;
}

function sumOf(own: readonly FileRecord[], figure: (record: FileRecord) => number): number {
  return sum(own.map(figure));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
