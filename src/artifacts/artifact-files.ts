// What an artifact folder holds, but for what only its verification can tell.

import { type EmbeddingPlan, planText } from "../embeddings/plan.ts";
import { filesOfVocabulary, type VocabularyFile } from "../expansion/vocabulary-file.ts";
import type { LearnedTokens } from "../training/candidates.ts";
import type { BaseFiles } from "./base-files.ts";
import { finetuneFiles } from "./finetune-files.ts";
import type { FolderFiles } from "./folder.ts";
import { newTokensTable } from "./new-tokens.ts";
import { expandedTokenizerConfig } from "./tokenizer-config.ts";

export interface ArtifactParts {
  readonly base: BaseFiles;
  /** The expanded one. */
  readonly vocabulary: VocabularyFile;
  /** The expanded one beside it, where the base has one. */
  readonly sentencePiece: VocabularyFile | undefined;
  readonly learned: LearnedTokens;
  readonly plan: EmbeddingPlan;
  /** Occurrences of an id in the training text under the expanded tokenizer, where it is known. */
  readonly usesOfId: (id: number) => number | undefined;
}

// The class that reads tokenizer.json; for another format the base's own stays.
function tokenizerConfig({ tokenizerConfig: text }: BaseFiles, { format }: VocabularyFile): FolderFiles {
  if (format === "tokenizer.json") return { "tokenizer_config.json": expandedTokenizerConfig(text) };
  return text === undefined ? {} : { "tokenizer_config.json": text };
}

export function artifactFiles({
  base,
  vocabulary,
  sentencePiece,
  learned,
  plan,
  usesOfId,
}: ArtifactParts): FolderFiles {
  return {
    ...filesOfVocabulary(vocabulary),
    ...(sentencePiece === undefined ? {} : filesOfVocabulary(sentencePiece)),
    ...tokenizerConfig(base, vocabulary),
    ...base.copied,
    "embedding-plan.json": planText(plan),
    "new-tokens.tsv": newTokensTable(learned, usesOfId),
    ...finetuneFiles(),
  };
}
