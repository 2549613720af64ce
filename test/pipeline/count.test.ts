import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { countsOf } from "../../src/counts/counts-folder.ts";
import { VocabError } from "../../src/errors.ts";
import type { AnalysisResult } from "../../src/pipeline/analysis-result.ts";
import { analyze } from "../../src/pipeline/analyze.ts";
import { compare } from "../../src/pipeline/compare.ts";
import { type CountOptions, count } from "../../src/pipeline/count.ts";
import { resolveLanguage } from "../../src/text/languages.ts";
import { countSlowly } from "../reference/segments.ts";
import { countedOf, mapOfTable } from "./counts-tables.ts";
import { BYTE_BASE, madeLines, testFiles } from "./training-files.ts";

const { folder, write } = testFiles();
const tokenizer = write("base.json", BYTE_BASE);
const FA = resolveLanguage("fa");
const lines = [...madeLines(1, 300), ` opens with space`, "ยาว".repeat(50), "ยาว".repeat(50)];
const one = write("one.txt", `${lines.slice(0, 150).join("\n")}\n`);
const two = write("two.txt", lines.slice(150).join("\r\n"));

let made = 0;
async function counted(
  corpus: readonly string[],
  options: Partial<CountOptions> = {},
  lang = "fa",
): Promise<string> {
  const out = join(folder, `counts-${made++}`);
  await count(lang, { corpus, out, holdOut: 5, ...options });
  return out;
}

const stored = (path: string) =>
  Object.fromEntries(readdirSync(path).map((name) => [name, readFileSync(join(path, name), "hex")]));

async function failure(run: Promise<unknown>): Promise<string> {
  const error = await run.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof VocabError) || error.hint === undefined) throw error;
  return `${error.kind} ${error.code}: ${error.message.replaceAll(`${folder}/`, "")}`;
}

describe("count", () => {
  it("keeps every segment, and what it is of", async () => {
    const path = await counted([one, two]);
    const { training, heldOutCounts, corpus, heldOut } = await countedOf([path]);
    const all = countSlowly(lines);
    for (const [segment, times] of await mapOfTable(heldOutCounts)) {
      const left = all.get(segment)! - times;
      if (left === 0) all.delete(segment);
      else all.set(segment, left);
    }
    expect(await mapOfTable(training)).toEqual(all);
    const text = lines.join("");
    expect(corpus).toMatchObject({
      files: 2,
      documents: lines.length,
      bytes: Buffer.byteLength(text),
      unit: "line",
    });
    expect(corpus).toMatchObject({ characters: [...text].length, invalid: 0 });
    expect(heldOut).toMatchObject({ every: 5, seed: 0 });
  });

  it("is the same bytes for files in any order, and without the time of day", async () => {
    expect(stored(await counted([two, one]))).toEqual(stored(await counted([one, two])));
    expect(Object.keys(stored(await counted([one])))).toEqual([
      "counts.json",
      "held-out.parquet",
      "segments.parquet",
    ]);
  });

  it("holds nothing out if told so", async () => {
    const { heldOutCounts, heldOut } = await countedOf([await counted([one], { holdOut: 0 })]);
    expect([await mapOfTable(heldOutCounts), heldOut]).toEqual([
      new Map(),
      { every: 0, seed: 0, documents: 0, bytes: 0, characters: 0 },
    ]);
  });

  it("says when the text is of another script", async () => {
    const english = write("english.txt", "the quick brown fox\nس\n");
    const { findings } = await count("fa", { corpus: [english], out: join(folder, "english") });
    expect(findings).toEqual(["5.9 % of the letters are Arabic script: is this Persian?"]);
  });

  it("refuses what cannot be counted", async () => {
    const out = join(folder, "never");
    expect(await failure(count("fa", { corpus: [write("no.txt", "\n\n")], out }))).toMatch(
      /^input empty-corpus/,
    );
    expect(await failure(count("fa", { folder, out }))).toBe("usage no-corpus: no text of Persian is named");
    expect(await failure(count("fa", { corpus: [one], out, holdOut: 1 }))).toMatch(
      /^usage hold-out-out-of-range/,
    );
    expect(await failure(count("fa", { corpus: [one], out: one }))).toMatch(/^usage not-a-folder/);
    expect(readdirSync(folder)).not.toContain("never");
  });
});

describe("--counts", () => {
  const options = { tokenizers: [tokenizer] };
  const withoutVolatile = ({ run: _, ...result }: AnalysisResult) => result;

  it("gives analyze the figures of the corpus, but for intervals", async () => {
    const fromCounts = await analyze("fa", { ...options, counts: [await counted([one, two])] });
    const { corpus, results, ...rest } = withoutVolatile(
      await analyze("fa", { ...options, corpus: [one, two] }),
    );
    expect(results[0]!.fertilityInterval).toBeDefined();
    expect(withoutVolatile(fromCounts)).toEqual({
      ...rest,
      corpus: { ...corpus, fromCounts: true },
      results: results.map((result) => ({ ...result, fertilityInterval: undefined })),
    });
  });

  it("adds several up to what counting all at once gives, in any order, each folder once", async () => {
    const [a, b] = [await counted([one]), await counted([two])];
    const whole = withoutVolatile(await analyze("fa", { ...options, counts: [await counted([one, two])] }));
    for (const counts of [
      [a, b],
      [b, a],
      [b, a, `${folder}/../${a.slice(a.lastIndexOf("/", a.lastIndexOf("/") - 1) + 1)}`],
    ])
      expect(withoutVolatile(await analyze("fa", { ...options, counts }))).toEqual(whole);
  });

  it("gives compare the figures of the corpus, but for intervals", async () => {
    const counts = [await counted([one]), await counted([two], {}, "ur")];
    const both = { languages: ["fa", "ur"], tokenizers: [tokenizer] };
    const { cells, texts } = await compare({ ...both, corpus: [`fa=${one}`, `ur=${two}`] });
    const fromCounts = await compare({ tokenizers: [tokenizer], counts });
    expect(fromCounts.languages).toEqual(["fa", "ur"]);
    expect(fromCounts.cells).toEqual(cells.map((cell) => ({ ...cell, interval: undefined })));
    expect(fromCounts.texts).toEqual(
      texts.map((text) => ({ ...text, source: undefined, fromCounts: true, dropped: undefined })),
    );
    expect(await failure(compare({ ...both, counts, corpus: [one] }))).toMatch(/^usage two-texts/);
    expect(await failure(compare({ ...both, counts, baseline: "fa" }))).toMatch(/^usage baseline-without/);
    expect(await failure(compare({ ...both, languages: ["en"], counts }))).toMatch(/^usage counts-language/);
  });

  it("is refused for a tokenizer that reads whole documents", async () => {
    const whole = write("whole.json", BYTE_BASE.replace('"<x>"', '"a b"'));
    const run = analyze("fa", { tokenizers: [whole], counts: [await counted([one])] });
    expect(await failure(run)).toMatch(/^input counts-without-documents: .*has white space inside/);
  });

  it("is refused beside a corpus, and of another language", async () => {
    const counts = [await counted([one])];
    expect(await failure(analyze("fa", { counts, corpus: [one] }))).toMatch(/^usage two-texts/);
    expect(await failure(analyze("ur", { counts }))).toBe(
      "usage counts-language: the counts are of fa (Persian), not of ur",
    );
  });
});

async function changed(change: (path: string) => void): Promise<string> {
  const path = await counted([one]);
  change(path);
  return (await failure(countsOf([path], [FA]))).replace(/counts-\d+/, "DIR");
}
const edit = (from: string | RegExp, to: string) => (path: string) => {
  const file = join(path, "counts.json");
  writeFileSync(file, readFileSync(file, "utf8").replace(from, to));
};

describe("counts that cannot be read", () => {
  it.each([
    ["of another version", edit("counts/1", "counts/2"), "the format is vocab.counts/2"],
    ["of something else", edit("vocab.counts/1", "vocab.analysis/1"), "is not what vocab count writes"],
    ["no JSON", edit("{", ""), "is no JSON"],
    [
      "without a field",
      edit('"documents"', '"papers"'),
      "corpus.documents: expected a number, found undefined",
    ],
    [
      "with a wrong field",
      edit(/"bytes": \d+/, '"bytes": -0.5'),
      "corpus.bytes: expected a number, found -0.5",
    ],
    [
      "with another checksum",
      edit(/("file": "segments.parquet"[^}]*"sha256": ").{4}/, "$1beef"),
      "is damaged",
    ],
    [
      "with a byte changed",
      (path: string) => {
        const file = join(path, "segments.parquet");
        const bytes = readFileSync(file);
        bytes[bytes.length - 3]! ^= 1;
        writeFileSync(file, bytes);
      },
      "segments.parquet: is damaged: its SHA-256",
    ],
    [
      "cut off",
      (path: string) =>
        writeFileSync(
          join(path, "held-out.parquet"),
          readFileSync(join(path, "held-out.parquet")).subarray(9),
        ),
      "held-out.parquet: has",
    ],
  ])("%s", async (_, change, message) => {
    const found = await changed(change);
    expect(found).toMatch(/^input counts-invalid: DIR\//);
    expect(found).toContain(message);
  });

  it("not there", async () => {
    expect(await failure(countsOf([join(folder, "nowhere")], [FA]))).toBe(
      "usage counts-missing: no counts in nowhere",
    );
    expect(await failure(countsOf([folder], [FA]))).toMatch(/^usage counts-missing/);
  });
});

describe("counts that do not go together", () => {
  it("of the same text twice", async () => {
    const [a, b] = [await counted([one]), await counted([one, two])];
    expect(await failure(countsOf([a, b], [FA]))).toMatch(
      /^input counts-overlap: counts-\d+ and counts-\d+ have counted the same/,
    );
    const copy = join(folder, "copy");
    mkdirSync(copy);
    for (const name of readdirSync(a)) copyFileSync(join(a, name), join(copy, name));
    expect(await failure(countsOf([a, copy], [FA]))).toMatch(/^input counts-overlap/);
  });

  it.each([
    [{ holdOut: 7 }, "--hold-out 5 and 7"],
    [{ seed: 3 }, "--seed 0 and 3"],
    [{ unit: "file" as const }, "whole files as documents false and true"],
    [{ onInvalid: "skip" as const }, "--on-invalid error and skip"],
  ])("counted with other options %o", async (options, message) => {
    const paths = [await counted([one]), await counted([two], options)];
    expect(await failure(countsOf(paths, [FA]))).toContain(message);
  });
});
