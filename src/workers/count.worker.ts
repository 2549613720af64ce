// Entry point of a counting worker: no logic, only the wiring of runCountJob to shared memory and a message port.

import type { MessagePort } from "node:worker_threads";
import { move, transferableSymbol, valueSymbol } from "piscina";
import { type CountJob, type CountOutput, runCountJob, sharesOf } from "../counting/count-job.ts";
import type { SegmentCounts } from "../counting/segment-counts.ts";
import { VocabError } from "../errors.ts";
import {
  type CountReply,
  MAX_BLOCKS_IN_FLIGHT,
  NO_MORE_BLOCKS,
  SharedState,
  type WorkerJob,
} from "./protocol.ts";

export default async function countWorker({ job, shared, port }: WorkerJob): Promise<unknown> {
  const state = new SharedState(shared);
  const options: CountJob = { ...job, read: { ...job.read, onBytes: (bytes) => state.addBytes(bytes) } };
  try {
    const output = await runCountJob(
      options,
      () => state.nextShard(sharesOf(job)),
      (block) => post(state, port, block),
    );
    port.postMessage(NO_MORE_BLOCKS);
    return moved({ ok: true, output }, buffersOf(output));
  } catch (error) {
    if (!(error instanceof VocabError)) throw error;
    return {
      ok: false,
      error: { code: error.code, message: error.message, kind: error.kind, hint: error.hint },
    } satisfies CountReply;
  }
}

// Waits while the main thread has not measured the blocks already sent, so that memory stays bounded.
function post(state: SharedState, port: MessagePort, block: SegmentCounts): void {
  state.acquireBlock(MAX_BLOCKS_IN_FLIGHT);
  port.postMessage(block, [
    block.bytes.buffer as ArrayBuffer,
    block.offsets.buffer as ArrayBuffer,
    block.counts.buffer as ArrayBuffer,
  ]);
}

function buffersOf(output: CountOutput): ArrayBuffer[] {
  const { bytes, offsets, counts } = output.counts;
  const sampled = output.sample.find((document) => document.bytes !== undefined)?.bytes;
  return [bytes, offsets, counts, ...(sampled === undefined ? [] : [sampled])].map(
    (view) => view.buffer as ArrayBuffer,
  );
}

function moved(value: CountReply, buffers: ArrayBuffer[]): unknown {
  return move({ [transferableSymbol]: buffers, [valueSymbol]: value } as never);
}
