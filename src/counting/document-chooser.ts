// Chooses the documents of a corpus that are counted apart from the others, by what they say.

import { createHash } from "node:crypto";
import { documentKey } from "./document-sample.ts";

/**
 * Which documents leave the training text.
 * - `rule`: one in `every`, chosen by a seeded hash of the text, so that equal documents go the same way, whatever the
 *   order of the files and the number of workers;
 * - `all`: every one, and their digests are listed;
 * - `listed`: those that were listed before.
 */
export type DocumentSplit =
  | { readonly kind: "rule"; readonly every: number; readonly seed: number }
  | { readonly kind: "all" }
  | { readonly kind: "listed"; readonly list: DocumentList };

/** Documents by content: a quick key of each, and the SHA-256 of its bytes. */
export interface DocumentList {
  readonly keys: Float64Array;
  /** 32 bytes a document. */
  readonly digests: Uint8Array;
}

/** Larger documents are never held out by rule: up to here they are kept in memory until their hash is known. */
export const MAX_HELD_OUT_DOCUMENT_BYTES = 16 * 1024 * 1024;

const DIGEST_BYTES = 32;

export class DocumentChooser {
  /** Documents up to this size must be at hand. */
  readonly keepBytes: number;
  private readonly split: DocumentSplit;
  private readonly listed = new Map<number, string[]>();
  private readonly keys: number[] = [];
  private readonly digests: Buffer[] = [];

  constructor(split: DocumentSplit, maxDocumentBytes: number) {
    this.split = split;
    this.keepBytes =
      split.kind === "rule" ? Math.min(MAX_HELD_OUT_DOCUMENT_BYTES, maxDocumentBytes) : maxDocumentBytes;
    if (split.kind === "listed") this.index(split.list);
  }

  /**
   * Whether the document `buffer[start, end)` is one of them.
   * @param hashA, hashB two independent 32-bit hashes of its segments
   */
  takes(hashA: number, hashB: number, buffer: Uint8Array, start: number, end: number): boolean {
    if (start < 0) return false;
    const { split } = this;
    if (split.kind === "rule") {
      const key = documentKey(hashA, hashB, end - start, split.seed);
      return end - start <= this.keepBytes && key % split.every === 0;
    }
    const key = documentKey(hashA, hashB, end - start, 0);
    if (split.kind === "listed")
      return this.listed.get(key)?.includes(digestOf(buffer, start, end).toString("hex")) === true;
    this.keys.push(key);
    this.digests.push(digestOf(buffer, start, end));
    return true;
  }

  /** What was taken, where the split is `all`. */
  list(): DocumentList {
    return { keys: Float64Array.from(this.keys), digests: Uint8Array.from(Buffer.concat(this.digests)) };
  }

  private index({ keys, digests }: DocumentList): void {
    const bytes = Buffer.from(digests.buffer, digests.byteOffset, digests.byteLength);
    keys.forEach((key, i) => {
      const digest = bytes.toString("hex", i * DIGEST_BYTES, (i + 1) * DIGEST_BYTES);
      this.listed.set(key, [...(this.listed.get(key) ?? []), digest]);
    });
  }
}

function digestOf(buffer: Uint8Array, start: number, end: number): Buffer {
  return createHash("sha256").update(buffer.subarray(start, end)).digest();
}

/** The lists of several workers as one, each document once, in order of digest. */
export function mergeLists(lists: readonly DocumentList[]): DocumentList {
  const keyOf = new Map<string, number>();
  for (const { keys, digests } of lists) {
    const bytes = Buffer.from(digests.buffer, digests.byteOffset, digests.byteLength);
    keys.forEach((key, i) => {
      keyOf.set(bytes.toString("hex", i * DIGEST_BYTES, (i + 1) * DIGEST_BYTES), key);
    });
  }
  const digests = [...keyOf.keys()].sort();
  return {
    keys: Float64Array.from(digests, (digest) => keyOf.get(digest)!),
    digests: Uint8Array.from(Buffer.from(digests.join(""), "hex")),
  };
}
