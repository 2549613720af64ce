// The result of `vocab analyze`, as CONTRACT section 3 defines it. Keys stand in the order in which they are written.

import type { CorpusFilter } from "../counts/corpus-filter.ts";
import type { DroppedTail } from "../counts/counts-manifest.ts";
import type { FloorRule } from "../metrics/figures.ts";
import type { FertilityInterval } from "../metrics/interval.ts";
import type { Orthography } from "../text/orthography.ts";
import type { WordRule } from "../text/words.ts";

export interface AnalysisResult {
  readonly schema: "vocab.analysis/1";
  readonly language: {
    readonly tag: string;
    readonly name: string;
    readonly script: string;
    readonly direction: "ltr" | "rtl";
  };
  readonly corpus: AnalysisCorpus;
  readonly results: readonly TokenizerResult[];
  /** With `--orthography`: the same text as the orthography spells it. */
  readonly normalized?: NormalizedResults | undefined;
  readonly run: RunRecord;
}

export interface NormalizedResults {
  readonly orthography: Orthography;
  /** Letters of the text that are others there. Words are as many. */
  readonly changedCharacters: number;
  /** Zero width non-joiners of the text that are not there. */
  readonly removedCharacters: number;
  /** As `results`. */
  readonly results: readonly TokenizerResult[];
}

export interface AnalysisCorpus {
  /** Absent, as is the hash, for counts that another program made. */
  readonly files?: number | undefined;
  readonly documents: number;
  readonly bytes: number;
  readonly characters: number;
  readonly words?: number | undefined;
  readonly wordRule: WordRule;
  readonly unit: "line" | "file" | "record";
  /** Ill-formed sequences replaced, or documents skipped. */
  readonly invalid: number;
  readonly sha256?: string | undefined;
  /** The repositories of a hub, with their commits, that files are of: `hf://datasets/org/name@<commit>`. */
  readonly hub?: readonly string[] | undefined;
  /** What was left out, where something was to be. */
  readonly filter?: CorpusFilter | undefined;
  /** The embedded text, where no files were given. */
  readonly source?: string | undefined;
  /** The text was not read: its counts were (`--counts`). */
  readonly fromCounts?: true | undefined;
  /** Rare segments that the counts are without (`--min-count`): no figure has them. */
  readonly dropped?: DroppedTail | undefined;
  /** ICU version, on which the word rule `uax29` depends. */
  readonly icu?: string | undefined;
}

export interface TokenizerResult {
  readonly tokenizer: string;
  readonly name: string;
  readonly source: string;
  readonly sha256: string;
  readonly vocabSize: number;
  readonly tokens: number;
  readonly fertility?: number | undefined;
  readonly bytesPerToken?: number | undefined;
  readonly charactersPerToken?: number | undefined;
  readonly continuedWordShare?: number | undefined;
  readonly singleTokenWordShare?: number | undefined;
  readonly floor?: number | undefined;
  readonly floorRule: FloorRule;
  readonly headroom?: number | undefined;
  readonly partialCharacterTokenShare?: number | undefined;
  readonly unknownTokens: number;
  /** Absent for models that do not fall back to bytes. */
  readonly byteFallbackTokens?: number | undefined;
  readonly vocabularyUsed: number;
  readonly renyiEfficiency?: number | undefined;
  readonly fertilityInterval?: FertilityInterval | undefined;
}

/** Everything that may differ between two runs on the same inputs. */
export interface RunRecord {
  readonly version: string;
  readonly date: string;
  readonly durationMs: number;
  readonly workers: number;
  /** Decompressed bytes of documents per second of the whole run. */
  readonly bytesPerSecond: number;
  readonly machine: {
    readonly platform: string;
    readonly cpu: string;
    readonly cores: number;
    readonly node: string;
    readonly icu: string;
  };
  /** Time spent reading and building tokenizers; the workers count meanwhile. */
  readonly tokenizerLoadMs: number;
  /** CPU time of the whole process, user and system. */
  readonly cpuMs: number;
}
