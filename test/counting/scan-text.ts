// Runs the scanner over a text cut into pieces, and turns counts into a map that can be compared with the slow twin's.

import { DocumentSample, type SampledDocument } from "../../src/counting/document-sample.ts";
import type { SegmentCounts } from "../../src/counting/segment-counts.ts";
import { SegmentScanner } from "../../src/counting/segment-scanner.ts";

export interface ScanOptions {
  readonly lines: boolean;
  /** Sizes of the pieces, the rest being one. */
  readonly pieces?: readonly number[];
  /** Default: no segment is long. */
  readonly longSegmentBytes?: number;
  readonly maxDocumentBytes?: number;
  readonly sampleSize?: number;
}

export interface Scanned {
  /** Segments of the table and the long ones. */
  readonly counts: Map<string, number>;
  readonly long: Map<string, number>;
  readonly documents: number;
  readonly sample: readonly SampledDocument[];
}

export function scanText(text: string | Uint8Array, options: ScanOptions): Scanned {
  const long = new Map<string, number>();
  const sample = new DocumentSample(options.sampleSize ?? 0, 0);
  const scanner = new SegmentScanner({
    longSegmentBytes: options.longSegmentBytes ?? Number.MAX_SAFE_INTEGER,
    onLongSegment: (bytes, start, end, opens) => {
      const key = (opens ? "ff" : "") + hex(bytes.subarray(start, end));
      long.set(key, (long.get(key) ?? 0) + 1);
    },
    sample,
    maxDocumentBytes: options.maxDocumentBytes ?? Number.MAX_SAFE_INTEGER,
  });
  feed(scanner, Buffer.from(text), options);
  const counts = new Map([...toMap(scanner.table.export()), ...long]);
  return { counts, long, documents: scanner.documents, sample: sample.documents() };
}

export function feed(
  scanner: SegmentScanner,
  bytes: Uint8Array,
  { lines, pieces = [] }: Pick<ScanOptions, "lines" | "pieces">,
): void {
  scanner.begin("test.txt", 0, lines);
  let at = 0;
  for (const wanted of [...pieces, bytes.length]) {
    const size = Math.min(wanted, bytes.length - at);
    // What stands behind the piece must not matter.
    const room = scanner.reserve(size);
    room.fill(at % 2 === 0 ? 0x0a : 0x20, size, Math.min(room.length, size + 16));
    room.set(bytes.subarray(at, at + size));
    scanner.advance(size);
    at += size;
  }
  scanner.end();
}

/** @throws when a segment stands twice */
export function toMap({ bytes, offsets, counts }: SegmentCounts): Map<string, number> {
  const map = new Map<string, number>();
  for (let i = 0; i < counts.length; i++) {
    const key = hex(bytes.subarray(offsets[i], offsets[i + 1]));
    if (map.has(key)) throw new Error(`${key} stands twice`);
    map.set(key, counts[i]!);
  }
  return map;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
