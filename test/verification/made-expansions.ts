// Small bases and sound expansions of them, made from a few words: what fault fixtures and property tests start from.

import { createHash } from "node:crypto";
import { makePlan } from "../../src/embeddings/plan.ts";
import { expandTokenizerJson } from "../../src/expansion/expand-tokenizer-json.ts";
import { BYTE_CHARACTERS } from "../../src/text/byte-alphabet.ts";
import { modelTokenBytes } from "../../src/tokenizer/model-tokens.ts";
import { parseBpeTokenizerJson } from "../../src/tokenizer/require-bpe.ts";
import { type BpeTokenizer, Tokenizer } from "../../src/tokenizer/tokenizer.ts";
import type { Candidate, LearnedTokens } from "../../src/training/candidates.ts";

export interface MadeExpansion {
  readonly base: string;
  readonly expanded: string;
  readonly learned: LearnedTokens;
  readonly plan: unknown;
  /** Times that each id occurs in the text that the tokens were learned from. */
  readonly usesOfId: readonly number[];
}

export const ENGLISH =
  "the house and the other houses are there; he then heard that the heat is on the earth.";
export const PERSIAN =
  "سلام بر خانه و خانه‌های شهر، سلام بر کتابخانه و کتاب‌های خانه. خانهٔ ما در شهر است و شهر ما خانه است.";

export const LLAMA3_PATTERN =
  "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

const SPECIALS = ["<|begin|>", "<|end|>", "<|im_start|>"];
const FLAGS = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };

/** Byte-level, with special tokens above the vocabulary as Qwen has them, and `ignore_merges` as Llama 3 has it. */
export function byteLevelBase(text = ENGLISH, letters = PERSIAN): string {
  const words = wordsWithMarks(text).map((word) =>
    Array.from(Buffer.from(word), (byte) => BYTE_CHARACTERS[byte]!),
  );
  const merges = [...learnPairs(words, 60), ...letterMerges(letters)];
  const tokens = [...new Set([...BYTE_CHARACTERS, ...merges.map((pair) => pair.join(""))])];
  return json({
    added_tokens: SPECIALS.map((content, i) => ({ id: tokens.length + i, content, ...FLAGS })),
    normalizer: null,
    pre_tokenizer: {
      type: "Sequence",
      pretokenizers: [
        { type: "Split", pattern: { Regex: LLAMA3_PATTERN }, behavior: "Isolated", invert: false },
        { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: false },
      ],
    },
    post_processor: template("<|begin|>", tokens.length),
    decoder: { type: "ByteLevel", add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: model({ ignore_merges: true }, tokens, merges),
  });
}

/** Over characters with byte fallback, as Gemma: special tokens and bytes first. "ش" and ZWNJ are spelt in bytes. */
export function fallbackBase(text = ENGLISH): string {
  const words = pieces(text).map((word) => [...word.replaceAll(" ", "▁")]);
  const merges = learnPairs(words, 30);
  const bytes = Array.from(
    { length: 256 },
    (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`,
  );
  const specials = ["<pad>", "<bos>", "<unk>"];
  const letters = [...new Set([...words.flat(), ..."▁سلامبرخنوهیتکد،.\n"])];
  const tokens = [...new Set([...specials, ...bytes, ...letters, ...merges.map((pair) => pair.join(""))])];
  return json({
    added_tokens: specials.map((content, id) => ({ id, content, ...FLAGS })),
    normalizer: { type: "Replace", pattern: { String: " " }, content: "▁" },
    pre_tokenizer: { type: "Split", pattern: { String: " " }, behavior: "MergedWithPrevious", invert: false },
    post_processor: template("<bos>", 1),
    decoder: {
      type: "Sequence",
      decoders: [
        { type: "Replace", pattern: { String: "▁" }, content: " " },
        { type: "ByteFallback" },
        { type: "Fuse" },
      ],
    },
    model: model({ byte_fallback: true, unk_token: "<unk>", fuse_unk: true }, tokens, merges),
  });
}

/** At most `count` tokens for `text`, learned in the plainest way, entered as `expand` does it. */
export function expandFor(base: string, text: string, count: number): MadeExpansion {
  const definition = parseBpeTokenizerJson(base, "base");
  const learned = learn(new Tokenizer(definition), text, count);
  const added = learned.candidates.length;
  const expanded = expandTokenizerJson(base, definition, learned);
  const tokenizer = new Tokenizer(parseBpeTokenizerJson(expanded, "expanded"));
  const usesOfId = new Array<number>(tokenizer.definition.vocabSize).fill(0);
  for (const id of tokenizer.encode(text)) usesOfId[id]!++;
  const plan = makePlan(learned, {
    base: {
      tokenizer: "made",
      sha256: createHash("sha256").update(base).digest("hex"),
      vocabSize: definition.vocabSize,
      embeddingRows: null,
    },
    target: {
      vocabSize: definition.vocabSize + added,
      embeddingRows: definition.vocabSize + added,
      padToMultipleOf: null,
    },
    placement: "append",
    method: "mean",
    scriptIds: [],
  });
  return { base, expanded, learned, plan: JSON.parse(JSON.stringify(plan)), usesOfId };
}

// Letters of Persian are tokens of the base, so that none learned is a part of a character.
function letterMerges(text: string): [string, string][] {
  const letters = [...new Set(text)].map((letter) =>
    Array.from(Buffer.from(letter), (byte) => BYTE_CHARACTERS[byte]!),
  );
  return letters
    .flatMap((bytes) =>
      bytes.slice(1).map((byte, i): [string, string] => [bytes.slice(0, i + 1).join(""), byte]),
    )
    .filter((pair, i, all) => all.findIndex((other) => other.join(" ") === pair.join(" ")) === i);
}

// Takes the most frequent pair of whole characters without "▁" inside, again and again; smaller ids first.
function learn(base: BpeTokenizer, text: string, count: number): LearnedTokens {
  const { model } = base.definition;
  const firstId = base.definition.vocabSize;
  const spelling = (id: number) => (id < firstId ? model.tokens.at(id)! : candidates[id - firstId]!.token);
  const candidates: Candidate[] = [];
  const merges: [number, number, number][] = [];
  const known = new Set(model.idOfToken.keys());
  let words = wordsOf(base, text);
  while (candidates.length < count) {
    const best = bestPair(words, (left, right) => {
      const token = spelling(left) + spelling(right);
      return (
        !known.has(token) &&
        !/.▁/.test(token) &&
        (model.byteLevel || ![left, right].some((id) => /^<0x/.test(spelling(id))))
      );
    });
    if (best === undefined) break;
    const [left, right] = best.pair;
    const token = spelling(left) + spelling(right);
    const id = firstId + candidates.length;
    const bytes = modelTokenBytes(model, token.replaceAll("▁", model.byteLevel ? "▁" : " "));
    const constituents = [left, right].flatMap((part) =>
      part < firstId ? [part] : candidates[part - firstId]!.constituents,
    );
    candidates.push({
      token,
      bytes: Buffer.from(bytes).toString("hex"),
      kind: "token",
      constituents,
      count: best.count,
    });
    known.add(token);
    merges.push([left, right, id]);
    words = words.map((word) => joined(word, left, right, id));
  }
  return { firstId, candidates, merges };
}

function wordsOf(base: BpeTokenizer, text: string): number[][] {
  return pieces(text).map((word) => base.encode(word));
}

function bestPair(
  words: readonly (readonly number[])[],
  isAllowed: (left: number, right: number) => boolean,
) {
  const counts = new Map<string, { pair: [number, number]; count: number }>();
  for (const word of words)
    for (let i = 0; i + 1 < word.length; i++) {
      const key = `${word[i]} ${word[i + 1]}`;
      const entry = counts.get(key) ?? { pair: [word[i]!, word[i + 1]!], count: 0 };
      counts.set(key, { ...entry, count: entry.count + 1 });
    }
  return [...counts.values()]
    .filter(({ pair }) => isAllowed(...pair))
    .sort((a, b) => b.count - a.count || a.pair[0] - b.pair[0] || a.pair[1] - b.pair[1])[0];
}

function joined(word: readonly number[], left: number, right: number, product: number): number[] {
  const out: number[] = [];
  for (let i = 0; i < word.length; i++) {
    if (word[i] === left && word[i + 1] === right) {
      out.push(product);
      i++;
    } else out.push(word[i]!);
  }
  return out;
}

// Words with the space before them; punctuation apart, so that both bases may learn from them.
function pieces(text: string): string[] {
  return text.match(/ ?\p{L}+| ?[^\s\p{L}]+/gu) ?? [];
}

// As a relaxed pre-tokenizer would have them, for merges of the base that only it lets fire.
function wordsWithMarks(text: string): string[] {
  return text.match(/ ?[\p{L}\p{M}]+| ?[^\s\p{L}\p{M}]+/gu) ?? [];
}

function learnPairs(words: readonly (readonly string[])[], count: number): [string, string][] {
  const names: string[] = [];
  const idOf = (name: string) => (names.includes(name) ? names.indexOf(name) : names.push(name) - 1);
  let corpus = words.map((word) => word.map(idOf));
  const merges: [string, string][] = [];
  while (merges.length < count) {
    const best = bestPair(corpus, () => true);
    if (best === undefined) break;
    const [left, right] = best.pair;
    merges.push([names[left]!, names[right]!]);
    corpus = corpus.map((word) => joined(word, left, right, idOf(names[left]! + names[right]!)));
  }
  return merges;
}

function model(parts: object, tokens: readonly string[], merges: readonly unknown[]): object {
  return {
    type: "BPE",
    dropout: null,
    unk_token: null,
    continuing_subword_prefix: null,
    end_of_word_suffix: null,
    fuse_unk: false,
    byte_fallback: false,
    ignore_merges: false,
    ...parts,
    vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
    merges,
  };
}

function template(token: string, id: number): object {
  const special = { SpecialToken: { id: token, type_id: 0 } };
  return {
    type: "TemplateProcessing",
    single: [special, { Sequence: { id: "A", type_id: 0 } }],
    pair: [special, { Sequence: { id: "A", type_id: 0 } }, special, { Sequence: { id: "B", type_id: 1 } }],
    special_tokens: { [token]: { id: token, ids: [id], tokens: [token] } },
  };
}

function json(parts: object): string {
  return JSON.stringify({ version: "1.0", truncation: null, padding: null, ...parts }, null, 2);
}
