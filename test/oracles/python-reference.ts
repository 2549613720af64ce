// Asks the Python reference libraries for ids through reference.py: one process per tokenizer, which works while we do.

import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** Ids of some texts, in order. */
export type IdBlock = readonly Uint32Array[];

/** Of the library, by its name, and of Python. */
export type ReferenceVersions = Readonly<Record<string, string>>;

const SCRIPT = fileURLToPath(new URL("./reference.py", import.meta.url));
const NO_BYTES = Buffer.alloc(0);

export class PythonReference {
  private readonly child: ChildProcess;
  private readonly chunks: AsyncIterator<Buffer>;
  private rest: Buffer = NO_BYTES;

  /** @param format and what stands beside the file: see reference.py */
  constructor(tokenizerFile: string, format = "tokenizer.json", beside = "") {
    const python = process.env["VOCAB_PYTHON"] ?? ".venv/bin/python";
    // One thread: the other processor is ours.
    const env = { ...process.env, TOKENIZERS_PARALLELISM: "false" };
    this.child = spawn(python, [SCRIPT, tokenizerFile, format, beside], {
      env,
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.child.on("error", (error) => {
      console.error(`${python}: ${error.message} (set VOCAB_PYTHON, or make .venv from requirements.txt)`);
    });
    this.chunks = this.child.stdout![Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  }

  async versions(): Promise<ReferenceVersions> {
    while (!this.rest.includes(0x0a)) await this.readMore();
    const end = this.rest.indexOf(0x0a) + 1;
    return JSON.parse((await this.take(end)).toString("utf8")) as ReferenceVersions;
  }

  /** Ids of every line of a file, or of each text, in blocks. */
  async *ids(
    request: { readonly file: string } | { readonly texts: readonly string[] },
  ): AsyncGenerator<IdBlock> {
    this.child.stdin!.write(`${JSON.stringify(request)}\n`);
    for (;;) {
      const [texts, total] = await this.takeNumbers(2);
      if (texts === 0) return;
      const counts = await this.takeNumbers(texts!);
      const ids = await this.takeNumbers(total!);
      let at = 0;
      yield Array.from(counts, (count) => {
        at += count;
        return ids.subarray(at - count, at);
      });
    }
  }

  close(): void {
    this.child.stdin!.end();
  }

  private async takeNumbers(count: number): Promise<Uint32Array> {
    const bytes = await this.take(4 * count);
    // A copy, since a view would have to be aligned.
    return new Uint32Array(Uint8Array.from(bytes).buffer);
  }

  private async take(size: number): Promise<Buffer> {
    if (this.rest.length < size) {
      const parts = [this.rest];
      let length = this.rest.length;
      while (length < size) {
        const chunk = await this.nextChunk();
        parts.push(chunk);
        length += chunk.length;
      }
      this.rest = Buffer.concat(parts);
    }
    const taken = this.rest.subarray(0, size);
    this.rest = this.rest.subarray(size);
    return taken;
  }

  private async readMore(): Promise<void> {
    this.rest = Buffer.concat([this.rest, await this.nextChunk()]);
  }

  private async nextChunk(): Promise<Buffer> {
    const { value, done } = await this.chunks.next();
    if (done === true) throw new Error("the Python process ended");
    return value;
  }
}

/** Where two lists of ids first differ; -1 when they are equal. */
export function firstDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return i;
  return a.length === b.length ? -1 : length;
}
