// How the number of different segments grows with the text (Heaps' law, V = K·nᵝ), fitted on real text, and what follows
// for corpora that no machine here can hold: docs/scale.md. See bench/README.md.

import { basename } from "node:path";
import { parseArgs } from "node:util";
import { findCorpusFiles } from "../src/corpus/files.ts";
import { countShard } from "../src/counting/count-shard.ts";
import { DocumentCollector } from "../src/counting/document-collector.ts";
import { DocumentSample } from "../src/counting/document-sample.ts";
import { LONG_SEGMENT_BYTES, LongSegments } from "../src/counting/long-segments.ts";
import { addCounts } from "../src/counting/merge-counts.ts";
import { passDocument } from "../src/counting/pass-document.ts";
import type { SegmentCounts } from "../src/counting/segment-counts.ts";
import { SegmentScanner } from "../src/counting/segment-scanner.ts";
import { readOptions } from "../src/pipeline/document-options.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { "task-megabytes": { type: "string", default: "256" } },
});

/** A point of the curve. */
interface Point {
  readonly textBytes: number;
  readonly occurrences: number;
  readonly distinct: number;
  /** Of the different segments, together. */
  readonly segmentBytes: number;
}

/** V = k · nᵝ */
interface Law {
  readonly k: number;
  readonly beta: number;
}

/** Each point is taken at so many times the text of the one before it. */
const STEP = 1.25;
const FIRST_BYTES = 200_000;
/** The law is fitted to the last so many parts of the text: its beginning bends more. */
const FITTED_SHARE = 1 / 50;
/** What Spark adds to a row between two machines, about, before it compresses: the row's own words, and a hash. */
const ROW_BYTES = 56;

class Curve {
  readonly points: Point[] = [];
  private readonly blocks: SegmentCounts[] = [];
  private readonly long = new LongSegments((block) => void this.blocks.push(block));
  private readonly scanner = new SegmentScanner({
    longSegmentBytes: LONG_SEGMENT_BYTES,
    onLongSegment: (bytes, start, end, opens) => this.long.add(bytes, start, end, opens),
    sample: new DocumentSample(0, 0),
    maxDocumentBytes: Number.MAX_SAFE_INTEGER,
  });
  private textBytes = 0;
  private next = FIRST_BYTES;

  add(document: Uint8Array): void {
    passDocument(this.scanner, "", 0, document);
    this.textBytes += document.length;
    if (this.textBytes < this.next) return;
    this.next *= STEP;
    this.take();
  }

  take(): void {
    this.long.flush();
    for (const block of this.blocks.splice(0)) addCounts(this.scanner.table, block, 1);
    const { offsets, counts } = this.scanner.table.export();
    const occurrences = counts.reduce((sum, count) => sum + count, 0);
    const { textBytes } = this;
    this.points.push({
      textBytes,
      occurrences,
      distinct: counts.length,
      segmentBytes: offsets[counts.length]!,
    });
  }
}

async function curveOf(path: string): Promise<readonly Point[]> {
  const curve = new Curve();
  const read = readOptions({}, "line");
  for (const file of await findCorpusFiles([path])) {
    const collector = new DocumentCollector(read.maxDocumentBytes, (bytes) => curve.add(bytes));
    await countShard(collector, file, { task: "text", file: 0, start: 0, end: file.size }, read);
  }
  curve.take();
  return curve.points;
}

/** Least squares in logarithms. */
function fitLaw(points: readonly Point[]): Law {
  const x = points.map(({ occurrences }) => Math.log(occurrences));
  const y = points.map(({ distinct }) => Math.log(distinct));
  const mean = (numbers: readonly number[]) => numbers.reduce((sum, n) => sum + n, 0) / numbers.length;
  const [mx, my] = [mean(x), mean(y)];
  const covariance = mean(x.map((value, i) => (value - mx) * (y[i]! - my)));
  const beta = covariance / mean(x.map((value) => (value - mx) ** 2));
  return { k: Math.exp(my - beta * mx), beta };
}

const distinctAt = ({ k, beta }: Law, occurrences: number) => k * occurrences ** beta;

/** The law that the first tenth of the text gives, and by how much it misses all of it. */
function missOf(points: readonly Point[]): number {
  const all = points.at(-1)!;
  const early = points.filter(({ textBytes }) => textBytes <= all.textBytes / 10);
  const law = fitLaw(early.filter(({ textBytes }) => textBytes >= (all.textBytes / 10) * FITTED_SHARE));
  return distinctAt(law, all.occurrences) / all.distinct - 1;
}

const taskBytes = Number(values["task-megabytes"]) * 1e6;
const columns = [
  "text",
  "MB",
  "segments",
  "different",
  "K",
  "beta",
  "misses by",
  "TB",
  "different",
  "table GB",
];
console.log(`${[...columns, "shuffle rows", "shuffle GB"].join("\t")}\t(tasks of ${taskBytes / 1e6} MB)`);
for (const path of positionals) {
  const points = await curveOf(path);
  const all = points.at(-1)!;
  const law = fitLaw(points.filter(({ textBytes }) => textBytes >= all.textBytes * FITTED_SHARE));
  const perByte = all.occurrences / all.textBytes;
  // The rarer a segment, the longer it is: the mean of those here is a lower bound.
  const segmentBytes = all.segmentBytes / all.distinct;
  for (const bytes of [1e12, 1e14]) {
    const distinct = distinctAt(law, bytes * perByte);
    const rows = (bytes / taskBytes) * distinctAt(law, taskBytes * perByte);
    const known = [
      basename(path),
      (all.textBytes / 1e6).toFixed(1),
      all.occurrences,
      all.distinct,
      law.k.toFixed(1),
      law.beta.toFixed(3),
      `${(100 * missOf(points)).toFixed(0)} %`,
    ];
    const scaled = [
      bytes / 1e12,
      distinct.toExponential(1),
      ((distinct * (segmentBytes + 9)) / 1e9).toFixed(1),
      rows.toExponential(1),
      ((rows * (segmentBytes + ROW_BYTES)) / 1e9).toFixed(0),
    ];
    console.log([...known, ...scaled].join("\t"));
  }
}
