import { describe, expect, it } from "vitest";
import { sortedOrder, textSize } from "../../src/counting/canonical-counts.ts";
import { decodeCounts } from "../../src/counting/counts-file.ts";
import { SEGMENT_PADDING, type SegmentCounts } from "../../src/counting/segment-counts.ts";
import { VocabError } from "../../src/errors.ts";
import { Random } from "../tokenizer/hostile-text.ts";
import { encodeCounts } from "./encode-counts.ts";
import { toMap } from "./scan-text.ts";

function countsOf(entries: readonly (readonly [string | Uint8Array, number])[]): SegmentCounts {
  const all = Buffer.concat(entries.map(([segment]) => Buffer.from(segment as string)));
  const bytes = new Uint8Array(all.length + SEGMENT_PADDING);
  bytes.set(all);
  const offsets = new Uint32Array(entries.length + 1);
  entries.forEach(([segment], i) => {
    offsets[i + 1] = offsets[i]! + Buffer.from(segment as string).length;
  });
  return { bytes, offsets, counts: Float64Array.from(entries, ([, count]) => count) };
}

/** Few letters, so that segments begin alike; NUL and the mark of a document's start among them. */
function randomEntries(random: Random, size: number): [Uint8Array, number][] {
  const entries = new Map<string, [Uint8Array, number]>();
  for (let i = 0; i < size; i++) {
    const length = random.integer(1, random.pick([3, 9, 200]));
    const segment = Uint8Array.from({ length }, () => random.pick([0, 0x20, 0x61, 0x62, 0xd8, 0xa7, 0xff]));
    const count = random.pick([1, 2, 127, 128, 2 ** 32, 2 ** 53 - 1]);
    entries.set(Buffer.from(segment).toString("hex"), [segment, count]);
  }
  return [...entries.values()];
}

// "a" 3, " ab" 1 and " ac" 2, in order " ab", " ac", "a": 3 segments, 7 bytes; then what is shared, the rest, the count.
it("by hand", () => {
  const data = encodeCounts([
    countsOf([
      ["a", 3],
      [" ac", 2],
      [" ab", 1],
    ]),
  ]);
  const head = Buffer.from("vocab.counts/1\n").toString("hex");
  expect(Buffer.from(data).toString("hex")).toBe(
    `${head}0307${"0003206162" + "01"}${"020163" + "02"}${"000161" + "03"}`,
  );
});

describe("random tables", () => {
  const random = new Random(1);
  const tables = random.times(40, () => randomEntries(random, random.integer(0, 60)));

  it("come back as they were", () => {
    for (const entries of tables) {
      const [first, second] = decodeCounts(encodeCounts([countsOf(entries), countsOf([])]), 2, "x");
      expect(toMap(first!)).toEqual(toMap(countsOf(entries)));
      expect(toMap(second!)).toEqual(new Map());
    }
  });

  it("are the same bytes in any order", () => {
    for (const entries of tables)
      expect(encodeCounts([countsOf(random.shuffle([...entries]))])).toEqual(
        encodeCounts([countsOf(entries)]),
      );
  });

  it("are in the order of their bytes but for the mark, the marked one last", () => {
    for (const entries of tables) {
      const order = [...sortedOrder(countsOf(entries))].map((i) => Buffer.from(entries[i]![0]));
      const text = (segment: Buffer) => (segment[0] === 0xff ? segment.subarray(1) : segment);
      const compare = (a: Buffer, b: Buffer) => Buffer.compare(text(a), text(b)) || a.length - b.length;
      expect(order).toEqual([...order].sort(compare));
    }
  });
});

describe("what is damaged is refused", () => {
  const data = encodeCounts([countsOf(randomEntries(new Random(2), 30))]);
  const code = (bytes: Uint8Array, tables = 1): string => {
    try {
      decodeCounts(bytes, tables, "folder/segments.bin");
    } catch (error) {
      if (error instanceof VocabError && error.message.startsWith("folder/segments.bin: ")) return error.code;
      throw error;
    }
    return "read";
  };

  it("cut off anywhere", () => {
    for (let size = 0; size < data.length; size++)
      expect(code(data.subarray(0, size))).toBe("counts-invalid");
  });

  it("too long, of another kind, empty, of fewer tables", () => {
    expect(code(Buffer.concat([data, Buffer.from([0])]))).toBe("counts-invalid");
    expect(code(Buffer.from("vocab.counts/2\n..."))).toBe("counts-invalid");
    expect(code(new Uint8Array(0))).toBe("counts-invalid");
    expect(code(data, 2)).toBe("counts-invalid");
  });

  it("a changed byte is read or refused, never a crash or a loop", () => {
    const random = new Random(3);
    for (let i = 0; i < 300; i++) {
      const changed = Uint8Array.from(data);
      changed[random.integer(0, data.length - 1)] = random.integer(0, 255);
      expect(["read", "counts-invalid"]).toContain(code(changed));
    }
  });
});

it("the size of a text: a mark is no byte of it, and continuation bytes are no characters", () => {
  const counts = countsOf([
    [Uint8Array.of(0xff, 0x20, 0x61), 2],
    ["سلا", 3],
    ["😀", 1],
  ]);
  expect(textSize(counts)).toEqual({ bytes: 2 * 2 + 6 * 3 + 4, characters: 2 * 2 + 3 * 3 + 1 });
});
