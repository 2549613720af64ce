// `apply` as a program: killed in the middle, interrupted, out of room, and on files larger than its memory.

import { execFile } from "node:child_process";
import {
  closeSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { PROGRAM, runVocab } from "../cli/run-vocab.ts";
import { safetensorsBytes } from "../embeddings/safetensors/make-safetensors.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import {
  contentsOf,
  foldersIn,
  hashesOf,
  makeCheckpoint,
  makeExpansion,
  planOf,
  type Shapes,
  TIED,
  VOCAB,
  writeFiles,
} from "./apply-fixture.ts";

const root = temporaryFolder();
const KILLS = 20;

/** Runs the program and kills it as soon as `isDue`. */
async function killWhen(
  isDue: () => boolean,
  run: (onStart: (kill: (signal: NodeJS.Signals) => void) => void) => Promise<unknown>,
): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await run((kill) => {
    timer = setInterval(() => {
      if (isDue()) kill("SIGKILL");
    }, 1);
  });
  clearInterval(timer);
}

function hasFinishedFile(place: string): boolean {
  const left = readdirSync(place).filter((name) => name.startsWith("."));
  return left.some((name) => existsSync(join(place, name)) && finishedFiles(join(place, name)) > 0);
}
const SHARDS = 10;

function argumentsFor(folders: ReturnType<typeof foldersIn>): string[] {
  return ["apply", ...Object.entries(folders).flatMap(([option, folder]) => [`--${option}`, folder])];
}

test(`killed ${KILLS} times at any point: never a folder that looks complete, and in the end the right one`, async () => {
  const place = join(root, "killed");
  const folders = foldersIn(place);
  // Ten files of 6 MB, the matrices in the first and the last.
  const shapes: Record<string, Shapes[string]> = { "model.embed_tokens.weight": ["BF16", VOCAB, 150_000] };
  for (let i = 1; i < SHARDS - 1; i++) shapes[`model.layers.${i}.weight`] = ["F16", 1500, 2000];
  shapes["lm_head.weight"] = ["BF16", VOCAB, 150_000];
  makeCheckpoint(folders.checkpoint, shapes, { shards: Object.keys(shapes).map((name) => [name]) });
  makeExpansion(folders.expansion, planOf());
  const clean = { ...folders, out: join(root, "clean") };
  const started = performance.now();
  expect((await runVocab(argumentsFor(clean))).code).toBe(0);
  const durationMs = performance.now() - started;
  const expected = hashesOf(clean.out);
  let seed = 3;
  let resumable = 0;
  for (let k = 0; k < KILLS; k++) {
    seed = (seed * 48271) % 0x7fffffff;
    // By turns at some moment (nothing of interest happens while the program is loaded), and once a file is finished.
    const afterMs = durationMs * (0.3 + (0.7 * seed) / 0x7fffffff);
    const isDue = k % 2 === 0 ? () => performance.now() - start > afterMs : () => hasFinishedFile(place);
    const start = performance.now();
    await killWhen(isDue, (onStart) => runVocab(argumentsFor(folders), { onStart }));
    const left = readdirSync(place).filter((name) => name.startsWith("."));
    expect(left.length).toBeLessThanOrEqual(1);
    for (const name of left) if (finishedFiles(join(place, name)) > 0) resumable++;
    if (!existsSync(folders.out)) continue;
    expect(hashesOf(folders.out)).toEqual(expected);
    rmSync(folders.out, { recursive: true });
  }
  expect(resumable).toBeGreaterThan(0);
  expect((await runVocab(argumentsFor(folders))).code).toBe(0);
  expect(hashesOf(folders.out)).toEqual(expected);
  expect(readdirSync(place).sort()).toEqual(["base", "expansion", "out"]);
});

function finishedFiles(folder: string): number {
  const journal = join(folder, "journal.jsonl");
  return existsSync(journal) ? readFileSync(journal, "utf8").split("\n").length - 2 : 0;
}

test("what a killed run left is used for the same inputs alone; that of another machine is left alone", async () => {
  const place = join(root, "left");
  const folders = foldersIn(place);
  makeCheckpoint(folders.checkpoint, TIED);
  makeExpansion(folders.expansion, planOf());
  await runVocab(argumentsFor(folders));
  const expected = contentsOf(folders.out);
  const bytes = expected["model.safetensors"]!.length;
  const entry = JSON.stringify({ file: "model.safetensors", bytes, notFinite: {} });
  const head = { schema: "vocab.apply-journal/1", inputs: "other", host: hostname(), started: 0 };
  for (const [journal, isCleared] of [
    ["", true],
    ["{}\n", true],
    [`${JSON.stringify(head)}\n`, true],
    [`${JSON.stringify({ ...head, host: "another" })}\n`, false],
  ] as const) {
    rmSync(folders.out, { recursive: true });
    // Of a process that cannot run any more: ids end before it.
    writeFiles(join(place, ".out.99999999.tmp"), {
      "journal.jsonl": `${journal}${entry}\n`,
      "model.safetensors": "x".repeat(bytes),
      "stranger.txt": "",
    });
    await runVocab(argumentsFor(folders));
    expect(contentsOf(folders.out)).toEqual(expected);
    expect(existsSync(join(place, ".out.99999999.tmp"))).toBe(!isCleared);
  }
});

test("interrupted: exit code 130, and nothing is left", async () => {
  const place = join(root, "interrupted");
  const folders = foldersIn(place);
  makeCheckpoint(folders.checkpoint, { "wte.weight": ["F32", VOCAB, 4_000_000] });
  makeExpansion(folders.expansion, planOf());
  const watch = (kill: (signal: NodeJS.Signals) => void) => {
    const timer = setInterval(() => {
      if (!readdirSync(place).some((name) => name.startsWith(".out."))) return;
      clearInterval(timer);
      kill("SIGINT");
    }, 1);
  };
  const { code, stderr } = await runVocab(argumentsFor(folders), { onStart: watch });
  expect([code, stderr]).toEqual([130, "vocab: interrupted; nothing was written\n"]);
  expect(readdirSync(place).sort()).toEqual(["base", "expansion"]);
});

test("no room for the result: one error, and nothing is left", async () => {
  const place = join(root, "room");
  const folders = foldersIn(place);
  makeCheckpoint(folders.checkpoint, { "wte.weight": ["F32", VOCAB, 100_000] });
  makeExpansion(folders.expansion, planOf());
  // A limit of the shell stands in for a full disk: files may have 1,024 × 4 KiB (or half a KiB), this one needs more.
  const command = `ulimit -f 4096; trap '' XFSZ; exec "$0" "$@"`;
  const args = ["-c", command, process.execPath, PROGRAM, ...argumentsFor(folders)];
  const failed = await promisify(execFile)("bash", args).catch(
    (error: { code: number; stderr: string }) => error,
  );
  expect(failed).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^vocab: error: .*\/out cannot be written: EFBIG/),
  });
  expect(readdirSync(place).sort()).toEqual(["base", "expansion"]);
});

test("a file of 1 GB in less than 300 MB of memory", async () => {
  const folders = foldersIn(join(root, "large"));
  const [rows, columns, layerBytes] = [50_000, 2048, 800_000_000];
  const matrixBytes = 2 * rows * columns;
  mkdirSync(folders.checkpoint, { recursive: true });
  const header = safetensorsBytes({
    "model.embed_tokens.weight": { dtype: "BF16", shape: [rows, columns], data_offsets: [0, matrixBytes] },
    "model.layers.0.weight": {
      dtype: "U8",
      shape: [layerBytes],
      data_offsets: [matrixBytes, matrixBytes + layerBytes],
    },
  });
  const path = join(folders.checkpoint, "model.safetensors");
  const file = openSync(path, "w");
  writeSync(file, header);
  ftruncateSync(file, header.length + matrixBytes + layerBytes);
  closeSync(file);
  writeFiles(folders.checkpoint, { "config.json": JSON.stringify({ vocab_size: rows }) });
  const side = { ids: [1, 2, 3, 4], weights: [0.25, 0.25, 0.25, 0.25] };
  const plan = planOf({ rows: Array.from({ length: 10_000 }, () => [side, side] as const) });
  makeExpansion(folders.expansion, {
    ...plan,
    base: { ...plan.base, vocabSize: rows },
    target: { ...plan.target, vocabSize: rows + 10_000 },
    rows: plan.rows.map((row, i) => ({ ...row, id: rows + i })),
  });
  const script = fileURLToPath(new URL("./run-apply.ts", import.meta.url));
  const args = ["--import", "tsx", script, folders.checkpoint, folders.expansion, folders.out];
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 110_000 });
  const run = JSON.parse(stdout) as { readonly seconds: number; readonly mebibytes: number };
  expect(statSync(join(folders.out, "model.safetensors")).size).toBeGreaterThan(
    statSync(path).size + 40_000_000,
  );
  expect(run.mebibytes).toBeLessThan(300);
  // About 7 s on a machine that does nothing else.
  expect(run.seconds).toBeLessThan(60);
});
