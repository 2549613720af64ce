// The tokens of an expansion: learned from text here, or read from a file of candidates; and the text, kept for what is
// measured of the result.

import type { SegmentCounts } from "../counting/segment-counts.ts";
import { VocabError } from "../errors.ts";
import type { Language } from "../text/languages.ts";
import type { LearnedTokens } from "../training/candidates.ts";
import { constraintsFor } from "../training/language-constraints.ts";
import { learnTokens } from "../training/learn.ts";
import type { TokenConstraints } from "../training/token-constraints.ts";
import { TrainingWords } from "../training/training-words.ts";
import type { DocumentOverlap } from "../verification/evidence.ts";
import type { ExpansionBase } from "./expansion-base.ts";
import type { RunText } from "./run-text.ts";
import { readText } from "./text-reading.ts";
import {
  type HeldOutPart,
  readTrainingText,
  type TrainingText,
  type TrainingTextOptions,
} from "./training-text.ts";

export interface LearningOptions extends Omit<TrainingTextOptions, "onProgress" | "needsDocuments"> {
  /** New ids; "auto": as many as `sweep` recommends. */
  readonly add: number | "auto";
  /** Globs of text that new tokens must leave as it is. */
  readonly protect?: readonly string[] | undefined;
  /** Over those that the language and the base begin with (training/language-constraints.ts). */
  readonly constraints?: TokenConstraints | undefined;
  readonly onProgress?: ((progress: ExpandProgress) => void) | undefined;
}

export type ExpandProgress =
  | { readonly phase: "counting"; readonly bytes: number; readonly totalBytes: number }
  | { readonly phase: "learning"; readonly learned: number; readonly add: number }
  | { readonly phase: "expanding" | "verifying" };

export interface ExpansionText {
  readonly training: RunText | undefined;
  readonly heldOut: RunText | undefined;
  /** Some or all of them. */
  readonly heldOutDocuments: readonly Uint8Array[];
  readonly overlap: DocumentOverlap | undefined;
}

export interface ExpansionLearning {
  readonly learned: LearnedTokens;
  readonly text: ExpansionText;
  /** Why training ended. */
  readonly stopped: string | undefined;
  /** Why so many, where that was not given. */
  readonly recommended: string | undefined;
  /** Tokens of the base that only new merges make. */
  readonly revived: number;
  readonly findings: readonly string[];
}

/** @throws VocabError `nothing-learned`, and what reading the text and training throw */
export async function learnForExpansion(
  language: Language,
  base: ExpansionBase,
  options: LearningOptions,
): Promise<ExpansionLearning> {
  const words = new TrainingWords(base.trained);
  const { text, read } = await readTexts(language, words, options);
  const constraints = { ...constraintsFor(language, base.trained), ...options.constraints };
  const add = options.add as number;
  const learned = await learnTokens(words, {
    add,
    constraints,
    signal: options.signal,
    onProgress: (count) => options.onProgress?.({ phase: "learning", learned: count, add }),
  });
  if (learned.candidates.length === 0) throw nothingLearned(learned.stopDetail);
  return {
    learned,
    text,
    stopped: learned.stopDetail,
    recommended: undefined,
    revived: learned.revived.length,
    findings: read.findings,
  };
}

async function readTexts(
  language: Language,
  words: TrainingWords,
  options: LearningOptions,
): Promise<{ readonly text: ExpansionText; readonly read: TrainingText }> {
  const training = new KeptText();
  const heldOut = new KeptText();
  const { onProgress } = options;
  const request = {
    ...options,
    needsDocuments: words.needsDocuments,
    onProgress: (bytes: number, totalBytes: number) => onProgress?.({ phase: "counting", bytes, totalBytes }),
  };
  const [read] = await readTrainingText([language], request, {
    training: (block) => {
      training.addBlock(block);
      if (!words.needsDocuments) words.addBlock(block);
    },
    trainingDocument: (bytes) => {
      training.addDocument(bytes);
      words.addDocument(bytes);
    },
    heldOut: (block) => heldOut.addBlock(block),
    heldOutDocument: (bytes) => heldOut.addDocument(bytes),
  });
  if ((options.protect?.length ?? 0) > 0)
    await readText(language, options.protect!, request, () => undefined, {
      block: (block) => words.needsDocuments || words.protectBlock(block),
      document: (bytes) => words.protectDocument(bytes),
    });
  const { corpus, heldOut: part, heldOutDocuments } = read!;
  return {
    read: read!,
    text: {
      training: training.describe({ documents: corpus.documents, sha256: corpus.sha256 }),
      heldOut: part.from === "none" ? undefined : heldOut.describe(describeHeldOut(part, corpus.sha256)),
      heldOutDocuments,
      overlap:
        part.from === "none" || part.shared === undefined
          ? undefined
          : { trainingDocuments: corpus.documents, heldOutDocuments: part.documents, shared: part.shared },
    },
  };
}

// What is held out by rule has no files of its own.
function describeHeldOut(part: HeldOutPart, corpusSha256: string): RunText["about"] {
  const { documents, sha256, every, seed } = part;
  return sha256 === undefined ? { documents, sha256: corpusSha256, every, seed } : { documents, sha256 };
}

class KeptText {
  private readonly blocks: SegmentCounts[] = [];
  private readonly documents: Uint8Array[] = [];

  addBlock(block: SegmentCounts): void {
    this.blocks.push(block);
  }

  addDocument(bytes: Uint8Array): void {
    this.documents.push(bytes.slice());
  }

  describe(about: RunText["about"]): RunText {
    return {
      about,
      blocks: this.blocks,
      eachDocument: (take) => {
        for (const bytes of this.documents) take(bytes);
      },
    };
  }
}

function nothingLearned(reason: string): VocabError {
  return new VocabError("nothing-learned", `no token can be learned from this text: ${reason}`, {
    hint: "name more text with --corpus, or check --lang",
  });
}
