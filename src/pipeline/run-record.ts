// Notes what a run took: the part of a result that may differ between two runs on the same inputs.

import { availableParallelism, cpus } from "node:os";
import { icuVersion } from "../text/words.ts";
import { version } from "../version.ts";
import type { RunRecord } from "./analysis-result.ts";

export interface Run {
  /** Runs `load` and notes its time as that of loading tokenizers. */
  loading<T>(load: () => T): T;
  /** @param bytes of all documents; workers that counted, this thread being one */
  end(bytes: number, workers: number): RunRecord;
}

export function startRun(): Run {
  const date = new Date().toISOString();
  const start = performance.now();
  const cpuStart = process.cpuUsage();
  let loadMs = 0;
  return {
    loading(load) {
      const from = performance.now();
      const result = load();
      loadMs += performance.now() - from;
      return result;
    },
    end(bytes, workers) {
      const durationMs = Math.round(performance.now() - start);
      const { user, system } = process.cpuUsage(cpuStart);
      return {
        version,
        date,
        durationMs,
        workers,
        bytesPerSecond: Math.round(bytes / Math.max(0.001, durationMs / 1000)),
        machine: {
          platform: `${process.platform}-${process.arch}`,
          cpu: cpus()[0]?.model ?? "unknown",
          cores: availableParallelism(),
          node: process.version,
          icu: icuVersion(),
        },
        tokenizerLoadMs: Math.round(loadMs),
        cpuMs: Math.round((user + system) / 1000),
      };
    },
  };
}
