// Entry point of the thread that fetches files of a hub for a thread that reads them: no logic but the window, which keeps
// it from fetching more than is read.

import { parentPort, workerData } from "node:worker_threads";
import { VocabError } from "../errors.ts";
import { hubBytes } from "./hub-stream.ts";
import {
  ALIVE,
  ALIVE_EVERY_MS,
  ARRIVED,
  type FetchAnswer,
  type FetcherData,
  type FetchOrder,
  WINDOW_BYTES,
} from "./remote-protocol.ts";

interface Stream {
  /** Bytes that were sent and not read yet. */
  ahead: number;
  resume: () => void;
  readonly abort: AbortController;
}

const { port, signals } = workerData as FetcherData;
const counters = new Int32Array(signals);
const streams = new Map<number, Stream>();

port.on("message", (order: FetchOrder) => {
  if (order.kind === "open") return void fetchStream(order);
  const stream = streams.get(order.stream);
  if (stream === undefined) return;
  if (order.kind === "read") stream.ahead -= order.bytes;
  else stream.abort.abort();
  stream.resume();
});
setInterval(() => Atomics.add(counters, ALIVE, 1), ALIVE_EVERY_MS);
parentPort!.postMessage("ready");

async function fetchStream({ stream: id, file, environment, start, end }: FetchOrder & { kind: "open" }) {
  const stream: Stream = { ahead: 0, resume: () => {}, abort: new AbortController() };
  const { signal } = stream.abort;
  streams.set(id, stream);
  try {
    for await (const chunk of hubBytes(file, start, end, { environment, signal })) {
      // Copied: what fetch hands out may lie in memory that it shares among answers.
      const bytes = chunk.slice();
      stream.ahead += bytes.length;
      answer({ kind: "bytes", stream: id, bytes }, [bytes.buffer]);
      while (stream.ahead > WINDOW_BYTES && !signal.aborted)
        await new Promise<void>((resolve) => {
          stream.resume = resolve;
        });
      if (signal.aborted) return;
    }
    answer({ kind: "end", stream: id });
  } catch (error) {
    if (!signal.aborted) answer({ kind: "error", stream: id, error: described(error) });
  } finally {
    streams.delete(id);
  }
}

function answer(message: FetchAnswer, transfer: ArrayBuffer[] = []): void {
  port.postMessage(message, transfer);
  Atomics.add(counters, ARRIVED, 1);
  Atomics.notify(counters, ARRIVED);
}

// Errors are data here: a thrown error would lose its code and hint on the way between threads.
function described(error: unknown): (FetchAnswer & { kind: "error" })["error"] {
  if (error instanceof VocabError) {
    const { code, message, kind, hint } = error;
    return { code, message, kind, hint };
  }
  return {
    code: "fetch-failed",
    message: `fetching failed: ${(error as Error).stack ?? String(error)}`,
    kind: "input",
    hint: undefined,
  };
}
