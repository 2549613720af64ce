// How the documents of files are read: the options that every verb with a corpus has.

import type { DocumentUnit, InvalidPolicy, ReadOptions } from "../counting/count-shard.ts";
import type { FilterRules } from "../counting/filter-rules.ts";
import type { HubOptions } from "../io/hub-request.ts";

export interface DocumentOptions {
  /** What a document of a text file is. Default "line". */
  readonly unit?: DocumentUnit | undefined;
  /** Field of a JSON record that holds the text. Default "text". */
  readonly textField?: string | undefined;
  /** Default "error". */
  readonly onInvalid?: InvalidPolicy | undefined;
  /** Default 268435456 (256 MiB). */
  readonly maxDocumentBytes?: number | undefined;
  /** How many times its stored bytes a compressed file may give; 64 MiB are always allowed. Default 250. */
  readonly maxExpansion?: number | undefined;
  /** What globs that begin with `hf://` are asked of. Default: none, and such globs are refused. */
  readonly hub?: HubOptions | undefined;
}

const DEFAULT_MAX_DOCUMENT_BYTES = 256 * 1024 * 1024;

/**
 * @param unit as the files allow it
 * @param filter what is left out
 */
export function readOptions(
  options: DocumentOptions,
  unit: DocumentUnit,
  filter?: FilterRules | undefined,
): ReadOptions {
  return {
    unit,
    textField: options.textField ?? "text",
    onInvalid: options.onInvalid ?? "error",
    maxDocumentBytes: options.maxDocumentBytes ?? DEFAULT_MAX_DOCUMENT_BYTES,
    maxExpansion: options.maxExpansion,
    filter,
  };
}
