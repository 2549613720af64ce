// An artifact folder in the libraries that will read it: Python tokenizers, transformers (AutoTokenizer of the folder) and
// @huggingface/tokenizers give the ids of `vocab encode`; base ids, added tokens and chats are as before.
//
//   npx tsx test/oracles/expanded-folder.ts --folder DIR --base ID [--lines N] [--seed N] [text file…]
//
// Lines: the embedded texts of twelve languages, generated ones, and the first N of each file.
// VOCAB_PYTHON=…/python (default .venv/bin/python; needs tokenizers, transformers, jinja2)

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { gunzipSync } from "node:zlib";
import { Tokenizer as HuggingFace } from "@huggingface/tokenizers";
import { embeddedText } from "../../src/corpus/embedded-text.ts";
import { resolveLanguage } from "../../src/text/languages.ts";
import { normalize } from "../../src/text/normalize.ts";
import { findTokenizer, loadTokenizer } from "../../src/tokenizer/load-tokenizer.ts";
import { hostileLine, Random } from "../tokenizer/hostile-text.ts";

const LANGUAGES = ["fa", "en", "ar", "am", "ur", "ru", "hi", "te", "th", "zh", "ja", "my"];
const SCRIPT = fileURLToPath(new URL("./expanded-folder.py", import.meta.url));
const SHOWN = 5;

const { values, positionals } = parseArgs({
  options: {
    folder: { type: "string" },
    base: { type: "string" },
    lines: { type: "string", default: "2000" },
    seed: { type: "string", default: "1" },
  },
  allowPositionals: true,
});
const folder = values.folder!;
const limit = Number(values.lines);
const { tokenizer } = loadTokenizer(findTokenizer(folder));
const texts = linesToCompare();
const ids = texts.map((text) => tokenizer.encode(text));
const faults = [...inJavaScript(), ...inPython()];
console.log(
  faults.length === 0 ? `${texts.length} lines: the same ids everywhere` : `${faults.length} differences`,
);
for (const fault of faults.slice(0, SHOWN)) console.log(fault);
process.exitCode = faults.length === 0 ? 0 : 1;

function linesToCompare(): string[] {
  const random = new Random(Number(values.seed));
  const files = positionals.flatMap((path) => {
    const bytes = readFileSync(path);
    const text = (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
    return text.split(/\r?\n/, limit);
  });
  return [
    ...LANGUAGES.flatMap((tag) => embeddedText(resolveLanguage(tag)).documents),
    ...random.times(2000, () => hostileLine(random)),
    ...files,
  ].filter((text) => text !== "");
}

// It normalizes by Node's Unicode: lines that this normalizes otherwise cannot be compared.
function inJavaScript(): string[] {
  const theirs = new HuggingFace(
    JSON.parse(readFileSync(join(folder, "tokenizer.json"), "utf8")) as object,
    JSON.parse(readFileSync(join(folder, "tokenizer_config.json"), "utf8")) as object,
  );
  let compared = 0;
  const different = texts.filter((text, i) => {
    if (text.normalize("NFC") !== normalize(text, "NFC")) return false;
    compared++;
    return theirs.encode(text, { add_special_tokens: false }).ids.join() !== ids[i]!.join();
  });
  console.log(`@huggingface/tokenizers: ${compared} lines compared, ${different.length} differ`);
  return different.map((text) => `@huggingface/tokenizers: ${JSON.stringify(text)}`);
}

function inPython(): string[] {
  const input = texts.map((text, i) => `${JSON.stringify({ text, ids: ids[i] })}\n`).join("");
  const base = dirname(findTokenizer(values.base!).file);
  const { stdout, error } = spawnSync(
    process.env["VOCAB_PYTHON"] ?? ".venv/bin/python",
    [SCRIPT, folder, base],
    {
      input,
      encoding: "utf8",
      maxBuffer: 1 << 26,
      stdio: ["pipe", "pipe", "inherit"],
    },
  );
  if (error !== undefined) throw error;
  const report = JSON.parse(stdout.trim().split("\n").at(-1)!) as { readonly faults: readonly string[] };
  console.log(JSON.stringify({ ...report, faults: report.faults.length }));
  return [...report.faults];
}
