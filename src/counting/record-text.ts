// The document in a line of JSON Lines, with what is invalid in it refused, replaced or left out.

import { isUtf8 } from "node:buffer";
import { parseRecord } from "../corpus/json-record.ts";
import { VocabError } from "../errors.ts";
import { firstInvalidByte, repairUtf8 } from "../text/utf8.ts";
import type { ReadOptions } from "./count-shard.ts";
import { invalidUtf8 } from "./text-feeder.ts";

export interface RecordDocument {
  /** Undefined where it is left out. */
  readonly text: Uint8Array | undefined;
  /** Ill-formed sequences replaced, or 1 when it was left out. */
  readonly invalid: number;
}

/**
 * @param offset where the line begins in the file
 * @throws VocabError `invalid-utf8`, `invalid-json`, `no-text-field`
 */
export function recordDocument(
  line: Uint8Array,
  path: string,
  offset: number,
  { onInvalid, textField }: Pick<ReadOptions, "onInvalid" | "textField">,
): RecordDocument {
  let invalid = 0;
  let bytes = line;
  if (!isUtf8(line)) {
    if (onInvalid === "error") throw invalidUtf8(path, offset + firstInvalidByte(line));
    if (onInvalid === "skip") return { text: undefined, invalid: 1 };
    const repaired = repairUtf8(line);
    invalid = repaired.replaced;
    bytes = repaired.bytes;
  }
  const { text, loneSurrogates } = parseRecord(bytes, { path, offset, textField });
  if (loneSurrogates > 0 && onInvalid === "error") throw loneSurrogate(path, offset, textField);
  if (loneSurrogates > 0 && onInvalid === "skip") return { text: undefined, invalid: 1 };
  return { text, invalid: invalid + loneSurrogates };
}

function loneSurrogate(path: string, offset: number, field: string): VocabError {
  return new VocabError(
    "invalid-utf8",
    `${path}: the record at byte ${offset} has a lone surrogate in ${JSON.stringify(field)}`,
    {
      hint: "--on-invalid replace counts U+FFFD in its place, --on-invalid skip leaves the document out",
    },
  );
}
