// Random tokenizers of which most may be read by segments: random models and added tokens (test/tokenizer), with the
// normalizers and pre-tokenizers that real ones have.

import type { Random } from "../tokenizer/hostile-text.ts";
import { KNOWN_PATTERNS, type KnownPattern } from "../tokenizer/known-patterns.ts";
import { type RandomTokenizer, randomTokenizer } from "../tokenizer/random-tokenizers.ts";

interface TokenizerJson {
  readonly added_tokens: readonly { readonly content: string; readonly [flag: string]: unknown }[];
  readonly model: {
    readonly type: string;
    readonly byte_fallback: boolean;
    readonly vocab: Record<string, number>;
    readonly [key: string]: unknown;
  };
  readonly [part: string]: unknown;
}

/** Three for one measurement: often with the same pattern, or one that differs in numbers only. */
export function tokenizerGroup(random: Random): (() => RandomTokenizer)[] {
  const patterns = random.chance(0.5)
    ? [PATTERNS[1]!, PATTERNS[3]!]
    : random.times(random.integer(1, 2), () => random.pick(PATTERNS));
  const byteLevelShare = random.pick([0.4, 0.4, 1]);
  return [0, 1, 2].map(() => () => segmentableTokenizer(random, patterns, random.chance(byteLevelShare)));
}

const PATTERNS = KNOWN_PATTERNS.filter(({ name }) => name !== "Gemma 3");

function segmentableTokenizer(
  random: Random,
  patterns: readonly KnownPattern[],
  isByteLevel: boolean,
): RandomTokenizer {
  const { json, likes } = randomTokenizer(random, isByteLevel, 0.8);
  if (random.chance(0.1)) return { json, likes };
  const parsed = JSON.parse(json) as TokenizerJson;
  if (parsed.model.type !== "BPE") return { json, likes };
  const kept = parsed.added_tokens.filter(({ content }) => random.chance(isHard(content) ? 0.1 : 0.7));
  const safe = { rstrip: false, ...(random.chance(0.7) ? { single_word: false } : {}) };
  const added = kept.map((token) => ({ ...token, ...(random.chance(0.9) ? safe : {}) }));
  const vocab = isByteLevel ? parsed.model.vocab : withSpaces(random, parsed.model.vocab);
  const ignore = isByteLevel ? {} : { ignore_merges: random.chance(0.1) };
  const parts = isByteLevel ? byteLevelParts(random, patterns) : piecesParts(random);
  const model = { ...parsed.model, ...ignore, vocab };
  return {
    json: JSON.stringify({ ...parsed, added_tokens: renumbered(added, vocab), ...parts, model }),
    likes,
  };
}

// Added tokens for which a tokenizer is mostly read by documents.
function isHard(content: string): boolean {
  return /[\s\p{L}\p{N}]$|\s|^\s/u.test(content);
}

// Ids of added tokens that the model lacks begin where its vocabulary ends.
function renumbered(
  tokens: readonly { readonly content: string }[],
  vocab: Record<string, number>,
): unknown[] {
  let next = Object.keys(vocab).length;
  return tokens.map((token) => ({
    ...token,
    id: Object.hasOwn(vocab, token.content) ? vocab[token.content] : next++,
  }));
}

const SPACES = ["▁", "\t", "\n", "\v", "\f", "\r"];

function withSpaces(random: Random, vocab: Record<string, number>): Record<string, number> {
  const wanted = random.chance(0.7) ? SPACES : SPACES.filter(() => random.chance(0.8));
  const missing = wanted.filter((token) => !Object.hasOwn(vocab, token));
  const size = Object.keys(vocab).length;
  return { ...vocab, ...Object.fromEntries(missing.map((token, i) => [token, size + i])) };
}

function byteLevelParts(random: Random, patterns: readonly KnownPattern[]): Record<string, unknown> {
  const splits = random.pick(patterns).sources.map((Regex) => ({
    type: "Split",
    pattern: { Regex },
    ...(random.chance(0.85)
      ? { behavior: "Isolated", invert: false }
      : { behavior: "Removed", invert: true }),
  }));
  const digits = random.chance(0.15) ? [{ type: "Digits", individual_digits: random.chance(0.5) }] : [];
  const byteLevel = {
    type: "ByteLevel",
    add_prefix_space: false,
    trim_offsets: true,
    use_regex: random.chance(0.1),
  };
  return {
    normalizer: random.pick([null, null, { type: "NFC" }]),
    pre_tokenizer: { type: "Sequence", pretokenizers: [...digits, ...splits, byteLevel] },
  };
}

function piecesParts(random: Random): Record<string, unknown> {
  const form = random.pick([[], [], [{ type: "NFC" }]]);
  const prepend = random.chance(0.5) ? [{ type: "Prepend", prepend: "▁" }] : [];
  const replace = { type: "Replace", pattern: { String: " " }, content: "▁" };
  const inert = {
    type: "Split",
    pattern: { String: " " },
    behavior: "MergedWithPrevious",
    invert: false,
  };
  if (random.chance(0.6))
    return {
      normalizer: { type: "Sequence", normalizers: [...form, ...prepend, replace] },
      pre_tokenizer: random.pick([null, inert]),
    };
  const metaspace = {
    type: "Metaspace",
    replacement: "▁",
    prepend_scheme: random.pick(["always", "first", "never"]),
    split: random.chance(0.1),
  };
  return { normalizer: form[0] ?? null, pre_tokenizer: metaspace };
}
