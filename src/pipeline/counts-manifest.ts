// counts.json, which says what the segments beside it were counted from (docs/counts.md). Keys stand in the order in which
// they are written; nothing in it differs between two runs on the same text.

import type { DocumentUnit, InvalidPolicy } from "../counting/count-shard.ts";
import { invalidCounts } from "../counting/counts-file.ts";
import type { CorpusFilter } from "./filter-options.ts";

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
  /** Every file once: SHA-256 as CONTRACT, corpus.sha256, has it, and bytes as stored; sorted. */
  readonly files: readonly CountedFile[];
  readonly options: CountsOptions;
  readonly heldOut: HeldOutText;
  readonly segments: StoredSegments;
}

export interface CountedText {
  readonly files: number;
  readonly documents: number;
  readonly bytes: number;
  readonly characters: number;
  readonly unit: DocumentUnit;
  readonly invalid: number;
  readonly sha256: string;
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

export interface StoredSegments {
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
  /** Different segments, and all of them, of the training text and of the held-out text. */
  readonly training: { readonly distinct: number; readonly occurrences: number };
  readonly heldOut: { readonly distinct: number; readonly occurrences: number };
}

export const MANIFEST_FILE = "counts.json";
export const SEGMENTS_FILE = "segments.bin";

type Shape = "string" | "number" | readonly Shape[] | { readonly [key: string]: Shape };

const SEGMENTS_SHAPE: Shape = { distinct: "number", occurrences: "number" };
const SHAPE: Shape = {
  version: "string",
  language: { tag: "string", name: "string", script: "string", direction: "string" },
  corpus: {
    files: "number",
    documents: "number",
    bytes: "number",
    characters: "number",
    unit: "string",
    invalid: "number",
    sha256: "string",
  },
  files: [{ sha256: "string", bytes: "number" }],
  options: { textField: "string", onInvalid: "string", maxDocumentBytes: "number" },
  heldOut: { every: "number", seed: "number", documents: "number", bytes: "number", characters: "number" },
  segments: {
    file: "string",
    bytes: "number",
    sha256: "string",
    training: SEGMENTS_SHAPE,
    heldOut: SEGMENTS_SHAPE,
  },
};

/** Of what is there whatever was left out. */
const FILTER_SHAPE: Shape = { read: { documents: "number", bytes: "number" }, leftOut: {} };

/**
 * @param path of the file, for messages
 * @throws VocabError `counts-invalid`
 */
export function parseManifest(text: string, path: string): CountsManifest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw invalidCounts(path, `is no JSON: ${(cause as Error).message}`, cause);
  }
  const schema = (value as { schema?: unknown } | null)?.schema;
  if (schema !== "vocab.counts/1") {
    const isOther = typeof schema === "string" && schema.startsWith("vocab.counts/");
    throw invalidCounts(
      path,
      isOther
        ? `the format is ${schema}; this program reads vocab.counts/1`
        : `is not what vocab count writes (schema ${JSON.stringify(schema)})`,
    );
  }
  const { filter } = (value as { corpus?: { filter?: unknown } }).corpus ?? {};
  const wrong =
    misfit(value, SHAPE, "") ??
    (filter === undefined ? undefined : misfit(filter, FILTER_SHAPE, "corpus.filter"));
  if (wrong !== undefined) throw invalidCounts(path, wrong);
  return value as CountsManifest;
}

// The first place where the value does not have the shape.
function misfit(value: unknown, shape: Shape, place: string): string | undefined {
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
