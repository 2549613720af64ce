// One tokenizer.json as the real library would load it, and where that differs from what the file says.

import { createHash } from "node:crypto";
import { VocabError } from "../errors.ts";
import type { BpeDefinition } from "../tokenizer/definition.ts";
import type { JsonObject } from "../tokenizer/json-reader.ts";
import { cutMerges } from "../tokenizer/merge-text.ts";
import { parseBpeTokenizerJson } from "../tokenizer/require-bpe.ts";
import { type BpeTokenizer, Tokenizer } from "../tokenizer/tokenizer.ts";
import type { TokenizerFile } from "./evidence.ts";
import { readAsLibrary } from "./library-reading.ts";

export interface Subject {
  readonly source: string;
  readonly text: string;
  readonly sha256: string;
  readonly definition: BpeDefinition;
  readonly tokenizer: BpeTokenizer;
  /** The file without its merges, parsed. */
  readonly json: JsonObject;
  /** What the file says and the library loads otherwise, or refuses. */
  readonly faults: readonly string[];
}

/**
 * @throws VocabError `tokenizer-invalid` when not even the library's own rules make sense of the file,
 * `tokenizer-unsupported`, `pattern-unsupported`
 */
export function openSubject(file: TokenizerFile): Subject {
  const { source, text } = file;
  const { definition, faults } = parse(file);
  return {
    source,
    text,
    sha256: sha256Of(text),
    definition,
    tokenizer: new Tokenizer(definition),
    json: JSON.parse(cutMerges(text)?.rest ?? text) as JsonObject,
    faults,
  };
}

/** SHA-256 of a text in UTF-8, in hexadecimal. */
export function sha256Of(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function parse({ source, text }: TokenizerFile): Pick<Subject, "definition" | "faults"> {
  try {
    return { definition: parseBpeTokenizerJson(text, source), faults: [] };
  } catch (error) {
    if (!(error instanceof VocabError) || error.code !== "tokenizer-invalid") throw error;
    const reading = readAsLibrary(text);
    // Nothing was repaired: the error stands.
    if (reading === undefined) throw error;
    return { definition: parseBpeTokenizerJson(reading.text, source), faults: reading.faults };
  }
}

const tokensById = new WeakMap<BpeDefinition, Map<number, string>>();

/** The token of an id, added tokens included. */
export function tokenOfId(definition: BpeDefinition, id: number): string | undefined {
  let added = tokensById.get(definition);
  if (added === undefined) {
    added = new Map(definition.addedTokens.map((token) => [token.id, token.content]));
    tokensById.set(definition, added);
  }
  return added.get(id) ?? definition.model.tokens[id];
}

/** One more than the highest id. */
export function endOfIds({ model, addedTokens }: BpeDefinition): number {
  return addedTokens.reduce((end, { id }) => Math.max(end, id + 1), model.tokens.length);
}
