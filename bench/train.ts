// CPU time and memory of training, vocab against other trainers on the same file, each run in a fresh process, in turn.
// Equality first: from bytes the merge lists must be the same; continuing a base, the held-out text must have no more
// tokens than 0.1 % above the peer's, and every new token must be reachable. See bench/README.md.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { bytesOfByteLevelToken } from "../src/text/byte-alphabet.ts";
import type { BpeDefinition } from "../src/tokenizer/definition.ts";
import { findTokenizer, loadTrainable } from "../src/tokenizer/load-tokenizer.ts";
import { type BpeTokenizer, Tokenizer } from "../src/tokenizer/tokenizer.ts";

const { values } = parseArgs({
  options: {
    corpus: { type: "string" },
    /** "none": from bytes; else a tokenizer to continue. */
    base: { type: "string", default: "none" },
    add: { type: "string", default: "32000" },
    /** Default: hf,gigabpe,gigatoken from bytes, bpe-continue otherwise. */
    peers: { type: "string" },
    rounds: { type: "string", default: "3" },
    /** Continuing a base: text that is not in the corpus. */
    "held-out": { type: "string" },
  },
});

interface Run {
  readonly cpuMs: number;
  readonly startCpuMs: number;
  readonly peakRssMb: number;
  readonly againMs?: number;
  readonly version?: string;
}

const python = process.env["VOCAB_PYTHON"] ?? ".venv/bin/python";
const isFromBytes = values.base === "none";
const peers = (values.peers ?? (isFromBytes ? "hf,gigabpe,gigatoken" : "bpe-continue")).split(",");
const folder = mkdtempSync(join(tmpdir(), "vocab-bench-"));

function run(command: string, args: readonly string[]): Run {
  const output = execFileSync(command, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  return JSON.parse(output.trim().split("\n").at(-1)!) as Run;
}

function runOurs(): Run {
  const script = fileURLToPath(new URL("./train-ours.js", import.meta.url));
  const args = ["--corpus", values.corpus!, "--base", values.base, "--add", values.add];
  return run(process.execPath, [script, ...args, "--out", join(folder, "ours"), "--again"]);
}

function runPeer(peer: string): Run {
  const script = fileURLToPath(new URL("./train-peers.py", import.meta.url));
  const base = isFromBytes ? [] : [findTokenizer(values.base).file];
  return run(python, [script, peer, values.corpus!, values.add, join(folder, peer), ...base]);
}

type SpeltMerge = readonly [left: string, right: string];

function mergesOf(name: string): SpeltMerge[] {
  const lines = readFileSync(join(folder, name), "utf8").trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line) as SpeltMerge);
}

/** The base with merges behind its own. */
function extended({ definition }: BpeTokenizer, merges: readonly SpeltMerge[]): BpeTokenizer {
  const { model } = definition;
  const tokens = [...model.tokens];
  const idOfToken = new Map(model.idOfToken);
  for (const { id, content } of definition.addedTokens) {
    tokens[id] = content;
    idOfToken.set(content, id);
  }
  const ids = merges.flatMap(([left, right]) => {
    const token = left + right;
    if (!idOfToken.has(token)) idOfToken.set(token, tokens.push(token) - 1);
    return [idOfToken.get(left)!, idOfToken.get(right)!, idOfToken.get(token)!];
  });
  const all = Int32Array.from([...model.merges, ...ids]);
  const changed: BpeDefinition = {
    ...definition,
    vocabSize: tokens.length,
    model: { ...model, tokens, idOfToken, merges: all, ignoreMerges: false },
  };
  return new Tokenizer(changed);
}

function checkEqual(peer: string): string {
  const ours = mergesOf("ours");
  const theirs = mergesOf(peer);
  if (isFromBytes) {
    const at = theirs.findIndex((merge, i) => ours[i]?.join(" ") !== merge.join(" "));
    if (at < 0 && ours.length === theirs.length) return `${ours.length} merges, equal to ${peer}'s`;
    throw new Error(`${peer}: merge ${at} of ${theirs.length} differs: no times are reported`);
  }
  const base = loadTrainable(findTokenizer(values.base)).tokenizer as BpeTokenizer;
  const lines = readFileSync(values["held-out"]!, "utf8").split("\n");
  const tokensOf = (merges: readonly SpeltMerge[]) => {
    const tokenizer = extended(base, merges);
    return lines.reduce((sum, line) => sum + tokenizer.encode(line).length, 0);
  };
  const [here, there] = [tokensOf(ours), tokensOf(theirs)];
  const lost = unreachable(base, ours);
  if (here > there * 1.001 || lost > 0)
    throw new Error(`${here} held-out tokens, ${peer} ${there}; ${lost} unreachable: no times are reported`);
  return `held-out tokens ${here}, ${peer} ${there}; 0 unreachable`;
}

// Of a byte-level base: tokens that their own bytes do not become.
function unreachable(base: BpeTokenizer, merges: readonly SpeltMerge[]): number {
  const { model } = extended(base, merges);
  return merges.filter((merge) => {
    const bytes = bytesOfByteLevelToken(merge.join(""))!;
    return model.encode(bytes, 0, bytes.length) !== 1;
  }).length;
}

function spread(numbers: readonly number[], digits: number): string {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
  return `${middle.toFixed(digits)} [${sorted[0]!.toFixed(digits)}–${sorted.at(-1)!.toFixed(digits)}]`;
}

function report(name: string, runs: readonly Run[]): void {
  const seconds = (pick: (run: Run) => number) =>
    spread(
      runs.map((each) => pick(each) / 1000),
      2,
    );
  const memory = spread(
    runs.map((each) => each.peakRssMb),
    0,
  );
  console.log(
    `${name}: ${seconds((each) => each.cpuMs)}; start ${seconds((each) => each.startCpuMs)}; peak ${memory} MB`,
  );
}

const ours: Run[] = [];
const others = new Map<string, Run[]>(peers.map((peer) => [peer, []]));
console.log(
  `${values.corpus}, base ${values.base}, ${values.add} merges, ${values.rounds} rounds; CPU seconds, median [min–max]`,
);
for (let round = 0; round < Number(values.rounds); round++) {
  ours.push(runOurs());
  for (const [peer, runs] of others) {
    runs.push(runPeer(peer));
    const equality = checkEqual(peer);
    if (round === 0) console.log(equality);
  }
}
report("vocab", ours);
console.log(
  `vocab again from the counts: ${spread(
    ours.map((each) => each.againMs! / 1000),
    2,
  )}`,
);
for (const [peer, runs] of others) {
  report(`${peer} ${runs[0]!.version}`, runs);
  const ratios = runs.map((each, i) => each.cpuMs / ours[i]!.cpuMs);
  console.log(`  ${peer} / vocab: ${spread(ratios, 2)}`);
}
rmSync(folder, { recursive: true });
