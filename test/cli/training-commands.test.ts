// `count`, `train` and `sweep` as typed: what they print, what they save, and what bad input says.

import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { BYTE_BASE, madeLines, testFiles } from "../pipeline/training-files.ts";
import { runFake } from "./fake-io.ts";

const { folder, write } = testFiles();
const base = write("base.json", BYTE_BASE);
const corpus = write("corpus.txt", madeLines(1, 300).join("\n"));
const TRAIN = ["train", "--base", base, "--lang", "fa", "--workers", "1"];
const SWEEP = ["sweep", "--base", base, "--lang", "fa", "--workers", "1"];
const paths = (text: string) => text.replaceAll(`${folder}/`, "");

test("count", async () => {
  const out = join(folder, "counts");
  const args = ["count", "--lang", "fa", "--corpus", corpus, "--hold-out", "10", "--out", out];
  const { code, stdout, stderr } = await runFake(args);
  expect([code, stderr]).toEqual([0, ""]);
  expect(paths(stdout)).toMatch(
    /^Persian .* · fa · Arabic script\n1 file: 300 documents \(one a line\), .*\nheld out: \d+ documents \(1 in 10\).*\nsaved: counts\/segments.parquet .*, counts\/held-out.parquet .*, counts\/counts.json\n$/s,
  );
  const { findings, run, ...manifest } = JSON.parse((await runFake([...args, "--json"])).stdout);
  expect(manifest).toEqual(JSON.parse(readFileSync(join(out, "counts.json"), "utf8")));
  expect([findings, run.workers]).toEqual([[], 1]);
});

test("train", async () => {
  const out = join(folder, "trained", "fa.json");
  const run = await runFake([...TRAIN, "--corpus", corpus, "--add", "12", "--out", out]);
  expect([run.code, run.stderr]).toEqual([0, ""]);
  expect(paths(run.stdout)).toMatch(
    /258 ids; learned 12, as many as asked for\n.*saved: trained\/fa.json, trained\/fa.txt\n$/s,
  );
  expect(readdirSync(join(folder, "trained")).sort()).toEqual(["fa.json", "fa.txt"]);
  const saved = JSON.parse(readFileSync(out, "utf8"));
  expect([saved.schema, saved.candidates.length, saved.run]).toEqual(["vocab.candidates/1", 12, undefined]);
  const list = readFileSync(join(folder, "trained", "fa.txt"), "utf8");
  for (const { id, text = "‹" } of saved.candidates) {
    const line = list.split("\n").find((one) => one.startsWith(`${id} `));
    expect(line).toContain(text.trimStart());
  }
  const printed = JSON.parse((await runFake([...TRAIN, "--corpus", corpus, "--add", "12", "--json"])).stdout);
  expect({ ...printed, run: undefined }).toEqual({ ...saved, run: undefined });
});

test("sweep", async () => {
  const out = join(folder, "swept");
  const args = [...SWEEP, "--corpus", corpus, "--hold-out", "5", "--max", "40", "--out", out];
  const run = await runFake(args);
  expect([run.code, run.stderr]).toEqual([0, ""]);
  expect(run.stdout).toMatch(
    /\nadded +tokens +saved .*\n +0 .*\n +40 .*\n- floor: .*\n- knee: .*\n\nrecommended: \d/s,
  );
  const saved = JSON.parse(readFileSync(join(out, "sweep.json"), "utf8"));
  expect(saved).toMatchObject({ schema: "vocab.sweep/1", models: [], stopped: "budget" });
  expect(readFileSync(join(out, "sweep.md"), "utf8")).toMatch(
    /^# Tokens to add .*\n\| 40 \|.*\*\*recommended: /s,
  );
  const printed = JSON.parse((await runFake([...args, "--json"])).stdout);
  expect(printed.steps).toEqual(saved.steps);
});

test("options that name words and text", async () => {
  const include = write("include.txt", "\ufeffپرستو \r\n\nسلام\n");
  const args = [...TRAIN, "--corpus", corpus, "--add", "20", "--json", "--include", include];
  const { stdout } = await runFake([...args, "--digits", "--scripts", "arab,Latn", "--no-cover-characters"]);
  expect(JSON.parse(stdout).options.constraints).toMatchObject({
    include: ["پرستو", "سلام"],
    digits: true,
    scripts: ["Arab", "Latn"],
    coverCharacters: false,
  });
});

mkdirSync(join(folder, "is-a-folder"));
const TO_FILE = ["--add", "5", "--out", join(folder, "never.json")];

test.each([
  [[...TRAIN, "--corpus", corpus, "--add", "0"], 2, "Expected a whole number from 1"],
  [[...TRAIN, "--corpus", corpus, "--add", "many"], 2, "Expected a whole number from 1"],
  [[...TRAIN, "--corpus", corpus], 2, "required option '--add <n>' not specified"],
  [[...TRAIN, "--corpus", corpus, "--add", "5"], 2, "where should the candidates go?"],
  [[...TRAIN, "--corpus", corpus, "--add", "5", "--out", join(folder, "is-a-folder")], 2, "is a folder"],
  [[...TRAIN, "--corpus", corpus, "--add", "5", "--out", `${corpus}/x.json`], 2, "not a folder"],
  [[...TRAIN, "--corpus", join(folder, "*.md"), ...TO_FILE], 2, "matches"],
  [[...TRAIN, "--counts", folder, ...TO_FILE], 2, "no counts in"],
  [[...TRAIN, "--corpus", corpus, "--counts", folder, ...TO_FILE], 2, "both given"],
  [["train", "--base", "qwen4", "--lang", "fa", ...TO_FILE], 2, "unknown tokenizer: qwen4"],
  [["train", "--base", base, "--lang", "farsi", ...TO_FILE], 2, 'unknown language tag "farsi"'],
  [["train", "--base", base, "--lang", "fa,ur", "--corpus", corpus, ...TO_FILE], 2, "which of the languages"],
  [
    ["train", "--base", base, "--lang", "am", "--corpus", corpus, ...TO_FILE],
    1,
    "0.0 % of the letters are Ethiopic",
  ],
  [["train", "--base", corpus, "--lang", "fa", "--corpus", corpus, ...TO_FILE], 1, "corpus.txt"],
  [[...TRAIN, "--corpus", corpus, "--balance", "fair", ...TO_FILE], 2, "Allowed choices are parity, size"],
  [[...TRAIN, "--corpus", corpus, "--include", "nothing.txt", ...TO_FILE], 2, "no such file: nothing.txt"],
  [[...TRAIN, "--corpus", corpus, "--exclude", write("two.txt", "a b\n"), ...TO_FILE], 1, "is not one word"],
  [[...SWEEP, "--corpus", corpus, "--max", "-5"], 2, "Expected a whole number from 1"],
  [[...SWEEP, "--corpus", corpus, "--max", "5", "--hold-out", "0"], 1, "no document of Persian is held out"],
  [[...SWEEP, "--corpus", corpus, "--max", "5", "--model", "8B"], 2, "unknown model of this tokenizer: 8B"],
  [["count", "--lang", "fa", "--corpus", corpus], 2, "required option '--out <dir>' not specified"],
  [["count", "--lang", "fa", "--corpus", corpus, "--out", corpus], 2, "is a file, not a folder"],
  [["count", "--lang", "fa", "--corpus", corpus, "--out", "x", "--hold-out", "1"], 2, "cannot be held out"],
  [["analyze", "--lang", "fa", "--counts", folder], 2, "no counts in"],
])("%j", async (args, code, message) => {
  const run = await runFake(args);
  expect([run.code, run.stdout]).toEqual([code, ""]);
  expect(run.stderr).toMatch(/^vocab: error: .*\n {2}hint: .*\n$/);
  expect(run.stderr).toContain(message);
  expect(readdirSync(folder)).not.toContain("never.json");
});
