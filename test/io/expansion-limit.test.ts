import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { parquetWriteBuffer } from "hyparquet-writer";
import { expect, test } from "vitest";
import { limitExpansion } from "../../src/io/expansion-limit.ts";
import { count } from "../../src/pipeline/count.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const folder = temporaryFolder();
const MB = 2 ** 20;

test("a file may give so many times its bytes, and 64 MiB in any case", () => {
  const taken: number[] = [];
  const take = (size: number, offset: number) => taken.push(size, offset) > 0;
  const small = limitExpansion("a.gz", 1000, 250, take);
  expect(small(MB, 63 * MB)).toBe(true);
  expect(() => small(1, 64 * MB)).toThrow("a.gz: its 1000 bytes give more than 67108864");
  const large = limitExpansion("a.gz", MB, 250, take);
  expect(large(MB, 249 * MB)).toBe(true);
  expect(() => large(MB + 1, 249 * MB)).toThrow("decompressed");
  expect(taken).toEqual([MB, 63 * MB, MB, 249 * MB]);
});

test("a decompression bomb is refused, and counted where that is meant so", async () => {
  const path = join(folder, "bomb.txt.gz");
  writeFileSync(path, gzipSync(Buffer.alloc(65 * MB, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n")));
  const options = { corpus: [path], out: join(folder, "counts"), holdOut: 0 };
  await expect(count("en", options)).rejects.toMatchObject({
    code: "decompression-bomb",
    kind: "input",
    hint: expect.stringContaining("--max-expansion 1000"),
  });
  const { corpus } = await count("en", { ...options, maxExpansion: 1000 });
  expect(corpus.documents).toBe(Math.ceil((65 * MB) / 48));
});

test("a bomb of parquet is refused: one long text in a dictionary, for every row", async () => {
  const path = join(folder, "bomb.parquet");
  const data = Array.from({ length: 700 }, () => "a".repeat(MB / 10));
  writeFileSync(
    path,
    Buffer.from(parquetWriteBuffer({ columnData: [{ name: "text", data, type: "STRING" }] })),
  );
  const options = { corpus: [path], out: join(folder, "of-parquet"), holdOut: 0 };
  await expect(count("en", options)).rejects.toMatchObject({ code: "decompression-bomb", kind: "input" });
  const { corpus } = await count("en", { ...options, maxExpansion: 100_000 });
  expect(corpus.documents).toBe(700);
});
