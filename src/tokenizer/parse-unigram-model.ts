// Parses the "model" part of a tokenizer.json where it is Unigram: pieces with their scores.

import type { UnigramModel } from "./definition.ts";
import { hasLoneSurrogate, type JsonObject, type JsonPlace, shown } from "./json-reader.ts";
import { serdeNumber } from "./serde-number.ts";

/**
 * @param text of the file, in which the scores stand as they were written
 * @throws VocabError naming the entry that is wrong
 */
export function parseUnigramModel(model: JsonObject, place: JsonPlace, text: string): UnigramModel {
  const at = place.at(".vocab");
  const entries = at.array(model["vocab"]);
  if (entries.length === 0) at.invalid("the vocabulary is empty");
  const tokens: string[] = [];
  const idOfToken = new Map<string, number>();
  const scores = new Float64Array(entries.length);
  const written = writtenScores(text, entries.length);
  entries.forEach((entry, id) => {
    if (!isPiece(entry)) at.at(`[${id}]`).invalid(`expected ["piece", score], found ${shownEntry(entry)}`);
    const [token, score] = entry as [string, number];
    if (hasLoneSurrogate(token)) at.at(`[${id}]`).invalid(`half of a surrogate pair in ${shown(token)}`);
    tokens.push(token);
    scores[id] = serdeNumber(written?.[id] ?? String(score));
    idOfToken.set(token, id);
  });
  return {
    type: "unigram",
    tokens,
    idOfToken,
    scores,
    lowestScore: scores.reduce((least, score) => Math.min(least, score), Infinity),
    // Of pieces that are spelt alike the last one counts, as in the reference.
    pieces: [...idOfToken.values()],
    byteFallback: place.at(".byte_fallback").boolean(model["byte_fallback"], false),
    unknownId: unknownId(model["unk_id"], tokens.length, place.at(".unk_id")),
  };
}

// Undefined where the file has other lists that look like pieces: then the shortest spelling of each number has to do,
// which is how programs write it.
function writtenScores(text: string, pieces: number): readonly string[] | undefined {
  const found = text.match(/\[\s*"(?:[^"\\]|\\.)*"\s*,\s*-?[\d.eE+-]+\s*\]/g) ?? [];
  return found.length === pieces
    ? found.map((piece) => piece.slice(piece.lastIndexOf(",") + 1, -1).trim())
    : undefined;
}

function isPiece(entry: unknown): boolean {
  return (
    Array.isArray(entry) &&
    entry.length === 2 &&
    typeof entry[0] === "string" &&
    typeof entry[1] === "number" &&
    Number.isFinite(entry[1])
  );
}

function shownEntry(entry: unknown): string {
  return Array.isArray(entry) ? `[${entry.slice(0, 4).map(shown).join(", ")}]` : shown(entry);
}

function unknownId(value: unknown, size: number, place: JsonPlace): number {
  if (value === null || value === undefined)
    return place.unsupported("a Unigram model without unk_id, in which unknown characters are an error,");
  const id = place.id(value);
  return id < size ? id : place.invalid(`id ${id} is above the last piece, ${size - 1}`);
}
