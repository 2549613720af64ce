// Tokens and words of sampled documents, one by one, for the intervals.

import { ByteStringTable } from "../counting/byte-string-table.ts";
import { cutDocument } from "../counting/cut-document.ts";
import { DOCUMENT_START, SEGMENT_PADDING } from "../counting/segment-counts.ts";
import { PreTokenPool } from "../pre-tokens/pre-token-lists.ts";
import { isCutSpace } from "../text/cut-rule.ts";
import { PieceList } from "../tokenizer/splitter.ts";
import type { DocumentFigures } from "./interval.ts";
import type { SegmentMeasurer } from "./segment-measurer.ts";

/**
 * Measures documents with the tokenizers of `measurer`: their segments are numbered, measured once each, and added up
 * again by document.
 * @param counts whether the documents add to the totals of `measurer`
 */
export function measureDocuments(
  documents: readonly Uint8Array[],
  measurer: SegmentMeasurer,
  counts: boolean,
): DocumentFigures {
  const table = new ByteStringTable();
  const { numbers, ends } = numberSegments(documents, table);
  const offsets = table.offsets.subarray(0, table.size + 1);
  const times = new Float64Array(table.size);
  if (counts) for (let i = 0; i < ends[ends.length - 1]!; i++) times[numbers[i]!]!++;
  const figures = measurer.measure({ bytes: table.bytes, offsets, counts: times });
  const sums = (values: ArrayLike<number>) => sumByDocument(values, numbers, ends);
  return { tokens: figures.tokens.map(sums), words: sums(figures.words) };
}

function sumByDocument(values: ArrayLike<number>, numbers: Int32Array, ends: Int32Array): Float64Array {
  const sums = new Float64Array(ends.length);
  let at = 0;
  for (let i = 0; i < ends.length; i++) {
    let sum = 0;
    for (; at < ends[i]!; at++) sum += values[numbers[at]!]!;
    sums[i] = sum;
  }
  return sums;
}

// The segments of all documents as numbers in `table`; those of document i end at `ends[i]`.
function numberSegments(
  documents: readonly Uint8Array[],
  table: ByteStringTable,
): { numbers: Int32Array; ends: Int32Array } {
  const longest = documents.reduce((size, document) => Math.max(size, document.length), 0);
  // One byte before a document for the mark, and room behind it so that whole words may be read.
  const bytes = new Uint8Array(longest + 1 + SEGMENT_PADDING);
  const view = new DataView(bytes.buffer);
  bytes[0] = DOCUMENT_START;
  const pool = new PreTokenPool(1 << 16);
  const borders = new PieceList();
  const ends = Int32Array.from(documents, (document) => {
    bytes.set(document, 1);
    borders.clear();
    const isMarked = document.length > 0 && isCutSpace(document[0]!);
    cutDocument(document, (start, end) => borders.add(isMarked && start === 0 ? 0 : start + 1, end + 1));
    const count = borders.length / 2;
    pool.reserve(count);
    table.internAll(bytes, view, borders.offsets, count, pool.list, pool.size);
    pool.size += count;
    return pool.size;
  });
  return { numbers: pool.list, ends };
}
