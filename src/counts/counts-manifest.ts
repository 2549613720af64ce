// counts.json, which says what the segments beside it were counted from (docs/counts.md). Keys stand in the order in which
// they are written; nothing in it differs between two runs on the same text.

import type { DocumentUnit, InvalidPolicy } from "../counting/count-shard.ts";
import { invalidCounts } from "../counting/counts-file.ts";
import type { CorpusFilter } from "./corpus-filter.ts";

export interface CountsManifest {
  readonly schema: "vocab.counts/1";
  /** Of vocab. */
  readonly version: string;
  readonly language: {
    readonly tag: string;
    readonly name: string;
    readonly script: string;
    readonly direction: "ltr" | "rtl";
  };
  readonly corpus: CountedText;
  /** Every file once: SHA-256 as CONTRACT, corpus.sha256, has it, and bytes as stored; sorted. Absent where it is not known. */
  readonly files?: readonly CountedFile[] | undefined;
  /** What `--skip-bad-files` left out, by path. */
  readonly skipped?: readonly SkippedFile[] | undefined;
  readonly options: CountsOptions;
  readonly heldOut: HeldOutText;
  readonly segments: StoredSegments;
}

export interface CountedText {
  /** Absent, as is the hash, where another program read the text. */
  readonly files?: number | undefined;
  readonly documents: number;
  readonly bytes: number;
  readonly characters: number;
  readonly unit: DocumentUnit;
  readonly invalid: number;
  readonly sha256?: string | undefined;
  /** The repositories of a hub, with their commits, that files are of: `hf://datasets/org/name@<commit>`. */
  readonly hub?: readonly string[] | undefined;
  /** What was left out, where something was to be. */
  readonly filter?: CorpusFilter | undefined;
}

export interface CountedFile {
  readonly sha256: string;
  readonly bytes: number;
}

export interface CountsOptions {
  readonly textField: string;
  readonly onInvalid: InvalidPolicy;
  readonly maxDocumentBytes: number;
}

/** Of the corpus, what training does not see. */
export interface HeldOutText {
  /** One document in so many; 0: none. */
  readonly every: number;
  readonly seed: number;
  readonly documents: number;
  readonly bytes: number;
  readonly characters: number;
}

/** A file that could not be read to its end: nothing of it is counted. */
export interface SkippedFile {
  readonly path: string;
  /** What an error would have said. */
  readonly reason: string;
}

export interface StoredSegments {
  /** By which rule documents were cut. */
  readonly rule: string;
  /** Of the training text, and of the held-out text. */
  readonly training: StoredTable;
  readonly heldOut: StoredTable;
}

export interface StoredTable extends SegmentTotals {
  /** The rare segments that `--min-count` left out. */
  readonly dropped?: DroppedTail | undefined;
  /** The files that hold its rows, in order. */
  readonly parts: readonly StoredPart[];
}

/** Different segments, and all of them. */
export interface SegmentTotals {
  readonly distinct: number;
  readonly occurrences: number;
}

/** Shares are of what there was before. */
export interface DroppedTail extends SegmentTotals {
  /** Segments that occur less often are left out. */
  readonly minCount: number;
  readonly distinctShare: number;
  readonly occurrencesShare: number;
}

export interface StoredPart {
  /** Its name in the folder, or in a folder in it. */
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly rows: number;
}

export const MANIFEST_FILE = "counts.json";
/** The names that `vocab count` gives. */
export const TRAINING_FILE = "segments.parquet";
export const HELD_OUT_FILE = "held-out.parquet";
/** The rule of text/cut-rule.ts. A change of it is another name: counts by two rules have no sum. */
export const SEGMENT_RULE = "vocab.segments/1";

/** A file in the folder, or in a folder in it: never one elsewhere. */
const PART_NAME = /^(?!\.)[\w.=-]+(?:\/(?!\.)[\w.=-]+)?$/;

export type Shape = "string" | "number" | readonly Shape[] | { readonly [key: string]: Shape };

const TABLE_SHAPE: Shape = {
  distinct: "number",
  occurrences: "number",
  parts: [{ file: "string", bytes: "number", sha256: "string", rows: "number" }],
};
const SHAPE: Shape = {
  version: "string",
  language: { tag: "string", name: "string", script: "string", direction: "string" },
  corpus: { documents: "number", bytes: "number", characters: "number", unit: "string", invalid: "number" },
  options: { textField: "string", onInvalid: "string", maxDocumentBytes: "number" },
  heldOut: { every: "number", seed: "number", documents: "number", bytes: "number", characters: "number" },
  segments: { rule: "string", training: TABLE_SHAPE, heldOut: TABLE_SHAPE },
};

/** Of what may be absent. */
const FILES_SHAPE: Shape = {
  corpus: { files: "number", sha256: "string" },
  files: [{ sha256: "string", bytes: "number" }],
};

/** Of what is there whatever was left out. */
const FILTER_SHAPE: Shape = { read: { documents: "number", bytes: "number" }, leftOut: {} };

/**
 * @param value of counts.json
 * @param path of the file, for messages
 * @throws VocabError `counts-invalid`
 */
export function checkManifest(value: Readonly<Record<string, unknown>>, path: string): CountsManifest {
  const { filter } = (value["corpus"] ?? {}) as { filter?: unknown };
  const wrong =
    misfit(value, SHAPE, "") ??
    (value["files"] === undefined ? undefined : misfit(value, FILES_SHAPE, "")) ??
    (filter === undefined ? undefined : misfit(filter, FILTER_SHAPE, "corpus.filter"));
  if (wrong !== undefined) throw invalidCounts(path, wrong);
  const manifest = value as unknown as CountsManifest;
  const { rule, training, heldOut } = manifest.segments;
  if (rule !== SEGMENT_RULE)
    throw invalidCounts(path, `documents were cut by the rule ${rule}; this program knows ${SEGMENT_RULE}`);
  for (const { file } of [...training.parts, ...heldOut.parts])
    if (!PART_NAME.test(file)) throw invalidCounts(path, `${JSON.stringify(file)} is no file in the folder`);
  return manifest;
}

/** @throws VocabError `counts-invalid` */
export function parseCountsJson(text: string, path: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch (cause) {
    throw invalidCounts(path, `is no JSON: ${(cause as Error).message}`, cause);
  }
  throw invalidCounts(path, "is not what vocab count writes");
}

// The first place where the value does not have the shape.
export function misfit(value: unknown, shape: Shape, place: string): string | undefined {
  if (shape === "string" || shape === "number") {
    const fits = shape === "string" ? typeof value === "string" : Number.isSafeInteger(value);
    return fits ? undefined : `${place}: expected a ${shape}, found ${JSON.stringify(value)}`;
  }
  if (Array.isArray(shape)) {
    if (!Array.isArray(value)) return `${place}: expected a list`;
    return first(value.map((item, i) => misfit(item, shape[0] as Shape, `${place}[${i}]`)));
  }
  if (typeof value !== "object" || value === null) return `${place || "the file"}: expected an object`;
  return first(
    Object.entries(shape).map(([key, part]) =>
      misfit((value as Record<string, unknown>)[key], part, place === "" ? key : `${place}.${key}`),
    ),
  );
}

function first(found: readonly (string | undefined)[]): string | undefined {
  return found.find((item) => item !== undefined);
}
