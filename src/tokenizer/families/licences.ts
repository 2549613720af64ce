// Licences of the tokenizers, with what they ask of a vocabulary that is derived from one. They are those of the models:
// a package that ships the file cannot change them.

import type { Licence } from "./known-tokenizer.ts";

export const APACHE_2: Licence = {
  name: "Apache-2.0",
  conditions: "keep the licence and notices; state changes",
  url: "https://www.apache.org/licenses/LICENSE-2.0",
};

export const MIT: Licence = {
  name: "MIT",
  conditions: "keep the copyright notice and the licence text",
  url: "https://opensource.org/license/mit",
};

export const CC_BY_NC_4: Licence = {
  name: "CC-BY-NC-4.0",
  conditions: "no commercial use; name the makers, link the licence, state changes",
  url: "https://creativecommons.org/licenses/by-nc/4.0/",
};

export const LLAMA_2: Licence = {
  name: "Llama 2 Community License",
  conditions:
    "derived models: agreement and attribution notice passed on, acceptable use policy; materials and outputs not used to improve other language models than Llama 2 and its derivatives; a licence of its own above 700 million monthly users",
  url: "https://ai.meta.com/llama/license/",
};

export const LLAMA_3: Licence = {
  name: "Meta Llama 3 Community License",
  conditions:
    'derived models: name begins with "Llama 3" (3.1 and later: "Llama"), "Built with Meta Llama 3" (later: "Built with Llama") shown, licence and notice passed on, acceptable use policy; a licence of its own above 700 million monthly users',
  url: "https://www.llama.com/llama3/license/",
};

export const LLAMA_3_1: Licence = {
  name: "Llama 3.1 Community License",
  conditions:
    'derived models: name begins with "Llama", "Built with Llama" shown, licence and notice passed on, acceptable use policy; a licence of its own above 700 million monthly users',
  url: "https://www.llama.com/llama3_1/license/",
};

export const LLAMA_4: Licence = {
  name: "Llama 4 Community License",
  conditions:
    'derived models: name begins with "Llama", "Built with Llama" shown, licence and notice passed on, acceptable use policy; a licence of its own above 700 million monthly users',
  url: "https://www.llama.com/llama4/license/",
};

export const GEMMA_LICENCE: Licence = {
  name: "Gemma Terms of Use",
  conditions:
    "derived models: terms and use restrictions passed on, modified files marked, notice file kept; prohibited use policy",
  url: "https://ai.google.dev/gemma/terms",
};

export const DEEPSEEK_LICENCE: Licence = {
  name: "DeepSeek License Agreement",
  conditions:
    "derived models: licence with its use restrictions passed on, modified files marked, notices kept; check the model card",
};

export const KIMI_LICENCE: Licence = {
  name: "Modified MIT (Kimi K2)",
  conditions:
    'keep the copyright notice and the licence text; products with more than 100 million monthly users or 20 million US dollars of monthly revenue show "Kimi K2" in their interface',
};

export const GROK_2: Licence = {
  name: "Grok 2 Community License",
  conditions:
    "not used to train or improve other foundation models, but for modifying or fine-tuning Grok 2; agreement and notice passed on; check the model card",
};

export const NVIDIA_OPEN: Licence = {
  name: "NVIDIA Open Model License",
  conditions: "derived models allowed; agreement and notice passed on; check the model card",
};

export const MODIFIED_MIT: Licence = {
  name: "Modified MIT (GPT-2)",
  conditions: "keep the copyright notice and the licence text; check the model card",
};

/** Rank files that OpenAI publishes for its library. */
export const TIKTOKEN_RANKS: Licence = {
  name: "not stated (tiktoken: MIT)",
  conditions: "the library that loads the ranks is MIT; for the ranks themselves no licence is stated",
};
