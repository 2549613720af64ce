// Reads Mistral's tekken.json: tiktoken ranks in JSON, with the pattern. Ids 0 to n − 1 are special tokens, and the id of a
// token is its rank + n. The file holds more ranks than the tokenizer uses (as mistral-common 1.13.1 reads it).

import { isUtf8 } from "node:buffer";
import { VocabError } from "../../errors.ts";
import { JsonPlace } from "../json-reader.ts";
import { decodeBase64 } from "./base64.ts";
import { findTwins } from "./find-twins.ts";
import type { RankedToken } from "./read-tiktoken.ts";

export interface TekkenSpecialToken {
  readonly id: number;
  readonly text: string;
  /** Control tokens decode to nothing. */
  readonly isControl: boolean;
}

export interface TekkenModel {
  /** Of the file's format: "v3", "v7", … */
  readonly version: string;
  /** The pre-tokenizer's, in the syntax of tiktoken. */
  readonly pattern: string;
  /** Special tokens and ranks in use. */
  readonly vocabSize: number;
  /** By id, from 0 on. */
  readonly specialTokens: readonly TekkenSpecialToken[];
  /** By rank, from 0 on; the id is rank + specialTokens.length. */
  readonly tokens: readonly RankedToken[];
}

/** A number from a file must not make us allocate without end; real files have 1,000. */
const MAX_SPECIALS = 65_536;

/** The versions up to 7 whose files may leave the special tokens to the code. */
const VERSIONS_WITHOUT_SPECIALS = ["v1", "v2", "v3", "v7"];

const DEFAULT_SPECIALS = [
  ..."<unk> <s> </s> [INST] [/INST] [AVAILABLE_TOOLS] [/AVAILABLE_TOOLS] [TOOL_RESULTS] [/TOOL_RESULTS]".split(
    " ",
  ),
  ..."[TOOL_CALLS] [IMG] <pad> [IMG_BREAK] [IMG_END] [PREFIX] [MIDDLE] [SUFFIX] [SYSTEM_PROMPT]".split(" "),
  ..."[/SYSTEM_PROMPT] [TOOL_CONTENT]".split(" "),
];

/** @throws VocabError `tokenizer-invalid`, `tokenizer-unsupported` naming the place in the file */
export function readTekken(bytes: Uint8Array, file: string): TekkenModel {
  const root = new JsonPlace(file);
  const data = root.object(parseJson(bytes, root));
  const config = root.object(data["config"]);
  const at = (key: string) => root.at(".config").at(`.${key}`);
  const version = at("version").string(config["version"]);
  const pattern = at("pattern").string(config["pattern"]);
  const vocabSize = at("default_vocab_size").id(config["default_vocab_size"]);
  const specialCount = at("default_num_special_tokens").id(config["default_num_special_tokens"]);
  if (specialCount > MAX_SPECIALS)
    at("default_num_special_tokens").invalid(`${specialCount} is more than the ${MAX_SPECIALS} that may be`);
  const tokens = readTokens(data["vocab"], vocabSize - specialCount, root.at(".vocab"));
  const specialTokens = readSpecials(data["special_tokens"], specialCount, version, root);
  return { version, pattern, vocabSize, specialTokens, tokens };
}

function parseJson(bytes: Uint8Array, place: JsonPlace): unknown {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (!isUtf8(buffer)) return place.invalid("not valid UTF-8");
  try {
    return JSON.parse(buffer.toString("utf8"));
  } catch (cause) {
    const message = `${place}: not valid JSON (${(cause as Error).message.slice(0, 120)})`;
    throw new VocabError("tokenizer-invalid", message, { cause, hint: "get an undamaged copy of the file" });
  }
}

function readTokens(value: unknown, count: number, place: JsonPlace): readonly RankedToken[] {
  const entries = place.array(value);
  if (count < 256 || count > entries.length)
    place.invalid(`the config asks for ${count} ranks, of 256 to the ${entries.length} of the file`);
  const tokens = entries.slice(0, count).map((entry, rank) => readToken(entry, rank, place.at(`[${rank}]`)));
  const twins = findTwins(tokens.map(({ bytes }) => bytes));
  if (twins !== undefined) place.at(`[${twins.second}]`).invalid(`the token of [${twins.first}] again`);
  return tokens;
}

function readToken(value: unknown, rank: number, place: JsonPlace): RankedToken {
  const entry = place.object(value);
  if (entry["rank"] !== rank) place.at(".rank").invalid(`expected ${rank}, the place in the list`);
  const spelling = Buffer.from(place.at(".token_bytes").string(entry["token_bytes"]), "latin1");
  const room = new Uint8Array((spelling.length / 4) * 3);
  const size = decodeBase64(spelling, 0, spelling.length, room, 0);
  if (size < 1) place.at(".token_bytes").invalid("not base64, or empty");
  const bytes = room.subarray(0, size);
  if (rank < 256 && (size > 1 || bytes[0] !== rank))
    place.invalid("expected the single byte of the same number; they take the first 256 ranks");
  return { bytes, rank };
}

function readSpecials(
  value: unknown,
  count: number,
  version: string,
  root: JsonPlace,
): readonly TekkenSpecialToken[] {
  const named = value === undefined || value === null ? defaults(version, root) : listed(value, root);
  const place = root.at(".special_tokens");
  if (named.length > count) place.invalid(`${named.length} tokens, but the config has room for ${count}`);
  const fillers = Array.from({ length: count - named.length }, (_, i) => {
    const id = named.length + i;
    return { id, text: `<SPECIAL_${id}>`, isControl: true };
  });
  const specials = [...named, ...fillers];
  if (new Set(specials.map(({ text }) => text)).size < count) place.invalid("two tokens have one text");
  return specials;
}

function defaults(version: string, root: JsonPlace): readonly TekkenSpecialToken[] {
  if (!VERSIONS_WITHOUT_SPECIALS.includes(version))
    root.at(".special_tokens").invalid(`missing, and version ${version} has no list of its own`);
  return DEFAULT_SPECIALS.map((text, id) => ({ id, text, isControl: true }));
}

function listed(value: unknown, root: JsonPlace): readonly TekkenSpecialToken[] {
  const place = root.at(".special_tokens");
  return place.array(value).map((entry, id) => {
    const at = place.at(`[${id}]`);
    const token = at.object(entry);
    if (token["rank"] !== id) at.at(".rank").invalid(`expected ${id}, the place in the list`);
    return {
      id,
      text: at.at(".token_str").string(token["token_str"]),
      isControl: at.at(".is_control").boolean(token["is_control"]),
    };
  });
}
