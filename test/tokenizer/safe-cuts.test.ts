import { describe, expect, it } from "vitest";
import { cutDocument } from "../../src/counting/cut-document.ts";
import { BYTE_CHARACTERS } from "../../src/text/byte-alphabet.ts";
import { byteFallbackToken } from "../../src/tokenizer/model-tokens.ts";
import { hasPreTokenizer, planReading, type ReadingPlan } from "../../src/tokenizer/safe-cuts.ts";
import type { Tokenizer } from "../../src/tokenizer/tokenizer.ts";
import { KNOWN_PATTERNS } from "./known-patterns.ts";
import { type Parts, tinyModel, tinyTokenizer } from "./tiny-tokenizer.ts";

const BYTES = Array.from({ length: 256 }, (_, byte) => byteFallbackToken(byte));
const NFC = { type: "NFC" };
const SPACES = { type: "Replace", pattern: { String: " " }, content: "▁" };
const PREPEND = { type: "Prepend", prepend: "▁" };

function split(Regex: string, behavior = "Isolated", invert = false): Parts {
  return { type: "Split", pattern: { Regex }, behavior, invert };
}

function sequence(...pretokenizers: readonly Parts[]): Parts {
  return { type: "Sequence", pretokenizers };
}

interface Added {
  readonly content: string;
  readonly [flag: string]: unknown;
}

/** A byte-level tokenizer of 256 tokens with these pre-tokenizers. */
function byteLevel(pretokenizers: readonly Parts[], parts: Parts = {}, added?: Added): Tokenizer {
  const level = { type: "ByteLevel", add_prefix_space: false, use_regex: false };
  return build({ type: "BPE", vocab: vocabulary(BYTE_CHARACTERS), merges: [] }, added, {
    pre_tokenizer: sequence(...pretokenizers, level),
    ...parts,
  });
}

/** A tokenizer as Gemma's: bytes, `▁` and what the merges need; spaces are replaced, nothing is cut. */
function pieces(merges: readonly Merge[], parts: Parts = {}, added?: Added): Tokenizer {
  return build(piecesModel(merges), added, { normalizer: SPACES, ...parts });
}

function piecesModel(merges: readonly Merge[], parts: Parts = {}): Parts {
  const parents = merges.flatMap(([left, right]) => [left, right, left + right]);
  const vocab = vocabulary(["<unk>", ...BYTES, "▁", ...parents]);
  return { type: "BPE", unk_token: "<unk>", byte_fallback: true, vocab, merges, ...parts };
}

type Merge = readonly [left: string, right: string];

function build(model: Parts, added: Added | undefined, parts: Parts): Tokenizer {
  const own = (parts["model"] as Parts | undefined) ?? model;
  const id = Object.keys(own["vocab"] as Parts).length;
  const added_tokens = added === undefined ? [] : [{ id, normalized: false, ...added }];
  return tinyTokenizer({ model: own, added_tokens, ...parts });
}

function vocabulary(tokens: readonly string[]): Parts {
  return Object.fromEntries([...new Set(tokens)].map((token, id) => [token, id]));
}

function reasonOf(plan: ReadingPlan): string {
  return plan.kind === "documents" ? plan.reason : plan.kind;
}

const plan = (tokenizer: Tokenizer) => planReading(tokenizer.definition);

describe("tokenizers that are safe to read by segments", () => {
  it.each(KNOWN_PATTERNS.filter(({ name }) => name !== "Gemma 3"))("$name", ({ sources }) => {
    const splits = sources.map((source) => split(source));
    expect(plan(byteLevel(splits))).toEqual({ kind: "pre-tokens" });
    expect(plan(byteLevel(splits, { normalizer: NFC }))).toEqual({ kind: "pre-tokens" });
  });

  it("GPT-2: the pattern that ByteLevel brings along", () => {
    const pre_tokenizer = { type: "ByteLevel", add_prefix_space: false, use_regex: true };
    expect(plan(byteLevel([], { pre_tokenizer }))).toEqual({ kind: "pre-tokens" });
  });

  it("a pattern whose matches are taken out and kept: Removed, inverted", () => {
    const [source] = KNOWN_PATTERNS[1]!.sources;
    expect(plan(byteLevel([split(source!, "Removed", true)]))).toEqual({ kind: "pre-tokens" });
  });

  it("like Gemma: spaces replaced, a Split that never fires", () => {
    const gemma = pieces([[">", "▁</"]], { pre_tokenizer: split(" ", "MergedWithPrevious") });
    expect(hasPreTokenizer(gemma.definition)).toBe(false);
    expect(plan(gemma)).toEqual({ kind: "pieces", prepends: false });
  });

  it("like Llama 2: ▁ put before the text", () => {
    const normalizer = { type: "Sequence", normalizers: [PREPEND, SPACES] };
    expect(plan(pieces([["▁", "a"]], { normalizer }, { content: "</s>" }))).toEqual({
      kind: "pieces",
      prepends: true,
    });
    const metaspace = { type: "Metaspace", replacement: "▁", prepend_scheme: "first", split: false };
    const parts = { normalizer: null, pre_tokenizer: metaspace };
    expect(plan(pieces([["▁", "a"]], parts))).toEqual({ kind: "pieces", prepends: true });
  });
});

const [cl100k] = KNOWN_PATTERNS[1]!.sources;
const good = [split(cl100k!)];
const metaspace = (rest: Parts = {}) => ({
  normalizer: null,
  pre_tokenizer: { type: "Metaspace", replacement: "▁", prepend_scheme: "never", split: false, ...rest },
});
const unsafe: readonly (readonly [reason: string, tokenizer: () => Tokenizer])[] = [
  ["has white space inside", () => byteLevel(good, {}, { content: "a b" })],
  ["takes the white space behind it", () => byteLevel(good, {}, { content: "the", rstrip: true })],
  ["takes the white space behind it", () => byteLevel(good, {}, { content: "≮", rstrip: true })],
  [
    "looks at the word before its white space",
    () => byteLevel(good, {}, { content: " x", single_word: true }),
  ],
  ["is matched where spaces are already replaced", () => pieces([], {}, { content: " x", normalized: true })],
  ["the normalizer unicode", () => byteLevel(good, { normalizer: { type: "NFKC" } })],
  ["the normalizer replace", () => byteLevel(good, { normalizer: { ...SPACES, content: "_" } })],
  ["the normalizer prepend", () => byteLevel(good, { normalizer: { ...PREPEND, prepend: "x" } })],
  [
    "the normalizer strip",
    () => byteLevel(good, { normalizer: { type: "Strip", strip_left: true, strip_right: false } }),
  ],
  [
    'something is put before the text behind "</s"',
    () => pieces([], metaspace({ prepend_scheme: "always" }), { content: "</s" }),
  ],
  ["a normalizer that replaces spaces before", () => byteLevel(good, { normalizer: SPACES })],
  ["a pre-tokenizer that changes the text", () => pieces([], metaspace({ split: true }))],
  ["behavior Contiguous", () => byteLevel([split(cl100k!, "Contiguous")])],
  ["behavior Removed", () => byteLevel([split(cl100k!, "Removed")])],
  ["a pattern that matches across a cut", () => byteLevel([split("a b|[^ ]+| ")])],
  ["a pattern that matches across a cut", () => byteLevel([split("\\p{L}+\\n|[\\s\\S]")])],
  ["a pattern that matches across a cut", () => byteLevel([split(" ?\\S+(?!\\s)|\\s+|\\S")])],
  ["patterns that leave text between their matches", () => byteLevel([split("\\p{L}+")])],
  ["a byte-level model without a pre-tokenizer", () => byteLevel([])],
  ["a model that reads spaces as they are", () => pieces([], { normalizer: null })],
  ["ignore_merges", () => pieces([], { model: piecesModel([], { ignore_merges: true }) })],
  ["the space symbol _", () => pieces([], metaspace({ replacement: "_" }))],
  [
    "a vocabulary without ▁",
    () => pieces([], { model: piecesModel([], { vocab: vocabulary(["<unk>", ...BYTES]) }) }),
  ],
  ['a line end behind the added token "x"', () => pieces([], {}, { content: "x" })],
  ['the merge ["a","▁"]', () => pieces([["a", "▁"]])],
  ['the merge ["a","\\n"]', () => pieces([["a", "\n"]])],
  [
    'the merge ["!","▁b"]',
    () =>
      pieces([
        ["▁", "b"],
        ["!", "▁b"],
      ]),
  ],
  ['the merge ["<0xC3>","<0xA9>"]', () => pieces([["<0xC3>", "<0xA9>"]])],
  [
    'the merge ["<unk>","b"]',
    () => pieces([], { model: piecesModel([["<unk>", "b"]], { byte_fallback: false }) }),
  ],
  [
    "white space that is an unknown character",
    () => pieces([], { model: piecesModel([], { byte_fallback: false, fuse_unk: true }) }),
  ],
  [
    "white space that is an unknown character",
    () => pieces([], { model: piecesModel([], { vocab: vocabulary(["<unk>", "▁", ...BYTES.slice(1)]) }) }),
  ],
];

describe("tokenizers that only whole documents are safe for, and why", () => {
  it.each(unsafe)("%s", (reason, tokenizer) => {
    expect(reasonOf(plan(tokenizer()))).toContain(reason);
  });

  it("a line end after punctuation may be joined, as in Gemma: no cut stands there", () => {
    expect(plan(pieces([["!", "\n"]]))).toEqual({ kind: "pieces", prepends: false });
  });

  it("a space put before the text", () => {
    const pre_tokenizer = { type: "ByteLevel", add_prefix_space: true, use_regex: true };
    expect(reasonOf(plan(byteLevel([], { pre_tokenizer })))).toContain(
      "a pre-tokenizer that changes the text",
    );
  });

  // DeepSeek-V2 runs `\s+$` on what its first Split left: white space that ends a segment ends no piece of the document.
  it("like DeepSeek-V2: a Split that sees where its piece ends", () => {
    const chain = ["[\\r\\n]", "\\s?\\p{L}+", "\\s?\\p{P}+", "\\s+$", "[一-龥]+", "\\p{N}+"].map((source) =>
      split(source),
    );
    expect(plan(byteLevel(chain)).kind).toBe("documents");
  });
});

describe("what could go wrong, by hand", () => {
  const joined = (tokenizer: Tokenizer, text: string): number[] => {
    const ids: number[] = [];
    const bytes = Buffer.from(text);
    cutDocument(bytes, (start, end) => {
      ids.push(...tokenizer.encodeBytes(bytes.subarray(start, end), { continuesDocument: start > 0 }).ids);
    });
    return ids;
  };

  it("a merge over a cut: a▁ in one document, a and ▁ in two segments", () => {
    const tokenizer = pieces([["a", "▁"]]);
    expect(tokenizer.encode("a b")).toHaveLength(2);
    expect(joined(tokenizer, "a b")).toHaveLength(3);
  });

  it("unknown characters fuse: one token for x and y around a space that is unknown too", () => {
    const tokenizer = tinyTokenizer({ model: tinyModel({ fuse_unk: true }) });
    expect(tokenizer.encode("x y")).toEqual([0]);
    expect(joined(tokenizer, "x y")).toEqual([0, 0]);
  });

  it("an unknown character waits while byte tokens pass: the bytes of the line end come first", () => {
    const vocab = vocabulary(["<unk>", "▁", "a", "<0x0A>"]);
    const tokenizer = pieces([], { model: piecesModel([], { vocab }) });
    expect(tokenizer.encode("é\na")).toEqual([3, 0, 2]);
    expect(joined(tokenizer, "é\na")).toEqual([0, 3, 2]);
  });

  it("Gemma's token over two words is no cut: > is no punctuation to the rule", () => {
    const tokenizer = pieces([
      ["<", "/"],
      ["▁", "</"],
      [">", "▁</"],
    ]);
    expect(tokenizer.encodeBytes(Buffer.from("b> </b> c")).ends).toContain(5);
    expect(joined(tokenizer, "b> </b> c")).toEqual(tokenizer.encode("b> </b> c"));
  });
});
