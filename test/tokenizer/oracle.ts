// The reference library as tests ask it: npm `tokenizers`, the official binding of the Rust core.

import { Tokenizer as Reference } from "tokenizers";

const OPTIONS = { addSpecialTokens: false } as const;

export type { Reference };

/** @throws what the library says about the file */
export function loadReference(json: string): Reference {
  return Reference.fromString(json);
}

/** Ids of many texts, in batches that keep the library's memory small. */
export async function referenceIds(reference: Reference, texts: readonly string[]): Promise<number[][]> {
  const ids: number[][] = [];
  for (let at = 0; at < texts.length; at += 1000) {
    const encodings = await reference.encodeBatch(texts.slice(at, at + 1000), OPTIONS);
    for (const encoding of encodings) ids.push(encoding.getIds());
  }
  return ids;
}

/** What a Split with this regex matches in a text; undefined where the library refuses the regex. */
export function referenceMatches(regex: string): ((text: string) => string[]) | undefined {
  const json = {
    version: "1.0",
    added_tokens: [],
    model: { type: "WordLevel", vocab: { x: 0 }, unk_token: "x" },
    pre_tokenizer: { type: "Split", pattern: { Regex: regex }, behavior: "Removed", invert: true },
  };
  try {
    const preTokenizer = Reference.fromString(JSON.stringify(json)).getPreTokenizer()!;
    return (text) => preTokenizer.preTokenizeString(text).map(([piece]) => piece);
  } catch {
    return undefined;
  }
}
