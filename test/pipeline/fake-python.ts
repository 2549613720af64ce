// Programs that stand in for Python and the evaluation script: they get the script's arguments, read the documents and say
// what a test makes them say.

import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tinyJson } from "../tokenizer/tiny-tokenizer.ts";

/** The first line of every run. */
export const MODEL = {
  type: "llama",
  architecture: "LlamaForCausalLM",
  parameters: 12345,
  rows: 8,
  startToken: { id: 0, token: "unk", rule: "bos" },
  window: 1024,
  stride: 512,
  dtype: "float32",
  device: "cpu",
  deviceName: "cpu",
  threads: 1,
  python: "3.11.7",
  torch: "2.0",
  transformers: "5.0",
};

/**
 * A program that runs `body`, JavaScript in which `options` are the arguments by name, `documents` the texts, `say(object)`
 * writes a line, and `score(bitsOf)` says all of a good run, with the ids of the tiny tokenizer.
 */
export function fakePython(folder: string, name: string, body: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!${process.execPath}\n${PRELUDE}\n${body}\n`);
  chmodSync(path, 0o755);
  return path;
}

/** The folder of a model with the tiny tokenizer. */
export function fakeModel(folder: string, name: string): string {
  const path = join(folder, name);
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, "config.json"), "{}");
  writeFileSync(join(path, "tokenizer.json"), tinyJson());
  return path;
}

// The ids by hand: longest first, as the tiny tokenizer's merges have it; CRC-32 bit by bit.
const PRELUDE = `
const fs = require("node:fs");
const options = Object.fromEntries(process.argv.slice(2).filter((a) => a.startsWith("--")).map((a) => a.slice(2).split(/=(.*)/s)));
const lines = fs.readFileSync(options.documents, "utf8").split("\\n").slice(0, -1);
const documents = lines.map((line) => JSON.parse(line));
const say = (message) => fs.writeSync(1, JSON.stringify(message) + "\\n");
const MODEL = ${JSON.stringify(MODEL)};
const IDS = { abc: 5, ab: 4, a: 1, b: 2, c: 3 };
const idsOf = (text) => text.match(/abc|ab|a|b|c|./gsu).map((token) => IDS[token] ?? 0);
const crcOf = (ids) => {
  let crc = 0xffffffff;
  for (const byte of new Uint8Array(Uint32Array.from(ids).buffer)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
};
const lineOf = (text, i, bits) => ({ document: i, tokens: idsOf(text).length, crc: crcOf(idsOf(text)), bits });
const score = (bitsOf) => {
  say({ model: MODEL });
  documents.forEach((text, i) => say(lineOf(text, i, bitsOf(text, i))));
  say({ done: documents.length });
};
`;
