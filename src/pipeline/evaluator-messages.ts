// What finetune/evaluate_bits_per_byte.py says, one JSON object a line; it is the other side of this file.

import { VocabError } from "../errors.ts";
import type { StartRule } from "./evaluation-result.ts";

export interface ModelMessage {
  readonly kind: "model";
  readonly type: string;
  readonly architecture: string;
  readonly parameters: number;
  readonly rows: number;
  readonly startToken: { readonly id: number; readonly token: string; readonly rule: StartRule };
  readonly window: number;
  readonly stride: number;
  readonly dtype: string;
  readonly device: string;
  readonly deviceName: string;
  readonly threads: number | undefined;
  readonly python: string;
  readonly torch: string;
  readonly transformers: string;
}

export interface DocumentMessage {
  readonly kind: "document";
  readonly document: number;
  readonly tokens: number;
  readonly crc: number;
  readonly bits: number;
}

export type EvaluatorMessage =
  | ModelMessage
  | DocumentMessage
  | { readonly kind: "progress"; readonly bytes: number }
  | { readonly kind: "done"; readonly documents: number }
  | { readonly kind: "error"; readonly code: string; readonly message: string };

type Json = Readonly<Record<string, unknown>>;

/** @throws VocabError `evaluator-protocol` */
export function parseMessage(line: string): EvaluatorMessage {
  const json = parseObject(line);
  if ("document" in json) return documentOf(json, line);
  if ("progress" in json) return { kind: "progress", bytes: amount(json, "progress", line) };
  if ("done" in json) return { kind: "done", documents: amount(json, "done", line) };
  if ("model" in json) return modelOf(object(json, "model", line), line);
  if ("error" in json) {
    const error = object(json, "error", line);
    return { kind: "error", code: text(error, "code", line), message: text(error, "message", line) };
  }
  throw notUnderstood(line);
}

export function notUnderstood(line: string): VocabError {
  return new VocabError(
    "evaluator-protocol",
    `the evaluation script wrote a line that is not of its protocol: ${line.slice(0, 200)}`,
    { hint: "something else in the Python environment writes to stdout: try a clean one (--python PATH)" },
  );
}

function documentOf(json: Json, line: string): DocumentMessage {
  const counts = { tokens: amount(json, "tokens", line), crc: amount(json, "crc", line) };
  const { bits } = json;
  // A model with broken weights says NaN, which is no JSON, but Python writes it.
  if (typeof bits !== "number" || !(bits >= 0) || !Number.isFinite(bits)) throw notUnderstood(line);
  return { kind: "document", document: amount(json, "document", line), ...counts, bits };
}

function modelOf(json: Json, line: string): ModelMessage {
  const start = object(json, "startToken", line);
  const threads = json["threads"];
  return {
    kind: "model",
    type: text(json, "type", line),
    architecture: text(json, "architecture", line),
    parameters: amount(json, "parameters", line),
    rows: amount(json, "rows", line),
    startToken: {
      id: amount(start, "id", line),
      token: text(start, "token", line),
      rule: startRule(start["rule"], line),
    },
    window: amount(json, "window", line),
    stride: amount(json, "stride", line),
    dtype: text(json, "dtype", line),
    device: text(json, "device", line),
    deviceName: text(json, "deviceName", line),
    threads: typeof threads === "number" ? threads : undefined,
    python: text(json, "python", line),
    torch: text(json, "torch", line),
    transformers: text(json, "transformers", line),
  };
}

function startRule(value: unknown, line: string): StartRule {
  if (value !== "bos" && value !== "eos" && value !== "given") throw notUnderstood(line);
  return value;
}

function parseObject(line: string): Json {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === "object" && value !== null) return value as Json;
  } catch {
    // The line itself says more than the parser.
  }
  throw notUnderstood(line);
}

function object(json: Json, key: string, line: string): Json {
  const value = json[key];
  if (typeof value !== "object" || value === null) throw notUnderstood(line);
  return value as Json;
}

function text(json: Json, key: string, line: string): string {
  const value = json[key];
  if (typeof value !== "string") throw notUnderstood(line);
  return value;
}

function amount(json: Json, key: string, line: string): number {
  const value = json[key];
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) throw notUnderstood(line);
  return value;
}
