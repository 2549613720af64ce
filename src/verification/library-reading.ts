// Reads a faulty tokenizer.json by the rules of Python `tokenizers` 0.23.3, so that a verification can say what the library
// would make of it (tokenizers, src/tokenizer/serialization.rs and src/tokenizer/added_vocabulary.rs, `add_tokens`).

import { isRecord } from "./json-values.ts";

export interface LibraryReading {
  /** A tokenizer.json that says what the library makes of the file. */
  readonly text: string;
  readonly faults: readonly string[];
}

interface TokenizerJson {
  readonly [key: string]: unknown;
  readonly model: {
    readonly [key: string]: unknown;
    readonly vocab: Readonly<Record<string, number>>;
    readonly merges: readonly unknown[];
  };
  readonly added_tokens: readonly {
    readonly [key: string]: unknown;
    readonly id: number;
    readonly content: string;
  }[];
}

/** Undefined when the file is not even shaped like a tokenizer.json, or has none of the faults known here. */
export function readAsLibrary(text: string): LibraryReading | undefined {
  const json = parseShape(text);
  if (json === undefined) return undefined;
  const faults: string[] = [];
  const vocab = oneTokenPerId(json.model.vocab, faults);
  const merges = mergesOfKnownTokens(json.model.merges, vocab, faults);
  const added_tokens = numberedByLibrary(json.added_tokens, vocab, faults);
  if (faults.length === 0) return undefined;
  // fromEntries keeps "__proto__", which a spread would lose.
  const model = { ...json.model, vocab: Object.fromEntries(vocab), merges };
  return { text: JSON.stringify({ ...json, added_tokens, model }), faults };
}

function parseShape(text: string): TokenizerJson | undefined {
  try {
    const json: unknown = JSON.parse(text);
    if (!isRecord(json) || !isRecord(json["model"]) || !isRecord(json["model"]["vocab"])) return undefined;
    const added = json["added_tokens"] ?? [];
    const isShaped =
      Array.isArray(json["model"]["merges"]) &&
      Array.isArray(added) &&
      added.every((token) => isRecord(token) && typeof token["content"] === "string") &&
      Object.values(json["model"]["vocab"]).every((id) => Number.isInteger(id));
    return isShaped ? ({ ...json, added_tokens: added } as unknown as TokenizerJson) : undefined;
  } catch {
    return undefined;
  }
}

// The library keeps one of two tokens for decoding, by chance; here the first in the file.
function oneTokenPerId(vocab: Readonly<Record<string, number>>, faults: string[]): Map<string, number> {
  const kept = new Map<string, number>();
  const tokenOfId = new Map<number, string>();
  for (const [token, id] of Object.entries(vocab)) {
    const other = tokenOfId.get(id);
    if (other === undefined) {
      tokenOfId.set(id, token);
      kept.set(token, id);
    } else
      faults.push(`id ${id} belongs to two tokens, ${JSON.stringify(other)} and ${JSON.stringify(token)}`);
  }
  return kept;
}

// The library refuses a file with such a merge.
function mergesOfKnownTokens(
  merges: readonly unknown[],
  vocab: ReadonlyMap<string, number>,
  faults: string[],
): unknown[] {
  return merges.filter((merge, rank) => {
    const parts = typeof merge === "string" ? merge.split(" ") : merge;
    // Left to the parser and its message.
    if (!Array.isArray(parts) || parts.length !== 2 || parts.some((part) => typeof part !== "string"))
      return true;
    const [left, right] = parts as [string, string];
    const missing = [left, right, left + right].find((token) => !vocab.has(token));
    if (missing === undefined) return true;
    faults.push(
      `merges[${rank}]: token ${JSON.stringify(missing)} is not in the vocabulary, and the library refuses the file`,
    );
    return false;
  });
}

/**
 * An added token has the id that model.vocab gives it, else the next one, counted upwards from the number of tokens in
 * model.vocab, whatever its own entry says. One that meets the id of another token takes it away from it.
 */
function numberedByLibrary(
  addedTokens: TokenizerJson["added_tokens"],
  vocab: ReadonlyMap<string, number>,
  faults: string[],
): unknown[] {
  const tokenOfId = new Map(Array.from(vocab, ([token, id]) => [id, token]));
  let next = vocab.size;
  return addedTokens.flatMap((token, i) => {
    const id = vocab.get(token.content) ?? next++;
    const name = `added_tokens[${i}], ${JSON.stringify(token.content)}`;
    if (id !== token.id)
      faults.push(`${name}: the file says id ${token.id}, the library loads it with id ${id}`);
    const other = tokenOfId.get(id);
    if (other !== undefined && other !== token.content) {
      faults.push(`${name}: its id ${id} is also that of ${JSON.stringify(other)}`);
      return [];
    }
    return [{ ...token, id }];
  });
}
