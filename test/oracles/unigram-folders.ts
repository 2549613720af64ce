// Expands Unigram bases with Persian and compares the folders with Python `sentencepiece` and `tokenizers`: ids of Persian,
// Urdu, English and generated lines; English as the base has it. Without files: small bases made here.
//
//   npx tsx test/oracles/unigram-folders.ts [FILE…]     VOCAB_PYTHON=…/python (default .venv/bin/python)
//
// FILE is a tokenizer.model or tokenizer.json. Exit code 1 when anything differs.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { embeddedText } from "../../src/corpus/embedded-text.ts";
import { expand } from "../../src/pipeline/expand.ts";
import { resolveLanguage } from "../../src/text/languages.ts";
import { findTokenizer, loadTokenizer } from "../../src/tokenizer/load-tokenizer.ts";
import { hostileLine, Random } from "../tokenizer/hostile-text.ts";
import { unigramJson, unigramModel } from "../training/unigram-bases.ts";
import { PythonReference } from "./python-reference.ts";

const GENERATED = 3000;
const ADD = 200;

const folder = mkdtempSync(join(tmpdir(), "vocab-oracle-"));
let differences = 0;
try {
  const files = process.argv.slice(2);
  for (const file of files.length > 0 ? files : smallBases()) await compare(file);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${differences} differences`);
process.exitCode = differences === 0 ? 0 : 1;

function smallBases(): string[] {
  const text = textOf("en").join(" ");
  const letters = "ابتجحخدذرزسشعفقکلمنوه";
  return [false, true].flatMap((byteFallback) => {
    const parts = { text, letters, byteFallback };
    return [
      write(`json-${byteFallback}/tokenizer.json`, unigramJson(parts)),
      write(`model-${byteFallback}/tokenizer.model`, unigramModel(parts)),
    ];
  });
}

function write(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

async function compare(base: string): Promise<void> {
  const name = basename(base);
  const out = join(folder, "out");
  const corpus = [write("fa.txt", `${textOf("fa").join("\n")}\n`)];
  const { added } = await expand("fa", { base, corpus, add: ADD, out });
  const expanded = join(out, name);
  const [before, after] = [base, expanded].map((file) => loadTokenizer(findTokenizer(file)).tokenizer);
  const random = new Random(11);
  const english = textOf("en");
  const generated = random.times(GENERATED, () => hostileLine(random));
  const texts = [...english, ...textOf("fa"), ...textOf("ur"), ...generated].filter((text) => text !== "");
  const theirs = await pythonIds(expanded, texts);
  const differing = texts.filter((text, i) => after!.encode(text).join() !== theirs[i]!.join());
  const changed = english.filter((text) => after!.encode(text).join() !== before!.encode(text).join());
  const used = new Set(theirs.flat()).size;
  console.log(
    `${base}: ${added.tokens} pieces; ${differing.length} of ${texts.length} lines differ, ${changed.length} English ones changed; ${used} ids occur`,
  );
  for (const text of [...differing, ...changed].slice(0, 5)) console.log(`  ${JSON.stringify(text)}`);
  differences += differing.length + changed.length;
}

async function pythonIds(file: string, texts: readonly string[]): Promise<number[][]> {
  const format = file.endsWith(".json") ? "tokenizer.json" : "sentencepiece";
  const python = new PythonReference(file, format);
  await python.versions();
  const ids: number[][] = [];
  for await (const block of python.ids({ texts })) ids.push(...block.map((own) => [...own]));
  python.close();
  return ids;
}

function textOf(lang: string): readonly string[] {
  return embeddedText(resolveLanguage(lang)).documents;
}
