// Files made by the reference libraries, whole and damaged in many places.

import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Compression, readCompressed } from "../../src/io/read-compressed.ts";
import { fileOf, files, folder, gather, outcome, quickStep, REFUSAL, write } from "./compressed-files.ts";

describe("read whole, all bytes told", () => {
  test.each(files)("$name", async ({ compression, text, stored }) => {
    expect(await gather(stored, compression)).toEqual([text, stored.length]);
  });
});

// Frames, streams, blocks and pieces of the stored file that end in any place relative to each other.
test.each(["zstd", "xz", "bzip2"] as const)("many %s files one behind the other", async (compression) => {
  const some = files.filter((file) => file.compression === compression);
  const many = Array.from({ length: compression === "bzip2" ? 40 : 700 }, (_, i) => some[i % 3]!);
  const stored = Buffer.concat(many.map((file) => file.stored));
  expect(await outcome(stored, compression)).toBe(many.map(({ text }) => text).join(""));
});

const CHECKED = [
  "zstd, one frame",
  "zstd, no size",
  "zstd, many blocks",
  "xz, crc32",
  "xz, crc64",
  "xz, long",
  "bzip2, one stream",
].map(fileOf);

describe("damaged", () => {
  test.each(CHECKED)("cut off anywhere: $name", async (file) => {
    const { compression, stored } = file;
    for (let at = 0; at < stored.length; at += quickStep(file))
      expect(await outcome(stored.subarray(0, at), compression), `at ${at}`).toMatch(
        new RegExp(`^corrupt-${compression}: file: the ${compression} data `),
      );
  });

  // A bit that means nothing may differ; a text never does.
  test.each(CHECKED)("a flipped bit anywhere: $name", async (file) => {
    const { compression, text, stored } = file;
    for (let at = 0; at < stored.length; at += quickStep(file)) {
      const damaged = Buffer.from(stored);
      damaged[at]! ^= 1 << (at % 8);
      const got = await outcome(damaged, compression);
      if (got !== text) expect(got, `at ${at}`).toMatch(REFUSAL);
    }
  });

  test.each(files)("garbage behind it: $name", async ({ compression, stored }) => {
    for (const rest of ["P", "garbage", "\0\0\0\0\0", "garbage, and more of it"])
      expect(await outcome(Buffer.concat([stored, Buffer.from(rest)]), compression), rest).toMatch(
        new RegExp(`^corrupt-${compression}: file: the ${compression} data `),
      );
  });
});

const cut = (name: string, at: number) =>
  [fileOf(name).stored.subarray(0, at), fileOf(name).compression] as const;
const changed = (name: string, at: number, to: number) => {
  const stored = Buffer.from(fileOf(name).stored);
  stored[at < 0 ? stored.length + at : at] = to;
  return [stored, fileOf(name).compression] as const;
};
const behind = (name: string) =>
  [
    Buffer.concat([fileOf(name).stored, Buffer.from("garbage ".repeat(3))]),
    fileOf(name).compression,
  ] as const;
const size = (name: string) => fileOf(name).stored.length;

describe("messages", () => {
  test.each<[string, readonly [Uint8Array, Compression], string]>([
    ["empty", cut("zstd, one frame", 0), "ends in the middle of what begins at byte 0: it is cut off"],
    ["cut", cut("zstd, one frame", 30), "ends in the middle of what begins at byte 0: it is cut off"],
    ["no zstd", changed("zstd, one frame", 0, 0), "has something else at byte 0, where a frame should begin"],
    [
      "garbage",
      behind("zstd, one frame"),
      `has something else at byte ${size("zstd, one frame")}, where a frame should begin`,
    ],
    ["check", changed("zstd, one frame", -1, 7), "is damaged at byte 0 or behind it (its checksum is wrong)"],
    [
      "size",
      changed("zstd, one frame", 5, 50),
      "is damaged at byte 0 or behind it (it should give 50 bytes and gives 47)",
    ],
    ["empty", cut("xz, crc64", 0), "ends in the middle: it is cut off"],
    ["cut", cut("xz, crc64", 50), "ends in the middle: it is cut off, or something else follows it"],
    ["empty", cut("bzip2, one stream", 0), "ends in the middle: it is cut off at byte 0"],
    ["cut", cut("bzip2, one stream", 50), "ends in the middle: it is cut off at byte 50"],
    [
      "no bzip2",
      changed("bzip2, one stream", 0, 0),
      "is damaged before byte 3 (it does not begin as bzip2 does)",
    ],
    [
      "garbage",
      behind("bzip2, one stream"),
      `has something else at byte ${size("bzip2, one stream")}, where a stream should begin`,
    ],
    [
      "check",
      changed("bzip2, one stream", 10, 7),
      `is damaged before byte ${size("bzip2, one stream") - 10} (a checksum is wrong)`,
    ],
  ])("%s", async (_, [stored, compression], message) => {
    expect(await outcome(stored, compression)).toBe(
      `corrupt-${compression}: file: the ${compression} data ${message}`,
    );
  });

  test("what a decoder of the program would refuse as well", async () => {
    const [large] = changed("zstd, no size", 5, 18 << 3);
    expect(await outcome(large, "zstd")).toBe(
      "zstd-window: file: the frame at byte 0 needs a window of 268435456 bytes; 134217728 are the limit",
    );
    const [dictionary] = changed("zstd, one frame", 4, 0x25);
    expect(await outcome(dictionary, "zstd")).toBe(
      "zstd-dictionary: file: the frame at byte 0 needs a dictionary",
    );
  });
});

describe.each(["zstd, many blocks", "xz, long", "bzip2, small blocks"])("%s and its caller", (name) => {
  const { compression, stored, text } = fileOf(name);
  const room = (size: number) => new Uint8Array(size);
  const fail = (message: string) => () => {
    throw new TypeError(message);
  };

  test("stops when it is told to, and reads the next file", async () => {
    let pieces = 0;
    await readCompressed(write(stored), compression, room, () => ++pieces < 1);
    expect(pieces).toBe(1);
    expect(await outcome(stored, compression)).toBe(text);
  });

  test("passes on what the caller throws, and reads the next file", async () => {
    const failing = readCompressed(write(stored), compression, room, fail("of the caller"));
    await expect(failing).rejects.toThrow(new TypeError("of the caller"));
    const stopped = readCompressed(write(stored), compression, room, () => true, {
      onBytes: fail("stopped"),
    });
    await expect(stopped).rejects.toThrow(new TypeError("stopped"));
    expect(await outcome(stored, compression)).toBe(text);
  });

  test.each(["/proc/self/mem", folder, join(folder, "none")])("%s cannot be read", async (path) => {
    await expect(readCompressed(path, compression, room, () => true)).rejects.toMatchObject({
      name: "VocabError",
      code: "unreadable",
    });
  });
});
