// An expanded folder in the real libraries: the ids of `vocab encode` against Python `tokenizers`, `AutoTokenizer`, npm
// `tokenizers` and `@huggingface/tokenizers`, on more than 5,000 lines; base ids, add_tokens and chat template besides.
//
//   npx tsx test/oracles/compare-folder.ts BASE LANG EXPANDED [FILE…]   VOCAB_PYTHON=…/python (default .venv/bin/python)
//
// BASE is a known name. FILEs add lines of text. Exit code 1 when anything differs.

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Tokenizer as HuggingFace } from "@huggingface/tokenizers";
import { embeddedText } from "../../src/corpus/embedded-text.ts";
import { resolveLanguage } from "../../src/text/languages.ts";
import { normalize } from "../../src/text/normalize.ts";
import { findTokenizer, loadTokenizer } from "../../src/tokenizer/load-tokenizer.ts";
import { hostileLine, Random } from "../tokenizer/hostile-text.ts";
import { loadReference, referenceIds } from "../tokenizer/oracle.ts";
import { firstDifference } from "./python-reference.ts";

const SCRIPT = fileURLToPath(new URL("./compare-folder.py", import.meta.url));
const GENERATED = 3000;
const EMOJI = ["😀", "👍🏽", "👩‍👩‍👧", "🇮🇷", "✅", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "❤️", "🚀"];
const MESSAGES = [
  { role: "user", content: "Hello! What is 2 + 2?" },
  { role: "assistant", content: "4" },
  { role: "user", content: "Thanks <|im_start|> and <bos>." },
];

interface Chat {
  readonly text: string;
  readonly ids: readonly number[];
}

interface PythonAnswer {
  readonly versions: Readonly<Record<string, string>>;
  readonly class: string;
  readonly isFast: boolean;
  readonly size: number;
  readonly tokenizersIds: readonly (readonly number[])[];
  readonly autoIds: readonly (readonly number[])[];
  readonly differingIds: readonly number[];
  readonly fresh: { readonly added: number; readonly id: number; readonly ids: readonly number[] };
  readonly chatBase: Chat | null;
  readonly chat: Chat | null;
}

let failures = 0;

/** Prints whether something is as it should be. */
export function check(name: string, ok: boolean, note = ""): void {
  if (!ok) failures++;
  console.log(`${ok ? "ok  " : "FAIL"}  ${name}${note === "" ? "" : `: ${note}`}`);
}

/** How many checks have failed so far. */
export function failureCount(): number {
  return failures;
}

export interface ComparedFolder {
  /** Known name. */
  readonly base: string;
  readonly lang: string;
  readonly folder: string;
  /** Text files whose lines are compared too. */
  readonly files?: readonly string[];
}

export async function compareFolder({
  base: baseId,
  lang,
  folder,
  files = [],
}: ComparedFolder): Promise<void> {
  const baseFolder = dirname(findTokenizer(baseId).file);
  const base = loadTokenizer(findTokenizer(baseId)).tokenizer.definition;
  const { tokenizer } = loadTokenizer(findTokenizer(folder));
  const lines = testLines(lang, files);
  const ids = lines.map((line) => tokenizer.encode(line));
  const newTokens = new Set(ids.flat().filter((id) => id >= base.vocabSize));
  check("lines", lines.length >= 5000, `${lines.length}, ${newTokens.size} different new tokens in them`);
  const json = readFileSync(join(folder, "tokenizer.json"), "utf8");
  compareIds("npm tokenizers", lines, ids, await referenceIds(loadReference(json), lines));
  compareJavaScript(json, lines, ids);
  const answer = askPython(baseFolder, folder, lines);
  comparePython(answer, lines, ids, tokenizer.definition.vocabSize);
  const { chat } = answer;
  if (chat !== null) compareIds("chat in vocab", [chat.text], [tokenizer.encode(chat.text)], [chat.ids]);
}

function testLines(lang: string, files: readonly string[]): string[] {
  const random = new Random(20_261_125);
  const require = createRequire(import.meta.url);
  const code = readFileSync(join(dirname(require.resolve("commander")), "lib/command.js"), "utf8");
  const own = [lang, "en"].flatMap((tag) => embeddedText(resolveLanguage(tag)).documents);
  const emoji = own.slice(0, 100).map((line) => line.replaceAll(" ", () => random.pick(EMOJI)));
  const given = files.flatMap((file) => readFileSync(file, "utf8").split("\n"));
  const generated = random.times(GENERATED, () => hostileLine(random));
  return [...own, ...emoji, ...code.split("\n"), ...given, ...generated].filter((line) => line !== "");
}

// It normalizes by Node's Unicode, the reference by older tables.
function compareJavaScript(
  json: string,
  lines: readonly string[],
  ids: readonly (readonly number[])[],
): void {
  const theirs = new HuggingFace(JSON.parse(json) as object, {});
  const same = lines.map((line) => line.normalize("NFC") === normalize(line, "NFC"));
  const kept = lines.filter((_, i) => same[i]);
  const found = kept.map((line) => theirs.encode(line, { add_special_tokens: false }).ids);
  compareIds(
    "@huggingface/tokenizers",
    kept,
    ids.filter((_, i) => same[i]),
    found,
  );
}

function comparePython(
  answer: PythonAnswer,
  lines: readonly string[],
  ids: readonly (readonly number[])[],
  vocabSize: number,
): void {
  const { versions, differingIds, fresh, chat, chatBase } = answer;
  compareIds(`Python tokenizers ${versions["tokenizers"]}`, lines, ids, answer.tokenizersIds);
  check("AutoTokenizer is fast", answer.isFast, `${answer.class}, transformers ${versions["transformers"]}`);
  compareIds("AutoTokenizer", lines, ids, answer.autoIds);
  check("number of ids", answer.size === vocabSize, `${answer.size}`);
  check(
    "base ids decode as before",
    differingIds.length === 0,
    `${differingIds.length} differ ${differingIds.slice(0, 5).join(" ")}`,
  );
  check(
    "add_tokens gives a fresh id",
    fresh.added === 1 && fresh.id === vocabSize && fresh.ids.join() === String(vocabSize),
    `${fresh.id}`,
  );
  if (chat === null && chatBase === null) console.log("      no chat template");
  else {
    check("chat template renders the same text", chat?.text === chatBase?.text);
    check(
      "chat has the same ids",
      chat !== null && chat.ids.join() === chatBase?.ids.join(),
      `${chat?.ids.length} ids`,
    );
  }
}

function askPython(baseFolder: string, folder: string, lines: readonly string[]): PythonAnswer {
  const python = process.env["VOCAB_PYTHON"] ?? ".venv/bin/python";
  const { status, stdout, stderr, error } = spawnSync(python, [SCRIPT, baseFolder, folder], {
    input: JSON.stringify({ lines, messages: MESSAGES }),
    maxBuffer: 2 ** 30,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`${python}: ${error?.message ?? stderr}`);
  return JSON.parse(stdout) as PythonAnswer;
}

function compareIds(
  name: string,
  lines: readonly string[],
  ids: readonly ArrayLike<number>[],
  expected: readonly ArrayLike<number>[],
): void {
  const different = lines.filter((_, i) => firstDifference(ids[i]!, expected[i]!) >= 0);
  const example = different.length === 0 ? "" : `, first ${JSON.stringify(different[0])}`;
  check(
    `${name}: ids`,
    different.length === 0,
    `${different.length} of ${lines.length} lines differ${example}`,
  );
}

if (process.argv[1] === import.meta.filename) {
  const [base = "", lang = "", folder = "", ...files] = process.argv.slice(2);
  await compareFolder({ base, lang, folder, files });
  process.exitCode = failures === 0 ? 0 : 1;
}
