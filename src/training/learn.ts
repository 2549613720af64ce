// Continued BPE (docs/training.md): from words to tokens that the base lacks, in learned order.

import type { Learned, LearnOptions } from "./learned.ts";
import type { TrainingWords } from "./training-words.ts";

/**
 * Learns up to `options.add` tokens. The same words give the same tokens, in whatever order they were added.
 * @throws VocabError `add-out-of-range` (usage); the signal's reason when it is aborted
 */
export async function learnTokens(_words: TrainingWords, _options: LearnOptions): Promise<Learned> {
  throw new Error("not written yet");
}
