// What each further tokenizer costs over the first, when several are measured on one corpus: CPU time, interleaved, after
// the totals of a part of the corpus were compared with the reference library's.
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
import { referenceFor } from "../test/oracles/manifest-reference.ts";

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
  readonly files: readonly {
    readonly id: string;
    readonly format: string;
    readonly file: string;
    readonly sha256: string;
  }[];
};
const only = values.only?.split(",");
const part = partOfCorpus();
console.log(
  "| tokenizer | first alone, CPU s | further, CPU s | share of the first [min–max] | of the least times |\n| --- | ---: | ---: | ---: | ---: |",
);
for (const entry of files) {
  if (only !== undefined && !only.includes(entry.id)) continue;
  const path = join(dirname(values.manifest!), entry.file);
  const refused = reasonToLeaveOut(path);
  if (refused !== undefined) console.log(`| ${entry.id} | | | ${refused} | |`);
  else await measure({ ...entry, file: path });
}

async function measure(entry: (typeof files)[number]): Promise<void> {
  await requireEqualTotals(entry);
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
    `| ${entry.id} | ${median(alone).toFixed(2)} | ${median(further).toFixed(2)} | ${percent(median(shares))} [${range}] | ${percent(least)} |`,
  );
}

async function requireEqualTotals(entry: (typeof files)[number]): Promise<void> {
  const python = referenceFor(entry);
  await python.versions();
  let expected = 0;
  for await (const block of python.ids({ file: part })) for (const ids of block) expected += ids.length;
  python.close();
  const [, found] = run(part, [values.first, entry.file]).tokens;
  if (found !== expected)
    throw new Error(
      `${entry.id}: ${found} tokens of ${part}, the reference has ${expected}: no times are reported`,
    );
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
