// What the names of `tokenizer.ggml.pre` stand for, as parts of the tokenizer.json that the model was published with. A name
// is here if its pattern stands in such a file that was read; llama.cpp's own pattern can differ from it.

type Json = Readonly<Record<string, unknown>>;

export interface GgufPreTokenizer {
  readonly names: readonly string[];
  readonly normalizer: Json | null;
  readonly pre_tokenizer: Json;
  readonly ignore_merges: boolean;
}

const CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
const ENDING = "\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

function byteLevel(use_regex: boolean): Json {
  return { type: "ByteLevel", add_prefix_space: false, trim_offsets: false, use_regex };
}

function splitAt(...patterns: readonly string[]): Json {
  const splits = patterns.map((Regex) => ({
    type: "Split",
    pattern: { Regex },
    behavior: "Isolated",
    invert: false,
  }));
  return { type: "Sequence", pretokenizers: [...splits, byteLevel(false)] };
}

function words(digits: string): string {
  return `${CONTRACTIONS}|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|${digits}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|${ENDING}`;
}

const CAPITALS = "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]";
const SMALL = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]";
const BEFORE = "[^\\r\\n\\p{L}\\p{N}]?";
const O200K = `${BEFORE}${CAPITALS}*${SMALL}+${CONTRACTIONS}?|${BEFORE}${CAPITALS}+${SMALL}*${CONTRACTIONS}?|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|${ENDING}`;

export const GGUF_PRE_TOKENIZERS: readonly GgufPreTokenizer[] = [
  {
    names: ["gpt-2"],
    normalizer: null,
    pre_tokenizer: byteLevel(true),
    ignore_merges: false,
  },
  {
    names: ["mpt", "olmo"],
    normalizer: { type: "NFC" },
    pre_tokenizer: byteLevel(true),
    ignore_merges: false,
  },
  {
    names: ["smollm", "starcoder", "refact", "command-r"],
    normalizer: null,
    pre_tokenizer: {
      type: "Sequence",
      pretokenizers: [{ type: "Digits", individual_digits: true }, byteLevel(true)],
    },
    ignore_merges: false,
  },
  {
    names: ["llama-bpe", "llama3", "llama-v3"],
    normalizer: null,
    pre_tokenizer: splitAt(words("\\p{N}{1,3}")),
    ignore_merges: true,
  },
  {
    names: ["glm4", "chatglm-bpe"],
    normalizer: null,
    pre_tokenizer: splitAt(words("\\p{N}{1,3}")),
    ignore_merges: true,
  },
  {
    names: ["dbrx"],
    normalizer: null,
    pre_tokenizer: splitAt(words("\\p{N}{1,3}")),
    ignore_merges: false,
  },
  // llama.cpp leaves NFC out; the models were trained with it.
  {
    names: ["qwen2", "deepseek-r1-qwen"],
    normalizer: { type: "NFC" },
    pre_tokenizer: splitAt(words("\\p{N}")),
    ignore_merges: false,
  },
  {
    names: ["gpt-4o"],
    normalizer: null,
    pre_tokenizer: splitAt(O200K),
    ignore_merges: true,
  },
  {
    names: ["deepseek-v3"],
    normalizer: null,
    pre_tokenizer: splitAt(
      "\\p{N}{1,3}",
      "[一-龥\\u3040-ゟ゠-ヿ]+",
      "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
    ),
    ignore_merges: false,
  },
];
