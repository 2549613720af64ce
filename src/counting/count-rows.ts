// Feeds the text of the rows of a parquet file to the scanner: those of the row groups that begin in the shard.

import { setImmediate } from "node:timers/promises";
import type { CorpusFile } from "../corpus/files.ts";
import { openParquet, type ParquetText, type RowGroup } from "../corpus/parquet-file.ts";
import { readTextPages, type TextPage } from "../corpus/parquet-pages.ts";
import type { Shard } from "../corpus/shards.ts";
import { VocabError } from "../errors.ts";
import { expansionLimit } from "../io/expansion-limit.ts";
import type { ReadOptions } from "./count-shard.ts";
import type { TextSink } from "./document-collector.ts";
import { passRecord } from "./pass-document.ts";

/** The footers of files that have been opened, which the shards of a file share. */
const opened = new WeakMap<CorpusFile, Map<string, Promise<ParquetText>>>();

/**
 * Returns how many ill-formed sequences were replaced, or documents skipped.
 * @throws VocabError `corrupt-parquet`, `decompression-bomb`, `no-text-field`, `null-text`, `invalid-utf8`, `document-too-large`
 */
export async function countRows(
  sink: TextSink,
  file: CorpusFile,
  shard: Shard,
  options: ReadOptions,
): Promise<number> {
  const text = await openOnce(file, options.textField);
  const require = expansionLimit(file.path, file.size, options.maxExpansion);
  let given = 0;
  const give = (bytes: number) => {
    given += bytes;
    require(given);
  };
  let invalid = 0;
  for (const group of text.groups)
    if (group.start >= shard.start && group.start < shard.end)
      invalid += await countGroup(sink, readTextPages(text, group, require), { text, group, give }, options);
  // Of the stored bytes few may have been read: other columns are passed over.
  options.onBytes?.(shard.end - shard.start);
  return invalid;
}

function openOnce(file: CorpusFile, textField: string): Promise<ParquetText> {
  const byField = opened.get(file) ?? new Map<string, Promise<ParquetText>>();
  opened.set(file, byField);
  const text = byField.get(textField) ?? openParquet(file, file.size, textField);
  byField.set(textField, text);
  return text;
}

interface Origin {
  readonly text: ParquetText;
  readonly group: RowGroup;
  /** Told of the bytes of each text. */
  readonly give: (bytes: number) => void;
}

async function countGroup(
  sink: TextSink,
  pages: Iterable<TextPage>,
  { text: { path }, group, give }: Origin,
  options: ReadOptions,
): Promise<number> {
  let invalid = 0;
  let row = 0;
  for (const page of pages) {
    for (const value of page) {
      give(value?.length ?? 0);
      const at = row++;
      const describe = (what: string, byte?: number) =>
        `${path}: row group ${group.index}, row ${at}: ${what}${byte === undefined ? "" : ` at byte ${byte} of the text`}`;
      if (value !== null) {
        invalid += passRecord(sink, { path, offset: group.firstRow + at, describe }, value, options);
      } else if (options.onInvalid === "skip") invalid++;
      else throw nullText(describe, options.textField);
    }
    // Lets signals and timers through.
    await setImmediate();
  }
  return invalid;
}

function nullText(describe: (what: string) => string, field: string): VocabError {
  return new VocabError("null-text", describe(`${JSON.stringify(field)} is null`), {
    hint: "--on-invalid skip leaves such rows out, and counts them",
  });
}
