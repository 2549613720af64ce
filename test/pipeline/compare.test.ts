import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { embeddedText } from "../../src/corpus/embedded-text.ts";
import { canonicalJson } from "../../src/io/canonical-json.ts";
import { compare } from "../../src/pipeline/compare.ts";
import type { CompareOptions } from "../../src/pipeline/compare-options.ts";
import { resolveLanguage } from "../../src/text/languages.ts";
import { premiumBoundsSlowly } from "../reference/premium-interval.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { byteTokenizerJson, wholeTokenizerJson } from "./byte-tokenizers.ts";

const root = temporaryFolder();

function file(path: string, content: string | Uint8Array): string {
  const whole = join(root, path);
  mkdirSync(dirname(whole), { recursive: true });
  writeFileSync(whole, content);
  return whole;
}

/** A folder of parallel files; returns its pattern. */
function parallel(name: string, files: Readonly<Record<string, string>>): string {
  for (const [lang, text] of Object.entries(files)) file(`${name}/${lang}.txt`, text);
  return join(root, name, "{lang}.txt");
}

const BYTES = file("bytes.json", byteTokenizerJson());
const WHOLE = file("whole.json", wholeTokenizerJson());

function compareBytes(options: CompareOptions) {
  return compare({ tokenizers: [BYTES], ...options });
}

function refused(options: CompareOptions) {
  return compareBytes(options).then(
    () => {
      throw new Error("not refused");
    },
    ({ code, kind, message, hint }) => ({ code, kind, message, hint }),
  );
}

/** Tokens are bytes: en 3, fa 9, am 6. */
const THREE = parallel("three", { en: "ab\nc\n", fa: "abc d\nabcd\n", am: "\nabcdef\n" });

test("premium and Gini by hand; a line may be empty", async () => {
  const result = await compareBytes({ parallel: THREE });
  expect(result.languages).toEqual(["am", "en", "fa"]);
  expect(result.cells.map(({ language, tokens, premium }) => [language, tokens, premium])).toEqual([
    ["am", 6, 2],
    ["en", 3, 1],
    ["fa", 9, 3],
  ]);
  // Words: "abc", "d", "abcd".
  expect(result.cells[2]).toMatchObject({ fertility: 3, bytesPerToken: 1, floor: 1, headroom: 1 - 1 / 3 });
  expect(result.cells[2]!.interval).toBeUndefined();
  // 2 (6 + 3 + 3) / (2 · 3² · 6)
  expect(result.gini![BYTES]).toBeCloseTo(24 / 108, 15);
  expect(result).toMatchObject({
    schema: "vocab.comparison/1",
    tokenizers: [BYTES],
    baseline: "en",
    alignment: { unit: "line", units: 2, of: 2 },
    baselineTokens: { [BYTES]: 3 },
  });
  expect(result.texts[0]).toMatchObject({
    documents: 1,
    bytes: 6,
    language: { tag: "am", script: "Ethi" },
  });
});

test("keys in the order of the contract, cells language by language", async () => {
  const result = await compare({
    parallel: THREE,
    tokenizers: [BYTES, WHOLE, BYTES],
    languages: ["fa", "en"],
  });
  const parsed = JSON.parse(canonicalJson(result));
  expect(Object.keys(parsed).filter((key) => key !== "alignment" && key !== "texts")).toEqual([
    "schema",
    "languages",
    "tokenizers",
    "baseline",
    "cells",
    "gini",
    "baselineTokens",
    "tokenizerSources",
    "run",
  ]);
  expect(Object.keys(parsed).at(-1)).toBe("run");
  expect(Object.keys(parsed.cells[0])).toEqual([
    "language",
    "tokenizer",
    "tokens",
    "fertility",
    "bytesPerToken",
    "premium",
    "floor",
    "headroom",
  ]);
  expect(result.cells.map(({ language, tokenizer }) => [language, tokenizer])).toEqual([
    ["fa", BYTES],
    ["fa", WHOLE],
    ["en", BYTES],
    ["en", WHOLE],
  ]);
});

test("a tokenizer of whole documents: an empty line has no token", async () => {
  const pattern = parallel("whole", { en: "ab\nc\n", fa: "abc\n\n", am: "\nabcabc\n" });
  const { cells } = await compare({ parallel: pattern, tokenizers: [WHOLE] });
  expect(cells.map(({ language, tokens, premium }) => [language, tokens, premium])).toEqual([
    ["am", 2, 1],
    ["en", 2, 1],
    ["fa", 1, 0.5],
  ]);
});

test("the baseline is measured but not listed unless it is asked for", async () => {
  const result = await compareBytes({ parallel: THREE, languages: ["fa", "am"] });
  expect(result.languages).toEqual(["fa", "am"]);
  expect(result.cells.map(({ premium }) => premium)).toEqual([3, 2]);
  expect(result.texts.map(({ language }) => language.tag)).toEqual(["fa", "am", "en"]);
  // |9 − 6| twice: 6 / (2 · 2² · 7.5)
  expect(result.gini![BYTES]).toBeCloseTo(0.1, 15);
  const over = await compareBytes({ parallel: THREE, languages: ["fa"], baseline: "am" });
  expect(over.cells.map(({ premium }) => premium)).toEqual([1.5]);
  expect(over.gini).toEqual({ [BYTES]: 0 });
});

test("the baseline alone", async () => {
  const result = await compareBytes({ parallel: THREE, languages: ["en"] });
  expect(result.cells).toMatchObject([{ language: "en", premium: 1 }]);
  expect(result.texts).toHaveLength(1);
});

test("sorted by a figure, the largest first, or by tag", async () => {
  const order = async (sort: string) => (await compareBytes({ parallel: THREE, sort })).languages;
  expect(await order("premium")).toEqual(["fa", "am", "en"]);
  expect(await order(`tokens:${BYTES}`)).toEqual(["fa", "am", "en"]);
  expect(await order("fertility")).toEqual(["am", "fa", "en"]);
  const result = await compareBytes({ parallel: THREE, languages: ["fa", "am", "en"], sort: "language" });
  expect(result.languages).toEqual(["am", "en", "fa"]);
  expect(result.texts.map(({ language }) => language.tag)).toEqual(["am", "en", "fa"]);
  expect(await refused({ parallel: THREE, sort: "price" })).toMatchObject({
    code: "unknown-sort",
    kind: "usage",
  });
  expect(await refused({ parallel: THREE, sort: "premium:x" })).toMatchObject({ code: "unknown-sort" });
});

test("the interval is the slow twin's, empty lines among the pairs", async () => {
  const lines = Array.from({ length: 40 }, (_, i) => [
    i % 7 === 3 ? 0 : ((i * 37) % 23) + 1,
    ((i * 11) % 13) + 1,
  ]);
  const text = (side: number) => lines.map((pair) => `${"x".repeat(pair[side]!)}\n`).join("");
  const pattern = parallel("interval", { fa: text(0), en: text(1) });
  const { cells } = await compareBytes({ parallel: pattern, seed: 3 });
  const sum = (side: number) => lines.reduce((total, pair) => total + pair[side]!, 0);
  const exact = sum(0) / sum(1);
  const [low, high] = premiumBoundsSlowly(lines as unknown as [number, number][], exact, 3);
  expect(cells.find(({ language }) => language === "fa")).toMatchObject({
    premium: exact,
    interval: { level: 0.95, low: expect.closeTo(low, 12), high: expect.closeTo(high, 12), documents: 40 },
  });
});

test("gzip, CRLF, byte order marks, a last line without an end", async () => {
  parallel("forms", {});
  file("forms/en.txt.gz", gzipSync("ab\nc\n"));
  file("forms/fa.txt.gz", gzipSync("\ufeffab\r\nabcd"));
  const { cells, texts } = await compareBytes({ parallel: join(root, "forms/{lang}.txt.gz") });
  expect(cells.map(({ tokens }) => tokens)).toEqual([3, 6]);
  expect(texts[1]!.source).toBe(join(root, "forms/fa.txt.gz"));
});

test("records may be empty too", async () => {
  file("records/en.jsonl", '{"text": "ab"}\n{"text": "c"}\n');
  file("records/fa.jsonl", '{"text": ""}\n{"text": "a\\nb"}\n');
  const { cells, alignment } = await compareBytes({ parallel: join(root, "records/{lang}.jsonl") });
  expect(alignment).toEqual({ unit: "record", units: 2, of: 2 });
  expect(cells.map(({ premium }) => premium)).toEqual([1, 1]);
});

test("invalid UTF-8 is replaced in place; leaving lines out would break the alignment", async () => {
  file("invalid/en.txt", "ab\nc\n");
  file("invalid/fa.txt", Uint8Array.of(0x61, 0xff, 0x0a, 0x62, 0x0a));
  const pattern = join(root, "invalid/{lang}.txt");
  const { cells, texts } = await compareBytes({ parallel: pattern, onInvalid: "replace" });
  expect(cells[1]!.tokens).toBe(5);
  expect(texts[1]!.invalid).toBe(1);
  expect(await refused({ parallel: pattern })).toMatchObject({ code: "invalid-utf8", kind: "input" });
  expect(await refused({ parallel: pattern, onInvalid: "skip" })).toMatchObject({
    code: "skip-in-parallel",
  });
});

test("other line counts are refused with both files and their counts", async () => {
  const pattern = parallel("uneven", { en: "a\nb\nc\n", fa: "a\nb\n\n", am: "a\nb\n" });
  expect(await refused({ parallel: pattern })).toMatchObject({
    code: "not-aligned",
    kind: "input",
    message: expect.stringMatching(/am\.txt has 2 lines, .*en\.txt has 3$/),
  });
  expect((await compareBytes({ parallel: pattern, languages: ["fa"] })).alignment!.units).toBe(3);
});

test("a file without text is refused", async () => {
  const pattern = parallel("empty", { en: "a\nb\n", fa: "\n\n" });
  expect(await refused({ parallel: pattern })).toMatchObject({ code: "empty-corpus", kind: "input" });
});

describe("names of parallel files", () => {
  const FLORES = parallel(
    "flores",
    Object.fromEntries(
      ["eng_Latn", "pes_Arab", "prs_Arab", "aka_Latn", "twi_Latn", "arb_Latn", "arb_Arab", "pbt_Arab"].map(
        (name) => [name, "a\n"],
      ),
    ),
  );

  test("FLORES codes become tags, and those that share one keep their own", async () => {
    const { languages } = await compareBytes({ parallel: FLORES });
    expect(languages).toEqual(["aka", "ar", "ar-Latn", "en", "fa", "fa-AF", "pbt", "twi"]);
  });

  test("languages are chosen by tag, by the name of the file, or by all that there is of a language", async () => {
    const chosen = async (...tags: string[]) =>
      (await compareBytes({ parallel: FLORES, languages: tags })).texts.map(({ source }) =>
        source!.slice(-12, -4),
      );
    expect(await chosen("fa", "twi_Latn", "eng_Latn")).toEqual(["pes_Arab", "twi_Latn", "eng_Latn"]);
    expect(await chosen("fas", "fa-Arab-AF", "en")).toEqual(["pes_Arab", "prs_Arab", "eng_Latn"]);
    expect(await chosen("ps", "en").catch(({ code }) => code)).toBe("no-parallel-file");
    expect(await refused({ parallel: FLORES, languages: ["ak"] })).toMatchObject({
      code: "two-files",
      kind: "usage",
      hint: expect.stringContaining("aka_Latn, twi_Latn"),
    });
  });

  test("a place named twice must hold the same name; links are followed; brackets are no pattern", async () => {
    file("twice[1]/en/x.en.txt", "a\n");
    file("twice[1]/fa/x.fa.txt", "ab\n");
    file("twice[1]/fa/x.ur.txt", "abc\n");
    symlinkSync(join(root, "twice[1]/fa/x.fa.txt"), join(root, "twice[1]/en/x.ar.txt"));
    const { languages } = await compareBytes({ parallel: join(root, "twice[1]/{lang}/x.{lang}.txt") });
    expect(languages).toEqual(["en", "fa"]);
  });

  test("what is no language is refused by the name of its file", async () => {
    const pattern = parallel("strange", { en: "a\n", "en.bak": "a\n" });
    expect(await refused({ parallel: pattern })).toMatchObject({
      code: "language-of-file",
      kind: "usage",
      message: expect.stringMatching(/en\.bak\.txt: "en\.bak" is no language tag/),
    });
    expect(await refused({ parallel: parallel("readme", { en: "a\n", README: "a\n" }) })).toMatchObject({
      code: "language-of-file",
    });
  });

  test.each<[CompareOptions, string, string]>([
    [{ parallel: join(root, "three/*.txt") }, "pattern-without-lang", "{lang}"],
    [{ parallel: join(root, "nowhere/{lang}.txt") }, "no-match", "no file matches"],
    [{ parallel: THREE, languages: ["ur"] }, "no-parallel-file", "--langs ur: no file of Urdu (ur)"],
    [{ parallel: THREE, baseline: "de" }, "no-parallel-file", "--baseline de: no file of German (de)"],
    [{ parallel: THREE, corpus: ["x"] }, "parallel-and-corpus", "--corpus"],
    [{ parallel: THREE, languages: ["nolanguage!"] }, "language-unknown", "nolanguage!"],
    [{ parallel: THREE, unit: "record" }, "wrong-unit", "is not a .jsonl file"],
    [{}, "no-language", "no language"],
    [{ languages: ["fa"], tokenizers: [] }, "no-tokenizer", "no tokenizer"],
  ])("wrong usage: %j", async (options, code, message) => {
    expect(await refused(options)).toMatchObject({
      code,
      kind: "usage",
      message: expect.stringContaining(message),
      hint: expect.any(String),
    });
  });
});

describe("the embedded text", () => {
  function bytesOf(tag: string, articles: readonly number[]): number {
    const text = embeddedText(resolveLanguage(tag));
    const shared = text.documents.filter((_, i) => articles.includes(text.articles[i]!));
    return shared.reduce((sum, document) => sum + Buffer.byteLength(document), 0);
  }

  const ALL = Array.from({ length: 30 }, (_, i) => i + 1);

  test("is compared by the articles that all have, without title and preamble", async () => {
    // The package's Punjabi lacks a paragraph of article 17, and writes "&1" there.
    const result = await compareBytes({ languages: ["fa", "pa"] });
    const articles = ALL.filter((article) => article !== 17);
    expect(result.alignment).toEqual({ unit: "article", units: 29, of: 30, missing: { pa: [17] } });
    expect(result.cells.map(({ tokens }) => tokens)).toEqual([
      bytesOf("fa", articles),
      bytesOf("pa", articles),
    ]);
    expect(result.baselineTokens![BYTES]).toBe(bytesOf("en", articles));
    expect(result.cells[0]!.premium).toBe(bytesOf("fa", articles) / bytesOf("en", articles));
    expect(result.cells[0]!.interval).toBeUndefined();
  });

  test("has intervals over articles where all thirty are there", async () => {
    const { alignment, cells } = await compareBytes({ languages: ["fa", "en"], baseline: "eng" });
    expect(alignment).toEqual({ unit: "article", units: 30, of: 30 });
    const pairs = ALL.map((article) => [bytesOf("fa", [article]), bytesOf("en", [article])] as const);
    const [low, high] = premiumBoundsSlowly(pairs, cells[0]!.premium!, 0);
    expect(cells[0]!.interval).toMatchObject({
      low: expect.closeTo(low, 12),
      high: expect.closeTo(high, 12),
      documents: 30,
      method: expect.stringContaining("aligned articles"),
    });
  });

  test("a language without one is refused by name, the baseline too", async () => {
    expect(await refused({ languages: ["fa", "tlh"] })).toMatchObject({
      code: "no-embedded-text",
      kind: "usage",
      message: expect.stringContaining("tlh (Klingon)"),
    });
    expect(await refused({ languages: ["fa"], baseline: "tlh" })).toMatchObject({ code: "no-embedded-text" });
  });
});

describe("texts that are not parallel", () => {
  const OWN = file("a.txt", "abc\n");

  test("have neither premium nor Gini, but the interval of their fertility", async () => {
    file("own/fa/a.txt", "abc d\n".repeat(20));
    file("own/fa/b.txt", "ab\n".repeat(20));
    file("own/en/a.txt", "abc\n");
    const result = await compareBytes({ languages: ["fa", "en"], corpus: [join(root, "own/{lang}/*.txt")] });
    expect(result.baseline).toBeUndefined();
    expect(result.gini).toBeUndefined();
    expect(result.alignment).toBeUndefined();
    // 20 · 5 + 20 · 2 bytes; 60 words.
    expect(result.cells[0]).toMatchObject({ tokens: 140, fertility: 140 / 60, premium: undefined });
    expect(result.cells[0]!.interval).toMatchObject({
      documents: 40,
      method: expect.stringContaining("fertility"),
    });
    expect(result.cells[1]!.interval).toBeUndefined();
    expect(result.texts[0]).toMatchObject({ files: 2, documents: 40, unit: "line" });
  });

  test.each<[CompareOptions, string]>([
    [{ languages: ["fa", "en"], corpus: [OWN] }, "whose-text"],
    [{ languages: ["fa", "en"], corpus: [`fa=${OWN}`] }, "no-corpus"],
    [{ languages: ["fa"], corpus: ["nowhere.txt"] }, "no-match"],
    [{ languages: ["fa"], corpus: [OWN], baseline: "en" }, "baseline-without-parallel"],
    [{ corpus: [OWN] }, "no-language"],
  ])("wrong usage: %j", async (options, code) => {
    expect(await refused(options)).toMatchObject({ code, kind: "usage" });
  });
});

test("an abort stops it", async () => {
  const reason = new Error("stopped");
  await expect(compareBytes({ parallel: THREE, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
});

test("progress goes through the languages, the baseline among them", async () => {
  const seen: string[] = [];
  await compareBytes({
    parallel: THREE,
    languages: ["fa", "am"],
    onProgress: ({ language, done, of }) => void seen.push(`${language} ${done} of ${of}`),
  });
  expect(seen).toEqual(["Persian 0 of 3", "Amharic 1 of 3", "English 2 of 3"]);
});
