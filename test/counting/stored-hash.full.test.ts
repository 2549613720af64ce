// Compressed files larger than a chunk of the hash, whose stored text hardly shrinks: the digest is that of the stored
// bytes, for one worker and for two.

import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { HASH_CHUNK_BYTES } from "../../src/corpus/shards.ts";
import { count } from "../../src/pipeline/count.ts";
import { rawZstd } from "../io/compressed-files.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const folder = temporaryFolder();
// Few different segments, so that counting them takes little of the test's time.
const text = Buffer.from("سلام دنیا! این یک سطر است.\n".repeat(20_000));
const sha256 = (...parts: readonly Uint8Array[]) => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
};

function digestSlowly(stored: Uint8Array): string {
  const chunks: Uint8Array[] = [];
  for (let start = 0; start < stored.length; start += HASH_CHUNK_BYTES)
    chunks.push(sha256(stored.subarray(start, start + HASH_CHUNK_BYTES)));
  return sha256(...chunks).toString("hex");
}

/** A gzip file of about `size` bytes. */
function stored(size: number): Buffer {
  const member = gzipSync(text, { level: 0 });
  return Buffer.concat(Array.from({ length: Math.ceil(size / member.length) }, () => member));
}

test("files of several chunks, and of exactly two", async () => {
  const large = stored(1.6 * HASH_CHUNK_BYTES);
  const exact = stored(1.9 * HASH_CHUNK_BYTES);
  const padded = Buffer.concat([exact, Buffer.alloc(2 * HASH_CHUNK_BYTES - exact.length)]);
  const files = {
    "a.txt.gz": large,
    "b.txt.gz": padded,
    "c.txt.zst": rawZstd(Buffer.alloc(2.2 * HASH_CHUNK_BYTES, "ab cd\nef")),
  };
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
  const counted = async (workers: number) => {
    const out = join(folder, `counts-${workers}`);
    const result = await count("fa", { corpus: [join(folder, "*.txt.*")], out, workers });
    const bytes = readdirSync(out).map((name) => [name, readFileSync(join(out, name), "base64")]);
    return { files: result.files, bytes };
  };
  const one = await counted(1);
  const expected = Object.values(files).map((bytes) => ({
    sha256: digestSlowly(bytes),
    bytes: bytes.length,
  }));
  const bySha = (a: { readonly sha256: string }, b: { readonly sha256: string }) =>
    a.sha256 < b.sha256 ? -1 : 1;
  expect(one.files).toEqual(expected.sort(bySha));
  expect(await counted(2)).toEqual(one);
});
