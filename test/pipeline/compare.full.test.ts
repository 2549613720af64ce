// `compare` on files large enough for workers and for a sample of lines, and with the real tokenizers: its cells are the
// figures of `analyze`, whatever the number of workers and however the text is read.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { canonicalJson } from "../../src/io/canonical-json.ts";
import { analyze } from "../../src/pipeline/analyze.ts";
import { compare } from "../../src/pipeline/compare.ts";
import type { ComparisonResult } from "../../src/pipeline/comparison-result.ts";
import { Random } from "../tokenizer/hostile-text.ts";
import { byteTokenizerJson, wholeTokenizerJson } from "./byte-tokenizers.ts";
import { hardDocument } from "./hard-documents.ts";

const folder = mkdtempSync(join(tmpdir(), "vocab-compare-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const REAL = ["qwen3", "llama3", "gemma3"];
const bytes = join(folder, "bytes.json");
const whole = join(folder, "whole.json");
writeFileSync(bytes, byteTokenizerJson());
writeFileSync(whole, wholeTokenizerJson());

/** Parallel files of so many lines, some of them empty. */
function write(name: string, lines: number, seed: number): string {
  for (const lang of ["en", "fa", "th"]) {
    const random = new Random(seed + lang.charCodeAt(0));
    const text = random.times(lines, () =>
      random.chance(0.05) ? "" : `${hardDocument(random)} ${hardDocument(random)}`.replace(/[\r\n]/g, " "),
    );
    writeFileSync(join(folder, `${name}.${lang}.txt`), `${text.join("\n")}\n`);
  }
  return join(folder, `${name}.{lang}.txt`);
}

function withoutRun(result: ComparisonResult): string {
  return canonicalJson({ ...result, run: undefined });
}

test.each([
  ["lines that are all sampled", 700, REAL],
  ["more lines than are sampled", 11_000, [bytes, whole]],
] as const)("%s: the figures are those of analyze", async (_, lines, tokenizers) => {
  const parallel = write(`analyze-${lines}`, lines, 1);
  const { cells, texts } = await compare({ parallel, tokenizers });
  for (const tag of ["en", "fa", "th"]) {
    const corpus = [parallel.replace("{lang}", tag)];
    const analysis = await analyze(tag, { corpus, tokenizers });
    const { source: _, language, ...text } = texts.find((item) => item.language.tag === tag)!;
    expect({ language, text }).toEqual({ language: analysis.language, text: { ...analysis.corpus } });
    const own = cells.filter(({ language: of }) => of === tag);
    analysis.results.forEach(({ tokens, fertility, bytesPerToken, floor, headroom }, t) => {
      expect(own[t]).toMatchObject({ tokens, fertility, bytesPerToken, floor, headroom });
      expect(own[t]!.interval!.documents).toBe(Math.min(lines, 10_000));
    });
  }
});

// Above what is one shard, so that several workers share a file.
test("1 worker or 3: the same bytes, parallel or not", async () => {
  for (const lang of ["en", "fa"]) {
    const random = new Random(lang.charCodeAt(0));
    const lines = random.times(3000, () => hardDocument(random).replace(/[\r\n]/g, " "));
    const text = Array.from({ length: 250_000 }, (_, i) => `${lines[(i * i) % 3000]} ${i % 977}`);
    writeFileSync(join(folder, `large.${lang}.txt`), text.join("\n"));
  }
  const pattern = join(folder, "large.{lang}.txt");
  for (const text of [{ parallel: pattern }, { corpus: [pattern], languages: ["fa", "en"] }]) {
    const options = { ...text, tokenizers: [bytes], seed: 5 };
    const one = await compare({ ...options, workers: 1 });
    const three = await compare({ ...options, workers: 3 });
    expect([one.run.workers, three.run.workers]).toEqual([1, expect.toSatisfy((workers) => workers > 1)]);
    expect(withoutRun(three)).toBe(withoutRun(one));
  }
});

test("the sample of lines follows the seed, and its interval holds the exact premium", async () => {
  const parallel = write("seeds", 12_000, 3);
  const of = async (seed: number) =>
    (await compare({ parallel, languages: ["fa"], tokenizers: [bytes], seed })).cells[0]!;
  const [a, b, again] = [await of(1), await of(2), await of(1)];
  expect(again).toEqual(a);
  expect(a.premium).toBe(b.premium);
  expect(a.interval).not.toEqual(b.interval);
  for (const { premium, interval } of [a, b]) {
    expect(interval!.low).toBeLessThan(premium!);
    expect(interval!.high).toBeGreaterThan(premium!);
  }
});
