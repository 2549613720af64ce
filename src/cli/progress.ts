// One line on a terminal's stderr that says how far a command has come; nothing anywhere else.

import type { Writable } from "node:stream";
import type { EvaluateProgress } from "../pipeline/evaluate.ts";
import { formatBytes, formatCount, formatDuration } from "../reports/format.ts";

export type ProgressState =
  | {
      readonly phase: "counting" | "measuring" | "fetching";
      /** Stored bytes read, and in all. */
      readonly bytes: number;
      readonly totalBytes: number;
    }
  | {
      readonly phase: "comparing";
      readonly language: string;
      /** Languages measured before this one, and in all. */
      readonly done: number;
      readonly of: number;
      readonly bytes: number;
      readonly totalBytes: number;
    }
  | {
      readonly phase: "writing";
      /** Bytes written, and in all. */
      readonly bytes: number;
      readonly totalBytes: number;
    }
  | EvaluateProgress
  | { readonly phase: "learning"; readonly learned: number; readonly add: number }
  | { readonly phase: "evaluating" | "expanding" | "verifying" | "merging" };

export type ProgressStream = Writable & { readonly isTTY?: boolean; readonly columns?: number };

/** An estimate from less than this is a guess. */
const MIN_ESTIMATE_MS = 1000;
const ERASE_LINE = "\r\u001b[K";

/** "counting  41 %  1.2 GiB of 2.9 GiB  135.0 MB/s  ETA 12.7 s" */
export function progressText(state: ProgressState, elapsedMs: number): string {
  switch (state.phase) {
    case "counting":
    case "writing":
      return amountText(state, elapsedMs);
    case "fetching":
      return `fetching ${formatBytes(state.bytes)} of ${formatBytes(state.totalBytes)}`;
    case "measuring":
      return "measuring the distinct segments under each tokenizer";
    case "comparing":
      return stepsText("comparing", state.language, state, elapsedMs);
    case "scoring":
      return stepsText("scoring", state.model, state, elapsedMs);
    case "encoding":
      return "encoding the text under each tokenizer";
    case "learning":
      return learningText(state.learned, state.add, elapsedMs);
    case "evaluating":
      return "encoding the held-out text with each number of tokens";
    case "merging":
      return "adding up what was counted";
    case "expanding":
      return "entering the tokens into the vocabulary";
    case "verifying":
      return "verifying the guarantees";
  }
}

function amountText(
  {
    phase,
    bytes,
    totalBytes,
  }: { readonly phase: string; readonly bytes: number; readonly totalBytes: number },
  elapsedMs: number,
): string {
  const percent = totalBytes === 0 ? 100 : Math.min(100, Math.floor((100 * bytes) / totalBytes));
  const rate = elapsedMs > 0 ? bytes / elapsedMs : 0;
  const parts = [
    `${phase} ${String(percent).padStart(3)} %`,
    `${formatBytes(Math.min(bytes, totalBytes))} of ${formatBytes(totalBytes)}`,
    `${(rate / 1000).toFixed(1)} MB/s`,
  ];
  if (rate > 0 && elapsedMs >= MIN_ESTIMATE_MS)
    parts.push(`ETA ${formatDuration(Math.max(0, totalBytes - bytes) / rate)}`);
  return parts.join("  ");
}

interface Steps {
  readonly done: number;
  readonly of: number;
  readonly bytes: number;
  readonly totalBytes: number;
}

// "comparing  41 %  84 of 204: Kashmiri  ETA 12.7 s"
function stepsText(
  verb: string,
  name: string,
  { done, of, bytes, totalBytes }: Steps,
  elapsedMs: number,
): string {
  const share = totalBytes === 0 ? 1 : Math.min(1, bytes / totalBytes);
  const percent = String(Math.floor(100 * share)).padStart(3);
  const text = `${verb} ${percent} %  ${formatCount(done + 1)} of ${formatCount(of)}: ${name}`;
  if (share === 0 || elapsedMs < MIN_ESTIMATE_MS) return text;
  return `${text}  ETA ${formatDuration((elapsedMs * (1 - share)) / share)}`;
}

function learningText(learned: number, add: number, elapsedMs: number): string {
  const text = `learning ${formatCount(learned)} of ${formatCount(add)} tokens`;
  if (learned === 0 || elapsedMs < MIN_ESTIMATE_MS) return text;
  return `${text}  ETA ${formatDuration((Math.max(0, add - learned) * elapsedMs) / learned)}`;
}

export class ProgressLine {
  private readonly stream: ProgressStream;
  private readonly now: () => number;
  private start: number;
  private phase: ProgressState["phase"] | undefined;
  private isShown = false;

  constructor(stream: ProgressStream, now: () => number = () => performance.now()) {
    this.stream = stream;
    this.now = now;
    this.start = now();
  }

  show(state: ProgressState): void {
    if (this.stream.isTTY !== true) return;
    // What is left of a phase is estimated from that phase alone; the first began with the line.
    if (this.phase !== undefined && this.phase !== state.phase) this.start = this.now();
    this.phase = state.phase;
    // A line that wraps could not be erased. A terminal that does not know its width says 0.
    const text = progressText(state, this.now() - this.start).slice(0, (this.stream.columns || 80) - 1);
    this.stream.write(ERASE_LINE + text);
    this.isShown = true;
  }

  clear(): void {
    if (this.isShown) this.stream.write(ERASE_LINE);
    this.isShown = false;
  }
}
