import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { byteTokenizerJson } from "../pipeline/byte-tokenizers.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { runFake } from "./fake-io.ts";

const folder = temporaryFolder();
const tokenizer = join(folder, "bytes.json");
writeFileSync(tokenizer, byteTokenizerJson());
writeFileSync(join(folder, "en_Latn.txt"), "ab\nc\n");
writeFileSync(join(folder, "pes_Arab.txt"), "abc d\nabcd\n");
const COMPARE = ["compare", "--tokenizer", tokenizer];
const PARALLEL = [...COMPARE, "--parallel", join(folder, "{lang}.txt"), "--workers", "1"];

test("--json and --format json are the result alone; the other formats render it", async () => {
  const { code, stdout, stderr } = await runFake([...PARALLEL, "--json"]);
  expect([code, stderr]).toEqual([0, ""]);
  const result = JSON.parse(stdout);
  expect(result).toMatchObject({ schema: "vocab.comparison/1", languages: ["en", "fa"], baseline: "en" });
  expect(result.cells[1]).toMatchObject({ language: "fa", tokens: 9, premium: 3 });
  const print = async (format: string) => (await runFake([...PARALLEL, "--format", format])).stdout;
  expect(JSON.parse(await print("json")).cells).toEqual(result.cells);
  expect(await print("csv")).toMatch(/^language,tokenizer,[^\n]+\nen,[^\n]+\nfa,[^\n]+\n$/);
  expect(await print("markdown")).toContain("| Persian | fa | 3.000 | 3.000 | n/a |");
  expect(await print("table")).toBe((await runFake(PARALLEL)).stdout);
});

test("--out saves three files that two runs write alike but for the run", async () => {
  const out = join(folder, "out");
  const { code, stdout } = await runFake([...PARALLEL, "--sort", "premium", "--out", out, "--json"]);
  expect(code).toBe(0);
  expect(readdirSync(out).sort()).toEqual(["comparison.csv", "comparison.json", "comparison.md"]);
  expect(readFileSync(join(out, "comparison.json"), "utf8")).toBe(stdout);
  expect(readFileSync(join(out, "comparison.csv"), "utf8").split("\n")[1]).toMatch(/^fa,/);
  const again = await runFake([...PARALLEL, "--sort", "premium", "--format", "markdown"]);
  expect(again.stdout).toBe(readFileSync(join(out, "comparison.md"), "utf8"));
});

test("colour only where it is wanted", async () => {
  const coloured = async (env: Readonly<Record<string, string>>) =>
    (await runFake(PARALLEL, { isTTY: true, env })).stdout.includes("\u001b[");
  expect(await coloured({})).toBe(true);
  expect(await coloured({ NO_COLOR: "1" })).toBe(false);
});

test.each([
  [COMPARE, "no language is named", "--langs fa,en,am"],
  [[...COMPARE, "--langs", "tlh"], "no embedded text for tlh (Klingon)", "--parallel"],
  [[...COMPARE, "--langs", "farsi"], 'unknown language tag "farsi"', "did you mean fa (Persian)?"],
  [[...COMPARE, "--parallel", join(folder, "*.txt")], "{lang} stands nowhere in it", "in quotes"],
  [[...PARALLEL, "--corpus", "x.txt"], "--parallel and --corpus", "one of them"],
  [[...PARALLEL, "--baseline", "de"], "--baseline de: no file of German (de)", "en, fa"],
  [[...PARALLEL, "--json", "--format", "csv"], "--json and --format csv", "one of them"],
  [[...PARALLEL, "--format", "html"], "Allowed choices are table, csv, markdown, json", "--help"],
  [[...PARALLEL, "--sort", "price"], '--sort price: no figure "price"', "language, tokens, fertility"],
])("wrong usage: %j", async (args, message, hint) => {
  const { code, stdout, stderr } = await runFake(args);
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr.split("\n  hint: ")[0]).toContain(message);
  expect(stderr.split("\n  hint: ")[1]).toContain(hint);
});

test("files that are not aligned fail, with exit code 1", async () => {
  const other = join(folder, "uneven");
  mkdirSync(other);
  writeFileSync(join(other, "en.txt"), "a\nb\n");
  writeFileSync(join(other, "ur.txt"), "a\n");
  const { code, stderr } = await runFake([...COMPARE, "--parallel", join(other, "{lang}.txt")]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/en\.txt has 2 lines, .*ur\.txt has 1\n/);
});
