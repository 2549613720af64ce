// Runs the built program as a user would: `node dist/cli/main.js`, with pipes for all three streams.

import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

export const PROGRAM = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

export interface RunOptions {
  /** `open`: nothing comes, and no end. */
  readonly stdin?: string | Uint8Array | { readonly open: true };
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Called when the process has started. */
  readonly onStart?: (kill: (signal: NodeJS.Signals) => void) => void;
}

export interface RunResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function runVocab(args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const { FORCE_COLOR: _, NO_COLOR: __, ...inherited } = process.env;
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    cwd: options.cwd,
    env: { ...inherited, ...options.env },
  });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on("data", (data: Buffer) => stdout.push(data));
  child.stderr.on("data", (data: Buffer) => stderr.push(data));
  child.stdin.on("error", () => {});
  const { stdin = "" } = options;
  if (typeof stdin === "string" || stdin instanceof Uint8Array) child.stdin.end(stdin);
  options.onStart?.((signal) => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) =>
      resolve({
        code,
        stdout: Buffer.concat(stdout).toString("utf8"),
        stderr: Buffer.concat(stderr).toString("utf8"),
      }),
    );
  });
}
