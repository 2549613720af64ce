// The verb `train`: tokens that a base lacks for a language, in learned order.

import { learnFromText } from "./learn-from-text.ts";
import { startRun } from "./run-record.ts";
import { type LearningOptions, requireCount } from "./train-options.ts";
import { describeTraining, type TrainResult } from "./train-result.ts";

export interface TrainOptions extends Omit<LearningOptions, "langs"> {
  /** New tokens, at most. */
  readonly add: number;
}

/**
 * @param lang BCP 47 tag, or several
 * @throws VocabError
 */
export async function train(lang: string | readonly string[], options: TrainOptions): Promise<TrainResult> {
  const run = startRun();
  requireCount("--add", options.add, 1);
  const langs = typeof lang === "string" ? [lang] : lang;
  const trained = await learnFromText({ ...options, langs }, options.add, {
    heldOut: () => ({ block: () => {}, document: () => {}, end: () => {} }),
  });
  const bytes = trained.texts.reduce((sum, { corpus }) => sum + corpus.bytes, 0);
  return {
    ...describeTraining(trained, options.add, options.balance ?? "size"),
    run: run.end(bytes, options.workers ?? 1),
  };
}
