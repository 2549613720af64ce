// The loops in WebAssembly against their twins in TypeScript: equal counts, documents, samples and ids.

import { afterEach, expect, test } from "vitest";
import { ByteStringTable } from "../../src/counting/byte-string-table.ts";
import { DOCUMENT_START, SEGMENT_PADDING } from "../../src/counting/segment-counts.ts";
import { SegmentTable } from "../../src/counting/segment-table.ts";
import { CorpusMeasurement } from "../../src/pipeline/corpus-measurement.ts";
import { PieceLoops } from "../../src/pre-tokens/piece-loops.ts";
import { findTraits } from "../../src/pre-tokens/segment-traits.ts";
import { BpeEncoder } from "../../src/tokenizer/bpe-encoder.ts";
import { findTokenizer, loadTokenizer } from "../../src/tokenizer/load-tokenizer.ts";
import { MergeTable } from "../../src/tokenizer/merge-table.ts";
import { requireBpe } from "../../src/tokenizer/require-bpe.ts";
import { enableWasm } from "../../src/wasm/load-wasm.ts";
import { scanText } from "../counting/scan-text.ts";
import { hostileLine, Random } from "../tokenizer/hostile-text.ts";

afterEach(() => enableWasm(true));

function inBoth<T>(run: () => T): readonly [wasm: T, typescript: T] {
  enableWasm(true);
  const wasm = run();
  enableWasm(false);
  return [wasm, run()];
}

test("both kinds are there to be compared", () => {
  const [wasm, typescript] = inBoth(() => [
    new SegmentTable().memory.scan,
    new MergeTable(new Int32Array(0)).loops,
    PieceLoops.over(new ByteStringTable()),
  ]);
  expect(wasm.every((loop) => loop !== undefined)).toBe(true);
  expect(typescript).toEqual([undefined, undefined, undefined]);
});

test.each([true, false])("scanning hostile text, by lines: %s", (lines) => {
  const random = new Random(11);
  for (let round = 0; round < 40; round++) {
    const text = random.times(50, () => hostileLine(random)).join(round % 3 === 0 ? "\r\n" : "\n");
    const pieces = random.times(30, () => Math.floor(random.next() * 200));
    const [wasm, typescript] = inBoth(() =>
      scanText(text, { lines, pieces, sampleSize: 20, longSegmentBytes: 96 }),
    );
    expect(wasm).toEqual(typescript);
  }
});

test("scanning more distinct keys than the table has room for", () => {
  const random = new Random(12);
  const text = random.times(900_000, () => `w${Math.floor(600_000 * random.next() ** 3)}`).join(" ");
  const [wasm, typescript] = inBoth(() => scanText(text, { lines: true, pieces: Array(30).fill(1 << 18) }));
  expect(wasm.counts.size).toBeGreaterThan(200_000);
  expect(wasm.counts).toEqual(typescript.counts);
}, 60_000);

test("scanning many segments that are longer than a key, more at once than the queue holds", () => {
  const random = new Random(15);
  const words = random.times(30_000, () =>
    Math.floor(random.next() * 1e9)
      .toString(36)
      .repeat(3 + Math.floor(random.next() * 12)),
  );
  const text = random.times(120_000, () => words[Math.floor(words.length * random.next() ** 2)]!).join(" ");
  const [wasm, typescript] = inBoth(() =>
    scanText(text, { lines: true, pieces: Array(30).fill(1 << 18), longSegmentBytes: 96 }),
  );
  expect([...wasm.counts.keys()].filter((key) => key.length > 32).length).toBeGreaterThan(20_000);
  expect(wasm).toEqual(typescript);
}, 60_000);

test("traits of hostile segments, one of them larger than a chunk", () => {
  const random = new Random(16);
  const segments = random.times(20_000, () => Buffer.from(hostileLine(random), "utf8"));
  segments.push(
    Buffer.from("ab \u0301\u0300▁ ١".repeat(6000), "utf8"),
    Buffer.of(DOCUMENT_START, 0x20, 0x61),
  );
  const bytes = Buffer.concat([...segments, Buffer.alloc(SEGMENT_PADDING)]);
  const offsets = new Uint32Array(segments.length + 1);
  segments.forEach((segment, i) => {
    offsets[i + 1] = offsets[i]! + segment.length;
  });
  const block = { bytes, offsets, counts: new Float64Array(segments.length).fill(1) };
  const pairs = new Uint8Array(0x10000).map((_, pair) => (pair % 97 === 0 ? 1 : 0));
  const [wasm, typescript] = inBoth(() => findTraits(block, pairs));
  expect(wasm).toEqual(typescript);
});

test.each(["qwen3", "gemma3"])("merging hostile lines under %s", (id) => {
  const definition = requireBpe(loadTokenizer(findTokenizer(id)).tokenizer.definition, id);
  const [wasm, typescript] = inBoth(() => new BpeEncoder(definition.model));
  const random = new Random(13);
  for (let round = 0; round < 5000; round++) {
    const bytes = Buffer.from(hostileLine(random), "utf8");
    const [ids, twin] = [wasm, typescript].map((encoder) => {
      const count = encoder.encode(bytes, 0, bytes.length);
      return [...encoder.ids.subarray(0, count), ...encoder.lengths.subarray(0, count)];
    });
    expect(ids).toEqual(twin);
  }
});

test("dividing and numbering hostile documents under three tokenizers", () => {
  const random = new Random(14);
  const long = ["ก", "word", "é", "\u0301", "1"].map((text) => text.repeat(400));
  const words = random.times(60_000, () => `w${Math.floor(random.next() * 1e6).toString(36)}`);
  const documents = [...random.times(3000, () => hostileLine(random)), ...long, words.join(" ")].map((text) =>
    Buffer.from(text, "utf8"),
  );
  const loaded = ["qwen3", "llama3", "gemma3"].map((id) => loadTokenizer(findTokenizer(id)));
  const [wasm, typescript] = inBoth(() => {
    const measurement = new CorpusMeasurement(loaded, { rule: "whitespace", locale: "en" }, 0);
    return measurement.finish(measurement.countDocuments(documents, 0).sample);
  });
  expect(wasm.text.words).toBeGreaterThan(60_000);
  expect(wasm).toEqual(typescript);
}, 60_000);
