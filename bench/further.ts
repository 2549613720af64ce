// What each further tokenizer costs over the first, when several are measured on one corpus: CPU time, interleaved, after
// the totals of a part of the corpus were compared with those of the reference library: the file's own, or that of another
// file of the same tokenizer. A file with neither is compared with vocab's encoding of whole documents, which
// test/oracles/conformance.ts holds to the vectors that come with the file.
//
//   npx tsx bench/further.ts --corpus FILE --manifest MANIFEST [--first qwen3] [--only ID,…] [--rounds 3]
//
// MANIFEST: the tokenizers.json that test/oracles/fetch-tokenizers.py writes.

import { spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, readSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { findTokenizer, loadTokenizer } from "../src/tokenizer/load-tokenizer.ts";
import { planReading } from "../src/tokenizer/safe-cuts.ts";
import { hasLibrary, type ManifestFile, referenceFor } from "../test/oracles/manifest-reference.ts";

const { values } = parseArgs({
  options: {
    corpus: { type: "string" },
    manifest: { type: "string" },
    first: { type: "string", default: "qwen3" },
    only: { type: "string" },
    rounds: { type: "string", default: "3" },
    lang: { type: "string", default: "fa" },
  },
});
/** Bytes of the corpus that the totals are compared on: the reference libraries take a second for each two megabytes. */
const COMPARED_BYTES = 2_000_000;
const OURS = fileURLToPath(new URL("./ours.js", import.meta.url));

const { files } = JSON.parse(readFileSync(values.manifest!, "utf8")) as {
  readonly files: readonly ManifestFile[];
};
const entries = files.map((entry) => ({ ...entry, file: join(dirname(values.manifest!), entry.file) }));
const only = values.only?.split(",");
const part = partOfCorpus();
console.log(
  "| tokenizer | totals compared with | first alone, CPU s | further, CPU s | share of the first [min–max] | of the least times |\n| --- | --- | ---: | ---: | ---: | ---: |",
);
for (const entry of entries) {
  if (only !== undefined && !only.includes(entry.id)) continue;
  const refused = reasonToLeaveOut(entry.file);
  if (refused !== undefined) console.log(`| ${entry.id} | | | | ${refused} | |`);
  else await measure(entry);
}

async function measure(entry: ManifestFile): Promise<void> {
  const compared = await requireEqualTotals(entry);
  const shares: number[] = [];
  const alone: number[] = [];
  const together: number[] = [];
  for (let round = 0; round < Number(values.rounds); round++) {
    const one = run(values.corpus!, [values.first]).cpuMs / 1000;
    const two = run(values.corpus!, [values.first, entry.file]).cpuMs / 1000;
    alone.push(one);
    together.push(two);
    shares.push((two - one) / one);
  }
  const further = together.map((two, round) => two - alone[round]!);
  // Other work on the machine only adds to a time.
  const least = Math.min(...together) / Math.min(...alone) - 1;
  const percent = (share: number) => `${Math.round(100 * share)} %`;
  const range = `${percent(Math.min(...shares))}–${percent(Math.max(...shares))}`;
  console.log(
    `| ${entry.id} | ${compared} | ${median(alone).toFixed(2)} | ${median(further).toFixed(2)} | ${percent(median(shares))} [${range}] | ${percent(least)} |`,
  );
}

/** @returns what the totals were compared with */
async function requireEqualTotals(entry: ManifestFile): Promise<string> {
  const peer = [entry, ...entries.filter(({ id }) => id === entry.sameIdsAs)].find(hasLibrary);
  const expected = peer === undefined ? totalByDocuments(entry.file) : await totalOfLibrary(peer);
  const [, found] = run(part, [values.first, entry.file]).tokens;
  const name =
    peer === undefined ? "whole documents" : `${peer === entry ? "" : `${peer.id}, `}${peer.reference}`;
  if (found !== expected)
    throw new Error(
      `${entry.id}: ${found} tokens of ${part}, ${name} has ${expected}: no times are reported`,
    );
  return name;
}

async function totalOfLibrary(entry: ManifestFile): Promise<number> {
  const python = referenceFor(entry);
  await python.versions();
  let total = 0;
  for await (const block of python.ids({ file: part })) for (const ids of block) total += ids.length;
  python.close();
  return total;
}

function totalByDocuments(path: string): number {
  const { tokenizer } = loadTokenizer(findTokenizer(path));
  const documents = readFileSync(part, "utf8").split("\n").slice(0, -1);
  return documents.reduce((total, text) => total + tokenizer.encodeBytes(Buffer.from(text)).ids.length, 0);
}

// Tokenizers that only whole documents are safe for are another job.
function reasonToLeaveOut(path: string): string | undefined {
  try {
    const plan = planReading(loadTokenizer(findTokenizer(path)).tokenizer.definition);
    return plan.kind === "documents" ? `by documents: ${plan.reason}` : undefined;
  } catch (error) {
    return `refused: ${(error as Error).message.slice(0, 80)}`;
  }
}

function run(
  corpus: string,
  tokenizers: readonly string[],
): { readonly cpuMs: number; readonly tokens: number[] } {
  const args = [OURS, "--corpus", corpus, "--tokenizers", tokenizers.join(","), "--lang", values.lang];
  const { stdout, status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as { cpuMs: number; tokens: number[] };
}

function partOfCorpus(): string {
  const bytes = Buffer.alloc(COMPARED_BYTES);
  const descriptor = openSync(values.corpus!, "r");
  const size = readSync(descriptor, bytes, 0, COMPARED_BYTES, 0);
  closeSync(descriptor);
  const path = join(mkdtempSync(join(tmpdir(), "further-")), "part.txt");
  writeFileSync(path, bytes.subarray(0, bytes.lastIndexOf(10, size) + 1));
  return path;
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)]!;
}
