// The keys `tokenizer.ggml.*` of a GGUF file by name, with their types checked.

import type { VocabError } from "../../errors.ts";
import { invalidFile } from "./file-place.ts";
import type { GgufMetadata, GgufValue } from "./read-gguf.ts";

const PREFIX = "tokenizer.ggml.";

export class GgufKeys {
  readonly file: string;
  private readonly values: GgufMetadata["values"];

  constructor({ file, values }: GgufMetadata) {
    this.file = file;
    this.values = values;
  }

  string(key: string): string {
    return this.optionalString(key) ?? this.missing(key);
  }

  optionalString(key: string): string | undefined {
    const value = this.get(key);
    if (value === undefined || typeof value === "string") return value;
    throw this.invalid(key, "expected a string");
  }

  optionalBoolean(key: string): boolean | undefined {
    const value = this.get(key);
    if (value === undefined || typeof value === "boolean") return value;
    throw this.invalid(key, "expected true or false");
  }

  optionalNumber(key: string): number | undefined {
    const value = this.get(key);
    if (value === undefined) return undefined;
    if (typeof value === "number" || typeof value === "bigint") return Number(value);
    throw this.invalid(key, "expected a number");
  }

  strings(key: string): readonly string[] {
    const value = this.get(key) ?? this.missing(key);
    if (Array.isArray(value) && value.every((item) => typeof item === "string"))
      return value as readonly string[];
    throw this.invalid(key, "expected an array of strings");
  }

  /** @param count as many as there are tokens */
  numbers(key: string, count: number): ArrayLike<number> {
    const value = this.get(key) ?? this.missing(key);
    if (!isNumbers(value)) throw this.invalid(key, "expected an array of numbers");
    if (value.length !== count)
      throw this.invalid(key, `${value.length} entries, but there are ${count} tokens`);
    return value;
  }

  optionalBytes(key: string): Uint8Array | undefined {
    const value = this.get(key);
    if (value === undefined) return undefined;
    if (value instanceof Uint8Array || value instanceof Int8Array)
      return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    throw this.invalid(key, "expected an array of bytes");
  }

  invalid(key: string, what: string): VocabError {
    return invalidFile(this.file, PREFIX + key, what);
  }

  private get(key: string): GgufValue | undefined {
    return this.values.get(PREFIX + key);
  }

  private missing(key: string): never {
    throw invalidFile(this.file, PREFIX + key, "the key is missing: the file holds no tokenizer");
  }
}

function isNumbers(value: GgufValue): value is Int32Array | Uint32Array | Float32Array | Float64Array {
  return (
    value instanceof Int32Array ||
    value instanceof Uint32Array ||
    value instanceof Float32Array ||
    value instanceof Float64Array
  );
}
