// Trainings to hold against each other: Python `tokenizers` through bpe-trainer.py, and ours from bytes.

import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { byteBase } from "../../src/training/byte-base.ts";
import { learnTokens } from "../../src/training/learn.ts";
import type { TrainingWords } from "../../src/training/training-words.ts";

export type SpeltMerge = readonly [left: string, right: string];

export interface PythonTraining {
  readonly tokenizers: string;
  readonly python: string;
  readonly merges: readonly SpeltMerge[];
}

const SCRIPT = fileURLToPath(new URL("./bpe-trainer.py", import.meta.url));

/** @param text documents, one a line */
export function trainInPython(text: Uint8Array, count: number): PythonTraining {
  const python = process.env["VOCAB_PYTHON"] ?? ".venv/bin/python";
  const output = execFileSync(python, [SCRIPT, String(count)], { input: text, maxBuffer: 1 << 28 });
  return JSON.parse(output.toString("utf8")) as PythonTraining;
}

/** @param words under `byteBase()` */
export async function trainHere(words: TrainingWords, count: number): Promise<SpeltMerge[]> {
  const learned = await learnTokens(words, { add: count, constraints: { stones: "free", minCount: 1 } });
  const { tokens } = byteBase().definition.model;
  const spell = (id: number) => tokens.at(id) ?? learned.candidates[id - tokens.length]!.token;
  return learned.merges.map(([left, right]) => [spell(left), spell(right)]);
}

/** Index of the first merge that differs, or -1 when the lists are equal. */
export function firstDifferentMerge(a: readonly SpeltMerge[], b: readonly SpeltMerge[]): number {
  const length = Math.max(a.length, b.length);
  for (let i = 0; i < length; i++) if (a[i]?.join(" ") !== b[i]?.join(" ")) return i;
  return -1;
}
