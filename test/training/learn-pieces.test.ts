import { describe, expect, it } from "vitest";
import type { UnigramModel } from "../../src/tokenizer/definition.ts";
import { parseTokenizerJson } from "../../src/tokenizer/parse-tokenizer-json.ts";
import { Tokenizer } from "../../src/tokenizer/tokenizer.ts";
import { UnigramEncoder } from "../../src/tokenizer/unigram-encoder.ts";
import { fitPieces } from "../../src/training/fit-pieces.ts";
import { learnPieces } from "../../src/training/learn-pieces.ts";
import type { Learned } from "../../src/training/learned.ts";
import { PieceSet } from "../../src/training/piece-set.ts";
import type { TokenConstraints } from "../../src/training/token-constraints.ts";
import { TrainingWords } from "../../src/training/training-words.ts";
import { fitSlowly } from "../reference/fit-pieces.ts";
import { Random } from "../tokenizer/hostile-text.ts";
import { type UnigramParts, unigramJson } from "./unigram-bases.ts";

const ENGLISH = "the cat sat on the mat and the dog sat on the log";

function load(parts: Partial<UnigramParts> = {}): Tokenizer<UnigramModel> {
  const json = unigramJson({ text: ENGLISH, ...parts });
  return new Tokenizer(parseTokenizerJson(json, "base")) as Tokenizer<UnigramModel>;
}

function words(base: Tokenizer<UnigramModel>, lines: readonly string[], protect: readonly string[] = []) {
  const found = new TrainingWords(base);
  for (const line of lines) found.addDocument(Buffer.from(line));
  for (const line of protect) found.protectDocument(Buffer.from(line));
  return found;
}

function learn(
  lines: readonly string[],
  constraints: TokenConstraints = {},
  { add = 10, base = load({ letters: "سلامکتب" }), protect = [] as readonly string[] } = {},
): Promise<Learned> {
  return learnPieces(words(base, lines, protect), {
    add,
    constraints: { scripts: ["Arab"], ...constraints },
  });
}

/** The base with what was learned. */
function withPieces(base: Tokenizer<UnigramModel>, { candidates }: Learned): UnigramModel {
  const { model } = base.definition;
  const size = model.tokens.length;
  return {
    ...model,
    tokens: [...model.tokens, ...candidates.map(({ token }) => token)],
    scores: Float64Array.from([...model.scores, ...candidates.map(({ score }) => score!)]),
    pieces: [...model.pieces, ...candidates.map((_, k) => size + k)],
  };
}

function spell(model: UnigramModel, text: string): string[] {
  const encoder = new UnigramEncoder(model);
  const bytes = Buffer.from(text);
  const count = encoder.encode(bytes, 0, bytes.length);
  return [...encoder.ids.subarray(0, count)].map((id) => model.tokens.at(id)!);
}

const LINES = ["سلام کتاب", "سلام سلام", "کتاب کتاب سلام", "the سلام"];

describe("pieces for a base that has the letters", () => {
  it("are the words that occur, each spelt by itself alone", async () => {
    const base = load({ letters: "سلامکتب" });
    const learned = await learn(LINES, {}, { base });
    const model = withPieces(base, learned);
    expect(learned.candidates.map(({ token }) => token)).toEqual(["▁سلام", "▁کتاب"]);
    for (const { token } of learned.candidates) expect(spell(model, token)).toEqual([token]);
    // سلام: 1 + 2 + 1 + 1 times; ▁ and four letters of the base.
    expect(learned.candidates[0]).toMatchObject({ count: 5, kind: "token", text: " سلام" });
    expect(learned.candidates[0]!.constituents.map((id) => base.definition.model.tokens.at(id))).toEqual([
      ..."▁سلام",
    ]);
    expect(learned.merges).toEqual([]);
    expect(learned.stopDetail).toBe("stopped after 2: no other piece occurs often enough and saves a token");
  });
  it("counts the tokens before and after", async () => {
    // Eight words of five tokens and "▁the"; then one token a word.
    const { languages } = await learn(LINES);
    expect(languages).toEqual([{ tokensBefore: 41, tokensAfter: 9 }]);
  });
  it("score within those of the base, as numbers in single precision and in 12 digits", async () => {
    const base = load({ letters: "سلامکتب" });
    const { scores, pieces, lowestScore } = base.definition.model;
    const highest = Math.max(...pieces.map((id) => scores[id]!));
    for (const { score } of (await learn(LINES, {}, { base })).candidates) {
      expect(score!).toBeGreaterThanOrEqual(lowestScore);
      expect(score!).toBeLessThanOrEqual(highest);
      expect(Math.fround(score!)).toBe(score);
      expect(Number(score!.toPrecision(12))).toBe(score);
    }
  });
  it("leave other text as it is", async () => {
    const base = load({ letters: "سلامکتب" });
    const model = withPieces(base, await learn(LINES, {}, { base }));
    for (const text of ["▁the", "▁catalog", "▁☃x☃"])
      expect(spell(model, text)).toEqual(spell(base.definition.model, text));
  });
  it("are no more than asked for: those that save most tokens", async () => {
    const learned = await learn(LINES, {}, { add: 1 });
    expect(learned.candidates.map(({ token }) => token)).toEqual(["▁سلام"]);
    expect(learned.stopDetail).toBe("learned 1, as many as asked for");
  });
  it("do not depend on the order of the documents", async () => {
    expect(await learn([...LINES].reverse())).toEqual(await learn(LINES));
  });
});

describe("characters that the base does not know", () => {
  const base = load();
  it("become pieces first, and words are learned from them", async () => {
    const learned = await learn(LINES, { coverCharacters: true }, { base, add: 20 });
    const characters = learned.candidates
      .filter(({ kind }) => kind === "character")
      .map(({ token }) => token);
    // ا 8, س 5, ل 5, م 5, ک 3, ت 3, ب 3 times.
    expect(characters.join("")).toBe("اسلمبتک");
    const model = withPieces(base, learned);
    expect(spell(model, "▁سلام")).toEqual(["▁سلام"]);
    expect(spell(model, "▁بسا")).toEqual(["▁", "ب", "س", "ا"]);
    const unknown = learned.candidates.find(({ token }) => token === "▁سلام")!;
    expect(unknown.constituents.map((id) => base.definition.model.tokens.at(id))).toEqual(["▁", "<unk>"]);
  });
  it("stay unknown where they are of another script, or covering is off", async () => {
    const more = [...LINES, "жж жж жж"];
    const learned = await learn(more, { coverCharacters: true }, { base, add: 20 });
    expect(learned.candidates.some(({ token }) => token.includes("ж"))).toBe(false);
    expect((await learn(LINES, { coverCharacters: false }, { base })).candidates).toEqual([]);
  });
  it("may be marks and joiners that scripts share, and punctuation where that is asked for", async () => {
    const lines = ["لطفاً «سلام» µ می\u200cشود", "لطفاً «سلام» µ می\u200cشود"];
    const characters = async (constraints: TokenConstraints) => {
      const learned = await learn(lines, { coverCharacters: true, ...constraints }, { base, add: 60 });
      return learned.candidates.filter(({ kind }) => kind === "character").map(({ token }) => token);
    };
    expect((await characters({})).filter((token) => /[^\p{L}]/u.test(token)).sort()).toEqual([
      "\u064b",
      "\u200c",
    ]);
    const signs = (await characters({ punctuation: true })).filter((token) => /\p{P}/u.test(token));
    expect(signs.sort()).toEqual(["«", "»"]);
    expect(await characters({ punctuation: true })).not.toContain("µ");
  });
  it("are one piece where the base spells them in bytes", async () => {
    const bytes = load({ byteFallback: true });
    const learned = await learn(LINES, { coverCharacters: true }, { base: bytes, add: 20 });
    const letter = learned.candidates.find(({ token }) => token === "س")!;
    expect(letter.constituents.map((id) => bytes.definition.model.tokens.at(id))).toEqual([
      "<0xD8>",
      "<0xB3>",
    ]);
    expect(spell(withPieces(bytes, learned), "▁سلام")).toEqual(["▁سلام"]);
  });
});

describe("words by name", () => {
  const once = ["سلام کتاب سلام بلاک"];
  it("are pieces although they occur once, before all others", async () => {
    const learned = await learn(once, { include: ["بلاک", "مبل"] }, { add: 2 });
    expect(learned.candidates.map(({ token }) => token)).toEqual(["▁بلاک", "▁سلام"]);
    expect(learned.notIncluded).toEqual([{ word: "مبل", reason: "it does not occur in the text" }]);
  });
  it("that do not fit are said to be left out", async () => {
    const learned = await learn(once, { include: ["سلام", "کتاب", "بلاک", "مب☃"] }, { add: 2 });
    expect(learned.candidates.map(({ token }) => token)).toEqual(["▁سلام", "▁کتاب"]);
    expect(learned.notIncluded.map(({ word, reason }) => `${word}: ${reason}`)).toEqual([
      "مب☃: not allowed: characters",
      "بلاک: no room left, or in protected text",
    ]);
  });
  it("that are excluded are no pieces", async () => {
    const learned = await learn(LINES, { exclude: ["سلام"] });
    expect(learned.candidates.map(({ token }) => token)).not.toContain("▁سلام");
  });
});

describe("protected text", () => {
  it("has no new piece in it beyond the budget", async () => {
    const learned = await learn(LINES, {}, { protect: ["سلام"] });
    const model = withPieces(load({ letters: "سلامکتب" }), learned);
    expect(spell(model, "▁سلام")).toEqual([..."▁سلام"]);
    expect(learned.protectedMerges).toBe(0);
  });
});

describe("equal to the slow twin", () => {
  it("on random bases, candidates and words", async () => {
    const random = new Random(7);
    let kept = 0;
    for (let round = 0; round < 60; round++) kept += await compareWithTwin(random);
    expect(kept).toBeGreaterThan(200);
  });
});

async function compareWithTwin(random: Random): Promise<number> {
  const syllable = () => random.times(random.integer(1, 3), () => random.pick([..."abcdeé"])).join("");
  const list = random.times(30, () => random.times(random.integer(1, 4), syllable).join(""));
  const slowWords = [...new Set(list)].map((word) => [word, random.integer(1, 30)] as const);
  const letters = [..."abcde"].filter(() => random.chance(0.9));
  const base = new Map(
    [...letters, ...random.times(6, syllable)].map((piece) => [piece, -random.integer(1, 999) / 128]),
  );
  const cuts = random.times(24, () => {
    const word = [...random.pick(list)];
    const start = random.integer(0, word.length - 1);
    return word.slice(start, start + random.integer(2, 5)).join("");
  });
  const found = [...new Set([...cuts, "é"])]
    .filter((token) => !base.has(token) && (token === "é" || [...token].length > 1))
    .map((token) => ({ token, count: random.integer(1, 40), isCharacter: token === "é" }));
  const add = random.integer(1, 12);
  const tokens = ["<unk>", ...base.keys()];
  const model: UnigramModel = {
    type: "unigram",
    tokens,
    idOfToken: new Map(tokens.map((token, id) => [token, id])),
    scores: Float64Array.from([0, ...base.values()]),
    lowestScore: Math.min(...base.values()),
    pieces: tokens.map((_, id) => id).slice(1),
    byteFallback: false,
    unknownId: 0,
  };
  const set = new PieceSet(
    model,
    found.map((piece) => ({ ...piece, isRequired: false })),
  );
  const fitted = await fitPieces(
    model,
    set,
    found.map(({ count }) => count),
    { texts: slowWords.map(([word]) => Buffer.from(word)), weights: slowWords.map(([, weight]) => weight) },
    { add, minCount: 2, protectBudget: 0, pause: async () => {} },
  );
  const ours = fitted.order.map((k) => ({
    token: found[k]!.token,
    score: fitted.scores[k]!,
    uses: fitted.uses[k]!,
  }));
  const twin = fitSlowly(base, found, slowWords, {
    add,
    minCount: 2,
    rounds: 8,
    step: 1 / 256,
    margin: 1 / 64,
  });
  // The twin leaves what the last step finds faulty.
  const faulty = twin.filter(({ uses, token }) => token !== "é" && uses < 2);
  if (faulty.length === 0) expect(ours).toEqual(twin);
  return faulty.length === 0 ? ours.length : 0;
}
