// Counts like the real worker, but the second worker of the run fails in the way that `job.read.textField` names.

import countWorker from "../../src/workers/count.worker.ts";
import type { WorkerJob } from "../../src/workers/protocol.ts";

export default async function failingWorker(task: WorkerJob): Promise<unknown> {
  const runs = Atomics.add(new Int32Array(task.shared, 0, 4), 3, 1); // the word that the protocol leaves free
  if (runs === 1) await fail(task.job.read.textField);
  return countWorker(task);
}

async function fail(way: string): Promise<void> {
  if (way === "throw") throw new Error("thrown on purpose");
  if (way === "exit 0") process.exit(0);
  if (way === "exit 3") process.exit(3);
  if (way === "uncaught") {
    setTimeout(() => {
      throw new Error("uncaught on purpose");
    }, 10);
    await new Promise(() => {});
  }
  if (way === "memory") {
    const kept: unknown[] = [];
    for (;;) kept.push(new Array(100_000).fill(kept.length));
  }
}
