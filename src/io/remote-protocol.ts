// What a thread that reads a file of a hub and the thread that fetches it for it say to each other.

import type { MessagePort } from "node:worker_threads";
import type { ErrorKind } from "../errors.ts";
import type { RemoteFile } from "./hub-api.ts";
import type { HubEnvironment } from "./hub-environment.ts";

/** Bytes that may have been fetched and not been read yet, a stream: what the network brings while a block is decoded. */
export const WINDOW_BYTES = 4 * 2 ** 20;

export interface FetcherData {
  readonly port: MessagePort;
  /** Two counters that both threads share: ARRIVED and ALIVE. */
  readonly signals: SharedArrayBuffer;
}

/** Goes up with every answer; the reader waits for it. */
export const ARRIVED = 0;
/** Goes up while the fetching thread lives. */
export const ALIVE = 1;
export const ALIVE_EVERY_MS = 1000;

export type FetchOrder =
  | {
      readonly kind: "open";
      readonly stream: number;
      readonly file: RemoteFile;
      readonly environment: HubEnvironment;
      readonly start: number;
      readonly end: number;
    }
  | { readonly kind: "read"; readonly stream: number; readonly bytes: number }
  | { readonly kind: "close"; readonly stream: number };

export type FetchAnswer =
  | { readonly kind: "bytes"; readonly stream: number; readonly bytes: Uint8Array }
  | { readonly kind: "end"; readonly stream: number }
  | {
      readonly kind: "error";
      readonly stream: number;
      readonly error: {
        readonly code: string;
        readonly message: string;
        readonly kind: ErrorKind;
        readonly hint: string | undefined;
      };
    };
