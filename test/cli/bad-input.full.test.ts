// What users get wrong: one clear error, exit code 1 or 2, no stack, no output file.

import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { temporaryFolder } from "../temporary-folder.ts";
import { tinyJson, tinyModel } from "../tokenizer/tiny-tokenizer.ts";
import { runVocab } from "./run-vocab.ts";

const folder = temporaryFolder();

function file(name: string, content: string | Uint8Array): string {
  writeFileSync(join(folder, name), content);
  return name;
}

const tiny = file("tiny.json", tinyJson());
const good = file("good.txt", "abc ab\n");
mkdirSync(join(folder, "folder.txt"));
symlinkSync("loop.txt", join(folder, "loop.txt"));
const gzip = gzipSync("abc ab\n".repeat(10_000));

interface BadCase {
  readonly name: string;
  readonly args: readonly string[];
  readonly code: 1 | 2;
  readonly message: string;
}

const corpus = (name: string, code: 1 | 2, message: string, ...more: string[]): BadCase => ({
  name: `corpus ${name}`,
  args: ["--tokenizer", tiny, "--corpus", name, ...more],
  code,
  message,
});

const tokenizer = (name: string, json: string, message: string): BadCase => ({
  name: `tokenizer ${name}`,
  args: ["--tokenizer", file(name, json), "--corpus", good],
  code: 1,
  message,
});

const split = (regex: string) =>
  tinyJson({
    pre_tokenizer: { type: "Split", pattern: { Regex: regex }, behavior: "Isolated", invert: false },
  });

const cases: readonly BadCase[] = [
  corpus("missing.txt", 2, "missing.txt"),
  corpus("no-such-*.txt", 2, "no-such-*.txt"),
  corpus("folder.txt", 2, "folder.txt is a folder"),
  corpus("loop.txt", 1, "loop.txt"),
  corpus(file("image.png", "x"), 2, "image.png"),
  corpus(file("empty.txt", ""), 1, "the corpus is empty"),
  corpus(file("blank-lines.txt", "\n\n\r\n"), 1, "the corpus is empty"),
  corpus(file("cut.txt.gz", gzip.subarray(0, gzip.length / 2)), 1, "cut.txt.gz"),
  corpus(file("not.txt.gz", "plain text"), 1, "not.txt.gz"),
  corpus(file("latin1.txt", Buffer.from("ab\ncaf\xe9 au\n", "latin1")), 1, "byte 6"),
  corpus(file("utf16.txt", Buffer.from("\ufeffab ab\n", "utf16le")), 1, "utf16.txt"),
  corpus(
    file("long.txt", `ab\n${"abc ".repeat(100)}\n`),
    1,
    "larger than 64 bytes",
    "--max-document-bytes",
    "64",
  ),
  corpus(file("broken.jsonl", '{"text": "ab"}\n{"text": \n'), 1, "broken.jsonl"),
  corpus(file("other-field.jsonl", '{"text": "ab"}\n{"body": "ab"}\n'), 1, "text"),
  corpus(file("surrogate.jsonl", '{"text": "a\\ud800b"}\n'), 1, "surrogate.jsonl"),
  corpus(good, 2, "good.txt is not a .jsonl or .conllu file", "--unit", "record"),
  tokenizer("not-json.json", "{", "not-json.json"),
  tokenizer("no-model.json", "{}", "no-model.json"),
  tokenizer("unigram.json", tinyJson({ model: { type: "Unigram", vocab: [] } }), "Unigram"),
  tokenizer("merge.json", tinyJson({ model: tinyModel({ merges: [["a", "z"]] }) }), "merges[0]"),
  tokenizer(
    "twice.json",
    tinyJson({ model: tinyModel({ vocab: { unk: 0, a: 1, b: 1 }, merges: [] }) }),
    "id 1",
  ),
  tokenizer("negative.json", tinyJson({ model: tinyModel({ vocab: { unk: 0, a: -1 }, merges: [] }) }), "-1"),
  tokenizer("dropout.json", tinyJson({ model: tinyModel({ dropout: 0.1 }) }), "dropout"),
  tokenizer("backreference.json", split("(a)\\1"), "backreference.json"),
  tokenizer("hostile.json", split("(a|a)*(a|b){0,1000}(a|c){0,1000}"), "hostile.json"),
  tokenizer("unclosed.json", split("(a"), "unclosed.json"),
  { name: "tokenizer path", args: ["--tokenizer", "nowhere/tokenizer.json"], code: 2, message: "nowhere" },
  { name: "tokenizer name", args: ["--tokenizer", "qwen4"], code: 2, message: "unknown tokenizer: qwen4" },
  { name: "language", args: ["--lang", "persian"], code: 2, message: 'unknown language tag "persian"' },
  { name: "no embedded text", args: ["--lang", "tlh"], code: 2, message: "no embedded text for tlh" },
  { name: "workers", args: ["--workers", "999"], code: 2, message: "from 1 to 256" },
];

test.each(cases)("$name", async ({ args, code, message }) => {
  const out = join(folder, "out");
  const run = await runVocab(["analyze", "--lang", "fa", ...args, "--out", out, "--json"], { cwd: folder });
  expect(run.stdout).toBe("");
  expect(run.stderr).toMatch(/^vocab: error: [^\n]+\n( {2}hint: [^\n]+\n)?$/);
  expect(run.stderr).toContain(message);
  expect(run.stderr).not.toMatch(/\bat .*:\d+:\d+/);
  expect(run.code).toBe(code);
  expect(existsSync(out)).toBe(false);
});

test("invalid UTF-8 can be replaced or skipped, and is counted", async () => {
  file("half.txt", Buffer.from("ab\ncaf\xe9 a\n", "latin1"));
  const run = async (policy: string) => {
    const args = [
      "analyze",
      "--lang",
      "fa",
      "--tokenizer",
      tiny,
      "--corpus",
      "half.txt",
      "--on-invalid",
      policy,
    ];
    return JSON.parse((await runVocab([...args, "--json"], { cwd: folder })).stdout).corpus;
  };
  expect(await run("replace")).toMatchObject({ documents: 2, words: 3, invalid: 1 });
  expect(await run("skip")).toMatchObject({ documents: 1, words: 1, invalid: 1 });
});

test("NUL is text; a byte order mark at the start of a file is not", async () => {
  file("nul.txt", "\ufeffa\0b\n");
  const args = ["analyze", "--lang", "fa", "--tokenizer", tiny, "--corpus", "nul.txt", "--json"];
  expect(JSON.parse((await runVocab(args, { cwd: folder })).stdout).corpus).toMatchObject({
    characters: 3,
    bytes: 3,
  });
});

test("--out that is a file, or holds a folder of a result's name", async () => {
  const args = ["analyze", "--lang", "fa", "--tokenizer", tiny, "--corpus", good, "--out"];
  const overFile = await runVocab([...args, good], { cwd: folder });
  expect(overFile).toMatchObject({
    code: 2,
    stdout: "",
    stderr: expect.stringContaining("is a file, not a folder"),
  });
  mkdirSync(join(folder, "taken", "analysis.md"), { recursive: true });
  const taken = await runVocab([...args, "taken"], { cwd: folder });
  expect(taken).toMatchObject({
    code: 1,
    stdout: "",
    stderr: expect.stringContaining("taken cannot be written to"),
  });
  expect(existsSync(join(folder, "taken", "analysis.json"))).toBe(false);
});
