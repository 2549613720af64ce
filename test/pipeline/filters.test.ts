// What is left out of a corpus: counts and figures are those of a corpus that never had it.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { CountsManifest } from "../../src/counts/counts-manifest.ts";
import { VocabError } from "../../src/errors.ts";
import { canonicalJson } from "../../src/io/canonical-json.ts";
import { analyze } from "../../src/pipeline/analyze.ts";
import { compare } from "../../src/pipeline/compare.ts";
import { type CountOptions, count } from "../../src/pipeline/count.ts";
import { train } from "../../src/pipeline/train.ts";
import { BYTE_BASE, madeLines, testFiles } from "./training-files.ts";

const { folder, write } = testFiles();
const base = write("base.json", BYTE_BASE);
/** Without a pre-tokenizer's pattern only whole documents are safe. */
const whole = write("whole.json", BYTE_BASE.replace('"use_regex":true', '"use_regex":false'));
const lines = [
  ...madeLines(1, 200),
  ...madeLines(1, 50),
  "hello there",
  "سلام abcdefgh",
  "كتاب علي",
  "كتاب علي",
  "کتاب علی",
  "كتاب\u200c\u200cها\u200c خوب\u200c",
  "\u200cسلام \u200c دنیا\u200c\u200c",
  "می\u200cروم\u200c \u200cخانه",
  ...madeLines(2, 97),
];
const corpus = [
  write("a.txt", lines.slice(0, 220).join("\n")),
  write(
    "b.jsonl",
    lines
      .slice(220)
      .map((text) => JSON.stringify({ text }))
      .join("\n"),
  ),
];
const isPersian = (line: string) => !/[a-z]/.test(line);

let made = 0;
interface Counted {
  readonly manifest: CountsManifest;
  readonly segments: string;
  readonly out: string;
}
async function counted(options: Partial<CountOptions>): Promise<Counted> {
  const out = join(folder, `counts-${made++}`);
  const manifest = await count("fa", { corpus, out, holdOut: 5, ...options });
  return { manifest, segments: readFileSync(join(out, "segments.parquet"), "hex"), out };
}
const countedLines = (kept: readonly string[], options: Partial<CountOptions> = {}) =>
  counted({ corpus: [write(`kept-${made}.txt`, kept.join("\n"))], ...options });

async function failure(run: Promise<unknown>): Promise<string> {
  const error = await run.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof VocabError) || error.hint === undefined) throw error;
  return `${error.kind} ${error.code}: ${error.message.replaceAll(`${folder}/`, "")}`;
}

describe("the same segments as of what is kept", () => {
  test.each<[string, Partial<CountOptions>, (lines: readonly string[]) => readonly string[]]>([
    ["document", { dedup: "document" }, (all) => [...new Set(all)]],
    ["line", { dedup: "line" }, (all) => [...new Set(all)]],
    ["script", { script: "Arab" }, (all) => all.filter(isPersian)],
    ["share", { script: "Latn:1" }, (all) => all.filter((line) => line === "hello there")],
    ["orthography", { orthography: "fa" }, (all) => all.map(persian)],
    [
      "both, then duplicates",
      { orthography: "fa", dedup: "document", script: "Arab" },
      (all) => [...new Set(all.map(persian).filter(isPersian))],
    ],
  ])("%s", async (_, options, keep) => {
    const kept = keep(lines);
    const [mine, theirs] = [await counted(options), await countedLines(kept)];
    expect(mine.segments).toBe(theirs.segments);
    const { documents, bytes, filter } = mine.manifest.corpus;
    expect([documents, bytes]).toEqual([kept.length, theirs.manifest.corpus.bytes]);
    const { read, leftOut } = filter!;
    const left = Object.values(leftOut).filter((amount) => amount !== undefined);
    expect(read.documents).toBe(lines.length);
    expect(left.reduce((sum, amount) => sum + amount.documents, documents)).toBe(read.documents);
    expect(left.reduce((sum, amount) => sum + amount.bytes, bytes)).toBe(read.bytes);
  });
});

const persian = (line: string) =>
  line
    .replaceAll("ي", "ی")
    .replaceAll("ك", "ک")
    .replace(/\u200c+/g, "\u200c")
    .replace(/(?<=[^\s])\u200c(?=\s|$)|(?<=\s|^)\u200c(?=[^\s])/g, "");

describe("a sample of k documents", () => {
  test.each([1, 7, 100, 354, 355, 10_000])("%d", async (k) => {
    const { manifest } = await counted({ sample: String(k) });
    expect(manifest.corpus.documents).toBe(Math.min(k, lines.length));
    expect(manifest.corpus.filter).toMatchObject({
      sample: { documents: k },
      seed: 0,
      leftOut: { unsampled: { documents: Math.max(0, lines.length - k) } },
    });
  });

  test("of what the other rules keep, by seed", async () => {
    const options = { sample: "40", dedup: "document", script: "Arab" } as const;
    const [one, again, other] = [
      await counted(options),
      await counted(options),
      await counted({ ...options, seed: 1, holdOut: 5 }),
    ];
    expect(one.manifest.corpus.documents).toBe(40);
    expect(again.segments).toBe(one.segments);
    expect(other.segments).not.toBe(one.segments);
  });

  test("smaller ones lie in larger ones", async () => {
    const words = async (k: number) => {
      const { out } = await counted({ sample: String(k), holdOut: 0 });
      const { corpus: sampled } = await analyze("fa", { counts: [out], tokenizers: [base] });
      return sampled.words!;
    };
    expect(await words(50)).toBeLessThan(await words(60));
  });
});

describe("analyze", () => {
  const figures = async (options: object) => {
    const { corpus: measured, results } = await analyze("fa", { tokenizers: [base], ...options });
    return [measured.documents, measured.words, results.map(({ fertilityInterval: _, ...rest }) => rest)];
  };

  test("measures what is kept, by segments", async () => {
    const kept = [write("kept.txt", [...new Set(lines.filter(isPersian))].join("\n"))];
    expect(await figures({ corpus, dedup: "document", script: "Arab" })).toEqual(
      await figures({ corpus: kept }),
    );
  });

  test("measures what is kept, by whole documents", async () => {
    const kept = [write("kept.txt", [...new Set(lines.filter(isPersian))].join("\n"))];
    const tokenizers = [whole, base];
    const options = { dedup: "document", script: "Arab", sample: "1000", tokenizers } as const;
    expect(await figures({ corpus, ...options })).toEqual(await figures({ corpus: kept, tokenizers }));
    const { normalized } = await analyze("fa", { corpus, orthography: "fa", ...options });
    const spelt = [...new Set(lines.filter(isPersian))].map(persian);
    const { results } = await analyze("fa", {
      corpus: [write("spelt-whole.txt", spelt.join("\n"))],
      tokenizers,
    });
    expect(normalized!.results[0]!.tokens).toBe(results[0]!.tokens);
  });

  test("the text as it is, and beside it with Persian letters", async () => {
    const { normalized, results } = await analyze("fa", { corpus, tokenizers: [base], orthography: "fa" });
    const spelt = [write("spelt.txt", lines.map(persian).join("\n"))];
    const plain = (all: typeof results) => all.map(({ fertilityInterval: _, ...rest }) => rest);
    const alone = await analyze("fa", { corpus, tokenizers: [base] });
    const respelt = await analyze("fa", { corpus: spelt, tokenizers: [base] });
    expect(results).toEqual(alone.results);
    expect(alone.normalized).toBeUndefined();
    expect(plain(normalized!.results)).toEqual(plain(respelt.results));
    expect(normalized!.changedCharacters).toBe(lines.join("").match(/[يك]/g)!.length);
    const joiners = (text: string) => text.split("\u200c").length - 1;
    expect(normalized!.removedCharacters).toBe(
      joiners(lines.join("\n")) - joiners(lines.map(persian).join("\n")),
    );
    expect(normalized!.removedCharacters).toBeGreaterThan(5);
    expect(normalized!.results[0]!.renyiEfficiency).not.toBe(results[0]!.renyiEfficiency);
    expect(normalized!.results[0]!.fertilityInterval).toBeDefined();
  });

  test("Persian letters beside counts and beside the embedded text", async () => {
    const { out } = await counted({});
    const fromCounts = await analyze("fa", { counts: [out], tokenizers: [base], orthography: "fa" });
    const fromText = await analyze("fa", { corpus, tokenizers: [base], orthography: "fa" });
    expect(fromCounts.normalized!.changedCharacters).toBe(fromText.normalized!.changedCharacters);
    const empty = { folder, tokenizers: [base], orthography: "fa" } as const;
    expect((await analyze("fa", empty)).normalized!.results.length).toBe(1);
  });
});

test("compare says of each text what was left out", async () => {
  const { texts } = await compare({
    languages: ["fa"],
    corpus: [`fa=${corpus[0]}`],
    tokenizers: [base],
    dedup: "document",
  });
  expect(texts[0]!.filter).toMatchObject({ dedup: "document", read: { documents: 220 } });
});

describe("counts that were filtered", () => {
  test("are read by other verbs, and added up when they were filtered alike", async () => {
    const options = { script: "Arab", sample: "50%" } as const;
    const parts = [
      await counted({ ...options, corpus: [corpus[0]!] }),
      await counted({ ...options, corpus: [corpus[1]!] }),
    ];
    const counts = parts.map(({ out }) => out);
    const both = await analyze("fa", { counts, tokenizers: [base] });
    const whole = await analyze("fa", { corpus, tokenizers: [base], ...options });
    expect(both.results[0]!.tokens).toBe(whole.results[0]!.tokens);
    expect(canonicalJson(both.corpus.filter!)).toBe(canonicalJson(whole.corpus.filter!));
    expect((await train("fa", { counts, base, add: 3 })).schema).toBe("vocab.candidates/1");
  });

  test("are refused when they were not, or cannot be", async () => {
    const part = async (path: string, options: Partial<CountOptions>) =>
      (await counted({ ...options, corpus: [path] })).out;
    const of = (counts: string[]) => failure(analyze("fa", { counts, tokenizers: [base] }));
    const [plain, script, dedup, sample] = [
      await part(corpus[0]!, {}),
      await part(corpus[1]!, { script: "Arab" }),
      await part(corpus[1]!, { dedup: "document" }),
      await part(corpus[1]!, { sample: "10" }),
    ];
    expect(await of([plain, script])).toMatch(
      /^input counts-differ: .*what is left out nothing and \{"script"/,
    );
    expect(await of([plain, dedup])).toMatch(
      /^input counts-filtered: .* without duplicates, which is of all/,
    );
    expect(await of([sample, plain])).toMatch(/^input counts-filtered: .* as a sample of so many documents/);
    expect((await analyze("fa", { counts: [dedup], tokenizers: [base] })).corpus.filter).toBeDefined();
  });
});

describe("refused", () => {
  test.each<[object, string]>([
    [{ sample: "0" }, "usage filter-option: --sample 0: not understood"],
    [{ sample: "0%" }, "usage filter-option: --sample 0%: not understood"],
    [{ sample: "101%" }, "usage filter-option: --sample 101%: not understood"],
    [{ sample: "1.5" }, "usage filter-option: --sample 1.5: not understood"],
    [{ sample: "-5" }, "usage filter-option: --sample -5: not understood"],
    [{ script: "arab" }, "usage filter-option: --script arab: not understood"],
    [{ script: "Qaaa" }, "usage filter-option: --script Qaaa: not understood"],
    [{ script: "Arab:1.5" }, "usage filter-option: --script Arab:1.5: not understood"],
    [{ orthography: "ar" }, "usage filter-option: --orthography ar: not understood"],
    [{ script: "Ethi" }, "input empty-corpus: the corpus is empty: all its 355 documents are left out"],
  ])("%j", async (options, message) => {
    expect(await failure(counted(options as Partial<CountOptions>))).toBe(message);
  });

  test("filters of text that is not read from files", async () => {
    const { out } = await counted({});
    const message = "usage cannot-filter: --dedup, --sample, --script, --normalize and the like: ";
    expect(await failure(analyze("fa", { counts: [out], dedup: "line", tokenizers: [base] }))).toBe(
      `${message}counts are what was counted`,
    );
    expect(await failure(analyze("fa", { folder, sample: "5", tokenizers: [base] }))).toBe(
      `${message}the embedded text is measured as it is`,
    );
    const treebank = write("a.conllu", "# text = a\n1\ta\t_\t_\t_\t_\t0\troot\t_\t_\n\n");
    for (const options of [{ dedup: "line" }, { orthography: "fa" }] as const) {
      const gold = { corpus: [treebank], tokenizers: [base], ...options };
      expect(await failure(analyze("fa", gold))).toBe(`${message}treebanks are measured as they are`);
      expect((await analyze("fa", { ...gold, words: "whitespace" })).corpus.documents).toBe(1);
    }
    expect(await failure(compare({ languages: ["fa", "en"], dedup: "line", tokenizers: [base] }))).toBe(
      `${message}text that is parallel stays whole, or it would not be`,
    );
  });
});
