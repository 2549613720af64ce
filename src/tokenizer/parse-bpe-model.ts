// Parses the "model" part of a tokenizer.json where it is BPE: vocabulary and merges.

import type { BpeModel } from "./definition.ts";
import { hasLoneSurrogate, type JsonObject, type JsonPlace, shown } from "./json-reader.ts";
import { readMerges } from "./merge-text.ts";
import { byteFallbackToken } from "./model-tokens.ts";

/** The heap of long pre-tokens keeps a rank in 23 bits; the largest vocabularies have 0.5 million merges. */
const MAX_MERGES = 2 ** 23;

/**
 * @param byteLevel whether the pre-tokenizer writes text in the byte-level alphabet
 * @throws VocabError naming the entry that is wrong
 */
export function parseBpeModel(
  value: unknown,
  place: JsonPlace,
  byteLevel: boolean,
  mergeText?: MergeText,
): BpeModel {
  const model = place.object(value);
  refuseUnsupportedModel(model, place);
  const { tokens, idOfToken } = parseVocabulary(model["vocab"], place.at(".vocab"));
  const byteFallback = place.at(".byte_fallback").boolean(model["byte_fallback"], false);
  const unknown = model["unk_token"] ?? undefined;
  const unknownId = unknown === undefined ? undefined : idOfToken.get(place.at(".unk_token").string(unknown));
  if (unknown !== undefined && unknownId === undefined)
    place.at(".unk_token").invalid(`token ${shown(unknown)} is not in the vocabulary`);
  // A byte-level vocabulary may lack bytes (SmolLM 2 has no U+0004): their text is lost, as in the reference.
  if (!byteLevel && unknownId === undefined) requireFallbackTokens(idOfToken, byteFallback, place);
  return {
    type: "bpe",
    tokens,
    idOfToken,
    merges:
      (mergeText === undefined ? undefined : readMergeText(mergeText, idOfToken)) ??
      parseMerges(
        mergeText === undefined ? model["merges"] : mergeText.parse(),
        idOfToken,
        place.at(".merges"),
      ),
    byteLevel,
    byteFallback,
    ignoreMerges: place.at(".ignore_merges").boolean(model["ignore_merges"], false),
    fuseUnknown: place.at(".fuse_unk").boolean(model["fuse_unk"], false),
    unknownId,
  };
}

function refuseUnsupportedModel(model: JsonObject, place: JsonPlace): void {
  const dropout = model["dropout"];
  if (dropout !== null && dropout !== undefined && dropout !== 0) {
    place.at(".dropout").unsupported(`dropout ${shown(dropout)}, which makes token counts random,`);
  }
  for (const affix of ["continuing_subword_prefix", "end_of_word_suffix"]) {
    const text = model[affix];
    if (text !== null && text !== undefined && text !== "")
      place.at(`.${affix}`).unsupported(`${affix} ${shown(text)}`);
  }
}

/** A vocabulary written as an object of ids. */
export function parseVocabulary(
  value: unknown,
  place: JsonPlace,
): { tokens: (string | undefined)[]; idOfToken: Map<string, number> } {
  const vocabulary = place.object(value);
  const tokens: (string | undefined)[] = [];
  const idOfToken = new Map<string, number>();
  const names = Object.keys(vocabulary);
  if (names.length === 0) place.invalid("the vocabulary is empty");
  const limit = 16 * names.length + 1_000_000;
  for (const token of names) {
    const id = vocabularyId(vocabulary[token], token, limit, place);
    if (tokens[id] !== undefined)
      place.invalid(`id ${id} belongs to two tokens, ${shown(tokens[id])} and ${shown(token)}`);
    if (hasLoneSurrogate(token)) place.invalid(`half of a surrogate pair in ${shown(token)}`);
    while (tokens.length < id) tokens.push(undefined);
    tokens[id] = token;
    idOfToken.set(token, id);
  }
  return { tokens, idOfToken };
}

function vocabularyId(id: unknown, token: string, limit: number, place: JsonPlace): number {
  if (typeof id === "number" && Number.isInteger(id) && id >= 0 && id <= limit) return id;
  return place.at(`[${shown(token)}]`).invalid(`expected a token id from 0 to ${limit}, found ${shown(id)}`);
}

/** The merges in the text of the file, where they were not parsed with the rest. */
export interface MergeText {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** Parses them as JSON, for the errors. */
  parse(): unknown;
}

// Undefined when a merge is not as it should be: `parseMerges` then says what is wrong with it.
function readMergeText(
  { text, start, end }: MergeText,
  idOfToken: ReadonlyMap<string, number>,
): Int32Array | undefined {
  let merges = new Int32Array(3 * 65_536);
  let length = 0;
  const isRead = readMerges(text, start, end, (left, right) => {
    const leftId = idOfToken.get(left);
    const rightId = idOfToken.get(right);
    const product = idOfToken.get(left + right);
    if (leftId === undefined || rightId === undefined || product === undefined) return false;
    if (left === "" || right === "") return false;
    if (length === merges.length) {
      const larger = new Int32Array(2 * length);
      larger.set(merges);
      merges = larger;
    }
    merges[length] = leftId;
    merges[length + 1] = rightId;
    merges[length + 2] = product;
    length += 3;
    return length <= 3 * MAX_MERGES;
  });
  return isRead ? merges.slice(0, length) : undefined;
}

function parseMerges(value: unknown, idOfToken: ReadonlyMap<string, number>, place: JsonPlace): Int32Array {
  // Old lists begin with a line of the file that they were copied from, which the reference skips anywhere.
  const list = place
    .array(value)
    .filter((entry) => typeof entry !== "string" || !entry.startsWith("#version"));
  if (list.length > MAX_MERGES) place.unsupported(`more than ${MAX_MERGES} merges`);
  const merges = new Int32Array(list.length * 3);
  for (let rank = 0; rank < list.length; rank++) {
    const [left, right] = mergeParts(list[rank], place, rank);
    merges[3 * rank] = mergeId(left, idOfToken, place, rank);
    merges[3 * rank + 1] = mergeId(right, idOfToken, place, rank);
    merges[3 * rank + 2] = mergeId(left + right, idOfToken, place, rank);
  }
  return merges;
}

// Old files write "Ġ Ġ", new ones ["Ġ", "Ġ"].
function mergeParts(value: unknown, place: JsonPlace, rank: number): readonly [string, string] {
  if (typeof value === "string") {
    const space = value.indexOf(" ");
    if (space > 0 && value.indexOf(" ", space + 1) < 0 && space < value.length - 1)
      return [value.slice(0, space), value.slice(space + 1)];
  } else if (
    Array.isArray(value) &&
    value.length === 2 &&
    typeof value[0] === "string" &&
    typeof value[1] === "string" &&
    value[0] !== "" &&
    value[1] !== ""
  ) {
    return [value[0], value[1]];
  }
  const found = Array.isArray(value) ? `[${value.slice(0, 4).map(shown).join(", ")}]` : shown(value);
  return place.at(`[${rank}]`).invalid(`expected "left right" or ["left", "right"], found ${found}`);
}

function mergeId(
  token: string,
  idOfToken: ReadonlyMap<string, number>,
  place: JsonPlace,
  rank: number,
): number {
  const id = idOfToken.get(token);
  if (id === undefined) place.at(`[${rank}]`).invalid(`token ${shown(token)} is not in the vocabulary`);
  return id as number;
}

function requireFallbackTokens(
  idOfToken: ReadonlyMap<string, number>,
  byteFallback: boolean,
  place: JsonPlace,
): void {
  if (!byteFallback)
    place.unsupported(
      "a model with neither unk_token nor byte_fallback, whose unknown characters would vanish,",
    );
  for (let byte = 0; byte < 256; byte++) {
    if (!idOfToken.has(byteFallbackToken(byte)))
      place
        .at(".vocab")
        .invalid(`no token ${byteFallbackToken(byte)}, and no unk_token: text with it would vanish`);
  }
}
