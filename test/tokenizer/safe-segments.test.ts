import { describe, expect, it } from "vitest";
import { cutDocument } from "../../src/counting/cut-document.ts";
import { parseTokenizerJson } from "../../src/tokenizer/parse-tokenizer-json.ts";
import { planReading, type ReadingPlan } from "../../src/tokenizer/safe-cuts.ts";
import { Tokenizer } from "../../src/tokenizer/tokenizer.ts";

type Json = Readonly<Record<string, unknown>>;

const BERT = {
  type: "BertNormalizer",
  clean_text: false,
  handle_chinese_chars: true,
  strip_accents: true,
  lowercase: true,
};
const WORDS = { type: "WhitespaceSplit" };

/** As BERT: [UNK] 0, a 1, 二 2, and what is added from 3 on. */
function wordPiece(normalizer: Json | null, added: readonly Json[] = []): Tokenizer {
  const vocab = { "[UNK]": 0, a: 1, 二: 2 };
  const model = {
    type: "WordPiece",
    unk_token: "[UNK]",
    continuing_subword_prefix: "##",
    max_input_chars_per_word: 100,
    vocab,
  };
  return tokenizer({ normalizer, pre_tokenizer: { type: "BertPreTokenizer" }, model, added_tokens: added });
}

/** As T5: <unk> 0, ▁ 1, a 2, ▁a 3. */
function unigram(normalizer: Json | null, prepend_scheme: string): Tokenizer {
  const vocab = ["<unk>", "▁", "a", "▁a"].map((piece, id) => [piece, -id]);
  const metaspace = { type: "Metaspace", replacement: "▁", prepend_scheme, split: true };
  return tokenizer({
    normalizer,
    pre_tokenizer: { type: "Sequence", pretokenizers: [WORDS, metaspace] },
    model: { type: "Unigram", unk_id: 0, vocab, byte_fallback: false },
  });
}

function tokenizer(parts: Json): Tokenizer {
  return new Tokenizer(parseTokenizerJson(JSON.stringify({ added_tokens: [], ...parts }), "x.json"));
}

const added = (content: string, flags: Json = {}): Json => ({ id: 3, content, normalized: true, ...flags });

const planOf = ({ definition }: Tokenizer): ReadingPlan => planReading(definition);

function reasonOf(plan: ReadingPlan): string {
  return plan.kind === "documents" ? plan.reason : plan.kind;
}

/** Ids, with the bytes under each, of the segments one by one. */
function joined(tokenizer: Tokenizer, text: string): string[] {
  const bytes = Buffer.from(text);
  const tokens: string[] = [];
  cutDocument(bytes, (start, end) => {
    tokens.push(...placed(tokenizer, bytes.subarray(start, end), start));
  });
  return tokens;
}

function placed(tokenizer: Tokenizer, bytes: Uint8Array, base = 0): string[] {
  const { ids, starts, ends } = tokenizer.encodeBytes(bytes, { continuesDocument: base > 0 });
  return ids.map((id, i) => `${id}:${base + starts[i]!}-${base + ends[i]!}`);
}

describe("read by segments", () => {
  it.each<[string, Tokenizer]>([
    ["BERT", wordPiece(BERT)],
    [
      "BERT with an added token in the text as it is",
      wordPiece(BERT, [added("[X]", { normalized: false, lstrip: true })]),
    ],
    ["BERT with an added word", wordPiece(BERT, [added("<x>")])],
    ["T5", unigram({ type: "NFKC" }, "always")],
    ["a symbol before the first word, without normalizers", unigram(null, "first")],
  ])("%s", (_, model) => {
    expect(planOf(model)).toEqual({ kind: "segments" });
    const text = "a 二 a\u0301 \u0301 <x> 二a [X]二\n\u0301a";
    expect(joined(model, text)).toEqual(placed(model, Buffer.from(text)));
  });
});

describe("read by documents", () => {
  // "二 " is " 二  " to the model: of its two spaces behind 二 one stands before the cut and one behind it.
  it("white space as an added token, where a normalizer puts spaces beside ideographs", () => {
    const model = wordPiece(BERT, [added("  ")]);
    expect(placed(model, Buffer.from("二 "))).toEqual(["2:0-3", "3:0-4"]);
    expect(joined(model, "二 ")).toEqual(["2:0-3"]);
    expect(reasonOf(planOf(model))).toContain('the added token "  " takes white space');
  });

  it("an added token that takes white space, where a normalizer removes the mark in it", () => {
    const model = wordPiece({ ...BERT, handle_chinese_chars: false }, [added("<x>", { lstrip: true })]);
    expect(placed(model, Buffer.from(" \u0316 <x>"))).toEqual(["3:0-7"]);
    expect(joined(model, " \u0316 <x>")).toEqual(["3:3-7"]);
    expect(reasonOf(planOf(model))).toContain('the added token "<x>" takes white space');
  });

  // The line end and the marks behind it are one to the normalizer, which puts them in order.
  it("a symbol before the first word, where marks on white space are normalized", () => {
    const model = unigram({ type: "NFKC" }, "first");
    expect(model.encode("a\n\u0301\u0316")).toEqual([3, 0]);
    expect(joined(model, "a\n\u0301\u0316")).toEqual(["3:0-1", "1:1-1", "0:1-6"]);
    expect(reasonOf(planOf(model))).toContain("before the first word only");
  });
});
