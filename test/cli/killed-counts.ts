// Kills `vocab count` at random moments, goes on with the same command, and looks whether each count that came to its end has
// the bytes of one that was never killed.

import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Random } from "../tokenizer/hostile-text.ts";
import { PROGRAM } from "./run-vocab.ts";

/** Kills that a count survives before it is let run to its end. */
const KILLS_PER_COUNT = 5;

export interface KilledCounts {
  readonly kills: number;
  /** Runs that went on with what a killed one had committed. */
  readonly resumed: number;
  /** Counts that came to their end, and how many of them had other bytes. */
  readonly finished: number;
  readonly different: number;
}

/**
 * @param args of `vocab count`, without --out
 * @param folder for counts; what is in it is replaced
 */
export async function killCounts(
  args: readonly string[],
  folder: string,
  kills: number,
  random: Random,
): Promise<KilledCounts> {
  const [whole, out] = [join(folder, "whole"), join(folder, "killed")];
  for (const path of [whole, out]) rmSync(path, { recursive: true, force: true });
  const began = performance.now();
  await run([...args, "--out", whole]);
  const wholeMs = performance.now() - began;
  const expected = digests(whole);
  const result = { kills: 0, resumed: 0, finished: 0, different: 0 };
  while (result.kills < kills) {
    for (let left = Math.min(KILLS_PER_COUNT, kills - result.kills); left >= 0; left--) {
      const { killed, stderr } = await run(
        [...args, "--out", out],
        left > 0 ? random.next() * wholeMs : undefined,
      );
      if (stderr.includes("going on")) result.resumed++;
      if (!killed) break;
      result.kills++;
    }
    result.finished++;
    if (digests(out) !== expected) result.different++;
    rmSync(out, { recursive: true });
  }
  return result;
}

// Runs the program to its end, or kills it after `delayMs`.
function run(args: readonly string[], delayMs?: number): Promise<{ killed: boolean; stderr: string }> {
  const child = spawn(process.execPath, [PROGRAM, "count", ...args], { stdio: ["ignore", "ignore", "pipe"] });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const timer = delayMs === undefined ? undefined : setTimeout(() => child.kill("SIGKILL"), delayMs);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      if (signal === "SIGKILL" || code === 0) resolve({ killed: signal === "SIGKILL", stderr });
      else reject(new Error(`vocab count ended with ${code}: ${stderr}`));
    });
  });
}

function digests(folder: string): string {
  const names = readdirSync(folder).sort();
  return names
    .map(
      (name) =>
        `${name} ${createHash("sha256")
          .update(readFileSync(join(folder, name)))
          .digest("hex")}`,
    )
    .join("\n");
}
