// What config.json of a model says of its vocabulary, and the same file for more rows. Models for text and images have the
// settings of their language model one level down.

import { addNumbers, applyEdits, type TextEdit } from "../../expansion/json-edits.ts";
import { findValue } from "../../tokenizer/json-text.ts";
import type { JsonFile } from "./read-checkpoint.ts";

/** One value that changes: "text_config.vocab_size". */
export interface ConfigChange {
  readonly path: string;
  /** Absent where the file did not have it, and the model's class knew. */
  readonly before?: number;
  readonly after: number;
}

const NESTED = ["text_config", "llm_config", "language_config"] as const;
const KEY = "vocab_size";

/** The places of vocab_size that are there; the first is the one that the model's rows most likely follow. */
export function vocabSizes(config: JsonFile): { readonly path: readonly string[]; readonly size: number }[] {
  const nested = nestedName(config);
  const paths = [...(nested === undefined ? [] : [[nested, KEY]]), [KEY]];
  return paths.flatMap((path) => {
    const size = valueAt(config, path);
    return typeof size === "number" && Number.isInteger(size) && size > 0 ? [{ path, size }] : [];
  });
}

/** Whether the head is the embedding matrix; undefined where the file leaves it to the model's class. */
export function tiesWordEmbeddings(config: JsonFile): boolean | undefined {
  const nested = nestedName(config);
  // transformers ties a model for text and images by the outer setting.
  const values = [
    valueAt(config, ["tie_word_embeddings"]),
    nested === undefined ? undefined : valueAt(config, [nested, "tie_word_embeddings"]),
  ];
  return values.find((value): value is boolean => typeof value === "boolean");
}

export function architecturesOf(config: JsonFile): string[] {
  const names = config.json["architectures"];
  return Array.isArray(names) ? names.filter((name) => typeof name === "string") : [];
}

export function modelTypeOf(config: JsonFile): string | undefined {
  const type = config.json["model_type"];
  return typeof type === "string" ? type : undefined;
}

/**
 * What has to change for `after` rows: every vocab_size that says the rows of now; where none does, the nearest one to the
 * language model, which the model's class had known without being told (Gemma 3), or which had been wrong.
 */
export function configChanges(config: JsonFile, before: number, after: number): ConfigChange[] {
  if (before === after) return [];
  const nested = nestedName(config);
  const known = vocabSizes(config);
  const changes = known.filter(({ size }) => size === before).map(({ path }) => change(path, before, after));
  const isInNested = known.some(({ path }) => path.length === 2);
  if (nested !== undefined && !isInNested) return [change([nested, KEY], undefined, after), ...changes];
  if (changes.length > 0) return changes;
  return [change(known[0]?.path ?? [KEY], known[0]?.size, after)];
}

/** The text with these changes and nothing else changed. */
export function changedConfig({ text }: JsonFile, changes: readonly ConfigChange[]): string {
  return applyEdits(
    text,
    changes.map(({ path, after }) => editOf(text, path.split("."), after)),
  );
}

function change(path: readonly string[], before: number | undefined, after: number): ConfigChange {
  return { path: path.join("."), ...(before === undefined ? {} : { before }), after };
}

function editOf(text: string, path: readonly string[], value: number): TextEdit {
  const place = findValue(text, path);
  if (place !== undefined) return { ...place, insert: String(value) };
  const parent = findValue(text, path.slice(0, -1))!;
  return addNumbers(text, parent.start, [[path.at(-1)!, value]], JSON.stringify);
}

function nestedName(config: JsonFile): string | undefined {
  return NESTED.find((name) => {
    const value = config.json[name];
    return typeof value === "object" && value !== null && !Array.isArray(value);
  });
}

function valueAt({ json }: JsonFile, path: readonly string[]): unknown {
  let value: unknown = json;
  for (const key of path) value = (value as Readonly<Record<string, unknown>> | null | undefined)?.[key];
  return value;
}
