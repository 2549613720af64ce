// Tokens and words of sampled documents, one by one, for the intervals.

import { ByteStringTable } from "../counting/byte-string-table.ts";
import { cutDocument } from "../counting/cut-document.ts";
import { DOCUMENT_START } from "../counting/segment-counts.ts";
import { isCutSpace } from "../text/cut-rule.ts";
import type { DocumentFigures } from "./interval.ts";
import type { SegmentMeasurer } from "./segment-measurer.ts";

/**
 * Measures documents with the tokenizers of `measurer`, without adding to its totals: their segments are numbered,
 * measured once each, and added up again by document.
 */
export function measureDocuments(
  documents: readonly Uint8Array[],
  measurer: SegmentMeasurer,
): DocumentFigures {
  const table = new ByteStringTable();
  const sequences = documents.map((bytes) => numberSegments(bytes, table));
  const block = {
    bytes: table.bytes,
    offsets: table.offsets.subarray(0, table.size + 1),
    counts: new Float64Array(table.size),
  };
  const figures = measurer.measure(block);
  const sums = (values: ArrayLike<number>) =>
    Float64Array.from(sequences, (sequence) => sequence.reduce((sum, segment) => sum + values[segment]!, 0));
  return { tokens: figures.tokens.map(sums), words: sums(figures.words) };
}

function numberSegments(document: Uint8Array, table: ByteStringTable): number[] {
  // One byte before for the mark, and room behind so that whole words may be read.
  const bytes = new Uint8Array(document.length + 1 + 16);
  bytes[0] = DOCUMENT_START;
  bytes.set(document, 1);
  const view = new DataView(bytes.buffer);
  const sequence: number[] = [];
  cutDocument(document, (start, end) => {
    const isMarked = start === 0 && isCutSpace(document[0]!);
    sequence.push(table.intern(bytes, view, isMarked ? 0 : start + 1, end + 1));
  });
  return sequence;
}
