import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { VocabError } from "../../src/errors.ts";
import { canonicalJson } from "../../src/io/canonical-json.ts";
import { count } from "../../src/pipeline/count.ts";
import { type SweepOptions, sweep } from "../../src/pipeline/sweep.ts";
import { type TrainOptions, train } from "../../src/pipeline/train.ts";
import type { TrainResult } from "../../src/pipeline/train-result.ts";
import { parseTokenizerJson } from "../../src/tokenizer/parse-tokenizer-json.ts";
import { Tokenizer } from "../../src/tokenizer/tokenizer.ts";
import { BYTE_BASE, madeLines, testFiles } from "./training-files.ts";

const { folder, write } = testFiles();
const base = write("base.json", BYTE_BASE);
const lines = madeLines(1, 400);
const corpus = [write("corpus.txt", lines.join("\n"))];
const withoutRun = ({ run: _, ...result }: { readonly run: unknown }) => canonicalJson(result);

async function failure(run: Promise<unknown>): Promise<string> {
  const error = await run.catch((thrown: unknown) => thrown);
  if (!(error instanceof VocabError)) throw error;
  return `${error.kind} ${error.code}: ${error.message.replaceAll(`${folder}/`, "")}`;
}

const learn = (options: Partial<TrainOptions> = {}, lang: string | string[] = "fa") =>
  train(lang, { base, corpus, add: 40, ...options });

describe("train", () => {
  it("tells of each token how it is made", async () => {
    const result = await learn();
    const { tokens } = new Tokenizer(parseTokenizerJson(BYTE_BASE, "base")).definition.model;
    expect(result.base).toMatchObject({ tokenizer: base, vocabSize: 258, firstId: 258 });
    expect(result.candidates).toHaveLength(40);
    result.candidates.forEach((candidate, k) => {
      expect(candidate.id).toBe(258 + k);
      const spell = (id: number) => tokens.at(id) ?? result.candidates[id - 258]!.token;
      const [left, right] = candidate.merge!;
      expect(spell(left) + spell(right)).toBe(candidate.token);
      expect(candidate.constituents.map(spell).join("")).toBe(candidate.token);
      if (candidate.text !== undefined)
        expect(Buffer.from(candidate.text).toString("hex")).toBe(candidate.bytes);
    });
    const [text] = result.languages;
    expect(text!.tokensAfter).toBeLessThan(text!.tokensBefore);
    expect(text!.heldOut).toMatchObject({ from: "rule", every: 50 });
    expect(result.stopDetail).toBe("learned 40, as many as asked for");
  });

  it("gives the same from counts, and from files in any order", async () => {
    const parts = [write("a.txt", lines.slice(0, 99).join("\n")), write("b.txt", lines.slice(99).join("\n"))];
    const counts = ["counts-a", "counts-b"].map((name) => join(folder, name));
    for (const [i, out] of counts.entries()) await count("fa", { corpus: [parts[i]!], out });
    const direct = withoutRun(await learn({ corpus: parts }));
    expect(withoutRun(await learn({ corpus: [...parts].reverse() }))).toBe(direct);
    const fromCounts = (order: string[]) => learn({ corpus: undefined, counts: order });
    const [first, second] = [await fromCounts(counts), await fromCounts([...counts].reverse())];
    expect(withoutRun(second)).toBe(withoutRun(first));
    expect(withoutRun(first).replace('"from": "counts"', '"from": "rule"')).toBe(direct);
  });

  it("never learns from what is held out", async () => {
    const heldOut = [write("held-out.txt", "ژژژژ ژژژژ\n".repeat(50))];
    const both = [write("both.txt", `${lines.join("\n")}\n${"ژژژژ ژژژژ\n".repeat(500)}`)];
    const texts = (result: TrainResult) => result.candidates.map(({ text }) => text);
    expect(texts(await learn({ corpus: both })).join("")).toContain("ژ");
    expect(texts(await learn({ corpus: both, heldOut })).join("")).not.toContain("ژ");
  });

  it("says when no pair is left", async () => {
    const result = await learn({ corpus: [write("short.txt", "سلام دنیا\nسلام\n")], holdOut: 0, add: 1000 });
    expect(result.stopped).toBe("pairs");
    expect(result.stopDetail).toMatch(/^stopped after \d+: no pair occurs twice/);
    const nothing = await learn({ corpus: [write("one.txt", "س\n")], holdOut: 0 });
    expect([nothing.candidates, nothing.stopDetail]).toEqual([[], "stopped after 0: no pair occurs twice"]);
  });
});

describe("what may become a token", () => {
  it("takes constraints", async () => {
    const words = { include: ["پرستو"], exclude: [lines[0]!.split(" ")[0]!], maxBytes: 20, minCount: 3 };
    const result = await learn({ ...words, digits: true, add: 30 });
    expect(result.options.constraints).toMatchObject({ ...words, digits: true, scripts: ["Arab"] });
    expect(result.candidates.every(({ bytes }) => bytes.length <= 40)).toBe(true);
    expect((await learn({ scripts: ["any"] })).options.constraints.scripts).toBeUndefined();
    expect((await learn({ scripts: ["latn", "ARAB"] })).options.constraints.scripts).toEqual([
      "Latn",
      "Arab",
    ]);
  });

  it("leaves protected text alone", async () => {
    const protect = [write("protected.txt", lines.slice(0, 60).join("\n"))];
    const result = await learn({ protect });
    expect(result.protectedMerges).toBe(0);
    expect(result.refused["protected text"]).toBeGreaterThan(0);
  });

  it("learns for several languages, the worst-off first or by size", async () => {
    const amharic = madeLines(5, 40, "ሀለሐመሠረሰሸቀበተቸነ");
    const texts = [`fa=${corpus[0]}`, `am=${write("am.txt", amharic.join("\n"))}`];
    const saved = async (balance: "parity" | "size") => {
      const { languages } = await learn({ corpus: texts, balance }, ["fa", "am"]);
      return languages.map(({ tokensBefore, tokensAfter }) => 1 - tokensAfter / tokensBefore);
    };
    const [size, parity] = [await saved("size"), await saved("parity")];
    expect(parity[1]).toBeGreaterThan(size[1]!);
  });
});

describe("train, in other ways", () => {
  it("from nothing is a plain trainer", async () => {
    const result = await learn(
      { base: "none", corpus: [write("aaab.txt", "aaabdaaabac")], holdOut: 0, add: 3 },
      "en",
    );
    expect(result.candidates.map(({ token }) => token)).toEqual(["aa", "ab", "aaab"]);
    expect(result.base).toMatchObject({ tokenizer: "none", source: "the pattern of GPT-2", firstId: 256 });
    const cut = await learn(
      { base: "none", preTokenizer: base, corpus: [write("ab.txt", "ab ab ab")], holdOut: 0 },
      "en",
    );
    expect(cut.base.source).toBe(`the pre-tokenizer of ${base}`);
    const letters = await learn({ base: "none", preTokenizer: "[a-z]", corpus, holdOut: 0 }, "fa");
    expect(letters.base.source).toBe("the pattern [a-z]");
  });

  it("refuses what it cannot do", async () => {
    expect(await failure(learn({ add: 0 }))).toMatch(/^usage add-out-of-range: --add 0/);
    expect(await failure(learn({ base: "qwen4" }))).toMatch(/^usage unknown-tokenizer/);
    expect(await failure(learn({ base: write("u.json", BYTE_BASE.replace('"BPE"', '"Unigram"')) }))).toMatch(
      /^input tokenizer-unsupported: .*Unigram/,
    );
    expect(await failure(learn({}, "xx-nonsense"))).toMatch(/^usage language-unknown/);
    expect(await failure(learn({}, []))).toMatch(/^usage no-language/);
    expect(await failure(learn({}, "el"))).toMatch(
      /^input wrong-script: 0.0 % of the letters are Greek script/,
    );
    expect(await failure(learn({ scripts: ["Klingon"] }))).toMatch(
      /^usage unknown-script: unknown script: Klingon/,
    );
    expect(await failure(learn({ minCount: 0 }))).toMatch(/^usage out-of-range: --min-count 0/);
    expect(await failure(learn({ preTokenizer: "x" }))).toMatch(/^usage pre-tokenizer-without-none/);
    expect(await failure(learn({ base: "none", preTokenizer: "(" }))).toMatch(/pattern/);
  });

  it("stops when it is aborted", async () => {
    const controller = new AbortController();
    controller.abort();
    await expect(learn({ signal: controller.signal })).rejects.toThrow("aborted");
  });
});

describe("sweep", () => {
  const sweepIt = (options: Partial<SweepOptions> = {}, lang: string | string[] = "fa") =>
    sweep(lang, { base, corpus, max: 60, holdOut: 4, ...options });

  it("gives the figures of each step", async () => {
    const result = await sweepIt();
    const counts = result.steps.map((step) => step.count);
    expect(counts).toEqual([0, 1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 60]);
    const tokens = result.steps.map((step) => step.tokens);
    expect(tokens).toEqual([...tokens].sort((a, b) => b - a));
    const [first] = result.steps;
    expect([first!.saved, first!.usedShare, first!.medianUses]).toEqual([0, undefined, undefined]);
    const [text] = result.languages;
    const last = result.steps.at(-1)!;
    expect(last.fertility).toBeCloseTo(last.tokens / text!.words!, 12);
    expect(last.bytesPerToken).toBeCloseTo(text!.heldOut.bytes / last.tokens, 12);
    expect(last.saved).toBeCloseTo(1 - last.tokens / first!.tokens, 12);
    expect(text!.floor).toBeLessThan(last.fertility!);
    expect(result.models).toEqual([]);
    expect(counts).toContain(result.recommended.count);
  });

  it("says not to expand where held-out text gains nothing", async () => {
    const heldOut = [write("numbers.txt", "12 34 56\n".repeat(40))];
    const { recommended, knee } = await sweepIt({ heldOut });
    expect([recommended, knee]).toEqual([
      { count: 0, saved: 0, reason: "do not expand: 60 tokens would save 0.0 % of the tokens" },
      undefined,
    ]);
  });

  it("tells the languages apart", async () => {
    const texts = [`fa=${corpus[0]}`, `am=${write("am2.txt", madeLines(5, 90, "ሀለሐመሠረሰሸቀበተቸነ").join("\n"))}`];
    const { steps, languages } = await sweepIt({ corpus: texts }, ["fa", "am"]);
    for (const step of steps) {
      expect(step.languages).toHaveLength(2);
      expect(step.languages!.reduce((sum, { tokens }) => sum + tokens, 0)).toBe(step.tokens);
    }
    expect(languages.map(({ language }) => language.tag)).toEqual(["fa", "am"]);
  });

  it("refuses what it cannot do", async () => {
    expect(await failure(sweepIt({ max: -1 }))).toMatch(/^usage add-out-of-range: --max -1/);
    expect(await failure(sweepIt({ holdOut: 0 }))).toMatch(/^input nothing-held-out/);
    expect(await failure(sweepIt({ model: "8B" }))).toMatch(/^usage unknown-model/);
  });
});
