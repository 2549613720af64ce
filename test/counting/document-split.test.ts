import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { documentClassifier } from "../../src/counting/classify-documents.ts";
import { type DocumentSplit, mergeLists } from "../../src/counting/document-chooser.ts";
import { DocumentSample } from "../../src/counting/document-sample.ts";
import { DocumentSplitter } from "../../src/counting/document-split.ts";
import { LONG_SEGMENT_BYTES, LongSegments, withoutLong } from "../../src/counting/long-segments.ts";
import { mergeCounts } from "../../src/counting/merge-counts.ts";
import type { SegmentCounts } from "../../src/counting/segment-counts.ts";
import { SegmentScanner } from "../../src/counting/segment-scanner.ts";
import { countSlowly, documentsSlowly } from "../reference/segments.ts";
import { Random } from "../tokenizer/hostile-text.ts";
import { hostileText, pieceSizes } from "./hostile-pieces.ts";
import { feed, toMap } from "./scan-text.ts";

const MAX = 1 << 26;

function splitText(text: string, split: DocumentSplit, lines: boolean, pieces: readonly number[] = []) {
  const blocks: SegmentCounts[] = [];
  const long = new LongSegments((block) => blocks.push(block));
  const sample = new DocumentSample(1000, 0);
  const splitter = new DocumentSplitter(split, sample, long, MAX);
  const scanner = new SegmentScanner({
    longSegmentBytes: LONG_SEGMENT_BYTES,
    onLongSegment: (bytes, start, end, opens) => splitter.add(bytes, start, end, opens),
    sample: splitter,
    maxDocumentBytes: MAX,
  });
  feed(scanner, Buffer.from(text), { lines, pieces });
  long.flush();
  const heldOut = splitter.result();
  const counts = mergeCounts([scanner.table.export()], [withoutLong(heldOut.counts)]);
  return { training: toMap(mergeCounts([counts, ...blocks])), heldOut, sample: sample.documents() };
}

const lines = (random: Random, count: number) =>
  random.times(count, () =>
    hostileText(random, random.integer(0, 12))
      .replaceAll("\ufeff", "")
      .replaceAll("\n", random.pick(["\n", "."])),
  );

function taken(documents: readonly string[], split: DocumentSplit): string[] {
  const isTaken = documentClassifier(split, MAX);
  return documents.filter((document) => isTaken(Buffer.from(document)));
}

describe("by rule", () => {
  it("counts training and held-out text as if each had been alone, in any pieces", () => {
    const random = new Random(1);
    let held = 0;
    for (let i = 0; i < 25; i++) {
      const text = lines(random, 40).join("\n");
      const split = { kind: "rule", every: random.integer(2, 5), seed: i } as const;
      const documents = documentsSlowly(text, true);
      const heldOut = taken(documents, split);
      held += heldOut.length;
      const found = splitText(text, split, true, pieceSizes(random, Buffer.byteLength(text)));
      expect(found.heldOut.documents).toBe(heldOut.length);
      expect(toMap(found.heldOut.counts)).toEqual(countSlowly(heldOut));
      const rest = documents.filter((document) => !heldOut.includes(document));
      expect(found.training).toEqual(countSlowly(rest));
      expect(found.sample.map(({ bytes }) => Buffer.from(bytes!).toString()).sort()).toEqual(
        [...heldOut].sort(),
      );
    }
    expect(held).toBeGreaterThan(100);
  });

  it("takes about one document in so many, and others with another seed", () => {
    const documents = Array.from({ length: 5000 }, (_, i) => `document number ${i}`);
    const chosen = (seed: number) => taken(documents, { kind: "rule", every: 50, seed });
    expect(chosen(0).length).toBeGreaterThan(70);
    expect(chosen(0).length).toBeLessThan(130);
    expect(chosen(1)).not.toEqual(chosen(0));
  });

  it("a whole file is one document", () => {
    const text = "one two\nthree";
    const chosen = [0, 1, 2, 3].map((seed) => splitText(text, { kind: "rule", every: 2, seed }, false));
    for (const { heldOut, training } of chosen) {
      expect(heldOut.documents === 1 ? training : toMap(heldOut.counts)).toEqual(new Map());
      expect(heldOut.documents === 1 ? toMap(heldOut.counts) : training).toEqual(countSlowly([text]));
    }
    expect(new Set(chosen.map(({ heldOut }) => heldOut.documents)).size).toBe(2);
  });
});

it("a document longer than 16 MiB stays in the training text, and its long segments with it", () => {
  const word = "ยาว".repeat(40);
  const large = `${`${word} `.repeat(Math.ceil((16 << 20) / word.length / 3))}end`;
  const { training, heldOut } = splitText(large, { kind: "rule", every: 2, seed: 0 }, false);
  const other = splitText(large, { kind: "rule", every: 2, seed: 1 }, false);
  expect([heldOut.documents, other.heldOut.documents]).toEqual([0, 0]);
  expect(training).toEqual(countSlowly([large]));
}, 20_000);

describe("by list", () => {
  it("leaves out the documents that were listed, however often they stand", () => {
    const random = new Random(2);
    const heldOut = lines(random, 12);
    const text = [
      ...lines(random, 20),
      ...heldOut.slice(0, 6),
      ...lines(random, 5),
      ...heldOut.slice(3, 8),
    ].join("\n");
    const all = splitText(heldOut.join("\n"), { kind: "all" }, true);
    const listed = documentsSlowly(heldOut.join("\n"), true);
    expect(all.training).toEqual(new Map());
    expect(toMap(all.heldOut.counts)).toEqual(countSlowly(listed));
    expect(Buffer.from(all.heldOut.list.digests.subarray(0, 32)).toString("hex")).toBe(
      createHash("sha256").update(listed[0]!).digest("hex"),
    );
    const list = mergeLists([all.heldOut.list, all.heldOut.list]);
    expect(list.keys.length).toBe(new Set(listed).size);
    const found = splitText(text, { kind: "listed", list }, true);
    expect(found.training).toEqual(
      countSlowly(documentsSlowly(text, true).filter((one) => !listed.includes(one))),
    );
  });

  it("a document of the same key but other bytes stays", () => {
    const { list } = splitText("the same", { kind: "all" }, true).heldOut;
    const wrong = { keys: list.keys, digests: new Uint8Array(32) };
    expect(splitText("the same", { kind: "listed", list }, true).training).toEqual(new Map());
    expect(splitText("the same", { kind: "listed", list: wrong }, true).training).toEqual(
      countSlowly(["the same"]),
    );
  });
});
