// The built program in a shell's pipes, as a user runs it.

import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../temporary-folder.ts";
import { tinyJson } from "../tokenizer/tiny-tokenizer.ts";
import { PROGRAM, type RunOptions, type RunResult, runVocab } from "./run-vocab.ts";

const folder = temporaryFolder();
const tiny = join(folder, "tiny.json");
writeFileSync(tiny, tinyJson());

describe("the main job", () => {
  test("vocab analyze --lang fa", async () => {
    const { code, stdout, stderr } = await runVocab(["analyze", "--lang", "fa"], { cwd: folder });
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^Persian \(\u2068فارسی\u2069\) · fa · Arabic script, right to left\n/);
    expect(stdout).toContain("90 documents, 15.8 KiB, 1,822 words (between white space)\n");
    const rows = stdout.split("\n").filter((line) => /^(Qwen|Llama|Gemma) 3 {2,}/.test(line));
    expect(rows.map((row) => row.split(/ {2,}/).slice(0, 4))).toEqual([
      ["Qwen 3", "4,990", "2.739", "2.68–2.80"],
      ["Llama 3", "2,955", "1.622", "1.58–1.67"],
      ["Gemma 3", "2,801", "1.537", "1.50–1.58"],
    ]);
    expect(stdout).toContain("- Qwen 3: added tokens can save at most 59.4 % of the tokens\n");
    expect(stdout).toContain("- Gemma 3: Gemma Terms of Use: ");
    expect(stdout).not.toContain("\u001b");
  });

  test("as JSON, saved as well, and as Markdown", async () => {
    const out = join(folder, "saved");
    const args = ["analyze", "--lang", "fa", "--json", "--out", out];
    const { code, stdout, stderr } = await runVocab(args, { cwd: folder });
    expect([code, stderr]).toEqual([0, ""]);
    expect(readdirSync(out).sort()).toEqual(["analysis.json", "analysis.md"]);
    expect(readFileSync(join(out, "analysis.json"), "utf8")).toBe(stdout);
    expect(readFileSync(join(out, "analysis.md"), "utf8")).toContain(
      "| Llama 3 | 2,955 | 1.622 | 1.58–1.67 |",
    );
    const result = JSON.parse(stdout);
    expect(Object.keys(result)).toEqual(["schema", "language", "corpus", "results", "run"]);
    expect(result.language).toEqual({ tag: "fa", name: "Persian", script: "Arab", direction: "rtl" });
    const totals = result.results.map((entry: Record<string, unknown>) => [
      entry["tokenizer"],
      entry["tokens"],
    ]);
    expect(totals).toEqual([
      ["qwen3", 4990],
      ["llama3", 2955],
      ["gemma3", 2801],
    ]);
  });

  test("the user's own text under corpora/<lang>/ comes first", async () => {
    const home = join(folder, "home");
    mkdirSync(join(home, "corpora", "fa"), { recursive: true });
    writeFileSync(join(home, "corpora", "fa", "mine.txt"), "abc ab\n");
    const args = ["analyze", "--lang", "fa", "--tokenizer", tiny, "--json"];
    const { stdout } = await runVocab(args, { cwd: home });
    expect(JSON.parse(stdout).corpus).toMatchObject({ files: 1, documents: 1, words: 2 });
  });
});

test("any number of workers gives the same bytes outside of run", async () => {
  const words = ["abc", "ab", "c", "سلام", "می\u200cروم", "x".repeat(300)];
  const lines = Array.from({ length: 60_000 }, (_, i) => `${words[i % 6]} ${words[(i * 7 + 3) % 5]} ${i}`);
  writeFileSync(join(folder, "large.txt"), lines.join("\n"));
  const outputs = await Promise.all(
    ["1", "2", "5"].map(async (workers) => {
      const args = [
        "analyze",
        "--lang",
        "fa",
        "--tokenizer",
        `${tiny},qwen3`,
        "--corpus",
        join(folder, "large.txt"),
      ];
      const { code, stdout } = await runVocab([...args, "--workers", workers, "--json"]);
      expect(code).toBe(0);
      return stdout.replace(/"run": \{.*$/s, "");
    }),
  );
  expect(outputs[0]).toContain('"documents": 60000');
  expect(outputs[1]).toBe(outputs[0]);
  expect(outputs[2]).toBe(outputs[0]);
});

test("a tokenizer's path may hold a comma", async () => {
  const path = join(folder, "a,b.json");
  writeFileSync(path, tinyJson());
  const args = ["analyze", "--lang", "fa", "--tokenizer", `${path},${tiny}`, "--json"];
  const { stdout } = await runVocab(args, { cwd: folder });
  const ids = JSON.parse(stdout).results.map((entry: { tokenizer: string }) => entry.tokenizer);
  expect(ids).toEqual([path, tiny]);
});

describe("encode and decode", () => {
  test("in a pipe, line by line", async () => {
    const text = "سلام دنیا\n\n<|endoftext|>\r\n  x\u00a0y\n";
    const encoded = await runVocab(["encode", "--tokenizer", "qwen3", "--json"], { stdin: text });
    expect([encoded.code, encoded.stderr]).toEqual([0, ""]);
    expect(encoded.stdout.split("\n").slice(0, 3)).toEqual([
      "[124941,44330,11798,14391,5703]",
      "[]",
      "[151643]",
    ]);
    const decoded = await runVocab(["decode", "--tokenizer", "qwen3"], { stdin: encoded.stdout });
    expect(decoded).toEqual({ code: 0, stdout: text.replaceAll("\r", ""), stderr: "" });
  });

  test("40 MB through a pipe come out whole", async () => {
    const line = `${"abc ab ".repeat(20)}\n`;
    const count = Math.floor(40_000_000 / line.length);
    const run = await runVocab(["encode", "--tokenizer", tiny], { stdin: line.repeat(count) });
    expect(run.code).toBe(0);
    expect(run.stdout.split("\n").length - 1).toBe(count);
  });
});

describe("the shell", () => {
  const shell = (command: string, env: Readonly<Record<string, string>> = {}) =>
    spawnSync(
      "bash",
      ["--norc", "-c", `set -o pipefail; vocab() { "${process.execPath}" "${PROGRAM}" "$@"; }; ${command}`],
      {
        cwd: folder,
        env: { PATH: process.env["PATH"]!, ...env },
        encoding: "utf8",
      },
    );

  test("a reader that leaves ends the program silently, with code 0", () => {
    const languages = shell("vocab languages | head -1");
    expect(languages).toMatchObject({ status: 0, stderr: "" });
    expect(languages.stdout).toMatch(/^tag .*\n$/);
    const encode = shell(
      `yes 'abc ab' | vocab encode --tokenizer ${tiny} | head -1; echo "\${PIPESTATUS[1]}"`,
    );
    expect(encode).toMatchObject({ stdout: expect.stringMatching(/^5 .*\n0\n$/), stderr: "" });
  });

  test("long output through a pipe is whole", () => {
    const { stdout } = shell("vocab languages --json | cat");
    expect(JSON.parse(stdout).languages.length).toBeGreaterThan(500);
    expect(shell("vocab languages --json > all.json").status).toBe(0);
    expect(readFileSync(join(folder, "all.json"), "utf8")).toBe(stdout);
  });

  test("colour: NO_COLOR and FORCE_COLOR", () => {
    const isColoured = (env: Readonly<Record<string, string>>) =>
      shell("vocab tokenizers", env).stdout.includes("\u001b[1m");
    expect([isColoured({}), isColoured({ FORCE_COLOR: "1" })]).toEqual([false, true]);
    expect(isColoured({ FORCE_COLOR: "0" })).toBe(false);
  });

  test("a disk without room", () => {
    const run = shell("vocab tokenizers > /dev/full");
    expect(run.status).toBe(1);
    expect(run.stderr).toMatch(/^vocab: error: stdout cannot be written to: ENOSPC[^\n]*\n$/);
  });

  test("stdin that is a folder", () => {
    const run = shell(`vocab encode --tokenizer ${tiny} < .`);
    expect(run).toMatchObject({ status: 1, stdout: "" });
    expect(run.stderr).toMatch(/^vocab: error: stdin is a folder\n/);
  });
});

/** Ctrl-C early; later where the program was not loaded yet, and ended as any program does that hears no signals. */
async function interrupted(args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  for (let afterMs = 400; ; afterMs *= 1.5) {
    const onStart: RunOptions["onStart"] = (kill) => setTimeout(() => kill("SIGINT"), afterMs);
    const run = await runVocab(args, { ...options, onStart });
    if (run.code !== null || afterMs > 30_000) return run;
  }
}

describe("Ctrl-C", () => {
  test("in the middle of counting", async () => {
    const big = join(folder, "big.txt");
    writeFileSync(big, `${"abc ab سلام دنیا\n".repeat(1000)}`.repeat(5000));
    const out = join(folder, "interrupted");
    const run = await interrupted([
      "analyze",
      "--lang",
      "fa",
      "--tokenizer",
      tiny,
      "--corpus",
      big,
      "--out",
      out,
    ]);
    expect(run).toEqual({ code: 130, stdout: "", stderr: "vocab: interrupted; nothing was written\n" });
    expect(readdirSync(folder)).not.toContain("interrupted");
  });

  test("while waiting for stdin", async () => {
    const run = await interrupted(["encode", "--tokenizer", tiny], { stdin: { open: true } });
    expect(run).toEqual({ code: 130, stdout: "", stderr: "vocab: interrupted; nothing was written\n" });
  });
});

test("the program finds itself through npx in the checkout, without a network", () => {
  const run = spawnSync("npx", ["--offline", "vocab", "--version"], {
    cwd: join(PROGRAM, "..", "..", ".."),
    encoding: "utf8",
  });
  expect(run).toMatchObject({ status: 0, stdout: expect.stringMatching(/^vocab \d+\.\d+\.\d+\n$/) });
});
