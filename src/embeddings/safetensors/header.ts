// The header of a safetensors file: JSON that says of each tensor what it is and where its bytes lie. Everything in it is
// checked against the file, so that what reads tensors afterwards can trust the places.

import { VocabError } from "../../errors.ts";
import { forEachChild, stringAt } from "../../tokenizer/json-text.ts";
import { bitsOf, elementsOf } from "./dtypes.ts";

export interface TensorInfo {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Bytes of its data; counted from the first byte behind the header. */
  readonly start: number;
  readonly end: number;
}

export interface Header {
  /** In the order of the header. */
  readonly tensors: readonly TensorInfo[];
  readonly metadata: Readonly<Record<string, string>> | undefined;
}

const METADATA = "__metadata__";

/**
 * @param file to name in errors
 * @param dataBytes size of the file behind the header
 * @throws VocabError `safetensors-invalid`
 */
export function parseHeader(text: string, file: string, dataBytes: number): Header {
  const json = parseObject(text, file);
  requireUniqueKeys(text, file);
  const tensors: TensorInfo[] = [];
  for (const [name, entry] of Object.entries(json))
    if (name !== METADATA) tensors.push(parseTensor(name, entry, file));
  requireNoGaps(tensors, file, dataBytes);
  return { tensors, metadata: parseMetadata(json[METADATA], file) };
}

export function invalid(file: string, what: string, cause?: unknown): VocabError {
  return new VocabError("safetensors-invalid", `${file}: ${what}`, {
    cause,
    hint: "get an undamaged copy of the file",
  });
}

/** A name as messages quote it. */
export function quoted(name: string): string {
  return JSON.stringify(name.length > 200 ? `${name.slice(0, 200)}…` : name);
}

function parseObject(text: string, file: string): Readonly<Record<string, unknown>> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw invalid(file, `the header is not valid JSON (${(cause as Error).message})`, cause);
  }
  if (!isObject(json)) throw invalid(file, "the header is not an object of tensors");
  return json;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

// JSON.parse would take the last of two, other readers the first. The text is known to be an object.
function requireUniqueKeys(text: string, file: string): void {
  requireUnique(text, text.indexOf("{"), file, (name) => `tensor ${quoted(name)} stands twice in the header`);
  forEachChild(text, text.indexOf("{"), ({ key, start }) => {
    const tensor = stringAt(text, key!);
    if (text[start] === "{")
      requireUnique(text, start, file, (name) => `${quoted(tensor)} has ${quoted(name)} twice`);
  });
}

function requireUnique(text: string, start: number, file: string, fault: (name: string) => string): void {
  const seen = new Set<string>();
  forEachChild(text, start, ({ key }) => {
    const name = stringAt(text, key!);
    if (seen.has(name)) throw invalid(file, fault(name));
    seen.add(name);
  });
}

function parseTensor(name: string, entry: unknown, file: string): TensorInfo {
  const wrong = (what: string) => invalid(file, `tensor ${quoted(name)}: ${what}`);
  if (!isObject(entry)) throw wrong("expected an object with dtype, shape and data_offsets");
  const { dtype, shape, data_offsets: offsets, ...others } = entry;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw wrong(`unknown field ${quoted(unknown)}`);
  if (typeof dtype !== "string") throw wrong("dtype is not a string");
  if (!isSizes(shape)) throw wrong("shape is not a list of whole numbers");
  if (!isSizes(offsets) || offsets.length !== 2 || offsets[0]! > offsets[1]!)
    throw wrong("data_offsets are not two whole numbers in order");
  const [start, end] = offsets as [number, number];
  const bits = bitsOf(dtype);
  if (bits !== undefined && (elementsOf(shape) * bits) / 8 !== end - start)
    throw wrong(`${dtype} of shape [${shape.join(", ")}] does not take the ${end - start} bytes that it has`);
  return { name, dtype, shape, start, end };
}

function isSizes(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}

// Every byte behind the header belongs to one tensor.
function requireNoGaps(tensors: readonly TensorInfo[], file: string, dataBytes: number): void {
  let end = 0;
  let before = "the header";
  for (const tensor of [...tensors].sort((a, b) => a.start - b.start || a.end - b.end)) {
    const { name, start } = tensor;
    if (tensor.end > dataBytes)
      throw invalid(
        file,
        `tensor ${quoted(name)} ends at byte ${tensor.end} of the data, which has ${dataBytes}`,
      );
    if (start < end) throw invalid(file, `tensors ${before} and ${quoted(name)} overlap at byte ${start}`);
    if (start > end)
      throw invalid(file, `no tensor has the bytes ${end} to ${start}, before ${quoted(name)}`);
    end = tensor.end;
    before = quoted(name);
  }
  if (end !== dataBytes) throw invalid(file, `${dataBytes - end} bytes follow the last tensor`);
}

function parseMetadata(value: unknown, file: string): Header["metadata"] {
  if (value === undefined) return undefined;
  if (!isObject(value) || !Object.values(value).every((item) => typeof item === "string"))
    throw invalid(file, `${METADATA} is not an object of strings`);
  return value as Readonly<Record<string, string>>;
}
