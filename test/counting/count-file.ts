// Counts one file as the whole of a corpus would be counted, and shows the documents that were found.

import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { findCorpusFiles } from "../../src/corpus/files.ts";
import { planShards } from "../../src/corpus/shards.ts";
import { countShard, type ReadOptions } from "../../src/counting/count-shard.ts";
import { DocumentCollector, type TextSink } from "../../src/counting/document-collector.ts";
import { DocumentSample } from "../../src/counting/document-sample.ts";
import { SegmentScanner } from "../../src/counting/segment-scanner.ts";
import { VocabError } from "../../src/errors.ts";
import { toMap } from "./scan-text.ts";

export interface CountedFile {
  /** In the order of the file. */
  readonly documents: readonly string[];
  readonly offsets: readonly number[];
  readonly invalid: number;
  readonly counts: Map<string, number>;
}

export const READ_LINES: ReadOptions = {
  unit: "line",
  textField: "text",
  onInvalid: "error",
  maxDocumentBytes: 1 << 20,
};

const folder = mkdtempSync(join(tmpdir(), "vocab-count-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Writes a file into a folder of this test, which is removed when it ends. */
export function writeTemp(name: string, contents: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, contents);
  return path;
}

/** Counts the file by the scanner, and collects its documents, which must be those that the scanner sampled. */
export async function countFile(path: string, options: Partial<ReadOptions> = {}): Promise<CountedFile> {
  const read = { ...READ_LINES, ...options };
  const sample = new DocumentSample(10_000, 0);
  const scanner = new SegmentScanner({
    longSegmentBytes: Number.MAX_SAFE_INTEGER,
    onLongSegment: () => {},
    sample,
    maxDocumentBytes: read.maxDocumentBytes,
  });
  const invalid = await passFile(path, scanner, read);
  const collected = new Map<number, string>();
  const collector = new DocumentCollector(read.maxDocumentBytes, (bytes, offset) =>
    collected.set(offset, Buffer.from(bytes).toString()),
  );
  await passFile(path, collector, { ...read, onBytes: () => {} });
  const sampled = sample.documents();
  if (scanner.documents !== collected.size || sampled.length !== collected.size)
    throw new Error(`${scanner.documents} documents counted, ${collected.size} collected`);
  for (const { bytes, offset } of sampled) {
    if (!collected.has(offset) || (bytes && Buffer.from(bytes).toString() !== collected.get(offset)))
      throw new Error(`another document was sampled at byte ${offset}`);
  }
  return {
    documents: [...collected.values()],
    offsets: [...collected.keys()],
    invalid,
    get counts() {
      return toMap(scanner.table.export());
    },
  };
}

async function passFile(path: string, sink: TextSink, read: ReadOptions): Promise<number> {
  const files = await findCorpusFiles([path]);
  let invalid = 0;
  for (const shard of planShards(files, read.unit === "line"))
    if (shard.task === "text") invalid += await countShard(sink, files[0]!, shard, read);
  return invalid;
}

/** The error of a run that must fail, as "code: message", with the path of the folder left out. */
export async function failureOf(path: string, options: Partial<ReadOptions> = {}): Promise<string> {
  try {
    await countFile(path, options);
  } catch (error) {
    if (!(error instanceof VocabError)) throw error;
    if (error.hint === undefined || error.hint === "") throw new Error("no hint", { cause: error });
    return `${error.code}: ${error.message.replaceAll(`${folder}/`, "")}`;
  }
  throw new Error(`${path} of ${statSync(path).size} bytes was counted`);
}
