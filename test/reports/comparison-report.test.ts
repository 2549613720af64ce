import { expect, test } from "vitest";
import { comparisonCsv } from "../../src/reports/comparison-csv.ts";
import { comparisonFindings } from "../../src/reports/comparison-findings.ts";
import { textLines } from "../../src/reports/comparison-heading.ts";
import { comparisonMarkdown } from "../../src/reports/comparison-markdown.ts";
import { comparisonReport } from "../../src/reports/comparison-report.ts";
import { displayWidth } from "../../src/reports/text-table.ts";
import { comparison } from "./comparison-results.ts";

const PLAIN = { color: false };

const TWO = comparison(["A", "B"], {
  fa: [
    [2.5, 2.4, 2.6],
    [1.5, 1.4, 1.6],
  ],
  en: [
    [1, 1, 1],
    [1, 1, 1],
  ],
});

test("the table: a row a language, columns under each tokenizer, the Gini coefficient last", () => {
  expect(comparisonReport(TWO, PLAIN).split("\n").slice(0, 9)).toEqual([
    "2 languages × 2 tokenizers · premium over English (en)",
    "parallel text: 1,012 aligned lines in each of 2 files, 31.6 KiB",
    "",
    `${" ".repeat(55)}A${" ".repeat(42)}B`,
    "language  tag  tokens  fertility  premium  95 % interval  tokens  fertility  premium  95 % interval",
    "────────  ───  ──────  ─────────  ───────  ─────────────  ──────  ─────────  ───────  ─────────────",
    "Persian   fa    2,500      3.750    2.500      2.40–2.60   1,500      2.250    1.500      1.40–1.60",
    "English   en    1,000      1.500    1.000      1.00–1.00   1,000      1.500    1.000      1.00–1.00",
    "Gini                                0.250                                      0.250",
  ]);
});

test("text that a tokenizer loses is said to be lost, most of it first", () => {
  const cells = TWO.cells.map((cell) =>
    cell.tokenizer === "B" ? { ...cell, unknownTokens: cell.language === "fa" ? 1200 : 0.1 } : cell,
  );
  const line =
    "B: unknown tokens (Persian 80.0 %, English below 0.1 %): their text is lost, and the figures look better than they are";
  expect(comparisonFindings({ ...TWO, cells })).toContain(line);
  expect(comparisonFindings({ ...TWO, cells, baseline: undefined, gini: undefined })).toContain(line);
  expect(comparisonFindings(TWO).join()).not.toContain("unknown");
});

test("at most 120 columns: what can be left out is, and many tokenizers stand in several tables", () => {
  const names = Array.from({ length: 9 }, (_, i) => `tokenizer ${i}`);
  const row = names.map(() => [10.5, 10.1, 10.9] as const);
  for (const count of [1, 2, 3, 4, 9]) {
    const report = comparisonReport(
      comparison(names.slice(0, count), { fa: row.slice(0, count), my: row }),
      PLAIN,
    );
    const table = report.split("\n\n").filter((block) => block.includes("──"));
    for (const line of table.join("\n").split("\n")) expect(displayWidth(line)).toBeLessThanOrEqual(120);
    for (const name of names.slice(0, count)) expect(table.join()).toContain(name);
    expect(table.length).toBe(count < 9 ? 1 : 2);
    expect(table[0]!.includes("interval")).toBe(count < 4);
    expect(table[0]!.includes("tokens")).toBe(count < 3);
  }
});

test("names of files stay in their place and bring no control characters", () => {
  const sources = [
    { tokenizer: "A", name: "\u001b[31mفارسی.json", source: "x", sha256: "beef", vocabSize: 1 },
  ];
  const report = comparisonReport(
    { ...comparison(["A"], { fa: [[2, 1, 3]] }), tokenizerSources: sources },
    PLAIN,
  );
  expect(report).not.toContain("\u001b");
  expect(report.split("\n")[3]).toMatch(/\u2068⟨U\+001B⟩\[31mفارسی\.json\u2069$/);
  expect(comparisonReport(TWO, { color: true })).toContain("\u001b[1m2 languages");
});

test("findings: the two ends, each with all that its interval does not tell apart", () => {
  const lines = (rows: Parameters<typeof comparison>[1]) => comparisonFindings(comparison(["A"], rows));
  const [en, fa] = [[[1, 1, 1]], [[2.5, 2.4, 2.6]]] as const;
  expect(lines({ fa, en, am: [[4, 3.8, 4.2]] })[0]).toBe(
    "A: most tokens: Amharic 4.00 (3.80–4.20); fewest: English 1.00; Gini 0.250",
  );
  expect(lines({ fa, en, am: [[2.7, 2.55, 2.9]], th: [[1.2, 0.9, 1.4]] })[0]).toBe(
    "A: most tokens: Amharic 2.70, Persian 2.50 (not told apart); fewest: English 1.00, Thai 1.20 (not told apart); Gini 0.250",
  );
  expect(lines({ fa, am: [[2.55, 2.5, 2.7]] })).toEqual([
    "A: the languages are not told apart by this text; Gini 0.250",
    "intervals are of the premium, by resampling aligned lines: for similar text",
    "Gini of the tokens over these 2 languages: 0 where all need as many",
    "English (en) was measured as well; name it to list it",
  ]);
  expect(lines({ fa })[0]).toBe("A: Persian 2.50 (2.40–2.60) over English (en)");
});

test("findings: no ranking without intervals, none of texts that are not parallel", () => {
  const few = comparison(
    ["A"],
    { fa: [[2.5]], en: [[1]] },
    { alignment: { unit: "article", units: 29, of: 30 } },
  );
  expect(comparisonFindings(few).slice(0, 2)).toEqual([
    "A: Gini 0.250",
    "29 aligned articles: too few for intervals and for a ranking (n < 30)",
  ]);
  const own = comparison(
    ["A"],
    { fa: [[2.5, 2.4, 2.6]] },
    { baseline: undefined, alignment: undefined, gini: undefined },
  );
  expect(comparisonFindings(own)).toEqual([expect.stringContaining("compare tokenizers within a language")]);
  const report = comparisonReport({ ...own, texts: own.texts.slice(0, 1) }, PLAIN);
  expect(report).toContain("1 language × 1 tokenizer · not parallel: no premium, no Gini\n");
  expect(report).toContain("Persian (fa): 1 file, 90 documents, 15.8 KiB, 1,822 words\n");
  expect(report).not.toMatch(/^Gini/m);
});

test("the articles that are compared, and who lacks which", () => {
  const alignment = { unit: "article", units: 29, of: 30, missing: { pa: [17] } } as const;
  expect(textLines(comparison(["A"], { pa: [[3]] }, { alignment }))).toEqual([
    expect.stringContaining("the 29 of 30 articles that all of these languages have"),
    "articles missing from the text or incomplete: pa lacks 17",
  ]);
});

test("CSV: RFC 4180 quoting, absent values empty, numbers as in the JSON", () => {
  const result = comparison(['a,"b".json'], { fa: [[2 / 3]], en: [[1, 1, 1]] });
  const [first, ...rest] = result.cells;
  const csv = comparisonCsv({ ...result, cells: [{ ...first!, fertility: undefined }, ...rest] });
  expect(csv).toBe(
    [
      "language,tokenizer,tokens,fertility,bytesPerToken,premium,floor,headroom,intervalLow,intervalHigh,intervalLevel,intervalMethod",
      'fa,"a,""b"".json",666.666666667,,6,0.666666666667,1,0,,,,',
      'en,"a,""b"".json",1000,1.5,4,1,1,0.333333333333,1,1,0.95,"bootstrap, of pairs"',
      "",
    ].join("\n"),
  );
});

test("Markdown: a table with a Gini row, findings and inputs, names escaped", () => {
  const markdown = comparisonMarkdown(comparison(["a|b"], { fa: [[2.5, 2.4, 2.6]], en: [[1, 1, 1]] }));
  expect(markdown).toContain(
    [
      "| language | tag | a\\|b fertility | a\\|b premium | a\\|b 95 % interval |",
      "| --- | --- | ---: | ---: | ---: |",
      "| Persian | fa | 3.750 | 2.500 | 2.40–2.60 |",
      "| English | en | 1.500 | 1.000 | 1.00–1.00 |",
      "| **Gini** |  |  | 0.250 |  |",
    ].join("\n"),
  );
  expect(markdown).toContain("- fa: `fa.txt`, SHA-256 `c0ffee`\n");
  expect(markdown).toContain("- a\\|b: `a|b.json`, SHA-256 `beef`\n");
});
