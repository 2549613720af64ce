// The tiktoken rank files of the field, by SHA-256, with the pattern and the special tokens that stand in their makers'
// code. Sources: tiktoken 0.14 (tiktoken_ext/openai_public.py), llama-models 0.3 (llama3, llama4: tokenizer.py), Kimi K2's
// tokenization_kimi.py and tokenizer_config.json.

import type { SpecialToken } from "./tiktoken-definition.ts";

export interface RankFile {
  readonly name: string;
  readonly sha256: string;
  readonly pattern: string;
  readonly specialTokens: readonly SpecialToken[];
}

const CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
const ENDING = "\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

const GPT2 = "'(?:[sdmt]|ll|ve|re)| ?\\p{L}++| ?\\p{N}++| ?[^\\s\\p{L}\\p{N}]++|\\s++$|\\s+(?!\\S)|\\s";
const CL100K =
  "'(?i:[sdmt]|ll|ve|re)|[^\\r\\n\\p{L}\\p{N}]?+\\p{L}++|\\p{N}{1,3}+| ?[^\\s\\p{L}\\p{N}]++[\\r\\n]*+|\\s++$|\\s*[\\r\\n]|\\s+(?!\\S)|\\s";
const LLAMA3 = `${CONTRACTIONS}|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|${ENDING}`;

/** Words of the o200k family: capitals, then small letters, with a contraction behind. */
function o200kWords(but: string): string {
  const upper = `[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}${but}]`;
  const lower = `[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}${but}]`;
  const before = "[^\\r\\n\\p{L}\\p{N}]?";
  return `${before}${upper}*${lower}+${CONTRACTIONS}?|${before}${upper}+${lower}*${CONTRACTIONS}?`;
}

const O200K = `${o200kWords("")}|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|${ENDING}`;
const KIMI = `[\\p{Han}]+|${o200kWords("&&[^\\p{Han}]")}|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|${ENDING}`;

function numbered(from: number, texts: readonly string[]): SpecialToken[] {
  return texts.map((text, i) => ({ id: from + i, text }));
}

/** `<|NAMEreserved_special_token_FROM|>` and so on, before TO. */
function reserved(name: string, from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_, i) => `<|${name}reserved_special_token_${from + i}|>`);
}

const LLAMA3_SPECIALS = [
  "<|begin_of_text|>",
  "<|end_of_text|>",
  "<|reserved_special_token_0|>",
  "<|reserved_special_token_1|>",
  "<|finetune_right_pad_id|>",
  "<|step_id|>",
  "<|start_header_id|>",
  "<|end_header_id|>",
  "<|eom_id|>",
  "<|eot_id|>",
  "<|python_tag|>",
  "<|image|>",
  ...reserved("", 2, 246),
];

const LLAMA4_NAMED = [
  ...["begin_of_text", "end_of_text", "fim_prefix", "fim_middle", "fim_suffix"].map(marked),
  ...["header_start", "header_end", "eom", "eot", "step"].map(marked),
  ...reserved("text_post_train_", 0, 6),
  ...["python_start", "python_end", "finetune_right_pad"].map(marked),
  ...reserved("text_post_train_", 8, 69),
  ...["image_start", "image_end"].map(marked),
  ...reserved("vision_", 0, 2),
  ...["tile_x_separator", "tile_y_separator"].map(marked),
  ...reserved("vision_", 2, 6),
  ...["image"].map(marked),
  ...reserved("vision_", 6, 7),
  ...["patch"].map(marked),
  ...reserved("vision_", 7, 1048),
  ...reserved("reasoning_", 0, 8),
  ...["reasoning_thinking_start", "reasoning_thinking_end"].map(marked),
];

function marked(name: string): string {
  return `<|${name}|>`;
}

const LLAMA4_SPECIALS = [...LLAMA4_NAMED, ...reserved("", 0, 2048 - LLAMA4_NAMED.length)];

export const RANK_FILES: readonly RankFile[] = [
  {
    name: "r50k_base (GPT-2)",
    sha256: "306cd27f03c1a714eca7108e03d66b7dc042abe8c258b44c199a7ed9838dd930",
    pattern: GPT2,
    specialTokens: numbered(50_256, ["<|endoftext|>"]),
  },
  {
    name: "p50k_base",
    sha256: "94b5ca7dff4d00767bc256fdd1b27e5b17361d7b8a5f968547f9f23eb70d2069",
    pattern: GPT2,
    specialTokens: numbered(50_256, ["<|endoftext|>"]),
  },
  {
    name: "cl100k_base",
    sha256: "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7",
    pattern: CL100K,
    specialTokens: [
      ...numbered(100_257, ["<|endoftext|>", "<|fim_prefix|>", "<|fim_middle|>", "<|fim_suffix|>"]),
      { id: 100_276, text: "<|endofprompt|>" },
    ],
  },
  {
    name: "o200k_base",
    sha256: "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d",
    pattern: O200K,
    specialTokens: [
      { id: 199_999, text: "<|endoftext|>" },
      { id: 200_018, text: "<|endofprompt|>" },
    ],
  },
  {
    name: "Llama 3",
    sha256: "82e9d31979e92ab929cd544440f129d9ecd797b69e327f80f17e1c50d5551b55",
    pattern: LLAMA3,
    specialTokens: numbered(128_000, LLAMA3_SPECIALS),
  },
  {
    name: "Llama 4",
    sha256: "d0bdbaf59b0762c8c807617e2d8ea51420eb1b1de266df2495be755c8e0ed6ed",
    pattern: O200K,
    specialTokens: numbered(200_000, LLAMA4_SPECIALS),
  },
  {
    // Its 256 special tokens stand in the model's tokenizer_config.json, not here.
    name: "Kimi K2",
    sha256: "b6c497a7469b33ced9c38afb1ad6e47f03f5e5dc05f15930799210ec050c5103",
    pattern: KIMI,
    specialTokens: [],
  },
];
