// Takes the text out of one record of a JSON Lines file.

import { VocabError } from "../errors.ts";

export interface RecordPlace {
  readonly path: string;
  /** Where the line begins in the (decompressed) file, in bytes. */
  readonly offset: number;
  /** "a.b": the field b of the field a. */
  readonly textField: string;
}

export interface RecordText {
  /** UTF-8 of the text; a lone surrogate is written as U+FFFD. */
  readonly text: Uint8Array;
  readonly loneSurrogates: number;
}

/** @throws VocabError `invalid-json` or `no-text-field`, naming the place and what stands there */
export function parseRecord(line: Uint8Array, place: RecordPlace): RecordText {
  const text = textOf(parseLine(line, place), place);
  return {
    text: Buffer.from(text, "utf8"),
    loneSurrogates: text.isWellFormed() ? 0 : countLoneSurrogates(text),
  };
}

function parseLine(line: Uint8Array, place: RecordPlace): unknown {
  try {
    return JSON.parse(Buffer.from(line.buffer, line.byteOffset, line.byteLength).toString("utf8"));
  } catch (cause) {
    throw new VocabError(
      "invalid-json",
      `${place.path}: the line at byte ${place.offset} is not valid JSON (${(cause as Error).message.slice(0, 80)})`,
      {
        cause,
        hint: "a .jsonl file holds one JSON object a line",
      },
    );
  }
}

function textOf(record: unknown, place: RecordPlace): string {
  const where = `${place.path}: the record at byte ${place.offset}`;
  if (typeof record !== "object" || record === null || Array.isArray(record)) {
    throw new VocabError("no-text-field", `${where} is not an object`, {
      hint: `expected {"${place.textField}": "…"}`,
    });
  }
  const value = fieldOf(record, place.textField);
  if (value === undefined) {
    const fields = Object.keys(record).slice(0, 8).join(", ") || "none";
    throw new VocabError(
      "no-text-field",
      `${where} has no field ${JSON.stringify(place.textField)}; it has: ${fields}`,
      { hint: "name the field with --text-field" },
    );
  }
  if (typeof value !== "string") {
    throw new VocabError(
      "no-text-field",
      `${where}: the field ${JSON.stringify(place.textField)} is not a string`,
      { hint: "name another field with --text-field" },
    );
  }
  return value;
}

// "a.b" is the field of that name, else the field "b" of "a". JSON has no undefined.
function fieldOf(record: unknown, field: string): unknown {
  if (typeof record !== "object" || record === null) return undefined;
  if (Object.hasOwn(record, field)) return (record as Readonly<Record<string, unknown>>)[field];
  const dot = field.indexOf(".");
  if (dot < 0 || !Object.hasOwn(record, field.slice(0, dot))) return undefined;
  return fieldOf((record as Readonly<Record<string, unknown>>)[field.slice(0, dot)], field.slice(dot + 1));
}

function countLoneSurrogates(text: string): number {
  let count = 0;
  for (const character of text) if (/^[\ud800-\udfff]$/.test(character)) count++;
  return count;
}
