// What the names of `tokenizer.ggml.pre` stand for: the normalizer and pre-tokenizer of the tokenizer that the model was
// published with. llama.cpp writes a name where a tokenizer gives the ids of a fixed text that it knows, so tokenizers
// that differ elsewhere can share one; its own patterns differ from the originals, too. A name is here if the original
// was read (`seenIn`), or if the ids of llama.cpp's test texts, made with the original, came out equal. "smollm" has
// neither: llama.cpp reads it as it reads "starcoder".
//
// Known and left out: "falcon" splits digits behind the byte-level alphabet, where bytes of other scripts are digits.

import type { NormalizerStep, PreTokenizerStep } from "../definition.ts";
import { GPT2_PATTERN } from "../parse-pre-tokenizer.ts";

export interface GgufPreTokenizer {
  readonly names: readonly string[];
  readonly normalizers: readonly NormalizerStep[];
  readonly preTokenizers: readonly PreTokenizerStep[];
  /** As the original has it: llama.cpp has none for "chatglm-bpe", and 893 of GLM-4's tokens are out of its reach. */
  readonly ignoreMerges: boolean;
  /** The file of test/oracles/tokenizer-files.json that says so; undefined where only ids were compared. */
  readonly seenIn: string | undefined;
}

const NFC: NormalizerStep = { type: "unicode", form: "NFC" };
const DIGITS: PreTokenizerStep = {
  type: "split",
  pattern: { property: "Numeric", run: false },
  behavior: "Isolated",
  invert: false,
};

function splitAt(regex: string): PreTokenizerStep {
  return { type: "split", pattern: { regex }, behavior: "Isolated", invert: false };
}

/** Text outside the matches is dropped; there is none, since the patterns match everything. */
function keepMatches(regex: string): PreTokenizerStep {
  return { type: "split", pattern: { regex }, behavior: "Removed", invert: true };
}

const CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
const SPACES = "\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

function words(digits: string): string {
  return `${CONTRACTIONS}|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|${digits}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|${SPACES}`;
}

/** o200k and tekken: words end where small letters are followed by capitals. */
function casedWords(contractions: string, digits: string): string {
  const before = "[^\\r\\n\\p{L}\\p{N}]?";
  const capitals = "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]";
  const small = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]";
  const word = `${before}${capitals}*${small}+${contractions}|${before}${capitals}+${small}*${contractions}`;
  return `${word}|${digits}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|${SPACES}`;
}

const LETTERS_OF_CASED_SCRIPTS =
  "A-Za-zµÀ-ÖØ-öø-ƺƼ-ƿǄ-ʓʕ-ʯͰ-ͳͶͷͻ-ͽͿΆΈ-ΊΌΎ-ΡΣ-ϵϷ-ҁҊ-ԯԱ-ՖႠ-ჅᎠ-Ᏽᏸ-ᏽᲐ-ᲺᲽ-Ჿᴀ-ᴫᵫ-ᵷᵹ-ᶚḀ-ἕἘ-Ἕἠ-ὅὈ-Ὅὐ-ὗὙὛὝὟ-ώᾀ-ᾴᾶ-ᾼιῂ-ῄῆ-ῌῐ-ΐῖ-Ίῠ-Ῥῲ-ῴῶ-ῼℂℇℊ-ℓℕℙ-ℝℤΩℨK-ℭℯ-ℴℹℼ-ℿⅅ-ⅉⅎↃↄⰀ-ⱻⱾ-ⳤⳫ-ⳮⳲⳳꙀ-ꙭꚀ-ꚛꜢ-ꝯꝱ-ꞇꞋ-ꞎꭰ-ꮿﬀ-ﬆﬓ-ﬗＡ-Ｚａ-ｚ𐐀-𐑏𐒰-𐓓𐓘-𐓻𐲀-𐲲𐳀-𐳲𑢠-𑣟𞤀-𞥃";

const DEEPSEEK_HAN = "[一-龥ࠀ-一가-퟿]+";

export const GGUF_PRE_TOKENIZERS: readonly GgufPreTokenizer[] = [
  {
    names: ["gpt-2"],
    normalizers: [],
    preTokenizers: [splitAt(GPT2_PATTERN)],
    ignoreMerges: false,
    seenIn: "gpt2",
  },
  {
    names: ["mpt", "olmo"],
    normalizers: [NFC],
    preTokenizers: [splitAt(GPT2_PATTERN)],
    ignoreMerges: false,
    seenIn: "olmo1",
  },
  {
    names: ["modern-bert"],
    normalizers: [NFC],
    preTokenizers: [splitAt(GPT2_PATTERN)],
    ignoreMerges: false,
    seenIn: "modernbert",
  },
  {
    names: ["smollm", "starcoder", "refact", "command-r"],
    normalizers: [],
    preTokenizers: [DIGITS, splitAt(GPT2_PATTERN)],
    ignoreMerges: false,
    seenIn: undefined,
  },
  {
    names: ["llama-bpe", "llama3", "llama-v3"],
    normalizers: [],
    preTokenizers: [splitAt(words("\\p{N}{1,3}"))],
    ignoreMerges: true,
    seenIn: "llama3",
  },
  {
    names: ["glm4", "chatglm-bpe"],
    normalizers: [],
    preTokenizers: [splitAt(words("\\p{N}{1,3}"))],
    ignoreMerges: true,
    seenIn: "glm-4",
  },
  {
    names: ["dbrx"],
    normalizers: [],
    preTokenizers: [keepMatches(words("\\p{N}{1,3}"))],
    ignoreMerges: false,
    seenIn: "olmo2",
  },
  // llama.cpp leaves NFC out; the models were trained with it.
  {
    names: ["qwen2"],
    normalizers: [NFC],
    preTokenizers: [splitAt(words("\\p{N}"))],
    ignoreMerges: false,
    seenIn: "qwen2.5",
  },
  {
    names: ["qwen35"],
    normalizers: [NFC],
    preTokenizers: [
      splitAt(
        "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?[\\p{L}\\p{M}]+|\\p{N}| ?[^\\s\\p{L}\\p{M}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
      ),
    ],
    ignoreMerges: false,
    seenIn: "qwen3.5",
  },
  {
    names: ["gpt-4o"],
    normalizers: [],
    preTokenizers: [splitAt(casedWords(`${CONTRACTIONS}?`, "\\p{N}{1,3}"))],
    ignoreMerges: true,
    seenIn: "gpt-oss",
  },
  {
    names: ["llama4"],
    normalizers: [],
    preTokenizers: [splitAt(casedWords(`${CONTRACTIONS}?`, "\\p{N}{1,3}"))],
    ignoreMerges: true,
    seenIn: "llama4-ranks",
  },
  {
    names: ["tekken"],
    normalizers: [],
    preTokenizers: [splitAt(casedWords("", "\\p{N}"))],
    ignoreMerges: true,
    seenIn: "tekken-240718",
  },
  {
    names: ["deepseek-llm"],
    normalizers: [],
    preTokenizers: [
      splitAt("[\r\n]"),
      splitAt(`\\s?[${LETTERS_OF_CASED_SCRIPTS}]+`),
      splitAt("\\s?[!-/:-~！-／：-～‘-‟　-。]+"),
      splitAt("\\s+$"),
      splitAt(DEEPSEEK_HAN),
      DIGITS,
    ],
    ignoreMerges: false,
    seenIn: "deepseek-v2",
  },
  {
    names: ["deepseek-coder"],
    normalizers: [],
    preTokenizers: [
      splitAt("[\r\n]"),
      splitAt("\\s?\\p{L}+"),
      splitAt("\\s?\\p{P}+"),
      splitAt(DEEPSEEK_HAN),
      DIGITS,
    ],
    ignoreMerges: false,
    seenIn: undefined,
  },
  {
    names: ["deepseek-v3"],
    normalizers: [],
    preTokenizers: [
      splitAt("\\p{N}{1,3}"),
      splitAt("[一-龥぀-ゟ゠-ヿ]+"),
      splitAt(
        "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\r\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\r\n]*|\\s*[\r\n]+|\\s+(?!\\S)|\\s+",
      ),
    ],
    ignoreMerges: false,
    seenIn: "deepseek-v3",
  },
];
