import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { StoredHash } from "../../src/counting/stored-hash.ts";
import { Random } from "../tokenizer/hostile-text.ts";
import { writeTemp } from "./count-file.ts";

const CHUNK = 10;

/** "start: SHA-256" of each chunk. */
function chunksSlowly(stored: Uint8Array): string[] {
  const result: string[] = [];
  for (let start = 0; start < Math.max(1, stored.length); start += CHUNK) {
    const chunk = stored.subarray(start, start + CHUNK);
    result.push(`${start}: ${createHash("sha256").update(chunk).digest("hex")}`);
  }
  return result;
}

const random = new Random(3);
const bytesOf = (size: number) => Uint8Array.from({ length: size }, () => random.integer(0, 255));

function hashOf(stored: Uint8Array, size = stored.length): StoredHash {
  return new StoredHash({ path: writeTemp("hashed.gz", stored), size }, CHUNK);
}

const ended = (hash: StoredHash) =>
  hash.end().map(({ start, digest }) => `${start}: ${Buffer.from(digest).toString("hex")}`);

describe("the chunks of a file", () => {
  test.each([0, 1, 9, 10, 11, 20, 25])("of %i bytes, in any pieces, some of them again", (size) => {
    for (let round = 0; round < 20; round++) {
      const stored = bytesOf(size);
      const hash = hashOf(stored);
      for (let at = 0; at < size; ) {
        const length = random.integer(1, 12);
        hash.take(stored.subarray(at, at + length), at);
        at = random.chance(0.2) ? random.integer(0, at) : at + length;
      }
      expect(ended(hash)).toEqual(chunksSlowly(stored));
    }
  });

  test.each([0, 5, 10, 17, 40])("what nobody needed behind byte %i is read in the end", (read) => {
    const stored = bytesOf(45);
    const hash = hashOf(stored);
    hash.take(stored.subarray(0, read), 0);
    expect(ended(hash)).toEqual(chunksSlowly(stored));
  });

  test("what is shown beyond a gap is read in the end, too", () => {
    const stored = bytesOf(45);
    const hash = hashOf(stored);
    hash.take(stored.subarray(20, 30), 20);
    expect(ended(hash)).toEqual(chunksSlowly(stored));
  });

  test.each([0, 10, 15])("a file of %i bytes that has become longer is hashed as it was listed", (size) => {
    const stored = bytesOf(30);
    const hash = hashOf(stored, size);
    hash.take(stored, 0);
    expect(ended(hash)).toEqual(chunksSlowly(stored.subarray(0, size)));
  });

  test.each([0, 12])("one that has become shorter is refused, with %i bytes read before", (read) => {
    const stored = bytesOf(12);
    const hash = hashOf(stored, 13);
    hash.take(stored.subarray(0, read), 0);
    expect(() => hash.end()).toThrow(/hashed\.gz became shorter while it was read: it ends at byte 12$/);
  });
});
