// Counts a corpus on all cores: a Piscina pool whose workers share one list of shards.

import { MessageChannel, type MessagePort } from "node:worker_threads";
import { Piscina } from "piscina";
import type { CountJob, CountOutput } from "../counting/count-job.ts";
import type { BlockSink } from "../counting/long-segments.ts";
import type { SegmentCounts } from "../counting/segment-counts.ts";
import { VocabError } from "../errors.ts";
import { type CountReply, NO_MORE_BLOCKS, SharedState } from "./protocol.ts";

export interface PoolOptions {
  readonly workers: number;
  /** Gets each block of long segments, in no order. */
  readonly onBlock: BlockSink;
  /** Told a few times a second how many stored bytes have been read. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** URL of the workers' file, for tests; default `count.worker`. */
  readonly entry?: string;
}

const PROGRESS_MS = 200;

/**
 * Runs the job on `workers` threads; one output per worker, in no order. Any worker that fails ends the whole run.
 * @throws VocabError of a worker, or `worker-failed` when one crashed or ran out of memory
 */
export async function countInPool(job: CountJob, options: PoolOptions): Promise<CountOutput[]> {
  const isSource = import.meta.url.endsWith(".ts");
  const pool = new Piscina({
    filename: options.entry ?? new URL(`./count.worker.${isSource ? "ts" : "js"}`, import.meta.url).href,
    minThreads: options.workers,
    maxThreads: options.workers,
    ...(isSource ? { execArgv: ["--import", "tsx"] } : {}),
  });
  // A worker that fails rejects its task; an error event without a listener would end the process as well.
  pool.on("error", () => {});
  const state = new SharedState();
  const timer = setInterval(() => options.onBytes?.(state.bytesRead()), PROGRESS_MS);
  try {
    const outputs = await Promise.all(
      Array.from({ length: options.workers }, () => runWorker(pool, job, state, options)),
    );
    options.onBytes?.(state.bytesRead());
    return outputs;
  } finally {
    clearInterval(timer);
    state.stop();
    await pool.destroy();
  }
}

async function runWorker(
  pool: Piscina,
  job: CountJob,
  state: SharedState,
  { onBlock, signal }: PoolOptions,
): Promise<CountOutput> {
  const { port1: port, port2 } = new MessageChannel();
  const blocks = receiveBlocks(port, state, onBlock);
  const task = { job, shared: state.buffer, port: port2 };
  const reply: Promise<CountReply> = pool
    .run(task, { transferList: [port2], ...(signal === undefined ? {} : { signal }) })
    .catch((error: unknown) => {
      throw workerFailure(error, signal);
    });
  try {
    const [output] = await Promise.all([reply.then(outputOf), blocks]);
    return output;
  } finally {
    port.close();
  }
}

// Ends with the worker's last block; fails with what `onBlock` throws.
function receiveBlocks(port: MessagePort, state: SharedState, onBlock: BlockSink): Promise<void> {
  return new Promise((resolve, reject) => {
    port.on("message", (block: SegmentCounts | typeof NO_MORE_BLOCKS) => {
      if (block === NO_MORE_BLOCKS) return resolve();
      try {
        if (!state.isStopped) onBlock(block);
      } catch (error) {
        state.stop();
        reject(error as Error);
      }
      state.releaseBlock();
    });
  });
}

function outputOf(reply: CountReply): CountOutput {
  if (!reply.ok) throw new VocabError(reply.error.code, reply.error.message, reply.error);
  return reply.output;
}

function workerFailure(cause: unknown, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted === true) return cause;
  return new VocabError("worker-failed", `a counting worker failed: ${(cause as Error).message}`, {
    cause,
    hint: "no result was written; with little memory, use fewer --workers",
  });
}
