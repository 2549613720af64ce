// What the rows of new tokens start from, in bits per byte: a small model of our own (bench/distillation-model.py) is
// expanded once; each method of `vocab expand` and finetune/distill_embeddings.py gives the new rows; `vocab evaluate` reads
// held-out text of the language and of English. Prints the tables of docs/evaluate.md.
//   npx tsx bench/distillation.ts LAB --python PATH [--lang fa] [--add 1000] [--threads 1]

import { execFileSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { EvaluationResult } from "../src/index.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    python: { type: "string", default: "python3" },
    lang: { type: "string", default: "fa" },
    add: { type: "string", default: "1000" },
    threads: { type: "string", default: "1" },
  },
});
const [lab] = positionals;
if (lab === undefined) throw new Error("name the folder that distillation-model.py wrote");

const SOURCE = fileURLToPath(new URL("..", import.meta.url));
const METHODS = ["mean", "mean-median-norm", "last-first"];

/** Options of distill_embeddings.py, by what the table calls them. */
const DISTILLED: Readonly<Record<string, readonly string[]>> = {
  "distilled, hidden states alone": ["--loss", "hidden"],
  "distilled, both losses": [],
  "cross-entropy alone": ["--loss", "entropy"],
};

const place = (...parts: readonly string[]) => join(resolve(lab), ...parts);

function vocab(...args: readonly string[]): string {
  return execFileSync(process.execPath, ["--import", "tsx", join(SOURCE, "src/cli/main.ts"), ...args], {
    encoding: "utf8",
    maxBuffer: 2 ** 28,
    cwd: SOURCE,
    stdio: ["ignore", "pipe", "inherit"],
  });
}

function expand(method: string): string {
  const out = place(`expansion-${method}`);
  if (!existsSync(out))
    vocab(
      ...["expand", "--base", place("model"), "--lang", values.lang, "--add", values.add, "--method", method],
      ...["--corpus", place("other.train.txt"), "--held-out", place("other.held-out.txt"), "--out", out],
    );
  return out;
}

function apply(name: string, expansion: string, vectors?: string): string {
  const out = place(`model-${name.replaceAll(/[^a-z0-9]+/g, "-")}`);
  const learned = vectors === undefined ? [] : ["--vectors", vectors];
  vocab("apply", "--expansion", expansion, "--checkpoint", place("model"), "--out", out, ...learned);
  return out;
}

function distill(
  name: string,
  expansion: string,
  options: readonly string[],
): { file: string; seconds: number } {
  const file = place(`${name.replaceAll(/[^a-z0-9]+/g, "-")}.safetensors`);
  const start = performance.now();
  execFileSync(
    values.python,
    [
      join(SOURCE, "finetune/distill_embeddings.py"),
      ...["--model", place("model"), "--expansion", expansion, "--corpus", place("other.train.txt")],
      ...["--out", file, "--threads", values.threads, ...options],
    ],
    { stdio: ["ignore", "ignore", "inherit"] },
  );
  return { file, seconds: Math.round((performance.now() - start) / 1000) };
}

function evaluate(models: readonly string[], text: string): EvaluationResult {
  const options = ["--corpus", place(text), "--python", values.python, "--threads", values.threads];
  const json = vocab(
    "evaluate",
    "--model",
    ...models,
    ...options,
    "--window",
    "256",
    "--device",
    "cpu",
    "--json",
  );
  writeFileSync(place(`${text}.json`), json);
  return JSON.parse(json);
}

const models: { readonly name: string; readonly folder: string; readonly seconds?: number }[] = [
  { name: "base, before", folder: place("model") },
];
for (const method of METHODS) models.push({ name: method, folder: apply(method, expand(method)) });
for (const [name, options] of Object.entries(DISTILLED)) {
  const { file, seconds } = distill(name, expand("mean"), options);
  models.push({ name, folder: apply(name, expand("mean"), file), seconds });
}

const folders = models.map(({ folder }) => folder);
const [own, english] = ["other.held-out.txt", "english.held-out.txt"].map((text) => evaluate(folders, text));
const number = (value: number) => value.toFixed(4);
const interval = (result: EvaluationResult, m: number) => {
  const { low, high } = result.differences[m - 1]?.interval ?? {};
  return low === undefined || high === undefined ? "" : `${number(low)} to ${number(high)}`;
};
console.log(`| rows | bits/byte | against the base | 95 % | bits/byte, English | learned in |
| --- | ---: | ---: | ---: | ---: | ---: |`);
models.forEach(({ name, seconds }, m) => {
  const difference = own!.differences[m - 1]?.bitsPerByte;
  const cells = [
    name,
    number(own!.models[m]!.bitsPerByte),
    difference === undefined ? "" : `${difference > 0 ? "+" : ""}${number(difference)}`,
    interval(own!, m),
    number(english!.models[m]!.bitsPerByte),
    seconds === undefined ? "" : `${seconds} s`,
  ];
  console.log(`| ${cells.join(" | ")} |`);
});
const [before, after] = own!.models;
console.log(
  `\n${own!.corpus.documents} documents, ${own!.corpus.bytes} bytes: ${before!.tokens} tokens before, ${after!.tokens} after; ${english!.corpus.documents} documents of English, ${english!.corpus.bytes} bytes`,
);
