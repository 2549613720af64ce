// The tokens of an expansion: learned from text here, as many as asked for or as `sweep` recommends, or read from a file of
// candidates; and the text, kept for what is measured of the result.

import { readFileSync } from "node:fs";
import { VocabError } from "../errors.ts";
import { firstFreeId, requireFit } from "../expansion/fit.ts";
import { type CandidateFile, parseCandidates } from "../expansion/parse-candidates.ts";
import { freeRows, type Placement } from "../expansion/placement.ts";
import type { Language } from "../text/languages.ts";
import { planReading } from "../tokenizer/safe-cuts.ts";
import { type LearnedTokens, prefixOf } from "../training/candidates.ts";
import type { ExpansionBase } from "./expansion-base.ts";
import { KeptText } from "./kept-text.ts";
import { learnFromText, type TextSink, type TextSinks } from "./learn-from-text.ts";
import { decidingModel, modelCosts, recommend } from "./sweep-choice.ts";
import { HeldOutText, sweptSteps } from "./sweep-steps.ts";
import type { LearningOptions } from "./train-options.ts";
import { readTrainingText, type TrainingText } from "./training-text.ts";

export interface ExpansionLearningOptions extends Omit<LearningOptions, "preTokenizer"> {
  /** New ids, at most; "auto": as many as `sweep` recommends. Default with `candidates`: all of them. */
  readonly add?: number | "auto" | undefined;
  /** With "auto": at most so many. Default 20000. */
  readonly max?: number | undefined;
  /** With "auto": the model whose cost decides, by name. Default: the smallest that uses the tokenizer. */
  readonly model?: string | undefined;
  /** Default "append". */
  readonly placement?: Placement | undefined;
  /** File of `vocab train` that the tokens are taken from; text is then only measured. Default: learn them. */
  readonly candidates?: string | undefined;
}

export interface ExpansionLearning {
  readonly learned: LearnedTokens;
  readonly training: KeptText;
  readonly heldOut: KeptText;
  /** By language; empty where candidates came from a file and no text was named. */
  readonly texts: readonly TrainingText[];
  /** Why training ended. */
  readonly stopped: string | undefined;
  /** Why so many, where that was not given. */
  readonly recommended: string | undefined;
  /** Tokens of the base that only new merges make. */
  readonly revived: number;
}

/** Where `sweep` stops looking; its steps grow, so that a larger number costs little more. */
const DEFAULT_MAX = 20_000;

/** @throws VocabError `nothing-learned`, `not-recommended`, `add-missing` (usage), and what reading text and training throw */
export function learnForExpansion(
  languages: readonly Language[],
  base: ExpansionBase,
  options: ExpansionLearningOptions,
): Promise<ExpansionLearning> {
  if (options.candidates !== undefined) return fromFile(options.candidates, languages, base, options);
  if (options.add === undefined)
    throw new VocabError("add-missing", "how many tokens are to be added is not said", {
      kind: "usage",
      hint: "--add 8000, or --add auto",
    });
  return options.add === "auto" ? fromSweep(base, options) : fromText(base, options.add, options);
}

async function fromText(
  base: ExpansionBase,
  add: number,
  options: ExpansionLearningOptions,
): Promise<ExpansionLearning> {
  const kept = { training: new KeptText(), heldOut: new KeptText() };
  const { learned, texts } = await learnFromText(
    options,
    add,
    { training: kept.training, heldOut: () => kept.heldOut },
    { ...base.loaded, tokenizer: base.trained },
  );
  if (learned.candidates.length === 0) throw nothingLearned(learned.stopDetail);
  const { stopDetail: stopped, revived } = learned;
  return { learned, ...kept, texts, stopped, recommended: undefined, revived: revived.length };
}

async function fromSweep(base: ExpansionBase, options: ExpansionLearningOptions): Promise<ExpansionLearning> {
  const kept = { training: new KeptText(), heldOut: new KeptText() };
  const vocabSize = firstFreeId(base.loaded.tokenizer.definition);
  const free = options.placement === "fill-padding" ? freeRows(vocabSize, base.embeddingRows) : undefined;
  const max = Math.min(options.max ?? DEFAULT_MAX, free ?? Number.POSITIVE_INFINITY);
  // A name that is not known should not be found out after the training.
  decidingModel(modelCosts(base.loaded.id, [{ count: 0, tokens: 1 }]), options.model);
  let judged: HeldOutText | undefined;
  const heldOut: TextSinks["heldOut"] = (loaded, languages) => {
    judged = new HeldOutText(
      loaded,
      languages,
      languages.map(({ wordRule }) => wordRule),
    );
    return bothSinks(judged, kept.heldOut);
  };
  const trained = { ...base.loaded, tokenizer: base.trained };
  const { learned, texts } = await learnFromText(options, max, { training: kept.training, heldOut }, trained);
  options.onProgress?.({ phase: "evaluating" });
  const steps = sweptSteps(learned, judged!, judged!.figures());
  const { count, reason } = recommend(steps, decidingModel(modelCosts(base.loaded.id, steps), options.model));
  if (count === 0) throw notRecommended(reason);
  const prefix = prefixOf(learned, count);
  const revived = prefix.merges.filter(([, , product]) => product < prefix.firstId).length;
  const recommended = `recommended: ${count} tokens: ${reason}`;
  return { learned: prefix, ...kept, texts, stopped: undefined, recommended, revived };
}

function bothSinks(first: TextSink, second: TextSink): TextSink {
  return {
    block: (block, language) => {
      first.block(block, language);
      second.block(block, language);
    },
    document: (bytes, language) => {
      first.document(bytes, language);
      second.document(bytes, language);
    },
    end: (texts) => {
      first.end(texts);
      second.end(texts);
    },
  };
}

async function fromFile(
  file: string,
  languages: readonly Language[],
  base: ExpansionBase,
  options: ExpansionLearningOptions,
): Promise<ExpansionLearning> {
  const { learned: all, revived, baseSha256 } = readCandidates(file);
  if (baseSha256 !== undefined && baseSha256 !== base.loaded.sha256)
    throw new VocabError("candidates-unfit", `${file}: its tokens were learned for another tokenizer`, {
      hint: `train them with \`vocab train --base ${base.loaded.id}\``,
    });
  requireFit(base.trained.definition, all);
  if (options.add === "auto")
    throw new VocabError(
      "add-auto",
      "--add auto learns the tokens itself: it cannot choose from --candidates",
      {
        kind: "usage",
        hint: "leave --candidates out, or say how many of them: --add 8000",
      },
    );
  const learned = prefixOf(all, Math.min(options.add ?? Number.POSITIVE_INFINITY, all.candidates.length));
  if (learned.candidates.length === 0) throw nothingLearned(`${file} has none`);
  const kept = { training: new KeptText(), heldOut: new KeptText() };
  const texts = await readKeptText(languages, base, options, kept);
  const stopped = `the first ${learned.candidates.length} of ${all.candidates.length} candidates of a file`;
  return { learned, ...kept, texts, stopped, recommended: undefined, revived };
}

function readCandidates(file: string): CandidateFile {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    throw new VocabError("unreadable", `${file} cannot be read: ${(cause as Error).message}`, {
      kind: "usage",
      cause,
    });
  }
  return parseCandidates(text, file);
}

// Without a corpus nothing is measured: the candidates are what they are.
async function readKeptText(
  languages: readonly Language[],
  base: ExpansionBase,
  options: ExpansionLearningOptions,
  { training, heldOut }: { readonly training: KeptText; readonly heldOut: KeptText },
): Promise<TrainingText[]> {
  if (options.corpus === undefined && options.counts === undefined) return [];
  const { onProgress: _, ...request } = options;
  return readTrainingText(
    languages,
    {
      ...request,
      needsDocuments: planReading(base.trained.definition).kind === "documents",
      anyScript: true,
    },
    {
      training: (block, language) => training.block(block, language),
      trainingDocument: (bytes, language) => training.document(bytes, language),
      heldOut: (block, language) => heldOut.block(block, language),
      heldOutDocument: (bytes, language) => heldOut.document(bytes, language),
    },
  );
}

function nothingLearned(reason: string): VocabError {
  return new VocabError("nothing-learned", `no token can be learned: ${reason}`, {
    hint: "name more text with --corpus, or check --lang",
  });
}

function notRecommended(reason: string): VocabError {
  return new VocabError("not-recommended", `no expansion is recommended, and none was made: ${reason}`, {
    hint: "--add N makes one all the same; `vocab sweep` shows the figures",
  });
}
