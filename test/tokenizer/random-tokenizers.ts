// Small random tokenizer.json files: every component that vocab knows, combined as chance has it.

import { BYTE_CHARACTERS } from "../../src/text/byte-alphabet.ts";
import { byteFallbackToken } from "../../src/tokenizer/model-tokens.ts";
import { hostileLine, type Random } from "./hostile-text.ts";
import { KNOWN_PATTERNS } from "./known-patterns.ts";
import { randomUnigram, randomWordPiece } from "./random-models.ts";

type Json = Readonly<Record<string, unknown>>;

export interface RandomTokenizer {
  readonly json: string;
  /** Strings worth seeing often in the text: the added tokens, with and without neighbours. */
  readonly likes: readonly string[];
}

const BEHAVIORS = ["Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous"];
const ADDED = [
  ..."ab\n▁Ġ é ﬁ",
  "<x>",
  "<x><y>",
  "<y>",
  "ab",
  "abc",
  "the",
  " the",
  "a b",
  "  ",
  "▁▁",
  "<|end|>",
  "e\u0301",
  "中",
  "سلام",
  "A1",
  " <z> ",
  "s",
  "ﬁn",
  "<0x41>",
];

/** @param bpeShare of the models that are not byte-level */
export function randomTokenizer(
  random: Random,
  byteLevel = random.chance(0.4),
  bpeShare = 0.5,
): RandomTokenizer {
  const model = byteLevel || random.chance(bpeShare) ? randomBpe(random, byteLevel) : randomOther(random);
  const addedTokens = randomAddedTokens(random, idsOf(model["vocab"]));
  const json = {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: addedTokens,
    normalizer: randomNormalizer(random),
    pre_tokenizer: randomPreTokenizer(random, byteLevel),
    post_processor: null,
    decoder: randomDecoder(random, byteLevel),
    model,
  };
  const contents = addedTokens.map((token) => token.content);
  return {
    json: JSON.stringify(json),
    likes: [
      ...contents,
      ...contents.flatMap((content) => [` ${content} `, `${content}x`, content + content]),
    ],
  };
}

function randomOther(random: Random): Json {
  const words = trainingWords(random, false);
  return random.chance(0.5) ? randomUnigram(random, words) : randomWordPiece(random, words);
}

// A Unigram vocabulary is a list.
function idsOf(vocab: unknown): Json {
  if (!Array.isArray(vocab)) return vocab as Json;
  return Object.fromEntries(vocab.map(([piece], id) => [piece, id]));
}

function randomBpe(random: Random, byteLevel: boolean): Json {
  const byteFallback = !byteLevel && random.chance(0.6);
  const words = trainingWords(random, byteLevel);
  const learned = learnMerges(random, words, random.integer(0, 90));
  const tokens = new Set<string>(
    byteLevel ? someBytes(random) : words.flat().filter(() => random.chance(0.9)),
  );
  if (byteFallback) {
    const share = random.chance(0.6) ? 1 : 0.9;
    for (let byte = 0; byte < 256; byte++) if (random.chance(share)) tokens.add(byteFallbackToken(byte));
  }
  const unknown = random.chance(byteFallback ? 0.5 : byteLevel ? 0.3 : 0.95) ? "<unk>" : null;
  if (unknown !== null) tokens.add(unknown);
  const merges = learned.filter(
    ([left, right]) => [left, right].every((part) => tokens.has(part)) && tokens.add(left + right),
  );
  if (random.chance(0.3)) merges.push(...merges.filter(() => random.chance(0.2)));
  const ranked = random.chance(0.4) ? random.shuffle(merges) : merges;
  const ids = random.chance(0.5) ? [...tokens] : random.shuffle([...tokens]);
  return {
    type: "BPE",
    dropout: null,
    unk_token: unknown,
    continuing_subword_prefix: null,
    end_of_word_suffix: null,
    fuse_unk: random.chance(0.5),
    byte_fallback: byteFallback,
    ignore_merges: random.chance(0.3),
    vocab: Object.fromEntries(ids.map((token, id) => [token, id])),
    merges:
      random.chance(0.3) && ranked.every((pair) => !pair.join("").includes(" "))
        ? ranked.map((pair) => pair.join(" "))
        : ranked,
  };
}

// SmolLM 2 lacks some.
function someBytes(random: Random): readonly string[] {
  return random.chance(0.7) ? BYTE_CHARACTERS : BYTE_CHARACTERS.filter(() => random.chance(0.9));
}

// Words of symbols, a space before each: " the" is [" ", "t", "h", "e"], ["Ġ", "t", …] or ["▁", "t", …].
function trainingWords(random: Random, byteLevel: boolean): string[][] {
  const space = random.chance(0.6) ? "▁" : " ";
  const text = random.times(12, () => hostileLine(random)).join(" the abc ab a in of ");
  return (text.match(/ ?[^ ]+| /gu) ?? []).map((word) =>
    byteLevel
      ? Array.from(Buffer.from(word), (byte) => BYTE_CHARACTERS[byte]!)
      : [...word.replaceAll(" ", space)],
  );
}

/** A tiny trainer: joins the most frequent pair, `count` times. */
function learnMerges(random: Random, words: readonly string[][], count: number): [string, string][] {
  let corpus = words.map((word) => [...word]);
  const merges: [string, string][] = [];
  for (let round = 0; round < count; round++) {
    const counts = new Map<string, { pair: [string, string]; count: number }>();
    for (const word of corpus)
      for (let i = 0; i + 1 < word.length; i++) {
        const entry = counts.get(`${word[i]}\0${word[i + 1]}`) ?? {
          pair: [word[i]!, word[i + 1]!],
          count: 0,
        };
        counts.set(`${word[i]}\0${word[i + 1]}`, { ...entry, count: entry.count + 1 });
      }
    const ranked = [...counts.values()].sort((a, b) => b.count - a.count).slice(0, 3);
    if (ranked.length === 0) return merges;
    const { pair } = random.pick(ranked);
    merges.push(pair);
    corpus = corpus.map((word) => joinPair(word, pair));
  }
  return merges;
}

function joinPair(word: readonly string[], [left, right]: readonly [string, string]): string[] {
  const joined: string[] = [];
  for (let i = 0; i < word.length; i++) {
    if (word[i] === left && word[i + 1] === right) joined.push(left + word[++i]!);
    else joined.push(word[i]!);
  }
  return joined;
}

interface AddedTokenJson {
  readonly id: number;
  readonly content: string;
  readonly [flag: string]: unknown;
}

function randomAddedTokens(random: Random, vocab: Json): AddedTokenJson[] {
  const contents = new Set(random.times(random.integer(0, 7), () => random.pick(ADDED)));
  let next = Object.keys(vocab).length;
  return [...contents].map((content) => ({
    id: Object.hasOwn(vocab, content) ? (vocab[content] as number) : next++,
    content,
    single_word: random.chance(0.25),
    // A token of spaces with lstrip, after one with rstrip, makes the reference crash.
    lstrip: random.chance(content.trim() === "" ? 0 : 0.25),
    rstrip: random.chance(0.25),
    normalized: random.chance(0.5),
    special: random.chance(0.4),
  }));
}

function randomNormalizer(random: Random, depth = 1): Json | null {
  const forms = ["NFC", "NFD", "NFKC", "NFKD"].map((type) => ({ type }));
  const replace = (pattern: string, content: string) => ({
    type: "Replace",
    pattern: { String: pattern },
    content,
  });
  const strip = { type: "Strip", strip_left: random.chance(0.5), strip_right: random.chance(0.5) };
  const some: (Json | null)[] = [
    null,
    null,
    ...forms,
    replace(" ", "▁"),
    replace("a", "bb"),
    replace("ab", ""),
    replace("▁▁", " "),
    { type: "Prepend", prepend: random.pick(["▁", "x ", "é"]) },
    strip,
    { type: "Lowercase" },
    { type: "StripAccents" },
    { type: "Replace", pattern: { Regex: random.pick([" {2,}", "\\s+", "[aé]b?", "\\p{N}"]) }, content: "▁" },
    {
      type: "BertNormalizer",
      clean_text: random.chance(0.7),
      handle_chinese_chars: random.chance(0.7),
      strip_accents: random.pick([null, null, true, false]),
      lowercase: random.chance(0.5),
    },
  ];
  if (depth > 0 && random.chance(0.4)) {
    const steps = random.times(random.integer(0, 3), () => randomNormalizer(random, depth - 1));
    return { type: "Sequence", normalizers: steps.filter((step) => step !== null) };
  }
  return random.pick(some);
}

function randomPreTokenizer(random: Random, byteLevel: boolean): Json | null {
  const steps = random.times(random.pick([0, 0, 1, 1, 2, 3]), () => randomSplitStep(random));
  if (random.chance(0.3)) steps.splice(random.integer(0, steps.length), 0, randomMetaspace(random));
  if (byteLevel) {
    const prefix = random.chance(0.3);
    const regex = random.chance(steps.length === 0 ? 0.5 : 0.2);
    steps.push({ type: "ByteLevel", add_prefix_space: prefix, trim_offsets: true, use_regex: regex });
  }
  if (steps.length === 0) return null;
  return steps.length === 1 && random.chance(0.8) ? steps[0]! : { type: "Sequence", pretokenizers: steps };
}

function randomMetaspace(random: Random): Json {
  return {
    type: "Metaspace",
    replacement: random.pick(["▁", "▁", "_"]),
    prepend_scheme: random.pick(["always", "first", "never"]),
    split: random.chance(0.5),
  };
}

function randomSplitStep(random: Random): Json {
  const split = (pattern: Json) => ({
    type: "Split",
    pattern,
    behavior: random.pick(BEHAVIORS),
    invert: random.chance(0.3),
  });
  switch (random.integer(0, 8)) {
    case 6:
      return { type: "Whitespace" };
    case 7:
      return { type: "BertPreTokenizer" };
    case 8:
      return { type: "CharDelimiterSplit", delimiter: random.pick([" ", "a", "▁", "."]) };
    case 0:
      return split({ String: random.pick([" ", "a", "▁", "..", "-", "\n", "[x]", "ab", "#&~^$"]) });
    case 1:
      return { type: "Digits", individual_digits: random.chance(0.5) };
    case 2:
      return { type: "WhitespaceSplit" };
    case 3:
      return { type: "Punctuation", behavior: random.pick(BEHAVIORS) };
    default:
      return split({ Regex: random.pick(random.pick(KNOWN_PATTERNS).sources) });
  }
}

function randomDecoder(random: Random, byteLevel: boolean): Json | null {
  if (byteLevel)
    return random.chance(0.8)
      ? { type: "ByteLevel", add_prefix_space: true, trim_offsets: true, use_regex: true }
      : null;
  const replace = { type: "Replace", pattern: { String: "▁" }, content: " " };
  const metaspace = {
    type: "Metaspace",
    replacement: "▁",
    prepend_scheme: random.pick(["always", "first", "never"]),
    split: true,
  };
  const strip = { type: "Strip", content: " ", start: 1, stop: 0 };
  return random.pick([
    null,
    metaspace,
    { type: "WordPiece", prefix: "##", cleanup: random.chance(0.5) },
    { type: "Fuse" },
    { type: "ByteFallback" },
    { type: "Sequence", decoders: [] },
    { type: "Sequence", decoders: [replace, { type: "ByteFallback" }, { type: "Fuse" }] },
    { type: "Sequence", decoders: [replace, { type: "ByteFallback" }, { type: "Fuse" }, strip] },
  ]);
}
