// Reads `unknown` JSON with the path of every value at hand, so that an error can name the place in the file.

import { VocabError } from "../errors.ts";

export type JsonObject = Readonly<Record<string, unknown>>;

/** A place in a JSON file: `at(".model.merges[3]")`. */
export class JsonPlace {
  readonly file: string;
  readonly path: string;

  constructor(file: string, path = "") {
    this.file = file;
    this.path = path;
  }

  at(step: string): JsonPlace {
    return new JsonPlace(this.file, this.path === "" ? step.replace(/^\./, "") : this.path + step);
  }

  /** The file is broken or contradicts itself. */
  invalid(what: string, hint?: string): never {
    throw new VocabError("tokenizer-invalid", `${this}: ${what}`, hint === undefined ? {} : { hint });
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
    if (typeof value !== "string") this.invalid(`expected a string, found ${kindOf(value)}`);
    return value as string;
  }

  boolean(value: unknown, fallback?: boolean): boolean {
    if ((value === undefined || value === null) && fallback !== undefined) return fallback;
    if (typeof value !== "boolean") this.invalid(`expected true or false, found ${kindOf(value)}`);
    return value as boolean;
  }

  /** A token id: an integer from 0 to 2³¹ − 1. */
  id(value: unknown): number {
    if (typeof value !== "number" || !Number.isInteger(value) || value < 0 || value > 0x7fffffff) {
      this.invalid(
        `expected a token id (an integer from 0 to 2147483647), found ${JSON.stringify(value) ?? kindOf(value)}`,
      );
    }
    return value as number;
  }

  toString(): string {
    return this.path === "" ? this.file : `${this.file}: ${this.path}`;
  }
}

function kindOf(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  return Array.isArray(value) ? "an array" : `a ${typeof value}`;
}
