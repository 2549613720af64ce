// tiktoken rank files. What they leave out stands beside them, in `<file>.json`, or is known by the file's SHA-256.

import { readFileSync, statSync } from "node:fs";
import { VocabError } from "../../errors.ts";
import { JsonPlace } from "../json-reader.ts";
import { requireSupportedPattern } from "../parse-pre-tokenizer.ts";
import type { TokenizerFile, TokenizerFormat } from "./format.ts";
import { RANK_FILES } from "./rank-files.ts";
import { readTiktokenRanks } from "./read-tiktoken.ts";
import { type RankedVocabulary, rankedDefinition, type SpecialToken } from "./tiktoken-definition.ts";

/** What a rank file leaves out. */
export type BesideRanks = Pick<RankedVocabulary, "pattern" | "specialTokens">;

export const tiktokenFormat: TokenizerFormat = {
  name: "tiktoken ranks",
  fileNames: ["*.tiktoken", "tokenizer.model"],
  recognizes: (head) => /^[A-Za-z0-9+/]+={0,2} \d+\r?\n/.test(head.toString("latin1")),
  parse: (file) => {
    const tokens = readTiktokenRanks(file.bytes(), file.name);
    return rankedDefinition({ tokens, firstId: 0, ...besideRanks(file) }, file.name);
  },
};

/** @throws VocabError `tokenizer-invalid` where nothing is known of the file */
export function besideRanks(file: TokenizerFile): BesideRanks {
  const known = readBeside(file) ?? RANK_FILES.find(({ sha256 }) => sha256 === file.sha256());
  if (known === undefined) throw withoutPattern(file);
  const { pattern, specialTokens } = known;
  return { pattern, specialTokens };
}

/** As the file beside says it. */
export function besideText({ pattern, specialTokens }: BesideRanks): string {
  const special_tokens = Object.fromEntries(specialTokens.map(({ text, id }) => [text, id]));
  return `${JSON.stringify({ pattern, special_tokens }, null, 2)}\n`;
}

function readBeside({ path, name }: TokenizerFile): BesideRanks | undefined {
  if (statSync(`${path}.json`, { throwIfNoEntry: false })?.isFile() !== true) return undefined;
  const place = new JsonPlace(`${name}.json`);
  const json = place.object(parseJson(readFileSync(`${path}.json`, "utf8"), place));
  const pattern = place.at(".pattern").string(json["pattern"]);
  requireSupportedPattern({ regex: pattern, syntax: "rust" }, place.at(".pattern"));
  const at = place.at(".special_tokens");
  const specialTokens = Object.entries(at.object(json["special_tokens"] ?? {})).map(
    ([text, id]): SpecialToken => ({ text, id: at.at(`[${JSON.stringify(text)}]`).id(id) }),
  );
  return { pattern, specialTokens };
}

function parseJson(text: string, place: JsonPlace): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    return place.invalid(`not valid JSON (${(cause as Error).message.slice(0, 120)})`);
  }
}

function withoutPattern({ name }: TokenizerFile): VocabError {
  return new VocabError(
    "tokenizer-invalid",
    `${name}: a rank file does not say how text is cut into pre-tokens`,
    {
      hint: `put ${name}.json beside it: {"pattern": "…", "special_tokens": {"<|end|>": 50256}}`,
    },
  );
}
