// Turns token ids back into text by the decoder steps of a tokenizer (tokenizers, src/decoders).

import { VocabError } from "../errors.ts";
import { bytesOfByteLevelToken } from "../text/byte-alphabet.ts";
import type { DecoderStep, TokenizerDefinition } from "./definition.ts";
import { matchedContent } from "./normalizers.ts";
import { decodeSentencePieces } from "./sentencepiece-decoder.ts";

/**
 * The text of `ids`, special tokens kept. Bytes that are not valid UTF-8 become U+FFFD, as in the reference.
 * @throws VocabError `unknown-id`
 */
export function decodeIds(definition: TokenizerDefinition, ids: readonly number[]): string {
  const addedById = addedTokensById(definition);
  let tokens = ids.map((id) => {
    const isId = Number.isInteger(id) && id >= 0;
    const token = addedById.get(id) ?? (isId ? definition.model.tokens.at(id) : undefined);
    if (token === undefined)
      throw new VocabError("unknown-id", `no token has the id ${id}`, {
        hint: `ids run from 0 to ${definition.vocabSize - 1}`,
      });
    return token;
  });
  const [first] = definition.decoders;
  if (first === undefined) return tokens.join(" ");
  if (first.type === "sentencepiece") return decodeSentencePieces(ids, tokens, first);
  for (const step of definition.decoders) tokens = applyDecoder(tokens, step);
  return tokens.join("");
}

const cache = new WeakMap<TokenizerDefinition, Map<number, string>>();

function addedTokensById(definition: TokenizerDefinition): Map<number, string> {
  let map = cache.get(definition);
  if (map === undefined) {
    // A `normalized` token is decoded as the reference does: to the text it is matched in.
    map = new Map(
      definition.addedTokens.map((token) => [token.id, matchedContent(token, definition.normalizers)]),
    );
    cache.set(definition, map);
  }
  return map;
}

function applyDecoder(tokens: string[], step: DecoderStep): string[] {
  switch (step.type) {
    case "byte-level":
      return [
        Buffer.concat(
          tokens.map((token) => bytesOfByteLevelToken(token) ?? Buffer.from(token, "utf8")),
        ).toString("utf8"),
      ];
    case "byte-fallback":
      return joinByteTokens(tokens);
    case "fuse":
      return [tokens.join("")];
    case "replace":
      return tokens.map((token) => token.replaceAll(step.pattern, () => step.content));
    case "strip":
      return tokens.map((token) => stripToken(token, step.content, step.start, step.stop));
    case "wordpiece":
      return tokens.map((token, i) => joinWordPiece(token, i, step));
    case "sentencepiece":
      throw new Error("decodes alone");
    case "metaspace":
      return tokens.map((token, i) =>
        token.replaceAll(step.replacement, i === 0 && step.dropFirst ? "" : " "),
      );
  }
}

function joinByteTokens(tokens: readonly string[]): string[] {
  const joined: string[] = [];
  let pending: number[] = [];
  const flush = () => {
    if (pending.length === 0) return;
    const bytes = Buffer.from(pending);
    const text = bytes.toString("utf8");
    const isValid = Buffer.from(text, "utf8").equals(bytes);
    if (isValid) joined.push(text);
    else joined.push(...pending.map(() => "\ufffd"));
    pending = [];
  };
  for (const token of tokens) {
    // The reference reads the digits with a parser that allows a sign.
    const byte = /^<0x([0-9A-Fa-f]{2}|\+[0-9A-Fa-f])>$/.exec(token);
    if (byte !== null) pending.push(Number.parseInt(byte[1]!, 16));
    else {
      flush();
      joined.push(token);
    }
  }
  flush();
  return joined;
}

function joinWordPiece(
  token: string,
  index: number,
  { prefix, cleanUp }: { readonly prefix: string; readonly cleanUp: boolean },
): string {
  let text = token;
  if (index > 0) text = token.startsWith(prefix) ? token.slice(prefix.length) : ` ${token}`;
  if (cleanUp) for (const [from, to] of ENGLISH_SPACES) text = text.replaceAll(from, to);
  return text;
}

/** What the reference's `cleanup` does to each token (tokenizers, src/decoders/wordpiece.rs). */
const ENGLISH_SPACES: readonly (readonly [string, string])[] = [
  [" .", "."],
  [" ?", "?"],
  [" !", "!"],
  [" ,", ","],
  [" ' ", "'"],
  [" n't", "n't"],
  [" 'm", "'m"],
  [" do not", " don't"],
  [" 's", "'s"],
  [" 've", "'ve"],
  [" 're", "'re"],
];

function stripToken(token: string, content: string, start: number, stop: number): string {
  const characters = [...token];
  let from = 0;
  while (from < start && characters[from] === content) from++;
  let to = characters.length;
  while (characters.length - to < stop && to > 0 && characters[to - 1] === content) to--;
  return characters.slice(from, to).join("");
}
