// What the main thread and a counting worker say to each other.

import type { MessagePort } from "node:worker_threads";
import type { CountJob, CountOutput } from "../counting/count-job.ts";
import type { ErrorKind } from "../errors.ts";

/** Blocks of long segments that may wait for the main thread, all workers together: 16 MiB at most. */
export const MAX_BLOCKS_IN_FLIGHT = 16;

export interface WorkerJob {
  readonly job: CountJob;
  readonly shared: SharedArrayBuffer;
  /** Takes the worker's blocks, and `NO_MORE_BLOCKS` last. */
  readonly port: MessagePort;
}

export const NO_MORE_BLOCKS = null;

/** Errors are data here: a thrown error would lose its code and hint on the way between threads. */
export type CountReply =
  | { readonly ok: true; readonly output: CountOutput }
  | {
      readonly ok: false;
      readonly error: {
        readonly code: string;
        readonly message: string;
        readonly kind: ErrorKind;
        readonly hint: string | undefined;
      };
    };

const CURSOR = 0;
const BLOCKS = 1;
const STOPPED = 2;
const WORDS = 4;

/** Counters in memory that all threads share. */
export class SharedState {
  readonly buffer: SharedArrayBuffer;
  private readonly words: Int32Array;
  private readonly bytes: BigInt64Array;

  constructor(buffer?: SharedArrayBuffer) {
    this.buffer = buffer ?? new SharedArrayBuffer(WORDS * 4 + 8);
    this.words = new Int32Array(this.buffer, 0, WORDS);
    this.bytes = new BigInt64Array(this.buffer, WORDS * 4, 1);
  }

  /** Index of the next shard that nobody has taken, or -1 when there is none or the run has stopped. */
  nextShard(count: number): number {
    if (this.isStopped) return -1;
    const index = Atomics.add(this.words, CURSOR, 1);
    return index < count ? index : -1;
  }

  get isStopped(): boolean {
    return Atomics.load(this.words, STOPPED) === 1;
  }

  stop(): void {
    Atomics.store(this.words, STOPPED, 1);
    Atomics.notify(this.words, BLOCKS);
  }

  addBytes(bytes: number): void {
    Atomics.add(this.bytes, 0, BigInt(bytes));
  }

  bytesRead(): number {
    return Number(Atomics.load(this.bytes, 0));
  }

  /** In a worker: waits until fewer than `limit` blocks are on their way, and takes one place. */
  acquireBlock(limit: number): void {
    for (;;) {
      const blocks = Atomics.load(this.words, BLOCKS);
      if (blocks >= limit && !this.isStopped) Atomics.wait(this.words, BLOCKS, blocks, 1000);
      else if (Atomics.compareExchange(this.words, BLOCKS, blocks, blocks + 1) === blocks) return;
    }
  }

  /** In the main thread: a block has been measured. */
  releaseBlock(): void {
    Atomics.sub(this.words, BLOCKS, 1);
    Atomics.notify(this.words, BLOCKS);
  }
}
