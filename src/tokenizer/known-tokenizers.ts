// The tokenizers known by name: data, read by `vocab tokenizers` and by the loader. One file a family; adding a tokenizer
// is adding one entry there (docs/adding-a-tokenizer.md).

import { DEEPSEEK } from "./families/deepseek.ts";
import { ENCODERS } from "./families/encoders.ts";
import { GEMMA } from "./families/gemma.ts";
import { GLM } from "./families/glm.ts";
import { GPT } from "./families/gpt.ts";
import { GROK } from "./families/grok.ts";
import { KIMI } from "./families/kimi.ts";
import type { KnownTokenizer, TokenizerAlias, TokenizerFamily } from "./families/known-tokenizer.ts";
import { LLAMA } from "./families/llama.ts";
import { MISTRAL } from "./families/mistral.ts";
import { NEMOTRON } from "./families/nemotron.ts";
import { OLMO } from "./families/olmo.ts";
import { PHI } from "./families/phi.ts";
import { PYTHIA } from "./families/pythia.ts";
import { QWEN } from "./families/qwen.ts";
import { SMOLLM } from "./families/smollm.ts";

const FAMILIES: readonly TokenizerFamily[] = [
  QWEN,
  LLAMA,
  GEMMA,
  GPT,
  PYTHIA,
  OLMO,
  SMOLLM,
  DEEPSEEK,
  KIMI,
  GLM,
  MISTRAL,
  PHI,
  NEMOTRON,
  GROK,
  ENCODERS,
];

export const KNOWN_TOKENIZERS: readonly KnownTokenizer[] = FAMILIES.flatMap(({ tokenizers }) => tokenizers);

/** Models that use the tokenizer of another, so that it is found by their name too. */
export const TOKENIZER_ALIASES: readonly TokenizerAlias[] = FAMILIES.flatMap(({ aliases }) => aliases);

/** What `vocab analyze` measures when no tokenizer is named. */
export const DEFAULT_TOKENIZERS: readonly string[] = ["qwen3", "llama3", "gemma3"];
