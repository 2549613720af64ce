// MB of text per CPU-second that each corpus format is read at: the library alone, vocab's reader around it, and counting,
// each run in a fresh process, in turn. See bench/README.md.

import { execFileSync } from "node:child_process";
import { statSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: "string", default: "5" },
    "text-field": { type: "string", default: "text" },
  },
});

interface Run {
  /** Bytes of text, or documents counted. */
  readonly result: number;
  readonly cpuMs: number;
  readonly peakRssMb: number;
}

const MODES = ["library", "reader", "counting"] as const;
type Mode = (typeof MODES)[number];

function run(mode: Mode, path: string): Run {
  const script = fileURLToPath(new URL("./read-once.js", import.meta.url));
  const output = execFileSync(process.execPath, [script, mode, path, values["text-field"]], {
    encoding: "utf8",
  });
  return JSON.parse(output) as Run;
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

console.log(
  `${"file".padEnd(24)} stored MB  text MB  library  reader  reader/library [min–max]  counting  peak MB`,
);
for (const path of positionals) {
  const runs: Record<Mode, Run[]> = { library: [], reader: [], counting: [] };
  for (let round = 0; round < Number(values.rounds); round++)
    for (const mode of MODES) runs[mode].push(run(mode, path));
  const bytes = runs.reader[0]!.result;
  if (runs.library[0]!.result !== bytes)
    throw new Error(`${path}: the library gives ${runs.library[0]!.result} bytes, vocab ${bytes}`);
  const speed = (mode: Mode) => bytes / 1e3 / median(runs[mode].map(({ cpuMs }) => cpuMs));
  const ratios = runs.library.map(({ cpuMs }, i) => cpuMs / runs.reader[i]!.cpuMs);
  const spread = `${median(ratios).toFixed(2)} [${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}]`;
  const peak = Math.max(...runs.counting.map(({ peakRssMb }) => peakRssMb));
  console.log(
    `${basename(path).padEnd(24)} ${(statSync(path).size / 1e6).toFixed(1).padStart(9)} ${(bytes / 1e6).toFixed(1).padStart(8)} ${speed("library").toFixed(0).padStart(8)} ${speed("reader").toFixed(0).padStart(7)} ${spread.padStart(24)} ${speed("counting").toFixed(0).padStart(9)} ${peak.toFixed(0).padStart(8)}`,
  );
}
