// What the ending of a file's name says: what its documents are, and how the whole file is compressed.

import type { Compression } from "../io/read-compressed.ts";

export type TextFormat = "txt" | "jsonl" | "wet" | "parquet" | "conllu";

export interface StoredFormat {
  readonly format: TextFormat;
  /** How the whole file is compressed; parquet compresses its pages by itself. */
  readonly compression?: Compression | undefined;
}

const PLAIN: Readonly<Record<string, TextFormat>> = {
  ".txt": "txt",
  ".jsonl": "jsonl",
  ".warc.wet": "wet",
  ".wet": "wet",
  ".conllu": "conllu",
};

const COMPRESSIONS: Readonly<Record<string, Compression>> = {
  ".gz": "gzip",
  ".zst": "zstd",
  ".xz": "xz",
  ".bz2": "bzip2",
};

const FORMATS: ReadonlyMap<string, StoredFormat> = new Map([
  ...Object.entries(PLAIN).flatMap(([ending, format]): [string, StoredFormat][] => [
    [ending, { format, compression: undefined }],
    ...Object.entries(COMPRESSIONS).map(([way, compression]): [string, StoredFormat] => [
      ending + way,
      { format, compression },
    ]),
  ]),
  // The name that JSON lines have in C4 and mC4.
  [".json.gz", { format: "jsonl", compression: "gzip" }],
  [".parquet", { format: "parquet", compression: undefined }],
]);

/** ".txt", ".txt.gz", … */
export const CORPUS_ENDINGS: readonly string[] = [...FORMATS.keys()];

/** For messages. */
export const SUPPORTED_ENDINGS = `${Object.keys(PLAIN).join(", ")} (as they are or with ${Object.keys(COMPRESSIONS).join(", ")}), .json.gz, .parquet`;

export function formatOf(path: string): StoredFormat | undefined {
  return FORMATS.get(endingOf(path));
}

/** "texts/fa.jsonl.gz" → "texts/fa" */
export function withoutEnding(path: string): string {
  return path.slice(0, path.length - endingOf(path).length);
}

// The longest: ".warc.wet" rather than ".wet".
function endingOf(path: string): string {
  const name = path.toLowerCase();
  const known = CORPUS_ENDINGS.filter((ending) => name.endsWith(ending));
  return known.sort((a, b) => b.length - a.length)[0] ?? "";
}
