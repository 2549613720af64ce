// Reads a file of a hub as if it lay on this machine: another thread fetches it, this one waits for the bytes. So every
// reader and decoder works on both, and the network brings the next bytes while these are decoded.

import {
  MessageChannel,
  type MessagePort,
  receiveMessageOnPort,
  Worker,
  type WorkerOptions,
} from "node:worker_threads";
import { VocabError } from "../errors.ts";
import type { RemoteFile } from "./hub-api.ts";
import type { HubEnvironment } from "./hub-environment.ts";
import {
  ALIVE,
  ALIVE_EVERY_MS,
  ARRIVED,
  type FetchAnswer,
  type FetcherData,
  type FetchOrder,
} from "./remote-protocol.ts";

/** A fetching thread that does not show that it lives for so long is dead. */
const DEAD_AFTER_MS = 60_000;

export class RemoteBytes {
  private readonly file: RemoteFile;
  private readonly environment: HubEnvironment;
  private readonly end: number;
  private stream: number | undefined;
  /** Where the stream stands: its next byte is the first of `chunk`. */
  private at: number;
  private chunk: Uint8Array = new Uint8Array(0);
  private isEnded = false;

  /** Nothing is asked for before the first read. */
  constructor(file: RemoteFile, environment: HubEnvironment, start: number, end: number) {
    this.file = file;
    this.environment = environment;
    this.at = start;
    this.end = Math.min(end, file.size);
  }

  read(room: Uint8Array, size: number, at: number): number {
    if (at !== this.at || this.stream === undefined) this.open(at);
    while (this.chunk.length === 0) {
      if (this.isEnded) return 0;
      this.receive();
    }
    const bytes = this.chunk.subarray(0, size);
    room.set(bytes);
    this.chunk = this.chunk.subarray(bytes.length);
    this.at += bytes.length;
    order({ kind: "read", stream: this.stream!, bytes: bytes.length });
    return bytes.length;
  }

  close(): void {
    if (this.stream === undefined) return;
    order({ kind: "close", stream: this.stream });
    answers.delete(this.stream);
    this.stream = undefined;
  }

  private open(at: number): void {
    this.close();
    this.stream = nextStream++;
    answers.set(this.stream, []);
    this.at = at;
    this.chunk = new Uint8Array(0);
    this.isEnded = false;
    const { stream, file, environment, end } = this;
    order({ kind: "open", stream, file, environment, start: at, end });
  }

  private receive(): void {
    const answer = nextAnswer(this.stream!, this.file);
    if (answer.kind === "error") throw new VocabError(answer.error.code, answer.error.message, answer.error);
    if (answer.kind === "end") this.isEnded = true;
    else this.chunk = answer.bytes;
  }
}

interface Fetcher {
  readonly port: MessagePort;
  readonly counters: Int32Array;
}

/** Of this thread; started when it first reads from a hub. */
let fetcher: Fetcher | undefined;
let nextStream = 0;
/** Answers that came while another stream was waited for, by open stream. */
const answers = new Map<number, FetchAnswer[]>();

/**
 * Starts the thread that fetches, once for each thread that reads. To be awaited before the first RemoteBytes is read: a
 * thread that waits cannot start another one.
 * @throws VocabError `fetch-failed`
 */
export async function startFetching(): Promise<void> {
  starting ??= startFetcher();
  fetcher = await starting;
}

let starting: Promise<Fetcher> | undefined;

function order(message: FetchOrder): void {
  fetcher!.port.postMessage(message);
}

async function startFetcher(): Promise<Fetcher> {
  const { port1, port2 } = new MessageChannel();
  const signals = new SharedArrayBuffer(8);
  const data: FetcherData = { port: port2, signals };
  const worker = startWorker({ workerData: data, transferList: [port2] });
  await new Promise((resolve, reject) => {
    worker.once("message", resolve);
    // Of a later failure the reader learns by the silence.
    worker.on("error", (cause) => reject(fetchFailed(cause)));
  });
  // Neither keeps the program running.
  worker.unref();
  port1.unref();
  return { port: port1, counters: new Int32Array(signals) };
}

function startWorker(options: WorkerOptions): Worker {
  if (import.meta.url.endsWith(".js"))
    return new Worker(new URL("./hub-fetcher.worker.js", import.meta.url), options);
  // From source: `--import tsx` does nothing in a worker of a worker.
  const entry = new URL("./hub-fetcher.worker.ts", import.meta.url).href;
  const start = `import("tsx/esm/api").then(({ register }) => (register(), import(${JSON.stringify(entry)})))`;
  return new Worker(start, { ...options, eval: true });
}

function nextAnswer(stream: number, file: RemoteFile): FetchAnswer {
  const { port, counters } = fetcher!;
  const mine = answers.get(stream)!;
  let alive = Atomics.load(counters, ALIVE);
  let silentMs = 0;
  for (;;) {
    const next = mine.shift();
    if (next !== undefined) return next;
    const arrived = Atomics.load(counters, ARRIVED);
    const received = receiveMessageOnPort(port) as { message: FetchAnswer } | undefined;
    // Of streams that were closed something may still come.
    if (received !== undefined) answers.get(received.message.stream)?.push(received.message);
    if (received !== undefined) continue;
    if (Atomics.wait(counters, ARRIVED, arrived, ALIVE_EVERY_MS) !== "timed-out") continue;
    silentMs = Atomics.load(counters, ALIVE) === alive ? silentMs + ALIVE_EVERY_MS : 0;
    alive = Atomics.load(counters, ALIVE);
    if (silentMs >= DEAD_AFTER_MS)
      throw fetchFailed(new Error(`of ${file.name} nothing was heard for ${silentMs / 1000} s`));
  }
}

function fetchFailed(cause: Error): VocabError {
  return new VocabError("fetch-failed", `the thread that fetches files of a hub failed: ${cause.message}`, {
    cause,
    hint: "run again; with little memory, use fewer --workers",
  });
}
