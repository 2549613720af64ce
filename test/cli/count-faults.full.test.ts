// What can go wrong while the program counts to the disk: a disk without room, Ctrl-C, thousands of files, links in a circle.

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { madeLines } from "../pipeline/training-files.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { PROGRAM, runVocab } from "./run-vocab.ts";

const folder = temporaryFolder();
const corpus = join(folder, "text");
mkdirSync(corpus);
for (let i = 0; i < 3; i++)
  writeFileSync(
    join(corpus, `${i}.txt`),
    madeLines(i, 30_000)
      .map((line, n) => `${line} ${i}-${n}`)
      .join("\n"),
  );
const countArgs = (out: string) => ["count", "--lang", "fa", "--corpus", join(corpus, "*.txt"), "--out", out];
const stored = (path: string) =>
  Object.fromEntries(readdirSync(path).map((name) => [name, readFileSync(join(path, name), "base64")]));

async function whole(): Promise<Record<string, string>> {
  const out = join(folder, "whole");
  expect((await runVocab(countArgs(out))).code).toBe(0);
  return stored(out);
}

test("a disk that is full while counts go to it; with room, the same command goes on", async () => {
  const out = join(folder, "full");
  const args = [...countArgs(out), "--memory", "64M", "--checkpoint", "1M", "--workers", "1"];
  const quoted = args.map((arg) => `'${arg}'`).join(" ");
  // No file may have more than 20 KiB, which fails as a full disk does.
  const run = spawnSync("bash", ["-c", `ulimit -f 20; "${process.execPath}" "${PROGRAM}" ${quoted}`], {
    encoding: "utf8",
  });
  expect([run.status, run.stdout]).toEqual([1, ""]);
  expect(run.stderr).toMatch(
    /^vocab: error: [^\n]*\.counting\/[^\n]* cannot be written to: EFBIG[^\n]*\n {2}hint: make room, [^\n]*\n$/,
  );
  expect((await runVocab(args)).code).toBe(0);
  expect(stored(out)).toEqual(await whole());
});

test("Ctrl-C says how to go on", async () => {
  const out = join(folder, "interrupted");
  const args = [...countArgs(out), "--memory", "64M", "--checkpoint", "1", "--workers", "1"];
  const work = join(out, ".counting");
  const isBegun = () => existsSync(work) && readdirSync(work).some((name) => /^commit-\d+\.json$/.test(name));
  let timer: NodeJS.Timeout | undefined;
  const run = await runVocab(args, {
    onStart: (kill) => {
      timer = setInterval(() => {
        if (!isBegun()) return;
        clearInterval(timer);
        kill("SIGINT");
      }, 5);
    },
  });
  expect(run).toEqual({
    code: 130,
    stdout: "",
    stderr: `vocab: interrupted; the same command goes on with what is counted so far (in ${work}), --restart counts anew\n`,
  });
  const again = await runVocab(args);
  expect([again.code, again.stderr]).toEqual([0, "vocab: going on with an unfinished count\n"]);
  expect(stored(out)).toEqual(await whole());
});

test("10,000 small files, and links that lead in a circle among them", async () => {
  const many = join(folder, "many");
  mkdirSync(many);
  for (let i = 0; i < 10_000; i++) writeFileSync(join(many, `${i}.txt`), `متن ${i}\n`);
  const args = ["count", "--lang", "fa", "--corpus", join(many, "*.txt"), "--hold-out", "0", "--json"];
  const run = await runVocab([...args, "--out", join(folder, "many-counts")]);
  expect([run.code, run.stderr]).toEqual([0, ""]);
  const { corpus: of, segments } = JSON.parse(run.stdout) as {
    readonly corpus: object;
    readonly segments: { readonly training: object };
  };
  expect(of).toMatchObject({ files: 10_000, documents: 10_000 });
  expect(segments.training).toMatchObject({ distinct: 10_001, occurrences: 20_000 });
  symlinkSync("b.txt", join(many, "a.txt"));
  symlinkSync("a.txt", join(many, "b.txt"));
  const looped = await runVocab([...args, "--out", join(folder, "never")]);
  expect([looped.code, looped.stdout]).toEqual([1, ""]);
  expect(looped.stderr).toMatch(/a\.txt cannot be read: its symbolic links lead in a circle\n {2}hint: /);
});
