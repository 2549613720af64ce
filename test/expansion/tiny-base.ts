// Small bases and tokens learned by hand for them.

import { BYTE_CHARACTERS } from "../../src/text/byte-alphabet.ts";
import type { BpeDefinition } from "../../src/tokenizer/definition.ts";
import { parseBpeTokenizerJson } from "../../src/tokenizer/require-bpe.ts";
import type { Candidate, LearnedTokens } from "../../src/training/candidates.ts";

export interface BaseParts {
  readonly merges?: readonly (readonly [string, string])[];
  /** Added tokens that are not in the model's vocabulary. */
  readonly added?: readonly string[];
  /** Of the file's own keys, for example `pre_tokenizer`. */
  readonly parts?: Readonly<Record<string, unknown>>;
  readonly mergeStyle?: "string" | "pair";
}

export const LLAMA_PATTERN =
  "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

export function byteLevelSteps(pattern: string): unknown {
  return {
    type: "Sequence",
    pretokenizers: [
      { type: "Split", pattern: { Regex: pattern }, behavior: "Isolated", invert: false },
      { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: false },
    ],
  };
}

/** A byte-level base: 256 byte tokens, then the products of its merges, then its added tokens. */
export function byteLevelBase({ merges = [], added = [], parts = {}, mergeStyle = "pair" }: BaseParts = {}) {
  const tokens = [...BYTE_CHARACTERS, ...merges.map((pair) => pair.join(""))];
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: added.map((content, i) => ({
      id: tokens.length + i,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: null,
    pre_tokenizer: byteLevelSteps(LLAMA_PATTERN),
    post_processor: null,
    decoder: { type: "ByteLevel", add_prefix_space: true, trim_offsets: true, use_regex: true },
    ...parts,
    model: {
      type: "BPE",
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
      merges: merges.map((pair) => (mergeStyle === "pair" ? pair : pair.join(" "))),
    },
  };
}

/** A base like Gemma's: `▁` for spaces, byte tokens for unknown characters, all splits of a piece as merges. */
export function spaceSymbolBase() {
  const bytes = Array.from(
    { length: 256 },
    (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`,
  );
  const tokens = ["<unk>", ...bytes, "▁", "a", "b", "c", "▁a"];
  return {
    version: "1.0",
    added_tokens: [{ id: 0, content: "<unk>", special: true, normalized: false }],
    normalizer: { type: "Replace", pattern: { String: " " }, content: "▁" },
    pre_tokenizer: null,
    decoder: {
      type: "Sequence",
      decoders: [
        { type: "Replace", pattern: { String: "▁" }, content: " " },
        { type: "ByteFallback" },
        { type: "Fuse" },
      ],
    },
    model: {
      type: "BPE",
      unk_token: "<unk>",
      fuse_unk: true,
      byte_fallback: true,
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
      merges: [["▁", "a"]],
    },
  };
}

export function parse(text: string): BpeDefinition {
  return parseBpeTokenizerJson(text, "base.json");
}

/**
 * Learned tokens from merges of spellings, each making a new token (or one of the base, or one made before).
 * `learnByHand(base, [["a", "b"], ["ab", "c"]])` → ab, abc
 */
export function learnByHand(
  base: BpeDefinition,
  pairs: readonly (readonly [string, string])[],
  characters: readonly string[] = [],
): LearnedTokens {
  const firstId = base.vocabSize;
  const candidates: Candidate[] = [];
  const idOf = new Map(base.model.idOfToken);
  const parts = new Map<number, readonly number[]>();
  const add = (token: string, constituents: readonly number[], kind: Candidate["kind"]) => {
    idOf.set(token, firstId + candidates.length);
    parts.set(firstId + candidates.length, constituents);
    candidates.push({ ...describe(base, token), token, kind, constituents, count: 2 });
  };
  for (const character of characters)
    add(
      character,
      [...Buffer.from(character, "utf8")].map(
        (byte) => idOf.get(`<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`)!,
      ),
      "character",
    );
  const merges = pairs.map(([left, right]): [number, number, number] => {
    const [a, b] = [idOf.get(left)!, idOf.get(right)!];
    if (!idOf.has(left + right))
      add(left + right, [...(parts.get(a) ?? [a]), ...(parts.get(b) ?? [b])], "token");
    return [a, b, idOf.get(left + right)!];
  });
  return { firstId, candidates, merges };
}

function describe(base: BpeDefinition, token: string): { readonly bytes: string; readonly text?: string } {
  const bytes = base.model.byteLevel
    ? Buffer.from(Array.from(token, (character) => BYTE_CHARACTERS.indexOf(character)))
    : Buffer.from(token.replaceAll("▁", " "), "utf8");
  const text = bytes.toString("utf8");
  return text.includes("\ufffd") ? { bytes: bytes.toString("hex") } : { bytes: bytes.toString("hex"), text };
}
