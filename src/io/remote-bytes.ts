// Reads a file of a hub as if it lay on this machine: another thread fetches it, this one waits for the bytes. So every
// reader and decoder works on both, and the network brings the next bytes while these are decoded.

import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from "node:worker_threads";
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

/** A fetching thread that does not show that it lives for so long is dead. It starts within a second or two. */
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

function order(message: FetchOrder): void {
  fetcher ??= startFetcher();
  fetcher.port.postMessage(message);
}

function startFetcher(): Fetcher {
  const { port1, port2 } = new MessageChannel();
  const signals = new SharedArrayBuffer(8);
  const isSource = import.meta.url.endsWith(".ts");
  const data: FetcherData = { port: port2, signals };
  const worker = new Worker(new URL(`./hub-fetcher.worker.${isSource ? "ts" : "js"}`, import.meta.url), {
    workerData: data,
    transferList: [port2],
    ...(isSource ? { execArgv: ["--import", "tsx"] } : {}),
  });
  // Neither keeps the program running. Of a failure the reader learns by the silence.
  worker.on("error", () => {});
  worker.unref();
  port1.unref();
  return { port: port1, counters: new Int32Array(signals) };
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
      throw new VocabError("fetch-failed", `${file.name}: the thread that fetches it does not answer`, {
        hint: "run again; with little memory, use fewer --workers",
      });
  }
}
