// What the tests of the hub share: a server with a repository, an empty cache, and waits that take no time.

import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { beforeEach } from "vitest";
import type { HubOptions, HubProgress } from "../../src/io/hub-request.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { HubServer, type StoredFile } from "./hub-server.ts";

export const REPO = "org/name";
export const COMMIT = "1".repeat(40);
export const NEXT_COMMIT = "2".repeat(40);

export interface HubFixture {
  hub: HubServer;
  cache: string;
  /** `<cache>/models--org--name` */
  folder: string;
  waits: number[];
  options: HubOptions;
}

/** Bytes without a pattern that would hide a wrong offset: the low bytes of a linear congruential generator. */
export function noise(length: number, seed = 1): Buffer {
  let state = seed;
  return Buffer.from(
    Array.from({ length }, () => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      return state >>> 16;
    }),
  );
}

export const TOKENIZER: StoredFile = { content: noise(100_000), large: true };
export const CONFIG: StoredFile = { content: Buffer.from('{"a": 1}\n') };

/** Filled anew before each test. @param repo of a model, or `datasets/…` */
export function hubFixture(repo = REPO): HubFixture {
  const top = temporaryFolder();
  const fixture = {} as HubFixture;
  beforeEach(async () => {
    fixture.hub = await HubServer.start(repo);
    fixture.hub.commit(COMMIT, { "tokenizer.json": TOKENIZER, "tokenizer_config.json": CONFIG });
    fixture.cache = mkdtempSync(join(top, "cache-"));
    fixture.folder = join(fixture.cache, "models--org--name");
    const waits: number[] = [];
    fixture.waits = waits;
    fixture.options = {
      environment: { endpoint: fixture.hub.endpoint, cacheFolder: fixture.cache, offline: false },
      sleep: async (milliseconds) => void waits.push(milliseconds),
    };
    return () => fixture.hub.close();
  });
  return fixture;
}

export function offline({ options }: HubFixture): HubOptions {
  return { ...options, environment: { ...options.environment, offline: true } };
}

export function withToken({ options }: HubFixture, token = "hf_secret"): HubOptions {
  return { ...options, environment: { ...options.environment, token } };
}

/** Calls `then` once, when a download has come to `bytes`. */
export function whenArrived(bytes: number, then: () => void): (progress: HubProgress) => void {
  let isDone = false;
  return (progress) => {
    if (isDone || progress.bytes < bytes) return;
    isDone = true;
    then();
  };
}
