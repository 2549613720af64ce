// Reads one text, dividing it in two on the way: what stays and what a split takes.

import { textSize } from "../counting/canonical-counts.ts";
import { documentClassifier } from "../counting/classify-documents.ts";
import type { DocumentList, DocumentSplit } from "../counting/document-chooser.ts";
import { DocumentSample } from "../counting/document-sample.ts";
import { DocumentSplitter, type HeldOutCounts } from "../counting/document-split.ts";
import { LONG_SEGMENT_BYTES, LongSegments, withoutLong } from "../counting/long-segments.ts";
import { mergeCounts } from "../counting/merge-counts.ts";
import type { SegmentCounts } from "../counting/segment-counts.ts";
import { SegmentScanner } from "../counting/segment-scanner.ts";
import { corpusDigest, fileOfText } from "../counts/corpus-digest.ts";
import type { CountedText } from "../counts/counts-manifest.ts";
import { SAMPLE_DOCUMENTS } from "../metrics/interval.ts";
import type { Language } from "../text/languages.ts";
import { collectGarbage } from "./collect-garbage.ts";
import { type CorpusSource, chooseCorpus, hubSources } from "./corpus-source.ts";
import { DEFAULT_HOLD_OUT } from "./count.ts";
import { countCorpus, readDocuments } from "./count-corpus.ts";
import { type DocumentOptions, readOptions } from "./document-options.ts";
import { emptyCorpus } from "./empty-corpus.ts";

export interface TextPart extends CountedText {
  /** The embedded text, where no files were given. */
  readonly source?: string | undefined;
}

export interface TextSinks {
  block(block: SegmentCounts): void;
  /** What the split takes, in few large blocks. */
  takenBlock?(block: SegmentCounts): void;
  document?(bytes: Uint8Array): void;
  takenDocument?(bytes: Uint8Array): void;
}

export interface TextRequest extends DocumentOptions {
  readonly needsDocuments?: boolean | undefined;
  readonly workers?: number | undefined;
  readonly folder?: string | undefined;
  readonly onProgress?: ((bytes: number, totalBytes: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface TextRead {
  /** All of it, what was taken among the rest. */
  readonly part: TextPart;
  readonly taken: Pick<TextPart, "documents" | "bytes" | "characters"> | undefined;
  readonly split: DocumentSplit | undefined;
  /** Filled where the split is `all`. */
  readonly list: DocumentList | undefined;
  /** Documents that were taken, at most SAMPLE_DOCUMENTS and only those that were small enough to keep. */
  readonly sample: readonly Uint8Array[];
  readonly source: string | undefined;
}

/** The embedded text has some hundred documents: one in so many of them. */
const EMBEDDED_HOLD_OUT = 5;

/**
 * @param globs none: the files under corpora/<lang>/, else the embedded text
 * @param splitOf the split, given how many documents one is held out of by default
 */
export async function readText(
  language: Language,
  globs: readonly string[],
  request: TextRequest,
  splitOf: (every: number) => DocumentSplit | undefined,
  sinks: TextSinks,
): Promise<TextRead> {
  const source = await chooseCorpus(language, {
    corpus: globs,
    unit: request.unit,
    folder: request.folder ?? ".",
    hub: request.hub,
  });
  return source.kind === "embedded"
    ? readEmbedded(source, splitOf(EMBEDDED_HOLD_OUT), request, sinks)
    : readFiles(source, splitOf(DEFAULT_HOLD_OUT), request, sinks);
}

async function readFiles(
  { files, unit }: CorpusSource & { kind: "files" },
  split: DocumentSplit | undefined,
  request: TextRequest,
  sinks: TextSinks,
): Promise<TextRead> {
  const read = readOptions(request, unit);
  const totalBytes = files.reduce((sum, file) => sum + file.size, 0);
  const size = new SizeSum();
  const counted = await countCorpus(files, {
    read,
    workers: request.workers ?? 1,
    seed: 0,
    sampleSize: split === undefined ? 0 : SAMPLE_DOCUMENTS,
    split,
    onBlock: (block) => {
      size.add(block);
      sinks.block(block);
    },
    onBytes: (bytes) => request.onProgress?.(bytes, totalBytes),
    signal: request.signal,
  });
  if (counted.documents === 0) throw emptyCorpus(files.map((file) => file.path));
  // The tables of the workers are gone, their garbage is not.
  collectGarbage();
  size.add(counted.counts);
  sinks.block(counted.counts);
  const taken = takeBlock(counted.heldOut, sinks);
  if (request.needsDocuments === true) {
    const isTaken = split === undefined ? () => false : documentClassifier(split, read.maxDocumentBytes);
    await readDocuments(files, read, (bytes) =>
      isTaken(bytes) ? sinks.takenDocument?.(bytes) : sinks.document?.(bytes),
    );
  }
  const { documents, invalid, sha256 } = counted;
  const hub = hubSources(files);
  const part = { files: files.length, documents, ...size.plus(taken), unit, invalid, sha256, hub };
  const sample = counted.sample.flatMap(({ bytes }) => (bytes === undefined ? [] : [bytes]));
  return { part, taken, split, list: counted.heldOut?.list, sample, source: undefined };
}

function readEmbedded(
  { text, stored }: CorpusSource & { kind: "embedded" },
  split: DocumentSplit | undefined,
  request: TextRequest,
  sinks: TextSinks,
): TextRead {
  const documents = text.documents.map((document) => Buffer.from(document, "utf8"));
  const size = new SizeSum();
  const onBlock = (block: SegmentCounts) => {
    size.add(block);
    sinks.block(block);
  };
  const sample = new DocumentSample(SAMPLE_DOCUMENTS, 0);
  const counted = countDocuments(documents, split, sample, onBlock);
  onBlock(counted.counts);
  const taken = takeBlock(counted.heldOut, sinks);
  if (request.needsDocuments === true) {
    const isTaken = split === undefined ? () => false : documentClassifier(split, Number.MAX_SAFE_INTEGER);
    for (const bytes of documents)
      (isTaken(bytes) ? sinks.takenDocument : sinks.document)?.call(sinks, bytes);
  }
  return {
    part: {
      files: 1,
      documents: documents.length,
      ...size.plus(taken),
      unit: "line",
      invalid: 0,
      sha256: corpusDigest([fileOfText(stored)]),
      source: text.source,
    },
    taken,
    split,
    list: counted.heldOut?.list,
    sample: split === undefined ? [] : sample.documents().map((document) => documents[document.file]!),
    source: text.source,
  };
}

// The same as countCorpus for documents that are in memory.
function countDocuments(
  documents: readonly Uint8Array[],
  split: DocumentSplit | undefined,
  sample: DocumentSample,
  onBlock: (block: SegmentCounts) => void,
): { readonly counts: SegmentCounts; readonly heldOut: HeldOutCounts | undefined } {
  const long = new LongSegments(onBlock);
  const splitter =
    split === undefined ? undefined : new DocumentSplitter(split, sample, long, Number.MAX_SAFE_INTEGER);
  const scanner = new SegmentScanner({
    longSegmentBytes: LONG_SEGMENT_BYTES,
    onLongSegment: (bytes, start, end, opens) => (splitter ?? long).add(bytes, start, end, opens),
    sample: splitter ?? sample,
    maxDocumentBytes: Number.MAX_SAFE_INTEGER,
    expectedBytes: 0,
  });
  documents.forEach((bytes, index) => {
    sample.enterFile(index);
    scanner.begin("", 0, false);
    scanner.reserve(bytes.length).set(bytes);
    scanner.advance(bytes.length);
    scanner.end();
  });
  long.flush();
  const heldOut = splitter?.result();
  const minus = heldOut === undefined ? [] : [withoutLong(heldOut.counts)];
  return { counts: mergeCounts([scanner.table.export()], minus), heldOut };
}

function takeBlock(heldOut: HeldOutCounts | undefined, sinks: TextSinks): TextRead["taken"] {
  if (heldOut === undefined) return undefined;
  sinks.takenBlock?.(heldOut.counts);
  return { documents: heldOut.documents, ...textSize(heldOut.counts) };
}

class SizeSum {
  private bytes = 0;
  private characters = 0;

  add(block: SegmentCounts): void {
    const { bytes, characters } = textSize(block);
    this.bytes += bytes;
    this.characters += characters;
  }

  plus(taken: TextRead["taken"]): { bytes: number; characters: number } {
    return {
      bytes: this.bytes + (taken?.bytes ?? 0),
      characters: this.characters + (taken?.characters ?? 0),
    };
  }
}
