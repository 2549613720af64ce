// Measures treebanks by the words that stand in them. The same text may be divided in two ways in two sentences, so words
// are not a function of segments: each sentence is encoded by itself. Treebanks are small.

import { setImmediate } from "node:timers/promises";
import type { CorpusFile } from "../corpus/files.ts";
import type { ReadOptions } from "../counting/count-shard.ts";
import type { SampledDocument } from "../counting/document-sample.ts";
import { eachSentence, type Sentence } from "../counting/read-sentences.ts";
import { computeFigures } from "../metrics/figures.ts";
import { type DocumentFigures, fertilityIntervals } from "../metrics/interval.ts";
import { WholeDocumentTally } from "../metrics/whole-document-tally.ts";
import type { LoadedTokenizer } from "../tokenizer/load-tokenizer.ts";
import { type CorpusFigures, floorRuleOf } from "./corpus-measurement.ts";

export interface GoldOptions {
  readonly read: ReadOptions;
  /** Sentences for the intervals. */
  readonly sample: readonly SampledDocument[];
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
}

/** @param files of CoNLL-U only; read in this thread, in their order */
export async function measureGold(
  tokenizers: readonly LoadedTokenizer[],
  files: readonly CorpusFile[],
  { read, sample, seed, signal }: GoldOptions,
): Promise<CorpusFigures> {
  const measurement = new GoldMeasurement(tokenizers, sample);
  for (const [index, file] of files.entries()) {
    // Lets signals through.
    await setImmediate();
    signal?.throwIfAborted();
    await eachSentence(file, read, (sentence) => measurement.add(sentence, index));
  }
  return measurement.finish(seed);
}

class GoldMeasurement {
  private readonly tokenizers: readonly LoadedTokenizer[];
  private readonly tallies: readonly WholeDocumentTally[];
  private readonly text = { bytes: 0, characters: 0, words: 0 };
  /** Figures of the sampled sentences, and which of them stands at a place. */
  private readonly sampled: DocumentFigures;
  private readonly sampledAt: ReadonlyMap<string, number>;

  constructor(tokenizers: readonly LoadedTokenizer[], sample: readonly SampledDocument[]) {
    this.tokenizers = tokenizers;
    this.tallies = tokenizers.map(({ tokenizer }) => new WholeDocumentTally(tokenizer, undefined, "und"));
    this.sampled = {
      tokens: tokenizers.map(() => new Float64Array(sample.length)),
      words: new Float64Array(sample.length),
    };
    this.sampledAt = new Map(sample.map(({ file, offset }, i) => [place(file, offset), i]));
  }

  /** @param file its index in the corpus */
  add(sentence: Sentence, file: number): void {
    const { text, words, offset } = sentence;
    this.text.bytes += text.length;
    this.text.characters += countCharacters(text);
    this.text.words += words.length / 2;
    const index = this.sampledAt.get(place(file, offset));
    if (index !== undefined) this.sampled.words[index] = words.length / 2;
    this.tallies.forEach((tally, t) => {
      const tokens = tally.add(text, 1, words);
      if (index !== undefined) this.sampled.tokens[t]![index] = tokens;
    });
  }

  finish(seed: number): CorpusFigures {
    const figures = this.tokenizers.map((loaded, t) =>
      computeFigures(this.tallies[t]!.tally, this.text, this.text.words, floorRuleOf(loaded)),
    );
    const intervals = fertilityIntervals(
      this.sampled,
      figures.map((item) => item.fertility),
      seed,
    );
    return {
      text: this.text,
      tokenizers: figures.map((item, t) => ({ figures: item, interval: intervals[t] })),
    };
  }
}

function place(file: number, offset: number): string {
  return `${file}:${offset}`;
}

function countCharacters(text: Uint8Array): number {
  let characters = 0;
  for (const byte of text) if ((byte & 0xc0) !== 0x80) characters++;
  return characters;
}
