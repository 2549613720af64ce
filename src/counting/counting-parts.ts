// What counts documents, put together: the scanner with its table, the table of what is held out, and long segments apart.

import type { DocumentSplit } from "./document-chooser.ts";
import type { DocumentSample } from "./document-sample.ts";
import { DocumentSplitter } from "./document-split.ts";
import { type BlockSink, LONG_SEGMENT_BYTES, LongSegments } from "./long-segments.ts";
import { type ScannerOptions, SegmentScanner } from "./segment-scanner.ts";

export interface CountingParts {
  /** Where documents go in. */
  readonly scanner: SegmentScanner;
  /** To be flushed at the end. */
  readonly long: LongSegments;
  /** Where documents are held out. */
  readonly splitter: DocumentSplitter | undefined;
}

export interface CountingSettings
  extends Pick<ScannerOptions, "maxDocumentBytes" | "expectedBytes" | "limit"> {
  readonly split: DocumentSplit | undefined;
  readonly sample: DocumentSample;
  /** Takes the long segments. */
  readonly onBlock: BlockSink;
}

export function countingParts({ split, sample, onBlock, ...options }: CountingSettings): CountingParts {
  const long = new LongSegments(onBlock);
  const splitter =
    split === undefined ? undefined : new DocumentSplitter(split, sample, long, options.maxDocumentBytes);
  const longSink = splitter ?? long;
  const scanner = new SegmentScanner({
    ...options,
    longSegmentBytes: LONG_SEGMENT_BYTES,
    onLongSegment: (bytes, start, end, opens) => longSink.add(bytes, start, end, opens),
    sample: splitter ?? sample,
  });
  return { scanner, long, splitter };
}
