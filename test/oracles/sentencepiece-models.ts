// Reads SentencePiece models, and models that we wrote with pieces added, and compares them with what the library finds
// in them. Without files: small models that the library trains on made-up text, with every code point normalized.
//
//   npx tsx test/oracles/sentencepiece-models.ts [FILE…]     VOCAB_PYTHON=…/python (default .venv/bin/python)

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Charsmap, readCharsmap } from "../../src/tokenizer/formats/charsmap.ts";
import {
  readSentencePiece,
  type SentencePiece,
  type SentencePieceModel,
} from "../../src/tokenizer/formats/read-sentencepiece.ts";
import { writeSentencePiece } from "../../src/tokenizer/formats/write-sentencepiece.ts";

interface Described {
  readonly pieces: readonly SentencePiece[];
  /** Keys of the proto. */
  readonly trainer: Readonly<Record<string, unknown>>;
  readonly normalizer: Readonly<Record<string, unknown>>;
  /** In hex. */
  readonly charsmap: string;
  /** Of the texts asked for. */
  readonly ids: readonly (readonly number[])[];
}

const SCRIPT = fileURLToPath(new URL("./sentencepiece-models.py", import.meta.url));

/** Spelt with private-use characters, so that no model has them, nor joins them with what it has. */
const ADDED: readonly SentencePiece[] = [
  { text: "\ue000\ue001", score: -2e9, type: "normal" },
  { text: "\ue002\ue003\ue004", score: 0, type: "user-defined" },
  { text: "<added>", score: 0, type: "control" },
];
const OLD_TEXTS = ["abc def", " ab  [x] 12 ", "سلام abب", ""];
const NEW_TEXT = "ab\ue002\ue003\ue004ab";

const folder = mkdtempSync(join(tmpdir(), "vocab-oracle-"));
try {
  const files = process.argv.slice(2);
  if (files.length > 0) for (const file of files) compare(file, show(file, OLD_TEXTS));
  else {
    python("train", folder);
    for (const name of readdirSync(folder).filter((file) => file.endsWith(".model"))) {
      const file = join(folder, name);
      compareNormalized(compare(file, show(file, OLD_TEXTS)), `${file.slice(0, -6)}.json`);
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function compare(file: string, theirs: Described): SentencePieceModel {
  const model = readSentencePiece(readFileSync(file), file);
  requireEqual(model, theirs);
  const path = join(folder, "written");
  writeFileSync(path, writeSentencePiece(model, ADDED));
  const written = show(path, [...OLD_TEXTS, NEW_TEXT]);
  const pieces = [...theirs.pieces, ...ADDED];
  const trainer = { ...theirs.trainer, vocab_size: pieces.length };
  assert.deepEqual({ ...written, ids: [] }, { ...theirs, pieces, trainer, ids: [] });
  assert.deepEqual(written.ids.slice(0, -1), theirs.ids, "the ids of old texts");
  // A model of words has no pieces inside of them.
  const isUsed = written.ids.at(-1)!.includes(theirs.pieces.length + 1);
  assert.equal(isUsed, model.trainer.modelType !== "word", "the new user-defined piece is used");
  requireEqual(readSentencePiece(readFileSync(path), path), written);
  console.log(`${file}: ${theirs.pieces.length} pieces equal, ${written.pieces.length} written and loaded`);
  return model;
}

function requireEqual(ours: SentencePieceModel, theirs: Described): void {
  const { precompiledCharsmap, ...normalizer } = ours.normalizer;
  assert.deepEqual(ours.pieces, theirs.pieces);
  assert.deepEqual(ours.trainer, camelCased(theirs.trainer));
  assert.deepEqual(normalizer, camelCased(theirs.normalizer));
  assert.equal(Buffer.from(precompiledCharsmap).toString("hex"), theirs.charsmap);
}

/** Every code point, and some sequences: the file lists those that the library changes. */
function compareNormalized({ file, normalizer }: SentencePieceModel, listFile: string): void {
  const { normalized } = JSON.parse(readFileSync(listFile, "utf8")) as { normalized: Record<string, string> };
  const changed = new Map(Object.entries(normalized));
  const map = readCharsmap(normalizer.precompiledCharsmap, file, "precompiled_charsmap");
  for (let codePoint = 0; codePoint < 0x110000; codePoint++) {
    if (codePoint >= 0xd800 && codePoint < 0xe000) continue;
    const text = String.fromCodePoint(codePoint);
    assert.equal(normalize(text, map), changed.get(text) ?? text, `U+${codePoint.toString(16)}`);
  }
  for (const [text, expected] of changed) assert.equal(normalize(text, map), expected);
  console.log(`${file}: ${changed.size} changes of the normalizer equal`);
}

function normalize(text: string, map: Charsmap | undefined): string {
  const bytes = Buffer.from(text);
  const parts: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const found = map?.longestPrefix(bytes, at, bytes.length);
    const length = found?.length ?? characterLength(bytes[at]!);
    parts.push(found === undefined ? bytes.subarray(at, at + length) : found.replacement);
    at += length;
  }
  return Buffer.concat(parts).toString("utf8");
}

function characterLength(lead: number): number {
  if (lead < 0x80) return 1;
  return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

function camelCased(fields: Readonly<Record<string, unknown>>): object {
  const camel = (key: string) => key.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [camel(key), value]));
}

function show(file: string, texts: readonly string[]): Described {
  return JSON.parse(python("show", file, ...texts).toString("utf8")) as Described;
}

function python(...args: readonly string[]): Buffer {
  const program = process.env["VOCAB_PYTHON"] ?? ".venv/bin/python";
  return execFileSync(program, [SCRIPT, ...args], { maxBuffer: 1 << 28 });
}
