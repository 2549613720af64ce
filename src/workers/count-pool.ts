// Counts a corpus on all cores: a Piscina pool whose workers share one list of shards.

import { MessageChannel } from "node:worker_threads";
import { Piscina } from "piscina";
import type { CountJob, CountOutput } from "../counting/count-job.ts";
import type { BlockSink } from "../counting/long-segments.ts";
import type { SegmentCounts } from "../counting/segment-counts.ts";
import { VocabError } from "../errors.ts";
import { type CountReply, SharedState } from "./protocol.ts";

export interface PoolOptions {
  readonly workers: number;
  /** Gets each block of long segments, in no order. */
  readonly onBlock: BlockSink;
  /** Told a few times a second how many stored bytes have been read. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

const PROGRESS_MS = 200;

/**
 * Runs the job on `workers` threads; one output per worker, in no order. Any worker that fails ends the whole run.
 * @throws VocabError of a worker, or `worker-failed` when one crashed or ran out of memory
 */
export async function countInPool(job: CountJob, options: PoolOptions): Promise<CountOutput[]> {
  const isSource = import.meta.url.endsWith(".ts");
  const pool = new Piscina({
    filename: new URL(isSource ? "./count.worker.ts" : "./count.worker.js", import.meta.url).href,
    minThreads: options.workers,
    maxThreads: options.workers,
    ...(isSource ? { execArgv: ["--import", "tsx"] } : {}),
  });
  const state = new SharedState();
  const timer = setInterval(() => options.onBytes?.(state.bytesRead()), PROGRESS_MS);
  try {
    return await Promise.all(
      Array.from({ length: options.workers }, () => runWorker(pool, job, state, options)),
    );
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
  options: PoolOptions,
): Promise<CountOutput> {
  const { port1: port, port2 } = new MessageChannel();
  // The worker closes its port after its last block; blocks that arrived before are still delivered first.
  const drained = new Promise<void>((resolve, reject) => {
    port.on("close", resolve);
    port.on("message", (block: SegmentCounts) => {
      try {
        options.onBlock(block);
      } catch (error) {
        reject(error as Error);
      }
      state.releaseBlock();
    });
  });
  drained.catch(() => state.stop());
  try {
    const task = { job, shared: state.buffer, port: port2 };
    const reply = (await pool.run(task, {
      transferList: [port2],
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    })) as CountReply;
    if (!reply.ok) throw new VocabError(reply.error.code, reply.error.message, reply.error);
    await drained;
    return reply.output;
  } catch (error) {
    state.stop();
    throw error instanceof VocabError ? error : workerFailure(error, options.signal);
  } finally {
    port.close();
  }
}

function workerFailure(cause: unknown, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted === true) return cause;
  return new VocabError("worker-failed", `a counting worker failed: ${(cause as Error).message}`, {
    cause,
    hint: "no result was written; with little memory, use fewer --workers",
  });
}
