// Time of `vocab apply` against `cp -r` of the same folder, in turn: how much copying a checkpoint with new rows costs over
// copying it. See bench/README.md.
//   npx tsx bench/apply.ts [--gigabytes 3] [--files 1] [--add 8000] [--rounds 5] [--folder DIR]

import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    gigabytes: { type: "string", default: "3" },
    files: { type: "string", default: "1" },
    add: { type: "string", default: "8000" },
    rounds: { type: "string", default: "5" },
    folder: { type: "string", default: tmpdir() },
  },
});

/** Of Qwen 3 1.7B. */
const [ROWS, IDS, COLUMNS] = [151_936, 151_669, 2048];
const BLOCK = randomBytes(2 ** 24);

interface Run {
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly peakRssMb?: number;
}

function writeFile(
  path: string,
  tensors: Readonly<Record<string, readonly [shape: readonly number[]]>>,
): void {
  let end = 0;
  const header: Record<string, unknown> = {};
  for (const [name, [shape]] of Object.entries(tensors)) {
    const bytes = 2 * shape.reduce((product, size) => product * size, 1);
    header[name] = { dtype: "BF16", shape, data_offsets: [end, end + bytes] };
    end += bytes;
  }
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  const file = openSync(path, "w");
  writeSync(file, Buffer.concat([length, text]));
  // No holes: cp would not copy them.
  for (let at = 0; at < end; at += BLOCK.length) writeSync(file, BLOCK, 0, Math.min(BLOCK.length, end - at));
  closeSync(file);
}

function makeCheckpoint(folder: string): void {
  mkdirSync(folder);
  const files = Number(values.files);
  const layerBytes = Number(values.gigabytes) * 1e9 - 2 * ROWS * COLUMNS;
  const rowsOfLayer = Math.floor(layerBytes / 24 / 2 / COLUMNS);
  const weightMap: Record<string, string> = {};
  for (let k = 0; k < files; k++) {
    const name = files === 1 ? "model.safetensors" : `model-${k + 1}-of-${files}.safetensors`;
    const layers = Array.from({ length: 24 }, (_, i) => i).filter((i) => i % files === k);
    const tensors = Object.fromEntries([
      ...(k === 0 ? [["model.embed_tokens.weight", [[ROWS, COLUMNS]]] as const] : []),
      ...layers.map((i) => [`model.layers.${i}.weight`, [[rowsOfLayer, COLUMNS]]] as const),
    ]) as Record<string, readonly [readonly number[]]>;
    writeFile(join(folder, name), tensors);
    for (const tensor of Object.keys(tensors)) weightMap[tensor] = name;
  }
  if (files > 1)
    writeFileSync(join(folder, "model.safetensors.index.json"), JSON.stringify({ weight_map: weightMap }));
  writeFileSync(join(folder, "config.json"), JSON.stringify({ vocab_size: ROWS, tie_word_embeddings: true }));
}

function makeExpansion(folder: string): void {
  mkdirSync(folder);
  const count = Number(values.add);
  const rows = Array.from({ length: count }, (_, k) => {
    const ids = [k * 7, k * 11, k * 13].map((id) => id % IDS);
    const side = { ids, weights: ids.map(() => 1 / 3) };
    return { id: IDS + k, token: `t${k}`, bytes: "", input: side, output: side };
  });
  const plan = {
    schema: "vocab.embedding-plan/1",
    base: { tokenizer: "bench", sha256: "0".repeat(64), vocabSize: IDS, embeddingRows: ROWS },
    target: { vocabSize: IDS + count, embeddingRows: IDS + count, padToMultipleOf: null },
    method: "mean",
    placement: "append",
    rows,
  };
  writeFileSync(join(folder, "embedding-plan.json"), JSON.stringify(plan));
}

function copy(from: string, to: string): Run {
  const command = `TIMEFORMAT='%R %U %S'; time cp -r "$0" "$1"`;
  const output = execFileSync("bash", ["-c", `{ ${command}; } 2>&1`, from, to], { encoding: "utf8" });
  const [wall, user, system] = output.trim().split(" ").map(Number) as [number, number, number];
  return { wallMs: wall * 1000, cpuMs: (user + system) * 1000 };
}

function applyTo(checkpoint: string, expansion: string, out: string): Run {
  const script = fileURLToPath(new URL("./apply-ours.js", import.meta.url));
  return JSON.parse(
    execFileSync(process.execPath, [script, checkpoint, expansion, out], { encoding: "utf8" }),
  ) as Run;
}

function spread(numbers: readonly number[], digits: number): string {
  const sorted = [...numbers].sort((a, b) => a - b);
  return `${sorted[sorted.length >> 1]!.toFixed(digits)} [${sorted[0]!.toFixed(digits)}–${sorted.at(-1)!.toFixed(digits)}]`;
}

const root = mkdtempSync(join(values.folder, "vocab-bench-"));
try {
  const [checkpoint, expansion] = [join(root, "base"), join(root, "expansion")];
  makeCheckpoint(checkpoint);
  makeExpansion(expansion);
  const pairs: { readonly cp: Run; readonly ours: Run }[] = [];
  // The first round warms up: a virtual machine gets its memory when it first writes to it.
  for (let round = -1; round < Number(values.rounds); round++) {
    const runs = [
      () => copy(checkpoint, join(root, "copy")),
      () => applyTo(checkpoint, expansion, join(root, "applied")),
    ].map((run) => {
      // What the run before has to write to the disk would be this one's wait.
      execFileSync("sync");
      const result = run();
      for (const name of ["copy", "applied"]) rmSync(join(root, name), { recursive: true, force: true });
      return result;
    });
    if (round >= 0) pairs.push({ cp: runs[0]!, ours: runs[1]! });
  }
  const seconds = (key: "wallMs" | "cpuMs", who: "cp" | "ours") =>
    spread(
      pairs.map((pair) => pair[who][key] / 1000),
      2,
    );
  const ratio = (key: "wallMs" | "cpuMs") =>
    spread(
      pairs.map(({ cp, ours }) => ours[key] / cp[key]),
      2,
    );
  console.log(
    `${values.gigabytes} GB in ${values.files} file(s), ${values.add} new tokens, ${values.rounds} rounds; median [least–greatest]`,
  );
  console.log(`cp -r:       ${seconds("wallMs", "cp")} s, CPU ${seconds("cpuMs", "cp")} s`);
  console.log(
    `vocab apply: ${seconds("wallMs", "ours")} s, CPU ${seconds("cpuMs", "ours")} s, peak ${spread(
      pairs.map(({ ours }) => ours.peakRssMb!),
      0,
    )} MB`,
  );
  console.log(`apply / cp:  wall ${ratio("wallMs")}, CPU ${ratio("cpuMs")}`);
} finally {
  rmSync(root, { recursive: true, force: true });
}
