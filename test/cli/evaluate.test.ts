// `evaluate` as typed: what it prints, and what wrong usage says.

import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fakeModel, fakePython } from "../pipeline/fake-python.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { runFake } from "./fake-io.ts";

const root = temporaryFolder();
const corpus = join(root, "text.txt");
writeFileSync(corpus, "abc\nabcc\n");
const [base, expanded] = [fakeModel(root, "base"), fakeModel(root, "expanded")];
const python = fakePython(
  root,
  "python",
  `score((text) => 4 * text.length + (options.model.endsWith("expanded") ? 1 : 0));`,
);
const ARGS = ["evaluate", "--model", base, expanded, "--corpus", corpus, "--python", python];

test("the result as text and as JSON", async () => {
  const { code, stdout, stderr } = await runFake(ARGS);
  expect([code, stderr]).toEqual([0, ""]);
  const lines = stdout.replaceAll(root, "ROOT").split("\n");
  expect(lines.slice(0, 2)).toEqual([
    "Bits per byte (fewer are better)",
    "1 file: 2 documents (one a line), 7 B",
  ]);
  expect(lines.filter((line) => line.startsWith("ROOT")).map((line) => line.split(/ {2,}/))).toEqual([
    ["ROOT/base", "4.0000", "n/a", "3", "2.33", "9.33"],
    ["ROOT/expanded", "4.2857", "n/a", "+0.2857", "n/a", "3", "2.33", "10.00"],
  ]);
  expect(lines).toContain("- ROOT/expanded needs more bits than ROOT/base: 0.2857 per byte (7.1 %)");
  expect(lines).toContain(
    "windows of 1,024 tokens, each further one by 512; unk (BOS) before each; float32 on cpu",
  );
  const json = JSON.parse((await runFake([...ARGS, "--lang", "en", "--json"])).stdout);
  expect(json).toMatchObject({ schema: "vocab.evaluation/1", language: { tag: "en" } });
  expect(json.models[1].bitsPerByte).toBe(4.28571428571);
  expect(json.run.python).toBe("3.11.7");
});

test("wrong usage", async () => {
  const first = async (args: readonly string[]) => {
    const { code, stderr } = await runFake(["evaluate", ...args]);
    return [code, stderr.split("\n")[0]];
  };
  expect(await first(["--corpus", corpus])).toEqual([2, expect.stringMatching(/required option '--model/)]);
  expect(await first(["--model", base])).toEqual([2, "vocab: error: no text is named"]);
  expect(await first([...ARGS.slice(1), "--window", "1"])).toEqual([
    2,
    expect.stringMatching(/'--window <n>' argument '1' is invalid/),
  ]);
  expect(await first([...ARGS.slice(1), "--dtype", "int8"])).toEqual([
    2,
    expect.stringMatching(/Allowed choices are auto, float32, float16, bfloat16/),
  ]);
  expect(await first(["--model", base, "--corpus", corpus, "--python", join(root, "none")])).toEqual([
    2,
    `vocab: error: Python cannot be started: ${join(root, "none")}: no such program`,
  ]);
});

test("Ctrl-C", async () => {
  const started = join(root, "started");
  const waiting = fakePython(
    root,
    "waiting",
    `fs.writeFileSync(${JSON.stringify(started)}, ""); setInterval(() => {}, 1000);`,
  );
  const controller = new AbortController();
  const running = runFake(["evaluate", "--model", base, "--corpus", corpus, "--python", waiting], {
    signal: controller.signal,
  });
  while (!existsSync(started)) await new Promise((resolve) => setTimeout(resolve, 20));
  controller.abort();
  expect(await running).toEqual({
    code: 130,
    stdout: "",
    stderr: "vocab: interrupted; nothing was written\n",
  });
});
