// The verb `inspect`: why a text costs what it costs under one tokenizer.

import { isUtf8 } from "node:buffer";
import { VocabError } from "../errors.ts";
import type { AlignedText } from "../tokenizer/aligned-text.ts";
import type { BpeModel, Model } from "../tokenizer/definition.ts";
import {
  findTokenizer,
  type LoadedTokenizer,
  loadTokenizer,
  type TokenizerId,
} from "../tokenizer/load-tokenizer.ts";
import { MergeTable } from "../tokenizer/merge-table.ts";
import {
  type MergeTrace,
  type SymbolKind,
  type TracedSymbol,
  traceMerges,
} from "../tokenizer/merge-trace.ts";
import type { ModelEncoder } from "../tokenizer/model-encoder.ts";
import { isByteToken, modelTokenBytes } from "../tokenizer/model-tokens.ts";
import { applyNormalizer } from "../tokenizer/normalizers.ts";
import type { Encoding, Tokenizer } from "../tokenizer/tokenizer.ts";

/**
 * The result, schema `vocab.inspection/1`. `tokenizer`, `name`, `source`, `sha256` as in an analysis. All offsets count
 * bytes of `text`; all `bytes` of tokens and symbols are hexadecimal; a `text` is absent where the bytes are not
 * well-formed UTF-8.
 */
export interface Inspection {
  readonly schema: "vocab.inspection/1";
  readonly tokenizer: string;
  readonly name: string;
  readonly source: string;
  readonly sha256: string;
  readonly text: string;
  /** UTF-8 bytes and code points of the text. */
  readonly bytes: number;
  readonly characters: number;
  /** The text after the normalizers; absent where they change nothing. */
  readonly normalized?: string | undefined;
  /** Matched added tokens and the pre-tokens between them, in the order of the text. */
  readonly parts: readonly InspectedPart[];
  readonly tokens: readonly InspectedToken[];
}

export type InspectedPart =
  | { readonly kind: "added-token"; readonly id: number; readonly text: string }
  | {
      readonly kind: "pre-token";
      /** As the model is given it: normalized, with the space symbol where the tokenizer writes one. */
      readonly text: string;
      readonly bytes: string;
      /** What the pre-token is cut into before any merge; one symbol of kind `whole` where `ignore_merges` found it. */
      readonly symbols: readonly InspectedSymbol[];
      /** In the order in which they happen. */
      readonly merges: readonly InspectedMerge[];
      /** Ids of its tokens. */
      readonly tokens: readonly number[];
    };

export interface InspectedSymbol {
  readonly id: number;
  readonly kind: SymbolKind;
  readonly text?: string | undefined;
  readonly bytes: string;
  /** Of a piece of a Unigram model: its log probability. */
  readonly score?: number;
}

export interface InspectedMerge {
  /** Place in the list of merges: the lowest goes first. */
  readonly rank: number;
  /** Symbols of the pre-token before the pair. */
  readonly at: number;
  readonly left: InspectedSymbol;
  readonly right: InspectedSymbol;
  readonly product: InspectedSymbol;
}

export interface InspectedToken {
  readonly id: number;
  /** As the vocabulary spells it. */
  readonly token: string;
  readonly text?: string | undefined;
  readonly bytes: string;
  /** The bytes of the text under the token. */
  readonly start: number;
  readonly end: number;
  readonly added: boolean;
  /** Its bytes are not whole characters; never so for added and unknown tokens. */
  readonly partial: boolean;
}

/** The trace looks at every pair at every step: quadratic, so it is for words and sentences. */
const MAX_TEXT_BYTES = 8192;

/**
 * @param id known name or path of a tokenizer
 * @throws VocabError `text-too-long` (usage), and what loading throws
 */
export function inspect(id: TokenizerId, text: string): Inspection {
  const size = Buffer.byteLength(text);
  if (size > MAX_TEXT_BYTES) {
    throw new VocabError(
      "text-too-long",
      `the text to inspect has ${size} bytes: the limit is ${MAX_TEXT_BYTES}`,
      {
        kind: "usage",
        hint: "inspect a word or a sentence of it",
      },
    );
  }
  return inspectLoaded(loadTokenizer(findTokenizer(id)), text);
}

export function inspectLoaded(loaded: LoadedTokenizer, text: string): Inspection {
  const { id, name, source, sha256, tokenizer } = loaded;
  const bytes = Buffer.from(text, "utf8");
  const { encoding, preTokens } = encodeNoting(tokenizer, bytes);
  const normalized = normalize(tokenizer, bytes);
  return {
    schema: "vocab.inspection/1",
    tokenizer: id,
    name,
    source,
    sha256,
    text,
    bytes: bytes.length,
    characters: [...text].length,
    normalized: normalized === text ? undefined : normalized,
    parts: describeParts(tokenizer, encoding, preTokens),
    tokens: encoding.ids.map((_, i) => describeToken(tokenizer, encoding, i)),
  };
}

interface NotedPreToken {
  readonly bytes: Uint8Array;
  readonly ids: readonly number[];
  /** Bytes under each token. */
  readonly lengths: readonly number[];
}

// Encodes with a view of the tokenizer whose model notes every pre-token that it is given: what is shown is what happens.
function encodeNoting(
  tokenizer: Tokenizer,
  text: Uint8Array,
): { encoding: Encoding; preTokens: readonly NotedPreToken[] } {
  const preTokens: NotedPreToken[] = [];
  const { model } = tokenizer;
  const encode = (bytes: Uint8Array, start: number, end: number): number => {
    const count = model.encode(bytes, start, end);
    preTokens.push({ bytes: bytes.slice(start, end), ...tokensOf(model, count) });
    return count;
  };
  const notingModel = Object.create(model, { encode: { value: encode } });
  const view: Tokenizer = Object.create(tokenizer, { model: { value: notingModel } });
  return { encoding: view.encodeBytes(text), preTokens };
}

function tokensOf({ ids, lengths }: ModelEncoder, count: number): Pick<NotedPreToken, "ids" | "lengths"> {
  return { ids: [...ids.subarray(0, count)], lengths: [...lengths.subarray(0, count)] };
}

function normalize({ rawMatcher, definition }: Tokenizer, text: Uint8Array): string {
  const sections = rawMatcher.sections(text).map(({ id, start, end }) => {
    let section: AlignedText = { bytes: text.subarray(start, end) };
    if (id < 0) for (const step of definition.normalizers) section = applyNormalizer(section, step, true);
    return section.bytes;
  });
  return Buffer.concat(sections).toString("utf8");
}

function describeParts(
  tokenizer: Tokenizer,
  { ids, added }: Encoding,
  preTokens: readonly NotedPreToken[],
): InspectedPart[] {
  const describe = preTokenDescriber(tokenizer.definition.model);
  const parts: InspectedPart[] = [];
  let next = 0;
  for (const preToken of preTokens) {
    next = pushAdded(tokenizer, ids, added, next, parts);
    parts.push(describe(preToken));
    next += preToken.ids.length;
  }
  pushAdded(tokenizer, ids, added, next, parts);
  return parts;
}

// BPE is traced merge by merge; the other models choose all tokens of a pre-token at once.
function preTokenDescriber(model: Model): (preToken: NotedPreToken) => InspectedPart {
  if (model.type !== "bpe") return (preToken) => describeChosen(model, preToken);
  const table = new MergeTable(model.merges, model.ranks);
  return (preToken) => describePreToken(model, traceMerges(model, table, preToken.bytes), preToken);
}

function describeChosen(model: Model, { bytes, ids, lengths }: NotedPreToken): InspectedPart {
  let at = 0;
  const symbols = ids.map((id, i): InspectedSymbol => {
    const own = bytes.subarray(at, at + lengths[i]!);
    at += lengths[i]!;
    const kind =
      id === model.unknownId ? "unknown" : isByteToken(model.tokens.at(id)!) ? "byte-fallback" : "chosen";
    return {
      id,
      kind,
      text: kind === "unknown" ? model.tokens.at(id) : textOf(own),
      bytes: hex(own),
      ...(model.type === "unigram" && kind === "chosen" ? { score: model.scores[id]! } : {}),
    };
  });
  return { kind: "pre-token", text: textOf(bytes)!, bytes: hex(bytes), symbols, merges: [], tokens: ids };
}

// Added tokens from `next` on become parts; returns the place of the first token that is none.
function pushAdded(
  { definition }: Tokenizer,
  ids: readonly number[],
  added: readonly boolean[],
  next: number,
  parts: InspectedPart[],
): number {
  let at = next;
  for (; at < ids.length && added[at]; at++) {
    const { content } = definition.addedTokens.find((token) => token.id === ids[at])!;
    parts.push({ kind: "added-token", id: ids[at]!, text: content });
  }
  return at;
}

function describePreToken(model: BpeModel, trace: MergeTrace, { bytes, ids }: NotedPreToken): InspectedPart {
  if (trace.tokens.length !== ids.length || trace.tokens.some((token, i) => token.id !== ids[i]))
    throw new Error(`the trace of ${hex(bytes)} ends in other tokens than encoding it`);
  const describe = (symbol: TracedSymbol) => describeSymbol(model, symbol);
  return {
    kind: "pre-token",
    text: textOf(bytes)!,
    bytes: hex(bytes),
    symbols: trace.initial.map(describe),
    merges: trace.merges.map(({ rank, at, left, right, product }) => ({
      rank,
      at,
      left: describe(left),
      right: describe(right),
      product: describe(product),
    })),
    tokens: ids,
  };
}

function describeSymbol(model: BpeModel, { id, kind, bytes }: TracedSymbol): InspectedSymbol {
  return { id, kind, text: kind === "unknown" ? model.tokens.at(id) : textOf(bytes), bytes: hex(bytes) };
}

function describeToken({ definition }: Tokenizer, encoding: Encoding, i: number): InspectedToken {
  const { model, addedTokens } = definition;
  const id = encoding.ids[i]!;
  const added = encoding.added[i]!;
  const token = added ? addedTokens.find((entry) => entry.id === id)!.content : model.tokens.at(id)!;
  const bytes = added ? Buffer.from(token, "utf8") : modelTokenBytes(model, token);
  return {
    id,
    token,
    text: textOf(bytes),
    bytes: hex(bytes),
    start: encoding.starts[i]!,
    end: encoding.ends[i]!,
    added,
    partial: !added && id !== model.unknownId && !isUtf8(bytes),
  };
}

function textOf(bytes: Uint8Array): string | undefined {
  return isUtf8(bytes) ? Buffer.from(bytes).toString("utf8") : undefined;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
