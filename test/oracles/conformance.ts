// Every tokenizer of a manifest against its references (conformance-references.ts): ids of real lines in many languages and
// of generated lines. Prints a table; exits with 1 when anything differs.
//
//   npx tsx test/oracles/conformance.ts MANIFEST [--texts 'DIR/*.txt'] [--lines 200] [--generated 20000] [--only ID,…]

import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { gunzipSync } from "node:zlib";
import fastGlob from "fast-glob";
import { VocabError } from "../../src/errors.ts";
import { findTokenizer, loadTokenizer } from "../../src/tokenizer/load-tokenizer.ts";
import type { Tokenizer } from "../../src/tokenizer/tokenizer.ts";
import { hostileLine, Random } from "../tokenizer/hostile-text.ts";
import { type IdReference, referencesFor } from "./conformance-references.ts";
import type { ManifestFile } from "./manifest-reference.ts";
import { firstDifference } from "./python-reference.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    texts: { type: "string" },
    lines: { type: "string", default: "200" },
    generated: { type: "string", default: "20000" },
    only: { type: "string" },
  },
});
const SHOWN = 3;

const manifest = JSON.parse(readFileSync(positionals[0]!, "utf8")) as {
  readonly files: readonly ManifestFile[];
};
const only = values.only?.split(",");
const folder = dirname(positionals[0]!);
const files = manifest.files.map((entry) => ({ ...entry, file: join(folder, entry.file) }));
const chosen = files.filter(({ id }) => only === undefined || only.includes(id));
const texts = [...realLines(), ...generatedLines()];
console.log(`${texts.length} lines\n\n| tokenizer | format | reference | ids | lines that differ |`);
console.log("| --- | --- | --- | ---: | ---: |");
let faults = 0;
for (const entry of chosen) faults += await compareAll(entry);
process.exitCode = faults === 0 ? 0 : 1;

async function compareAll(entry: ManifestFile): Promise<number> {
  const tokenizer = loaded(entry);
  if (tokenizer === undefined) return 0;
  const references = await referencesFor(entry, files, texts);
  if (references.length === 0) console.log(`| ${entry.id} | ${entry.format} | none | | |`);
  let differing = 0;
  for (const reference of references) differing += await compare(entry, tokenizer, reference);
  return differing;
}

function loaded({ id, format, file }: ManifestFile): Tokenizer | undefined {
  try {
    return loadTokenizer(findTokenizer(file)).tokenizer;
  } catch (error) {
    if (!(error instanceof VocabError)) throw error;
    console.log(`| ${id} | ${format} | | refused | ${error.message.replace(file, "").slice(0, 160)} |`);
    return undefined;
  }
}

async function compare(entry: ManifestFile, tokenizer: Tokenizer, reference: IdReference): Promise<number> {
  let line = 0;
  let ids = 0;
  const differing: string[] = [];
  for await (const expected of reference.ids()) {
    const text = reference.texts[line++]!;
    ids += expected.length;
    const { ids: own, starts } = tokenizer.encodeBytes(Buffer.from(text, "utf8"));
    const at = firstDifference(own, expected);
    if (at >= 0)
      differing.push(describe(text, starts[at] ?? 0, own.slice(at), Array.from(expected).slice(at)));
  }
  if (line !== reference.texts.length)
    throw new Error(`${entry.id}: ids of ${line} of ${reference.texts.length} texts`);
  const shownIds = ids.toLocaleString("en");
  console.log(`| ${entry.id} | ${entry.format} | ${reference.name} | ${shownIds} | ${differing.length} |`);
  for (const difference of differing.slice(0, SHOWN)) console.log(difference);
  return differing.length;
}

function describe(text: string, byte: number, own: readonly number[], expected: readonly number[]): string {
  const near = Buffer.from(text, "utf8").subarray(Math.max(0, byte - 12), byte + 24);
  return `    at byte ${byte}, near ${JSON.stringify(near.toString("utf8"))}: ours ${own.slice(0, 8)}, theirs ${expected.slice(0, 8)}`;
}

function realLines(): string[] {
  if (values.texts === undefined) return [];
  return fastGlob
    .sync(values.texts, { absolute: true })
    .sort()
    .flatMap((file) => {
      const stored = readFileSync(file);
      const text = (file.endsWith(".gz") ? gunzipSync(stored) : stored).toString("utf8");
      return text.split("\n").filter(Boolean).slice(0, Number(values.lines));
    });
}

function generatedLines(): string[] {
  const random = new Random(7);
  const likes = [
    "<|endoftext|>",
    "<s>",
    "</s>",
    "<unk>",
    "<0x41>",
    "▁",
    "▁▁",
    "[UNK]",
    "##a",
    "<|eot_id|>",
    "[CLS]",
  ];
  return random
    .times(Number(values.generated), () => hostileLine(random, likes))
    .filter((line) => line !== "");
}
