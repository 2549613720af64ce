// CPU time of vocab against other tokenizers on the same file, each run in a fresh process, in turn; the totals must be
// equal before any time is reported. See bench/README.md.

import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { findTokenizer } from "../src/tokenizer/load-tokenizer.ts";

const { values } = parseArgs({
  options: {
    corpus: { type: "string" },
    tokenizers: { type: "string", default: "qwen3,llama3,gemma3" },
    peers: { type: "string", default: "gigatoken" },
    rounds: { type: "string", default: "5" },
    words: { type: "string", default: "whitespace" },
    lang: { type: "string", default: "en" },
  },
});

interface Run {
  readonly loadCpuMs: number;
  readonly cpuMs: number;
  readonly encodeCpuMs?: number;
  readonly wallMs: number;
  readonly peakRssMb: number;
  readonly tokens: readonly number[];
  readonly version?: string;
}

const python = process.env["VOCAB_PYTHON"] ?? ".venv/bin/python";
const tokenizers = values.tokenizers.split(",");

function run(command: string, args: readonly string[]): Run {
  const output = execFileSync(command, args, {
    encoding: "utf8",
    maxBuffer: 1 << 26,
    stdio: ["ignore", "pipe", "inherit"],
  });
  return JSON.parse(output.trim().split("\n").at(-1)!) as Run;
}

function runOurs(extra: readonly string[]): Run {
  const script = fileURLToPath(new URL("./ours.js", import.meta.url));
  const common = [
    "--corpus",
    values.corpus!,
    "--tokenizers",
    values.tokenizers,
    "--words",
    values.words,
    "--lang",
    values.lang,
  ];
  return run(process.execPath, [script, ...common, ...extra]);
}

// A peer encodes the corpus once for each tokenizer.
function runPeer(peer: string): Run {
  const script = fileURLToPath(new URL("./peers.py", import.meta.url));
  const runs = tokenizers.map((id) => run(python, [script, peer, values.corpus!, findTokenizer(id).file]));
  const sum = (key: "loadCpuMs" | "cpuMs" | "encodeCpuMs" | "wallMs") =>
    runs.reduce((total, each) => total + each[key]!, 0);
  return {
    version: runs[0]!.version!,
    loadCpuMs: sum("loadCpuMs"),
    cpuMs: sum("cpuMs"),
    encodeCpuMs: sum("encodeCpuMs"),
    wallMs: sum("wallMs"),
    peakRssMb: Math.max(...runs.map((each) => each.peakRssMb)),
    tokens: runs.map((each) => each.tokens[0]!),
  };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function requireEqual(name: string, tokens: readonly number[], expected: readonly number[]): void {
  if (tokens.join() === expected.join()) return;
  console.error(
    `${name}: ${tokens.join(", ")} tokens, vocab ${expected.join(", ")}: not equal, so no times are reported`,
  );
  process.exit(1);
}

function spread(values: readonly number[], digits: number): string {
  return `${median(values).toFixed(digits)} [${Math.min(...values).toFixed(digits)}–${Math.max(...values).toFixed(digits)}]`;
}

const rounds = Number(values.rounds);
const ours: Run[] = [];
const withIntervals: Run[] = [];
const peers = new Map<string, Run[]>(
  values.peers
    .split(",")
    .filter(Boolean)
    .map((peer) => [peer, []]),
);
for (let round = 0; round < rounds; round++) {
  ours.push(runOurs([]));
  withIntervals.push(runOurs(["--intervals"]));
  for (const [peer, runs] of peers) {
    const result = runPeer(peer);
    requireEqual(peer, result.tokens, ours[round]!.tokens);
    runs.push(result);
  }
}
const seconds = (runs: readonly Run[], key: "cpuMs" | "loadCpuMs" | "wallMs") =>
  spread(
    runs.map((each) => each[key] / 1000),
    2,
  );
console.log(
  `${values.corpus}, ${values.tokenizers}, ${rounds} rounds; CPU seconds, median [min–max], one thread`,
);
console.log(`tokens: ${ours[0]!.tokens.join(", ")} (equal for all)`);
console.log(
  `vocab: ${seconds(ours, "cpuMs")}; with intervals ${seconds(withIntervals, "cpuMs")}; loading ${seconds(ours, "loadCpuMs")}; peak ${spread(
    ours.map((each) => each.peakRssMb),
    0,
  )} MB`,
);
for (const [peer, runs] of peers) {
  const job = runs.map((each, i) => each.cpuMs / ours[i]!.cpuMs);
  const full = runs.map((each, i) => each.cpuMs / withIntervals[i]!.cpuMs);
  const encode = runs.map((each, i) => each.encodeCpuMs! / ours[i]!.cpuMs);
  console.log(
    `${peer} ${runs[0]!.version}: ${seconds(runs, "cpuMs")}; loading ${seconds(runs, "loadCpuMs")}; peak ${spread(
      runs.map((each) => each.peakRssMb),
      0,
    )} MB`,
  );
  console.log(
    `  ${peer} / vocab: ${spread(job, 2)}; its encoding calls alone / vocab: ${spread(encode, 2)}; / vocab with intervals: ${spread(full, 2)}`,
  );
}
