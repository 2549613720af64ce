// Reads `unknown` JSON with the path of every value at hand, so that an error can name the place in the file.

import { VocabError } from "../errors.ts";

export type JsonObject = Readonly<Record<string, unknown>>;

/** As in the reference's parser (serde_json); it also keeps the recursion of ours within the stack. */
const MAX_DEPTH = 128;

/** A place in a JSON file: `at(".model").at(".merges[3]")`. */
export class JsonPlace {
  readonly file: string;
  readonly path: string;
  private readonly depth: number;

  constructor(file: string, path = "", depth = 0) {
    this.file = file;
    this.path = path;
    this.depth = depth;
  }

  at(step: string): JsonPlace {
    if (this.depth >= MAX_DEPTH) this.invalid(`nested deeper than ${MAX_DEPTH} levels`);
    const path = this.path === "" ? step.replace(/^\./, "") : this.path + step;
    return new JsonPlace(this.file, path, this.depth + 1);
  }

  /** The file is broken or contradicts itself. */
  invalid(what: string, hint = "correct that entry, or get an undamaged copy of the file"): never {
    throw new VocabError("tokenizer-invalid", `${this}: ${what}`, { hint });
  }

  /** The file asks for something that vocab does not implement. */
  unsupported(what: string): never {
    throw new VocabError("tokenizer-unsupported", `${this}: ${what} is not supported`, {
      hint: "vocab refuses what it cannot reproduce exactly; report the tokenizer so that the feature can be added",
    });
  }

  object(value: unknown): JsonObject {
    if (typeof value !== "object" || value === null || Array.isArray(value))
      this.invalid(`expected an object, found ${kindOf(value)}`);
    return value as JsonObject;
  }

  array(value: unknown): readonly unknown[] {
    if (!Array.isArray(value)) this.invalid(`expected an array, found ${kindOf(value)}`);
    return value as readonly unknown[];
  }

  string(value: unknown): string {
    if (typeof value !== "string") return this.invalid(`expected a string, found ${kindOf(value)}`);
    if (hasLoneSurrogate(value)) this.invalid(`half of a surrogate pair in ${shown(value)}`);
    return value;
  }

  boolean(value: unknown, fallback?: boolean): boolean {
    if ((value === undefined || value === null) && fallback !== undefined) return fallback;
    if (typeof value !== "boolean") this.invalid(`expected true or false, found ${kindOf(value)}`);
    return value as boolean;
  }

  /** A token id: an integer from 0 to 2³¹ − 1. */
  id(value: unknown): number {
    if (typeof value !== "number" || !Number.isInteger(value) || value < 0 || value > 0x7fffffff) {
      this.invalid(`expected a token id (an integer from 0 to 2147483647), found ${shown(value)}`);
    }
    return value as number;
  }

  toString(): string {
    const path = this.path.length > 200 ? `${this.path.slice(0, 200)}…` : this.path;
    return path === "" ? this.file : `${this.file}: ${path}`;
  }
}

/** A value as an error message quotes it: short, and by its kind where it has parts. */
export function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value);
  return typeof value === "number" || typeof value === "boolean" ? String(value) : kindOf(value);
}

/** Such text cannot be written as UTF-8, so it can never be met. */
export function hasLoneSurrogate(text: string): boolean {
  return /\p{Cs}/u.test(text);
}

function kindOf(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  return Array.isArray(value) ? "an array" : `a ${typeof value}`;
}
