// The options of the verb `compare`, and what it tells of its progress.

import type { TextWordRule } from "../text/words.ts";
import type { TokenizerId } from "../tokenizer/load-tokenizer.ts";
import type { DocumentOptions } from "./document-options.ts";
import type { FilterOptions } from "./filter-options.ts";

export interface CompareOptions extends DocumentOptions, FilterOptions {
  /** BCP 47 tags. Needed but for `parallel`, where all that there are files of are the default. */
  readonly languages?: readonly string[] | undefined;
  /** Pattern of the files of parallel text: "texts/{lang}.txt". Default: the embedded declaration, by article. */
  readonly parallel?: string | undefined;
  /** Globs of texts that are not parallel: "texts/{lang}/*.txt" or "fa=a.txt". */
  readonly corpus?: readonly string[] | undefined;
  /** Folders of counts, in place of texts that are not parallel. */
  readonly counts?: readonly string[] | undefined;
  /** Tag of the language that premiums are over. Default "en". */
  readonly baseline?: string | undefined;
  /** Known names or paths. Default qwen3, llama3, gemma3. */
  readonly tokenizers?: readonly TokenizerId[] | undefined;
  /** Order of the languages: "premium", "fertility:gemma3", "language". Default: as asked for, else by tag. */
  readonly sort?: string | undefined;
  /** Default by script. */
  readonly words?: TextWordRule | "none" | undefined;
  /** Counting threads for large files. Default 1. */
  readonly workers?: number | undefined;
  /** Seed of the sample and of the bootstrap. Default 0. */
  readonly seed?: number | undefined;
  readonly onProgress?: ((progress: CompareProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface CompareProgress {
  readonly phase: "comparing";
  /** Name of the language that is measured. */
  readonly language: string;
  /** Languages measured before it, and in all. */
  readonly done: number;
  readonly of: number;
  /** Stored bytes read, and in all. */
  readonly bytes: number;
  readonly totalBytes: number;
}
