// One tokenizer file as the real library would load it, and where that differs from what the file says.

import { VocabError } from "../errors.ts";
import {
  parseVocabularyFile,
  sha256OfVocabulary,
  type VocabularyFile,
} from "../expansion/vocabulary-file.ts";
import type { JsonObject } from "../tokenizer/json-reader.ts";
import { cutMerges } from "../tokenizer/merge-text.ts";
import { parseTokenizerJson } from "../tokenizer/parse-tokenizer-json.ts";
import { requireTrainable, type TrainableDefinition, type TrainableModel } from "../tokenizer/require-bpe.ts";
import { Tokenizer } from "../tokenizer/tokenizer.ts";
import type { TokenizerFile } from "./evidence.ts";
import { readAsLibrary } from "./library-reading.ts";

export interface Subject {
  readonly source: string;
  readonly file: VocabularyFile;
  readonly sha256: string;
  readonly definition: TrainableDefinition;
  readonly tokenizer: Tokenizer<TrainableModel>;
  /** A tokenizer.json without its merges, parsed; empty for other formats. */
  readonly json: JsonObject;
  /** What the file says and the library loads otherwise, or refuses. */
  readonly faults: readonly string[];
}

/**
 * @throws VocabError `tokenizer-invalid` when not even the library's own rules make sense of the file,
 * `tokenizer-unsupported`, `pattern-unsupported`
 */
export function openSubject({ source, file }: TokenizerFile): Subject {
  const { definition, faults } = parse({ source, file });
  const isJson = file.format === "tokenizer.json";
  return {
    source,
    file,
    sha256: sha256OfVocabulary(file),
    definition,
    tokenizer: new Tokenizer(definition),
    json: isJson ? (JSON.parse(cutMerges(file.text)?.rest ?? file.text) as JsonObject) : {},
    faults,
  };
}

function parse({ source, file }: TokenizerFile): Pick<Subject, "definition" | "faults"> {
  try {
    return { definition: parseVocabularyFile(file, source), faults: [] };
  } catch (error) {
    if (!(error instanceof VocabError) || error.code !== "tokenizer-invalid") throw error;
    // Only the readers of tokenizer.json make something of a file that contradicts itself.
    if (file.format !== "tokenizer.json") throw error;
    const reading = readAsLibrary(file.text);
    // Nothing was repaired: the error stands.
    if (reading === undefined) throw error;
    return {
      definition: requireTrainable(parseTokenizerJson(reading.text, source), source),
      faults: reading.faults,
    };
  }
}

const tokensById = new WeakMap<TrainableDefinition, Map<number, string>>();

/** The token of an id, added tokens included. */
export function tokenOfId(definition: TrainableDefinition, id: number): string | undefined {
  let added = tokensById.get(definition);
  if (added === undefined) {
    added = new Map(definition.addedTokens.map((token) => [token.id, token.content]));
    tokensById.set(definition, added);
  }
  return added.get(id) ?? definition.model.tokens.at(id);
}

/** One more than the highest id. */
export function endOfIds({ model, addedTokens }: TrainableDefinition): number {
  return addedTokens.reduce((end, { id }) => Math.max(end, id + 1), model.tokens.length);
}
