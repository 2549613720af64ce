import { mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import { VocabError } from "../../src/errors.ts";
import { CHUNK_BYTES, readGzip, readRange } from "../../src/io/read-chunks.ts";

const folder = mkdtempSync(join(tmpdir(), "vocab-chunks-"));
afterAll(() => rmSync(folder, { recursive: true }));

function write(contents: Uint8Array | string): string {
  const path = join(folder, "file");
  writeFileSync(path, contents);
  return path;
}

/** What `read` gives, in one piece. */
async function gather(
  read: (reserve: (size: number) => Uint8Array, take: (size: number, offset: number) => boolean) => unknown,
): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let room = new Uint8Array(0);
  let next: number | undefined;
  await read(
    (size) => {
      room = new Uint8Array(size);
      return room;
    },
    (size, offset) => {
      if (next !== undefined && next !== offset) throw new Error(`${offset} follows ${next}`);
      next = offset + size;
      pieces.push(Buffer.from(room.subarray(0, size)));
      return true;
    },
  );
  return Buffer.concat(pieces);
}

function unzip(contents: Uint8Array): Promise<string> {
  const path = write(contents);
  return gather((reserve, take) => readGzip(path, reserve, take)).then(
    (bytes) => bytes.toString(),
    (error: unknown) => {
      if (!(error instanceof VocabError) || error.hint === undefined) throw error;
      return `${error.code}: ${error.message.replace(`${folder}/`, "")}`;
    },
  );
}

const TEXT = Array.from({ length: 60_000 }, (_, i) => `line ${i * 7919}\n`).join("");
const CUT = "corrupt-gzip: file: the gzip data ends in the middle: it is cut off";

describe("readRange", () => {
  const bytes = Buffer.from(TEXT);
  test.each([
    [0, 10],
    [5, 5],
    [CHUNK_BYTES - 1, CHUNK_BYTES + 1],
    [3, bytes.length],
    [bytes.length - 1, bytes.length + 100],
    [bytes.length + 5, bytes.length + 100],
  ])("[%d, %d)", async (start, end) => {
    const path = write(TEXT);
    let told = 0;
    const read = await gather((reserve, take) =>
      readRange(path, start, end, reserve, take, (count) => {
        told += count;
      }),
    );
    expect(read.equals(bytes.subarray(start, end))).toBe(true);
    expect(told).toBe(read.length);
  });

  test("a file that shrinks while it is read ends where it ends", async () => {
    const path = write(TEXT);
    const size = statSync(path).size;
    let room = new Uint8Array(0);
    let read = 0;
    const reserve = (wanted: number) => {
      room = new Uint8Array(wanted);
      return room;
    };
    readRange(path, 0, size, reserve, (count) => {
      if (read === 0) truncateSync(path, CHUNK_BYTES + 10);
      expect(Buffer.from(room.subarray(0, count)).toString()).toBe(TEXT.slice(read, read + count));
      read += count;
      return true;
    });
    expect(read).toBe(CHUNK_BYTES + 10);
  });
});

describe("what cannot be read", () => {
  const nothing = () => true;
  // Opens, and fails at the first read, as root too.
  const unreadable = ["/proc/self/mem", folder, join(folder, "none")];

  test.each(unreadable)("%s, as it is", (path) => {
    const read = () => readRange(path, 0, 10, (size) => new Uint8Array(size), nothing);
    expect(read).toThrow(expect.objectContaining({ name: "VocabError", code: "unreadable" }));
    expect(read).toThrow(`${path} cannot be read: `);
  });

  test.each(unreadable)("%s, as gzip", async (path) => {
    const read = readGzip(path, (size) => new Uint8Array(size), nothing);
    await expect(read).rejects.toMatchObject({ name: "VocabError", code: "unreadable" });
  });
});

const gzip = gzipSync(TEXT);

describe("readGzip", () => {
  test("one member, several members, empty members, zeros behind them", async () => {
    const small = gzipSync("é");
    const empty = gzipSync("");
    expect(await unzip(gzip)).toBe(TEXT);
    expect(await unzip(Buffer.concat([small, empty, gzip, small]))).toBe(`é${TEXT}é`);
    expect(await unzip(empty)).toBe("");
    expect(await unzip(Buffer.concat([gzip, Buffer.alloc(70_000)]))).toBe(TEXT);
  });

  test("members that end where a piece of the stored file ends", async () => {
    const members = [-1, 0, 1].map((shift) => memberOfSize(CHUNK_BYTES + shift));
    for (const member of members) {
      expect((await unzip(Buffer.concat([member, gzipSync("end")]))).endsWith("end")).toBe(true);
      expect(await unzip(Buffer.concat([member, Buffer.from("garbage, and more of it")]))).toMatch(
        /^corrupt-gzip/,
      );
      expect(await unzip(Buffer.concat([member, Buffer.alloc(9), gzipSync("lost")]))).toMatch(
        /^corrupt-gzip/,
      );
    }
  });

  test("cut off anywhere, at 0 bytes and in the header too", async () => {
    for (const at of [0, 1, 2, 3, 9, 10, 11, 1000, gzip.length - 9, gzip.length - 8, gzip.length - 1])
      expect(await unzip(gzip.subarray(0, at)), `${at}`).toBe(CUT);
    for (const at of [1, 2, 5, 10, 100])
      expect(await unzip(Buffer.concat([gzip, gzip.subarray(0, at)])), `second ${at}`).toBe(CUT);
  });

  test("a flipped bit anywhere in the data or the checks", async () => {
    const small = gzipSync(TEXT.slice(0, 300));
    for (let at = 0; at < small.length; at++) {
      if (at >= 3 && at < 10) continue; // flags, time and system, which no check covers
      const damaged = Buffer.from(small);
      damaged[at]! ^= 0x10;
      expect(await unzip(damaged), `${at}`).toMatch(/^corrupt-gzip: file: the gzip data /);
    }
  });

  test("what is no gzip, before or behind it", async () => {
    expect(await unzip(Buffer.from("plain text"))).toBe(
      "corrupt-gzip: file: the gzip data is damaged (incorrect header check)",
    );
    for (const rest of ["P", "garbage", "\x1f\x8b", "\0\0garbage"])
      expect(await unzip(Buffer.concat([gzip, Buffer.from(rest, "latin1")]))).toMatch(
        /^corrupt-gzip: file: /,
      );
    expect(await unzip(Buffer.concat([gzip, Buffer.alloc(9), gzip]))).toBe(
      `corrupt-gzip: file: the gzip data is followed by zeros and then by something else, behind byte ${gzip.length}`,
    );
  });
});

describe("readGzip and its caller", () => {
  test("stops when it is told to, and passes on what `take` throws", async () => {
    const path = write(gzip);
    let pieces = 0;
    await readGzip(
      path,
      (size) => new Uint8Array(size),
      () => ++pieces < 2,
    );
    expect(pieces).toBe(2);
    const failing = readGzip(
      path,
      (size) => new Uint8Array(size),
      () => {
        throw new TypeError("of the caller");
      },
    );
    await expect(failing).rejects.toThrow(TypeError);
  });

  test("tells the stored bytes, all of them", async () => {
    const path = write(gzip);
    let told = 0;
    const onBytes = (count: number) => (told += count);
    await gather((reserve, take) => readGzip(path, reserve, take, { onBytes }));
    expect(told).toBe(gzip.length);
  });

  test.each([0, 9, 3 * CHUNK_BYTES])(
    "shows them where they lie, with %i zeros behind them",
    async (zeros) => {
      const stored = Buffer.concat([gzip, Buffer.alloc(zeros)]);
      const path = write(stored);
      const seen = Buffer.alloc(stored.length, 0xff);
      const onStored = (bytes: Uint8Array, offset: number) => seen.set(bytes, offset);
      await gather((reserve, take) => readGzip(path, reserve, take, { onStored }));
      expect(seen.equals(stored)).toBe(true);
    },
  );
});

/** A gzip member of exactly `size` bytes: the text is stored, a file name in the header fills it up. */
function memberOfSize(size: number): Buffer {
  const member = gzipSync("x".repeat(size - 2000), { level: 0 });
  const name = Buffer.alloc(size - member.length, "n");
  name[name.length - 1] = 0;
  const header = Buffer.from(member.subarray(0, 10));
  header[3] = 8;
  return Buffer.concat([header, name, member.subarray(10)]);
}
