// Streams for commands that are called as functions.

import { Readable, Writable } from "node:stream";
import { CliIo } from "../../src/cli/cli-io.ts";
import { runCli } from "../../src/cli/run.ts";

export interface FakeOptions {
  readonly stdin?: readonly (string | Uint8Array)[];
  readonly env?: Readonly<Record<string, string>>;
  readonly isTTY?: boolean;
  readonly signal?: AbortSignal;
}

export interface FakeRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line in this process. */
export async function runFake(args: readonly string[], options: FakeOptions = {}): Promise<FakeRun> {
  const stdout = new CollectingStream(options.isTTY === true);
  const stderr = new CollectingStream(false);
  const io = new CliIo({
    stdin: Readable.from((options.stdin ?? []).map((piece) => Buffer.from(piece))),
    stdout,
    stderr,
    env: options.env ?? {},
    signal: options.signal ?? new AbortController().signal,
  });
  const code = await runCli(args, io);
  return { code, stdout: stdout.text, stderr: stderr.text };
}

export class CollectingStream extends Writable {
  text = "";
  readonly isTTY: boolean;
  readonly columns = 80;

  constructor(isTTY: boolean) {
    super({ decodeStrings: false });
    this.isTTY = isTTY;
  }

  override _write(chunk: string | Buffer, _: BufferEncoding, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}
