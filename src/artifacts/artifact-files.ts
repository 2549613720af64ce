// What an artifact folder holds, but for what only its verification can tell.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type EmbeddingPlan, planText } from "../embeddings/plan.ts";
import type { LearnedTokens } from "../training/candidates.ts";
import type { BaseFiles } from "./base-files.ts";
import type { FolderFiles } from "./folder.ts";
import { newTokensTable } from "./new-tokens.ts";
import { expandedTokenizerConfig } from "./tokenizer-config.ts";

/** The same file in the source tree, the built program and the folder. */
const RESIZE_SCRIPT = fileURLToPath(new URL("../../finetune/resize_embeddings.py", import.meta.url));

export interface ArtifactParts {
  readonly base: BaseFiles;
  /** The expanded tokenizer.json. */
  readonly tokenizerJson: string;
  readonly learned: LearnedTokens;
  readonly plan: EmbeddingPlan;
  /** Occurrences of an id in the training text under the expanded tokenizer, where it is known. */
  readonly usesOfId: (id: number) => number | undefined;
}

export function artifactFiles({ base, tokenizerJson, learned, plan, usesOfId }: ArtifactParts): FolderFiles {
  return {
    "tokenizer.json": tokenizerJson,
    "tokenizer_config.json": expandedTokenizerConfig(base.tokenizerConfig),
    ...base.copied,
    "embedding-plan.json": planText(plan),
    "new-tokens.tsv": newTokensTable(learned, usesOfId),
    "finetune/resize_embeddings.py": readFileSync(RESIZE_SCRIPT),
  };
}
