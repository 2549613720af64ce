// Every tokenizer of a manifest against its own reference library: ids of real lines in many languages and of generated
// lines. Prints a table; exits with 1 when anything differs.
//
//   npx tsx test/oracles/conformance.ts MANIFEST [--texts 'DIR/*.txt'] [--lines 200] [--generated 20000] [--only ID,…]

import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { gunzipSync } from "node:zlib";
import fastGlob from "fast-glob";
import { VocabError } from "../../src/errors.ts";
import { findTokenizer, loadTokenizer } from "../../src/tokenizer/load-tokenizer.ts";
import { hostileLine, Random } from "../tokenizer/hostile-text.ts";
import { type ManifestFile, REFERENCES, referenceFor } from "./manifest-reference.ts";
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
const chosen = manifest.files.filter(
  ({ id, format }) => REFERENCES.includes(format) && (only === undefined || only.includes(id)),
);
const texts = [...realLines(), ...generatedLines()];
console.log(`${texts.length} lines\n\n| tokenizer | format | reference | ids | lines that differ |`);
console.log("| --- | --- | --- | ---: | ---: |");
let faults = 0;
for (const entry of chosen) faults += await compare({ ...entry, file: join(folder, entry.file) });
process.exitCode = faults === 0 ? 0 : 1;

async function compare(entry: ManifestFile): Promise<number> {
  let tokenizer: ReturnType<typeof loadTokenizer>["tokenizer"];
  try {
    tokenizer = loadTokenizer(findTokenizer(entry.file)).tokenizer;
  } catch (error) {
    if (!(error instanceof VocabError)) throw error;
    console.log(`| ${entry.id} | ${entry.format} | | refused | ${error.message.slice(0, 160)} |`);
    return 0;
  }
  const python = referenceFor(entry);
  const { python: _, ...library } = await python.versions();
  let line = 0;
  let ids = 0;
  const differing: string[] = [];
  for await (const block of python.ids({ texts })) {
    for (const expected of block) {
      const text = texts[line++]!;
      ids += expected.length;
      const { ids: own, starts } = tokenizer.encodeBytes(Buffer.from(text, "utf8"));
      const at = firstDifference(own, expected);
      if (at >= 0) differing.push(describe(text, starts[at] ?? 0, own.slice(at), expected.slice(at)));
    }
  }
  python.close();
  const reference = Object.entries(library).flat().join(" ");
  console.log(
    `| ${entry.id} | ${entry.format} | ${reference} | ${ids.toLocaleString("en")} | ${differing.length} |`,
  );
  for (const difference of differing.slice(0, SHOWN)) console.log(difference);
  return differing.length;
}

function describe(text: string, byte: number, own: readonly number[], expected: Uint32Array): string {
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
