// What a file format of tokenizers is to the rest of vocab. Adding one is adding a file like tiktoken-format.ts and a line
// to all-formats.ts (docs/adding-a-format.md).

import type { TokenizerDefinition } from "../definition.ts";

export interface TokenizerFormat {
  /** As messages call it. */
  readonly name: string;
  /** What such files are called in a folder, the usual name first; `*` stands for anything. */
  readonly fileNames: readonly string[];
  /** Whether a file that begins so is of this format. `head` has at most `HEAD_BYTES`. */
  recognizes(head: Buffer): boolean;
  /** @throws VocabError `tokenizer-invalid`, `tokenizer-unsupported`, `pattern-unsupported`, naming the place in the file */
  parse(file: TokenizerFile): TokenizerDefinition;
}

export interface TokenizerFile {
  readonly path: string;
  /** What messages call it. */
  readonly name: string;
  /** All of it, read when first asked for. */
  readonly bytes: () => Buffer;
  /** In hexadecimal. */
  readonly sha256: () => string;
}

export const HEAD_BYTES = 4096;
