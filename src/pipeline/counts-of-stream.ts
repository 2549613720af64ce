// The manifest of counts whose tables another program has written (spark/count_segments.py): checks what it says of them,
// and adds what only vocab knows.

import { invalidCounts } from "../counting/counts-file.ts";
import {
  type CountsManifest,
  checkManifest,
  misfit,
  parseCountsJson,
  SEGMENT_RULE,
  type Shape,
  type StoredTable,
} from "../counts/counts-manifest.ts";
import { VocabError } from "../errors.ts";
import { canonicalJson } from "../io/canonical-json.ts";
import { resolveLanguage } from "../text/languages.ts";
import { version } from "../version.ts";
import { DEFAULT_HOLD_OUT } from "./count.ts";
import type { CountStreamOptions } from "./count-stream.ts";
import { readOptions } from "./document-options.ts";

/** What the other program counted and wrote. */
export interface StreamFigures {
  readonly invalid: number;
  readonly training: TableFigures;
  readonly heldOut: TableFigures;
}

export interface TableFigures extends StoredTable {
  readonly documents: number;
  readonly bytes: number;
  readonly characters: number;
}

const PLACE = "the figures on stdin";
const TABLE_FIGURES_SHAPE: Shape = {
  distinct: "number",
  occurrences: "number",
  documents: "number",
  bytes: "number",
  characters: "number",
  parts: [{ file: "string", bytes: "number", sha256: "string", rows: "number" }],
};
const FIGURES_SHAPE: Shape = {
  invalid: "number",
  training: TABLE_FIGURES_SHAPE,
  heldOut: TABLE_FIGURES_SHAPE,
};

/**
 * @param figures JSON of StreamFigures
 * @returns counts.json
 * @throws VocabError `counts-invalid`, `empty-corpus`
 */
export function manifestOfStream(lang: string, figures: string, options: CountStreamOptions): string {
  const { invalid, training, heldOut } = parseFigures(figures);
  const { tag, name, script, direction } = resolveLanguage(lang);
  const unit = options.format === "text" ? "line" : "record";
  const { textField, onInvalid, maxDocumentBytes } = readOptions(options, unit);
  const sum = (key: "documents" | "bytes" | "characters") => training[key] + heldOut[key];
  const manifest: CountsManifest = {
    schema: "vocab.counts/1",
    version,
    language: { tag, name, script, direction },
    corpus: {
      documents: sum("documents"),
      bytes: sum("bytes"),
      characters: sum("characters"),
      unit,
      invalid,
    },
    options: { textField, onInvalid, maxDocumentBytes },
    heldOut: {
      every: options.holdOut ?? DEFAULT_HOLD_OUT,
      seed: options.seed ?? 0,
      documents: heldOut.documents,
      bytes: heldOut.bytes,
      characters: heldOut.characters,
    },
    segments: { rule: SEGMENT_RULE, training: storedTable(training), heldOut: storedTable(heldOut) },
  };
  const text = canonicalJson(manifest);
  checkManifest(parseCountsJson(text, PLACE), PLACE);
  if (manifest.corpus.documents > 0) return text;
  throw new VocabError("empty-corpus", "the corpus is empty: no document was counted", {
    hint: "check the files and --format",
  });
}

function parseFigures(text: string): StreamFigures {
  const value = parseCountsJson(text, PLACE);
  const wrong = misfit(value, FIGURES_SHAPE, "");
  if (wrong !== undefined) throw invalidCounts(PLACE, wrong);
  return value as unknown as StreamFigures;
}

function storedTable({ distinct, occurrences, parts }: TableFigures): StoredTable {
  return { distinct, occurrences, parts };
}
