// One measurement of one corpus under several tokenizers, each read the way that is safe for it.

import { DocumentSample } from "../counting/document-sample.ts";
import { LONG_SEGMENT_BYTES, LongSegments } from "../counting/long-segments.ts";
import type { SegmentCounts } from "../counting/segment-counts.ts";
import { SegmentScanner } from "../counting/segment-scanner.ts";
import { VocabError } from "../errors.ts";
import { measureDocuments } from "../metrics/document-figures.ts";
import { computeFigures, type FloorRule, type TokenizerFigures } from "../metrics/figures.ts";
import {
  type DocumentFigures,
  type FertilityInterval,
  fertilityIntervals,
  SAMPLE_DOCUMENTS,
} from "../metrics/interval.ts";
import { type PlannedTokenizer, SegmentMeasurer } from "../metrics/segment-measurer.ts";
import type { WordOptions } from "../metrics/segment-words.ts";
import type { TokenizerTally } from "../metrics/tokenizer-tally.ts";
import { WholeDocumentTally } from "../metrics/whole-document-tally.ts";
import type { LoadedTokenizer } from "../tokenizer/load-tokenizer.ts";
import { hasPreTokenizer, planReading, type ReadingPlan } from "../tokenizer/safe-cuts.ts";

export interface CorpusFigures {
  readonly text: { readonly bytes: number; readonly characters: number; readonly words: number | undefined };
  /** In the order of the tokenizers. */
  readonly tokenizers: readonly {
    readonly figures: TokenizerFigures;
    readonly interval: FertilityInterval | undefined;
  }[];
}

export class CorpusMeasurement {
  readonly tokenizers: readonly LoadedTokenizer[];
  private readonly measurer: SegmentMeasurer;
  private readonly whole = new Map<LoadedTokenizer, WholeDocumentTally>();
  private readonly bySegments: readonly LoadedTokenizer[];
  private readonly words: WordOptions;
  private readonly seed: number;

  constructor(tokenizers: readonly LoadedTokenizer[], words: WordOptions, seed: number) {
    this.tokenizers = tokenizers;
    this.words = words;
    this.seed = seed;
    const planned: PlannedTokenizer[] = [];
    const bySegments: LoadedTokenizer[] = [];
    for (const loaded of tokenizers) {
      const plan = planOf(loaded);
      if (plan.kind === "documents")
        this.whole.set(
          loaded,
          new WholeDocumentTally(
            loaded.tokenizer,
            words.rule === "none" ? undefined : words.rule,
            words.locale,
          ),
        );
      else {
        planned.push({ tokenizer: loaded.tokenizer, plan });
        bySegments.push(loaded);
      }
    }
    this.bySegments = bySegments;
    this.measurer = new SegmentMeasurer(planned, words);
  }

  /** Whether some tokenizer has to be given every document by `addDocument`. */
  get needsDocuments(): boolean {
    return this.whole.size > 0;
  }

  /** @throws VocabError `counts-without-documents` for a tokenizer that only whole documents are safe for */
  requireSegments(): void {
    for (const loaded of this.whole.keys()) {
      const plan = planOf(loaded);
      throw new VocabError(
        "counts-without-documents",
        `${loaded.id} is measured on whole documents (${plan.kind === "documents" ? plan.reason : ""}), which counts do not have`,
        { hint: "use --corpus, or leave it out of --tokenizer" },
      );
    }
  }

  /** Adds segments, for the text and all tokenizers that are read by segments. */
  addBlock(block: SegmentCounts): void {
    this.measurer.add(block);
  }

  /** Adds a document for the tokenizers that are read by whole documents. */
  addDocument(bytes: Uint8Array): void {
    for (const tally of this.whole.values()) tally.add(bytes, 1);
  }

  /** Counts and adds documents that are in memory; returns the sample of them for the intervals. */
  countDocuments(documents: readonly Uint8Array[], seed: number): { readonly sample: readonly Uint8Array[] } {
    const sample = new DocumentSample(SAMPLE_DOCUMENTS, seed);
    const long = new LongSegments((block) => this.addBlock(block));
    const scanner = new SegmentScanner({
      longSegmentBytes: LONG_SEGMENT_BYTES,
      onLongSegment: (bytes, start, end, opens) => long.add(bytes, start, end, opens),
      sample,
      maxDocumentBytes: Number.MAX_SAFE_INTEGER,
      expectedBytes: documents.reduce((sum, bytes) => sum + bytes.length, 0),
    });
    documents.forEach((bytes, index) => {
      sample.enterFile(index);
      scanner.begin("", 0, false);
      scanner.reserve(bytes.length).set(bytes);
      scanner.advance(bytes.length);
      scanner.end();
      this.addDocument(bytes);
    });
    long.flush();
    this.addBlock(scanner.table.export());
    return { sample: sample.documents().map((document) => documents[document.file]!) };
  }

  /** All figures of what was added. @param sample documents for the intervals */
  finish(sample: readonly Uint8Array[]): CorpusFigures {
    const { bytes, characters } = this.measurer.text;
    const words = this.words.rule === "none" ? undefined : this.measurer.text.words;
    const figures = this.tokenizers.map((loaded) =>
      computeFigures(this.tallyOf(loaded), { bytes, characters }, words, floorRuleOf(loaded)),
    );
    const intervals = words === undefined ? [] : this.intervals(sample, figures);
    return {
      text: { bytes, characters, words },
      tokenizers: figures.map((item, t) => ({ figures: item, interval: intervals[t] })),
    };
  }

  /** How often each id occurs in what was added, by id; added tokens that are not in the model's vocabulary are left out. */
  usesOfIds(loaded: LoadedTokenizer): Float64Array {
    const { modelUses, addedUses } = this.tallyOf(loaded).sums();
    for (const [id, times] of addedUses) if (id < modelUses.length) modelUses[id]! += times;
    return modelUses;
  }

  /** Adds documents that are in memory, none empty, with all tokenizers; returns tokens and words of each. */
  addDocuments(documents: readonly Uint8Array[]): DocumentFigures {
    return this.measureEach(documents, true);
  }

  /** Tokens and words of each document, none empty, which adds nothing to the totals. */
  figuresOf(documents: readonly Uint8Array[]): DocumentFigures {
    return this.measureEach(documents, false);
  }

  private measureEach(documents: readonly Uint8Array[], counts: boolean): DocumentFigures {
    const { tokens, words } = measureDocuments(documents, this.measurer, counts);
    const all = this.tokenizers.map((loaded) => {
      const tally = this.whole.get(loaded);
      return tally === undefined
        ? tokens[this.bySegments.indexOf(loaded)]!
        : Float64Array.from(documents, (document) => tally.add(document, counts ? 1 : 0));
    });
    return { tokens: all, words };
  }

  private tallyOf(loaded: LoadedTokenizer): TokenizerTally {
    return this.whole.get(loaded)?.tally ?? this.measurer.tallies[this.bySegments.indexOf(loaded)]!;
  }

  private intervals(
    sample: readonly Uint8Array[],
    figures: readonly TokenizerFigures[],
  ): readonly (FertilityInterval | undefined)[] {
    return fertilityIntervals(
      this.figuresOf(sample),
      figures.map((item) => item.fertility),
      this.seed,
    );
  }
}

const plans = new WeakMap<LoadedTokenizer, ReadingPlan>();

// The proof looks through all merges: once for a tokenizer, not for each of the texts that it is measured on.
function planOf(loaded: LoadedTokenizer): ReadingPlan {
  const plan = plans.get(loaded) ?? planReading(loaded.tokenizer.definition);
  plans.set(loaded, plan);
  return plan;
}

/** Which of the two floors of a tokenizer is its own. */
export function floorRuleOf(loaded: LoadedTokenizer): FloorRule {
  return hasPreTokenizer(loaded.tokenizer.definition) ? "pre-tokens" : "pieces";
}
