// What a command may touch of the process around it; tests give streams of their own.

import { addAbortSignal, type Readable, type Writable } from "node:stream";
import { VocabError } from "../errors.ts";

export interface Streams {
  readonly stdin: Readable;
  readonly stdout: Writable & { readonly isTTY?: boolean };
  readonly stderr: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}

export class CliIo {
  /** Whether anything of the result has left the program. */
  hasWritten = false;
  private readonly streams: Streams;

  constructor(streams: Streams) {
    this.streams = streams;
  }

  get stderr(): Streams["stderr"] {
    return this.streams.stderr;
  }

  get env(): Streams["env"] {
    return this.streams.env;
  }

  get signal(): AbortSignal {
    return this.streams.signal;
  }

  /** The bytes of stdin, until Ctrl-C. */
  async *input(): AsyncGenerator<Uint8Array> {
    const { stdin } = this.streams;
    addAbortSignal(this.signal, stdin);
    try {
      yield* stdin as AsyncIterable<Buffer>;
    } catch (cause) {
      if (this.signal.aborted) throw cause;
      throw new VocabError("unreadable", `stdin cannot be read: ${(cause as Error).message}`, { cause });
    }
  }

  /** Writes text or bytes of the result. Waits while the reader is slower than the program. */
  async write(text: string | Uint8Array): Promise<void> {
    this.hasWritten = true;
    if (this.streams.stdout.write(text)) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        this.streams.stdout.off("drain", done);
        this.signal.removeEventListener("abort", done);
        resolve();
      };
      this.streams.stdout.once("drain", done);
      this.signal.addEventListener("abort", done, { once: true });
    });
  }

  /** Lets a Ctrl-C be heard that came while the program was busy, and stops for it. */
  async throwIfInterrupted(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.signal.throwIfAborted();
  }

  /** Colour for people: on a terminal, unless NO_COLOR says no; FORCE_COLOR decides over both, as in Node itself. */
  get color(): boolean {
    const { FORCE_COLOR: force, NO_COLOR: no } = this.env;
    if (force !== undefined) return force !== "0" && force !== "false";
    return this.streams.stdout.isTTY === true && (no === undefined || no === "");
  }
}
