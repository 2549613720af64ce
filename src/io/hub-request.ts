// One request to a hub: with the token where it belongs, redirects, patience, and new attempts when that may help.

import { setTimeout as delay } from "node:timers/promises";
import { VocabError } from "../errors.ts";
import { version } from "../version.ts";
import type { HubEnvironment } from "./hub-environment.ts";
import { type HubSubject, invalidAnswer, retryAfterMs, statusError, unreachable } from "./hub-errors.ts";

export interface HubProgress {
  readonly name: string;
  readonly bytes: number;
  readonly totalBytes: number;
}

export interface HubOptions {
  readonly environment: HubEnvironment;
  readonly signal?: AbortSignal | undefined;
  /** Called as the bytes of a download arrive; `bytes` falls back when a transfer starts anew. */
  readonly onProgress?: ((progress: HubProgress) => void) | undefined;
  /** Default: that of Node. */
  readonly fetch?: typeof fetch | undefined;
  /** Waits between two attempts; default: a timer. */
  readonly sleep?: ((milliseconds: number, signal?: AbortSignal) => Promise<unknown>) | undefined;
  /** How long a server may be silent, in milliseconds; default 30,000. */
  readonly patienceMs?: number | undefined;
  /** Larger files are refused; default 2 GiB, a hundred times the largest tokenizer. */
  readonly maxFileBytes?: number | undefined;
}

export interface HubRequest<T> {
  readonly url: string;
  readonly subject: HubSubject;
  /** Asked for each attempt: a transfer that goes on asks for other bytes. */
  readonly init: () => RequestInit;
  /** Reads an answer of success, or of status 416; again when the connection was lost on the way. */
  readonly read: (response: Response) => Promise<T>;
}

/** Something that may well work at the next attempt. */
export class ConnectionLost extends Error {}

/** With waits of 1, 2, 4, 8 and 8 s: what Python's huggingface_hub does. */
const ATTEMPTS = 6;
const LONGEST_WAIT_MS = 8_000;
/** A hub that asks for more is not waited for, nor asked again before. */
const LONGEST_RETRY_AFTER_MS = 60_000;
const MOST_REDIRECTS = 10;
const PATIENCE_MS = 30_000;
const AGAIN = [408, 429, 500, 502, 503, 504];
const REDIRECTS = [301, 302, 303, 307, 308];
/** The connection stood and broke. Other failures (no such host, refused, certificates) stay as they are. */
const LOST = ["ECONNRESET", "EPIPE", "UND_ERR_SOCKET"];

type Outcome<T> =
  | { readonly value: T }
  | { readonly error: VocabError; readonly retryAfterMs?: number | undefined };

/**
 * @throws VocabError `hub-…` of hub-errors.ts; the signal's reason when it is aborted
 */
export async function hubRequest<T>(request: HubRequest<T>, options: HubOptions): Promise<T> {
  const { signal, sleep = sleepFor } = options;
  for (let attempt = 1; ; attempt++) {
    signal?.throwIfAborted();
    const outcome = await attemptOnce(request, options);
    if ("value" in outcome) return outcome.value;
    const wait = outcome.retryAfterMs ?? Math.min(1000 * 2 ** (attempt - 1), LONGEST_WAIT_MS);
    if (attempt === ATTEMPTS || wait > LONGEST_RETRY_AFTER_MS) throw outcome.error;
    await sleep(wait, signal);
  }
}

/**
 * The bytes of an answer as they come.
 * @throws ConnectionLost when they stop before the end
 */
export async function* bodyChunks(
  response: Response,
  { patienceMs = PATIENCE_MS }: HubOptions,
): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader();
  if (reader === undefined) return;
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(silent(patienceMs)), patienceMs);
  });
  silence.catch(() => {});
  try {
    for (;;) {
      const { done, value } = await Promise.race([reader.read().catch(lose), silence]);
      if (done) return;
      timer!.refresh();
      yield value;
      // The time that the disk takes is not the server's.
      timer!.refresh();
    }
  } finally {
    clearTimeout(timer);
    // Frees the connection where reading stopped early.
    reader.cancel().catch(() => {});
  }
}

/** Frees the connection of an answer whose body nobody reads. */
export async function discard(response: Response): Promise<void> {
  await response.body?.cancel().catch(() => {});
}

async function attemptOnce<T>(
  { url, subject, init, read }: HubRequest<T>,
  options: HubOptions,
): Promise<Outcome<T>> {
  try {
    const response = await follow(url, init(), subject, options);
    if (response.ok || response.status === 416) return { value: await read(response) };
    await discard(response);
    const error = statusError(response, subject, options.environment);
    if (!AGAIN.includes(response.status)) throw error;
    return { error, retryAfterMs: retryAfterMs(response) };
  } catch (cause) {
    options.signal?.throwIfAborted();
    if (!(cause instanceof ConnectionLost)) throw cause;
    return { error: unreachable(subject, options.environment, cause) };
  }
}

// The platform's own redirects would not say where the token goes. Nor would they keep the body of a POST, which a hub
// that redirects to a repository's new name expects.
async function follow(
  url: string,
  init: RequestInit,
  subject: HubSubject,
  options: HubOptions,
): Promise<Response> {
  const endpoint = endpointUrl(options.environment);
  let target = new URL(url);
  for (let hops = 0; hops <= MOST_REDIRECTS; hops++) {
    const headers = headersFor(target, endpoint, init, options.environment);
    const response = await send(target, { ...init, headers, redirect: "manual" }, subject, options);
    if (!REDIRECTS.includes(response.status)) return response;
    await discard(response);
    target = redirectTarget(response.headers.get("location"), target, subject);
  }
  throw invalidAnswer(subject, `more than ${MOST_REDIRECTS} redirects`);
}

function redirectTarget(location: string | null, from: URL, subject: HubSubject): URL {
  if (location === null || !URL.canParse(location, from.href))
    throw invalidAnswer(subject, `${from.host} redirects to nowhere`);
  const target = new URL(location, from.href);
  const isWorse = from.protocol === "https:" && target.protocol !== "https:";
  if (isWorse || !["http:", "https:"].includes(target.protocol) || target.username + target.password !== "")
    throw invalidAnswer(subject, `${from.host} redirects to ${target.protocol}//${target.host}`);
  return target;
}

function headersFor(target: URL, endpoint: URL, init: RequestInit, { token }: HubEnvironment): Headers {
  const headers = new Headers(init.headers);
  headers.set("user-agent", `vocab/${version}`);
  if (token === undefined || target.origin !== endpoint.origin) return headers;
  // The platform's own message for such a token would quote it.
  if (!/^[\x21-\x7e]+$/.test(token))
    throw new VocabError("hub-token", "the token of HF_TOKEN, or of the token file, is none", {
      kind: "usage",
      hint: "a token is one word such as hf_…, without spaces or line ends",
    });
  headers.set("authorization", `Bearer ${token}`);
  return headers;
}

async function send(
  target: URL,
  init: RequestInit,
  subject: HubSubject,
  { environment, signal, fetch: fetcher = fetch, patienceMs = PATIENCE_MS }: HubOptions,
): Promise<Response> {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(silent(patienceMs)), patienceMs);
  const signals = signal === undefined ? [patience.signal] : [patience.signal, signal];
  try {
    return await fetcher(target.href, { ...init, signal: AbortSignal.any(signals) });
  } catch (cause) {
    signal?.throwIfAborted();
    const code = ((cause as Error).cause as NodeJS.ErrnoException | undefined)?.code;
    if (patience.signal.aborted || LOST.includes(code ?? "")) return lose(cause);
    throw unreachable(subject, environment, cause);
  } finally {
    clearTimeout(timer);
  }
}

function endpointUrl({ endpoint }: HubEnvironment): URL {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  const isPlain = url !== undefined && url.username + url.password + url.search + url.hash === "";
  if (isPlain && ["http:", "https:"].includes(url.protocol)) return url;
  throw new VocabError("hub-endpoint", "HF_ENDPOINT is no address of a hub", {
    kind: "usage",
    hint: "such as https://huggingface.co: http or https, without user name, query or fragment",
  });
}

function lose(cause: unknown): never {
  throw cause instanceof ConnectionLost ? cause : new ConnectionLost("the connection broke off", { cause });
}

function silent(patienceMs: number): ConnectionLost {
  return new ConnectionLost(`no answer within ${patienceMs / 1000} s`);
}

/** The `sleep` of HubOptions where none is given. */
export async function sleepFor(milliseconds: number, signal?: AbortSignal): Promise<void> {
  try {
    await delay(milliseconds, undefined, { signal });
  } catch (cause) {
    // Its own AbortError hides the reason.
    signal?.throwIfAborted();
    throw cause;
  }
}
