// From options to learned tokens: loads the base, reads the text, learns. `train`, `sweep` and `expand` begin with it.

import type { SegmentCounts } from "../counting/segment-counts.ts";
import type { Language } from "../text/languages.ts";
import { learnTokens } from "../training/learn.ts";
import { learnPieces } from "../training/learn-pieces.ts";
import type { Learned } from "../training/learned.ts";
import type { TokenConstraints } from "../training/token-constraints.ts";
import { TrainingWords } from "../training/training-words.ts";
import { collectGarbage } from "./collect-garbage.ts";
import { resolveLanguages } from "./language-texts.ts";
import { readText } from "./text-reading.ts";
import { type LearningOptions, resolveConstraints } from "./train-options.ts";
import { loadBase, type TrainingBase } from "./training-base.ts";
import { readTrainingText, type TrainingText } from "./training-text.ts";

/** Gets a text, block by block; its documents as well where the base reads nothing else. */
export interface TextSink {
  block(block: SegmentCounts, language: number): void;
  document(bytes: Uint8Array, language: number): void;
  /** All has been read; what throws here throws before anything is learned. */
  end(texts: readonly TrainingText[]): void;
}

export interface LearnedFromText {
  readonly base: TrainingBase;
  readonly languages: readonly Language[];
  readonly texts: readonly TrainingText[];
  readonly words: TrainingWords;
  readonly constraints: TokenConstraints;
  readonly learned: Learned;
}

/** Where text goes besides the training. */
export interface TextSinks {
  /** Made when the base is known. */
  heldOut(base: TrainingBase, languages: readonly Language[]): TextSink | Promise<TextSink>;
  readonly training?: Omit<TextSink, "end">;
}

/**
 * @param add new tokens, at most
 * @param loaded the base, where it is loaded already
 */
export async function learnFromText(
  options: LearningOptions,
  add: number,
  sinks: TextSinks,
  loaded?: TrainingBase,
): Promise<LearnedFromText> {
  const languages = resolveLanguages(options.langs);
  const base = loaded ?? loadBase(options.base, options.preTokenizer);
  const { tokenizer } = base;
  const constraints = resolveConstraints(options, languages, base.id === "none" ? undefined : tokenizer);
  const words = new TrainingWords(tokenizer, languages.length);
  const heldOut = await sinks.heldOut(base, languages);
  // What parsing the base leaves behind would stay while the workers fill their tables.
  collectGarbage();
  const needsDocuments = words.needsDocuments;
  const texts = await readTrainingText(
    languages,
    {
      ...options,
      needsDocuments,
      anyScript: options.scripts !== undefined || base.id === "none",
      onProgress: (bytes, totalBytes) => options.onProgress?.({ phase: "counting", bytes, totalBytes }),
    },
    {
      training: (block, language) => {
        if (!needsDocuments) words.addBlock(block, language);
        sinks.training?.block(block, language);
      },
      heldOut: (block, language) => heldOut.block(block, language),
      trainingDocument: (bytes, language) => {
        words.addDocument(bytes, language);
        sinks.training?.document(bytes, language);
      },
      heldOutDocument: (bytes, language) => heldOut.document(bytes, language),
    },
  );
  heldOut.end(texts);
  await protect(words, languages[0]!, options);
  collectGarbage();
  const learn = words.unigram === undefined ? learnTokens : learnPieces;
  const learned = await learn(words, {
    add,
    constraints,
    balance: options.balance ?? "size",
    signal: options.signal,
    onProgress: (count) => options.onProgress?.({ phase: "learning", learned: count, add }),
  });
  return { base, languages, texts, words, constraints, learned };
}

async function protect(words: TrainingWords, language: Language, options: LearningOptions): Promise<void> {
  const {
    protect: globs = [],
    unit,
    textField,
    onInvalid,
    maxDocumentBytes,
    workers,
    folder,
    signal,
  } = options;
  if (globs.length === 0) return;
  const request = { unit, textField, onInvalid, maxDocumentBytes, workers, folder, signal };
  const { needsDocuments } = words;
  await readText(language, globs, { ...request, needsDocuments }, () => undefined, {
    block: (block) => void (needsDocuments || words.protectBlock(block)),
    document: (bytes) => words.protectDocument(bytes),
  });
}
