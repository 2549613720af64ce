// The verbs on small Unigram bases: tokenizer.json, a SentencePiece model, and both beside each other.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { embeddedText } from "../../src/corpus/embedded-text.ts";
import { canonicalJson } from "../../src/io/canonical-json.ts";
import { type ExpandOptions, expand } from "../../src/pipeline/expand.ts";
import { sweep } from "../../src/pipeline/sweep.ts";
import { train } from "../../src/pipeline/train.ts";
import { verify } from "../../src/pipeline/verify.ts";
import { resolveLanguage } from "../../src/text/languages.ts";
import { readSentencePiece } from "../../src/tokenizer/formats/read-sentencepiece.ts";
import { findTokenizer, loadTokenizer } from "../../src/tokenizer/load-tokenizer.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { intField } from "../tokenizer/formats/protobuf-writer.ts";
import { hostileLine, Random } from "../tokenizer/hostile-text.ts";
import { loadReference, referenceIds } from "../tokenizer/oracle.ts";
import { unigramJson, unigramModel } from "../training/unigram-bases.ts";

const folder = temporaryFolder();

function textOf(lang: string): readonly string[] {
  return embeddedText(resolveLanguage(lang)).documents;
}

function write(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, content);
  return path;
}

// Letters of Persian but for the last few, which are unknown.
const parts = { text: textOf("en").join(" "), letters: "ابتجحخدذرزسشعفقکلمنوه" };
write("json/tokenizer.json", unigramJson(parts, 2));
write("model/tokenizer.model", unigramModel(parts));
write("t5/tokenizer.json", t5Json());
// remove_extra_whitespaces is off.
write("t5/spiece.model", unigramModel(parts, intField(4, 0)));
const persian = write("fa.txt", `${textOf("fa").join("\n")}\n`);
// Shorter than the default, which `verify` below takes.
const panel = [
  write("en.txt", `${textOf("en").join("\n")}\n`),
  write("code.txt", "for (const x of y) {\n  f(x);\n}\n"),
];

// As T5: the ids of its model, which has `<mask>` behind the pieces.
function t5Json(): string {
  const json = JSON.parse(unigramJson(parts)) as {
    added_tokens: { id: number; content: string }[];
    normalizer: unknown;
    model: { unk_id: number; vocab: [string, number][] };
  };
  const order = ["<unk>", "<s>", "</s>"];
  json.model.vocab.splice(0, 3, ...order.map((piece): [string, number] => [piece, 0]));
  json.model.unk_id = 0;
  for (const token of json.added_tokens)
    if (order.includes(token.content)) token.id = order.indexOf(token.content);
  json.normalizer = null;
  return JSON.stringify(json);
}

function options(base: string, out: string, more: Partial<ExpandOptions> = {}): ExpandOptions {
  const files = { base: join(folder, base), out: join(folder, out), corpus: [persian], panel };
  return { ...files, add: 60, holdOut: 5, ...more };
}

function load(name: string) {
  return loadTokenizer(findTokenizer(join(folder, name))).tokenizer;
}

function lines(count: number): string[] {
  const random = new Random(5);
  return [
    ...textOf("fa"),
    ...textOf("ur"),
    ...textOf("en"),
    ...random.times(count, () => hostileLine(random)),
  ];
}

describe("a tokenizer.json", { timeout: 30_000 }, () => {
  test("gets pieces with scores, and the reference reads it as we do", async () => {
    const result = await expand("fa", options("json", "json-fa"));
    expect(result).toMatchObject({ model: "unigram", added: { tokens: 60, merges: 0, stones: 0 } });
    const json = readFileSync(join(folder, "json-fa/tokenizer.json"), "utf8");
    const expected = await referenceIds(loadReference(json), lines(400));
    const tokenizer = load("json-fa");
    expect(lines(400).map((line) => tokenizer.encode(line))).toEqual(expected);
    const used = new Set(expected.flat());
    const ids = Array.from({ length: 60 }, (_, k) => result.added.firstId + k);
    expect(ids.filter((id) => !used.has(id))).toEqual([]);
  });
  test("keeps all that it has, and <mask> its id", () => {
    const before = JSON.parse(readFileSync(join(folder, "json/tokenizer.json"), "utf8"));
    const text = readFileSync(join(folder, "json-fa/tokenizer.json"), "utf8");
    const after = JSON.parse(text);
    const { vocab } = before.model;
    expect(after.model.vocab.slice(0, vocab.length)).toEqual(vocab);
    expect(after.model.vocab[vocab.length]).toEqual(["<mask>", 0]);
    expect({ ...after, model: { ...after.model, vocab } }).toEqual(before);
    // Spaced as the file is.
    expect(text).toContain('      [\n        "<mask>",\n        0.0\n      ],\n');
    expect(load("json-fa").encode("<mask>")).toEqual([vocab.length]);
  });
  test("leaves English as it is", () => {
    const [base, expanded] = [load("json"), load("json-fa")];
    for (const line of textOf("en")) expect(expanded.encode(line)).toEqual(base.encode(line));
  });
  test("has a certificate that says what it cannot say", async () => {
    const { ok, checks, notChecked } = await verify(join(folder, "json-fa"));
    expect(ok).toBe(true);
    expect(checks.map(({ id }) => id).join(" ")).toBe("G1 G5 G6 G7 G9 G10 G12");
    expect(checks[0]!.figures).toMatchObject({ newPieces: 60, rescored: 0, unreachable: 0 });
    expect(notChecked.slice(0, 3).map(({ id }) => id)).toEqual(["G2", "G3", "G4"]);
    expect(notChecked[0]!.reason).toContain("a new piece can change the best path everywhere; see G6");
  });
  test("and a model card that says so too", () => {
    const card = readFileSync(join(folder, "json-fa/README.md"), "utf8");
    expect(card).toContain("Unigram: scores fitted on the counts of the training text");
    expect(card).toContain("*not* guaranteed");
  });
});

describe("a SentencePiece model", { timeout: 30_000 }, () => {
  test("gets normal pieces with the same scores as its candidates", async () => {
    const { run: _, ...candidates } = await train("fa", { ...options("model", ""), add: 60 });
    const file = write("fa.json", canonicalJson(candidates));
    await expand("fa", options("model", "model-fa"));
    const [base, expanded] = ["model", "model-fa"].map((name) =>
      readSentencePiece(readFileSync(join(folder, name, "tokenizer.model")), name),
    );
    const size = base!.pieces.length;
    expect(expanded!.pieces.slice(0, size)).toEqual(base!.pieces);
    expect(expanded!.pieces.slice(size)).toEqual(
      candidates.candidates.map(({ token, score }) => ({ text: token, score, type: "normal" })),
    );
    expect(candidates.merges).toEqual([]);
    // And from the file of candidates, all of them or the first few.
    await expand("fa", options("model", "model-file", { candidates: file }));
    expect(readFileSync(join(folder, "model-file/tokenizer.model"))).toEqual(
      readFileSync(join(folder, "model-fa/tokenizer.model")),
    );
    const first = await expand("fa", options("model", "model-first", { candidates: file, add: 7 }));
    expect(first.added.tokens).toBe(7);
  });
  test("has fewer tokens for held-out text, and fewer unknown ones", async () => {
    const { texts } = await expand("fa", options("model", "model-fa"));
    const { tokens, unknownTokens } = texts[0]!.heldOut!;
    expect(tokens[1]).toBeLessThan(0.8 * tokens[0]);
    expect(unknownTokens![1]).toBeLessThan(0.1 * unknownTokens![0]);
  });
  test("is the same for any number of workers", async () => {
    const contents = [];
    for (const workers of [1, 2, 5]) {
      await expand("fa", options("model", "workers", { workers }));
      contents.push(
        readdirSync(join(folder, "workers"), { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map(({ parentPath, name }) => [name, readFileSync(join(parentPath, name), "utf8")]),
      );
    }
    expect(contents[1]).toEqual(contents[0]);
    expect(contents[2]).toEqual(contents[0]);
  });
});

test("a model beside tokenizer.json gets the same pieces at the same ids", async () => {
  const { certificate } = await expand("fa", options("t5", "t5-fa"));
  expect(readdirSync(join(folder, "t5-fa"))).toContain("spiece.model");
  const agreement = certificate.checks.find(({ id }) => id === "G8")!;
  expect(agreement.ok).toBe(true);
  // Documents in which the two formats of the base agree.
  expect(agreement.figures["compared"]).toBeGreaterThan(1000);
  const model = readSentencePiece(readFileSync(join(folder, "t5-fa/spiece.model")), "spiece.model");
  expect(model.pieces.at(-61)).toEqual({ text: "<mask>", score: 0, type: "control" });
}, 30_000);

describe("errors", { timeout: 30_000 }, () => {
  test("a sweep has no meaning, nor has --add auto", async () => {
    const { add: _, out: __, ...rest } = options("model", "");
    await expect(sweep("fa", { ...rest, max: 50 })).rejects.toMatchObject({
      code: "not-swept",
      kind: "usage",
    });
    await expect(expand("fa", options("model", "auto", { add: "auto" }))).rejects.toMatchObject({
      code: "not-swept",
    });
  });
  test("candidates without scores, or with others, do not fit", async () => {
    const json = JSON.parse(readFileSync(join(folder, "fa.json"), "utf8"));
    const attempt = (candidate: object) => {
      const candidates = [{ ...json.candidates[0], ...candidate }, ...json.candidates.slice(1)];
      const file = write("other.json", JSON.stringify({ ...json, candidates }));
      return expand("fa", options("model", "unfit", { candidates: file }));
    };
    await expect(attempt({ score: undefined })).rejects.toThrow(/candidate 0: ".+" has no score/);
    await expect(attempt({ score: -1e9 })).rejects.toThrow(
      /the score -1000000000 is not a number in single precision from/,
    );
    await expect(attempt({ score: -3.1 })).rejects.toMatchObject({ code: "candidates-unfit" });
    await expect(attempt({ score: "high" })).rejects.toMatchObject({ code: "candidates-invalid" });
  });
  test("WordPiece is refused", async () => {
    const json = {
      version: "1.0",
      added_tokens: [],
      normalizer: null,
      pre_tokenizer: { type: "BertPreTokenizer" },
      post_processor: null,
      decoder: null,
      model: {
        type: "WordPiece",
        unk_token: "[UNK]",
        continuing_subword_prefix: "##",
        max_input_chars_per_word: 100,
        vocab: { "[UNK]": 0, a: 1 },
      },
    };
    write("wordpiece/tokenizer.json", JSON.stringify(json));
    await expect(train("fa", { ...options("wordpiece", ""), add: 5 })).rejects.toMatchObject({
      code: "not-trainable",
    });
  });
});
