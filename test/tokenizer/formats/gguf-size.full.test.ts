import { createHash } from "node:crypto";
import { closeSync, ftruncateSync, openSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readTokenizerFile } from "../../../src/tokenizer/read-tokenizer-file.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { GPT2, ggufFile } from "./gguf-tokenizers.ts";

const folder = temporaryFolder();
const MB = 1024 * 1024;
const SIZE = 2200 * MB;

// Node reads no file above 2 GiB in one piece. This one is a hole behind its metadata.
it("a GGUF file above 2 GiB is read, and summed up by chunks", { timeout: 120_000 }, () => {
  const path = join(folder, "large.gguf");
  const metadata = ggufFile(GPT2);
  writeFileSync(path, metadata);
  const descriptor = openSync(path, "r+");
  ftruncateSync(descriptor, SIZE);
  closeSync(descriptor);
  const hash = createHash("sha256").update(metadata);
  const zeros = Buffer.alloc(MB);
  for (let left = SIZE - metadata.length; left > 0; left -= MB)
    hash.update(zeros.subarray(0, Math.min(left, MB)));
  const before = process.memoryUsage().rss;
  const { definition, sha256 } = readTokenizerFile(path, "large.gguf");
  expect(sha256).toBe(hash.digest("hex"));
  expect(definition.vocabSize).toBe(14);
  expect(process.memoryUsage().rss - before).toBeLessThan(100 * MB);
});
