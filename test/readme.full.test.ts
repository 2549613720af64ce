// The documentation does what it says: every shell block with `npx vocab` is run, and the block below it is its output.

import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { PROGRAM } from "./cli/run-vocab.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const ROOT = join(import.meta.dirname, "..");
/** The tests run what was built: these steps have gone before. */
const BUILT = "npm ci && npm run build && ";

interface Example {
  readonly language: string;
  readonly code: string;
  readonly output: string;
}

// A folder of its own for each example; the package is found in it as where it is installed.
const folder = temporaryFolder();
mkdirSync(join(folder, "node_modules"));
symlinkSync(ROOT, join(folder, "node_modules", "vocab"), "dir");

const DOCUMENTS = [
  "README.md",
  "docs/how-it-works.md",
  "docs/results.md",
  "docs/corpora.md",
  "docs/counts.md",
  "docs/candidates.md",
  "docs/sweep.md",
  "docs/expansion.md",
  "docs/verification.md",
];

describe.each(DOCUMENTS)("%s", (file) => {
  const examples = examplesOf(readFileSync(join(ROOT, file), "utf8"));

  test("has examples", () => expect(examples.length).toBeGreaterThan(0));

  test.each(examples.map((example) => [example.code, example] as const))("%s", (_, example) => {
    const { status, stdout, stderr } = run(example);
    expect([status, stderr]).toEqual([0, ""]);
    expect(withoutRun(stdout)).toBe(withoutRun(example.output));
  });
});

// Shell blocks with `npx vocab` and JavaScript blocks, each with the block that follows it.
function examplesOf(markdown: string): Example[] {
  const blocks = [...markdown.matchAll(/^```(\w+)[^\n]*\n(.*?)^```$/gms)].map(([, language, text]) => ({
    language: language!,
    text: text!,
  }));
  return blocks.flatMap(({ language, text }, i) => {
    const isExample = language === "js" || (language === "sh" && text.includes("npx vocab"));
    return isExample ? [{ language, code: text, output: blocks[i + 1]?.text ?? "" }] : [];
  });
}

function run({ language, code }: Example) {
  const cwd = mkdtempSync(join(folder, "example-"));
  const { FORCE_COLOR: _, NO_COLOR: __, ...env } = process.env;
  const options = { cwd, env, encoding: "utf8" } as const;
  if (language === "js")
    return spawnSync(process.execPath, ["--input-type=module"], { ...options, input: code });
  const npx = `npx() { shift; "${process.execPath}" "${PROGRAM}" "$@"; }`;
  return spawnSync("bash", ["--norc", "-ec", `${npx}\n${code.replace(BUILT, "")}`], options);
}

// `run` is what may differ between two runs.
function withoutRun(output: string): string {
  return output.replace(/"run": \{.*$/s, "");
}
