// BPE in slow motion: what `BpeEncoder` does to one pre-token, step by step, for `vocab inspect`. Plain loops, no speed.

import { BYTE_CHARACTERS } from "../text/byte-alphabet.ts";
import type { BpeModel } from "./definition.ts";
import type { MergeTable } from "./merge-table.ts";
import { byteFallbackToken } from "./model-tokens.ts";

/**
 * How a symbol came to be. `whole`: the pre-token was looked up as one token, which `ignore_merges` asks for; `chosen`: the
 * model, which is not BPE, divided the pre-token so.
 */
export type SymbolKind = "byte" | "character" | "byte-fallback" | "unknown" | "merged" | "whole" | "chosen";

/** A stretch of a pre-token with the token that stands for it. */
export interface TracedSymbol {
  readonly id: number;
  readonly bytes: Uint8Array;
  readonly kind: SymbolKind;
}

/** One merge: the symbols `left` and `right` became `product`. `at` counts the symbols before them. */
export interface MergeStep {
  readonly rank: number;
  readonly at: number;
  readonly left: TracedSymbol;
  readonly right: TracedSymbol;
  readonly product: TracedSymbol;
}

export interface MergeTrace {
  readonly initial: readonly TracedSymbol[];
  /** In the order in which they happen: lowest rank first, among equals leftmost. */
  readonly merges: readonly MergeStep[];
  readonly tokens: readonly TracedSymbol[];
}

/**
 * Encodes one pre-token, noting every step.
 * With merges a+b (rank 0) and ab+c (rank 1): "abc" → a b c → ab c → abc.
 * @param table of `model.merges`
 */
export function traceMerges(model: BpeModel, table: MergeTable, preToken: Uint8Array): MergeTrace {
  const whole = model.ignoreMerges ? wholeToken(model, preToken) : undefined;
  if (whole !== undefined) return { initial: [whole], merges: [], tokens: [whole] };
  const initial = model.byteLevel ? splitBytes(model, preToken) : splitCharacters(model, preToken);
  const symbols = [...initial];
  const merges: MergeStep[] = [];
  for (let step = nextMerge(table, symbols); step !== undefined; step = nextMerge(table, symbols)) {
    merges.push(step);
    symbols.splice(step.at, 2, step.product);
  }
  return { initial, merges, tokens: symbols };
}

function wholeToken(model: BpeModel, bytes: Uint8Array): TracedSymbol | undefined {
  const text = Buffer.from(bytes).toString("utf8");
  const spelling = model.byteLevel ? Array.from(bytes, (byte) => BYTE_CHARACTERS[byte]!).join("") : text;
  const id = model.idOfToken.get(spelling);
  return id === undefined ? undefined : { id, bytes, kind: "whole" };
}

// A byte that the vocabulary lacks becomes an unknown token; where there is none it is lost, and stands with its neighbour.
function splitBytes(model: BpeModel, bytes: Uint8Array): TracedSymbol[] {
  const symbols: TracedSymbol[] = [];
  let lost: number[] = [];
  for (const byte of bytes) {
    const id = model.idOfToken.get(BYTE_CHARACTERS[byte]!);
    const last = symbols.at(-1);
    const joins =
      id === undefined && (model.unknownId === undefined || (model.fuseUnknown && last?.kind === "unknown"));
    if (joins && last !== undefined)
      symbols[symbols.length - 1] = { ...last, bytes: Uint8Array.of(...last.bytes, byte) };
    else if (joins) lost.push(byte);
    else {
      const kind = id === undefined ? "unknown" : "byte";
      symbols.push({ id: id ?? model.unknownId!, bytes: Uint8Array.of(...lost, byte), kind });
      lost = [];
    }
  }
  return symbols;
}

// A character that the vocabulary lacks becomes byte tokens, or an unknown token, which may take its neighbours in. As in
// the reference, an unknown token that waits for its neighbours is written behind the byte tokens that follow it.
function splitCharacters(model: BpeModel, bytes: Uint8Array): TracedSymbol[] {
  const symbols: TracedSymbol[] = [];
  let unknown: Uint8Array | undefined;
  const writeUnknown = () => {
    if (unknown !== undefined) symbols.push({ id: model.unknownId!, bytes: unknown, kind: "unknown" });
    unknown = undefined;
  };
  for (const character of Buffer.from(bytes).toString("utf8")) {
    const spelling = Buffer.from(character, "utf8");
    const id = model.idOfToken.get(character);
    const fallback = id === undefined ? byteTokens(model, spelling) : undefined;
    if (id !== undefined) {
      writeUnknown();
      symbols.push({ id, bytes: spelling, kind: "character" });
    } else if (fallback !== undefined) {
      symbols.push(...fallback);
    } else if (model.unknownId !== undefined) {
      if (!model.fuseUnknown) writeUnknown();
      unknown = Buffer.concat([unknown ?? Buffer.alloc(0), spelling]);
    }
  }
  writeUnknown();
  return symbols;
}

function byteTokens(model: BpeModel, spelling: Uint8Array): TracedSymbol[] | undefined {
  if (!model.byteFallback) return undefined;
  const ids = Array.from(spelling, (byte) => model.idOfToken.get(byteFallbackToken(byte)));
  if (ids.includes(undefined)) return undefined;
  return ids.map((id, i) => ({ id: id!, bytes: spelling.subarray(i, i + 1), kind: "byte-fallback" }));
}

function nextMerge(table: MergeTable, symbols: readonly TracedSymbol[]): MergeStep | undefined {
  let best: MergeStep | undefined;
  for (let at = 0; at + 1 < symbols.length; at++) {
    const left = symbols[at]!;
    const right = symbols[at + 1]!;
    const slot = table.find(left.id, right.id);
    const rank = slot < 0 ? Number.POSITIVE_INFINITY : table.slots[slot + 2]!;
    if (rank >= (best?.rank ?? Number.POSITIVE_INFINITY)) continue;
    const bytes = Buffer.concat([left.bytes, right.bytes]);
    best = { rank, at, left, right, product: { id: table.slots[slot + 3]!, bytes, kind: "merged" } };
  }
  return best;
}
