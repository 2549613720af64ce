// Generated hostile lines against the reference library, nightly: a million lines under the three tokenizers, ids equal
// to npm `tokenizers` for each and to Python `tokenizers` for a tenth.
//
//   npx tsx test/oracles/generated.ts [lines] [seed]          VOCAB_PYTHON=…/python (default .venv/bin/python)

import { readFileSync } from "node:fs";
import { findTokenizer, loadTokenizer } from "../../src/tokenizer/load-tokenizer.ts";
import { hostileLine, Random } from "../tokenizer/hostile-text.ts";
import { loadReference, referenceIds } from "../tokenizer/oracle.ts";
import { firstDifference, PythonReference } from "./python-reference.ts";

const BATCH = 1000;
/** Every tenth batch goes to Python too. */
const PYTHON_EACH = 10;
const SHOWN = 10;

const lineCount = Number(process.argv[2] ?? 1_000_000);
const seed = Number(process.argv[3] ?? 1);
let compared = 0;
let differences = 0;

for (const name of ["qwen3", "llama3", "gemma3"]) await compareTokenizer(name);
console.log(`${compared} comparisons of a line's ids, ${differences} differences`);
process.exitCode = differences === 0 ? 0 : 1;

async function compareTokenizer(name: string): Promise<void> {
  const start = performance.now();
  const source = findTokenizer(name);
  const { tokenizer } = loadTokenizer(source);
  const native = loadReference(readFileSync(source.file, "utf8"));
  const python = new PythonReference(source.file);
  const versions = await python.versions();
  // The same lines for each tokenizer.
  const random = new Random(seed);
  const counts = { native: 0, python: 0, tokens: 0 };
  for (let at = 0; at < lineCount; at += BATCH) {
    const lines = random.times(Math.min(BATCH, lineCount - at), () => hostileLine(random));
    const ids = lines.map((line) => tokenizer.encode(line));
    for (const own of ids) counts.tokens += own.length;
    counts.native += compare(`${name}, npm`, lines, ids, await referenceIds(native, lines));
    if ((at / BATCH) % PYTHON_EACH !== 0) continue;
    const expected: ArrayLike<number>[] = [];
    for await (const block of python.ids({ texts: lines })) expected.push(...block);
    counts.python += compare(`${name}, Python`, lines, ids, expected);
  }
  python.close();
  compared += counts.native + counts.python;
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  console.log(
    `${name}: ${counts.native} lines (${counts.tokens} tokens) against npm tokenizers, ${counts.python} against Python tokenizers ${versions.tokenizers}; ${differences} differences so far; ${seconds} s`,
  );
}

/** Returns the number of lines compared. */
function compare(
  place: string,
  lines: readonly string[],
  ids: readonly ArrayLike<number>[],
  expected: readonly ArrayLike<number>[],
): number {
  if (expected.length !== lines.length) throw new Error(`${place}: ${expected.length} answers`);
  lines.forEach((line, i) => {
    if (firstDifference(ids[i]!, expected[i]!) < 0) return;
    differences++;
    if (differences <= SHOWN) console.log(`${place}: ${JSON.stringify(line)}`);
  });
  return lines.length;
}
