import { expect, test } from "vitest";
import { displayWidth, renderTable } from "../../src/reports/text-table.ts";

const columns = [
  { title: "word", align: "left" },
  { title: "tokens", align: "right" },
] as const;

test("columns are aligned, without spaces at line ends", () => {
  const table = renderTable(columns, [["ab", "1,234"], ["c"]], { color: false });
  expect(table.split("\n")).toEqual(["word  tokens", "────  ──────", "ab     1,234", "c"]);
});

test("the header is bold only with colour", () => {
  expect(renderTable(columns, [], { color: true })).toBe("\u001b[1mword  tokens\u001b[22m\n────  ──────");
});

test("wide characters take two columns, marks and joiners none", () => {
  const table = renderTable(
    columns,
    [
      ["中文字", "1"],
      ["e\u0301", "2"],
      ["می\u200cروم", "3"],
    ],
    { color: false },
  );
  const lines = table.split("\n");
  expect(lines.map(displayWidth)).toEqual([14, 14, 14, 14, 14]);
});

test("right-to-left cells are isolated", () => {
  const table = renderTable(columns, [["سلام", "1"]], { color: false });
  expect(table.split("\n")[2]).toBe("\u2068سلام\u2069       1");
});
