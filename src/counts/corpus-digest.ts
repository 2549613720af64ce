// The hash that names a corpus: CONTRACT section 3, corpus.sha256.

import { createHash } from "node:crypto";
import { byCodeUnits, type CorpusFile } from "../corpus/files.ts";
import type { CountedFile } from "./counts-manifest.ts";

/** Over the files in any order. */
export function corpusDigest(files: readonly CountedFile[]): string {
  const lines = files.map(({ sha256, bytes }) => `${sha256} ${bytes}\n`);
  return createHash("sha256").update(lines.sort(byCodeUnits).join("")).digest("hex");
}

/**
 * @param chunks SHA-256 of each 64 MiB as stored, in order; of a file of a hub, which need not be read as a whole, none: the
 * hub's own hash takes their place
 */
export function countedFile({ size, remote }: CorpusFile, chunks: readonly Uint8Array[]): CountedFile {
  const hash = createHash("sha256");
  for (const chunk of remote === undefined ? chunks : [Buffer.from(remote.file.hash, "hex")])
    hash.update(chunk);
  return { sha256: hash.digest("hex"), bytes: size };
}

/** One stored text of less than 64 MiB as a file of its own. */
export function fileOfText(stored: Uint8Array): CountedFile {
  const chunk = createHash("sha256").update(stored).digest();
  return { sha256: createHash("sha256").update(chunk).digest("hex"), bytes: stored.length };
}
