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
  const known = mergesOfKnownTokens(json.model.merges, vocab);
  for (const { rank, missing } of known.missing)
    faults.push(
      `merges[${rank}]: token ${JSON.stringify(missing)} is not in the vocabulary, and the library refuses the file`,
    );
  const added_tokens = numberedByLibrary(json.added_tokens, vocab, faults);
  if (faults.length === 0) return undefined;
  // Once more, without those of tokens whose ids were taken.
  const { merges } = mergesOfKnownTokens(known.merges, vocab);
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

interface KnownMerges {
  readonly merges: readonly unknown[];
  /** Merges of, or to, a token that is not in the vocabulary. */
  readonly missing: readonly { readonly rank: number; readonly missing: string }[];
}

function mergesOfKnownTokens(all: readonly unknown[], vocab: ReadonlyMap<string, number>): KnownMerges {
  const missing: { rank: number; missing: string }[] = [];
  const merges = all.filter((merge, rank) => {
    const parts = typeof merge === "string" ? merge.split(" ") : merge;
    // Left to the parser and its message.
    if (!Array.isArray(parts) || parts.length !== 2 || parts.some((part) => typeof part !== "string"))
      return true;
    const [left, right] = parts as [string, string];
    const token = [left, right, left + right].find((part) => !vocab.has(part));
    if (token !== undefined) missing.push({ rank, missing: token });
    return token === undefined;
  });
  return { merges, missing };
}

/**
 * An added token has the id that model.vocab gives it, else the next one, counted upwards from the number of tokens in
 * model.vocab, whatever its own entry says. One that meets the id of a token of the model stands before it when ids are
 * decoded: here it takes its place in `vocab`.
 */
function numberedByLibrary(
  addedTokens: TokenizerJson["added_tokens"],
  vocab: Map<string, number>,
  faults: string[],
): unknown[] {
  const tokenOfId = new Map(Array.from(vocab, ([token, id]) => [id, token]));
  const hidden = new Set<string>();
  let next = vocab.size;
  const numbered = addedTokens.map((token, i) => {
    const id = vocab.get(token.content) ?? next++;
    const name = `added_tokens[${i}], ${JSON.stringify(token.content)}`;
    if (id !== token.id)
      faults.push(`${name}: the file says id ${token.id}, the library loads it with id ${id}`);
    const other = tokenOfId.get(id);
    if (other !== undefined && other !== token.content) {
      faults.push(`${name}: its id ${id} is also that of ${JSON.stringify(other)}`);
      hidden.add(other);
    }
    return { ...token, id };
  });
  for (const token of hidden) vocab.delete(token);
  // Once one is missing, counting would give other ids.
  if (hidden.size > 0) for (const { content, id } of numbered) vocab.set(content, id);
  return numbered;
}
