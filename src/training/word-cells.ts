// The words of a training run laid out as cells, one for each base token, with a border between words:
//   " می" + "‌خواهم" → ‖ ␣م ی ‖ ZWNJ خ و ا هم ‖
// A symbol lies over one or more cells and is written in the first and in the last of them, so that its neighbours on
// both sides are found without a list.

import { BpeEncoder } from "../tokenizer/bpe-encoder.ts";
import { SPACE_SYMBOL } from "../tokenizer/safe-cuts.ts";
import type { SymbolRules } from "./symbol-rules.ts";
import type { TrainingWords } from "./training-words.ts";

/** Between words, and in cells inside a symbol. */
export const BORDER = -0x80000000;

export interface WordCells {
  /** A symbol; or `~symbol` (negative) where it takes part in no pair; or BORDER. */
  readonly symbols: Int32Array;
  /** In the first and the last cell of a symbol: the number of its cells. */
  readonly spans: Uint16Array;
  /** The word (in the table of TrainingWords) of each cell. */
  readonly wordOf: Int32Array;
  /** Cells in use; the first and the last are borders. */
  readonly size: number;
  /** First cell of the words that were asked for. */
  readonly startOf: ReadonlyMap<number, number>;
  /** Cells of each character that could become a token, by its symbol. */
  readonly characters: ReadonlyMap<number, readonly number[]>;
  /** By language: base tokens of all words, and those of the words that have no cells, where nothing can be joined. */
  readonly tokens: readonly { readonly all: number; readonly left: number }[];
}

/** @param wanted words that get cells even if nothing can be joined in them */
export function layOutWords(
  words: TrainingWords,
  rules: SymbolRules,
  wanted: ReadonlySet<number>,
): WordCells {
  const { table } = words;
  const { model } = words.base.definition;
  const encoder = new BpeEncoder(model, words.plan.kind === "pieces" ? SPACE_SYMBOL : undefined);
  // More than is used; memory that nothing touches costs nothing.
  const capacity = table.offsets[table.size]! + table.size + 2;
  const symbols = new Int32Array(capacity);
  const spans = new Uint16Array(capacity).fill(0);
  const wordOf = new Int32Array(capacity);
  const startOf = new Map<number, number>();
  const characters = new Map<number, number[]>();
  const tokens = words.counts.map(() => ({ all: 0, left: 0 }));
  symbols[0] = BORDER;
  let size = 1;
  for (let word = 0; word < table.size; word++) {
    const start = table.offsets[word]!;
    const count = encoder.encode(table.bytes, start, table.offsets[word + 1]!);
    const end = count < 2 ? size : writeWord(table.bytes, start, encoder, count, symbols, size, rules);
    const isKept = wanted.has(word) || canChange(symbols, size, end, rules);
    words.counts.forEach((counts, language) => {
      const total = count * (counts[word] ?? 0);
      tokens[language]!.all += total;
      if (!isKept) tokens[language]!.left += total;
    });
    if (!isKept || end === size) continue;
    if (wanted.has(word)) startOf.set(word, size);
    for (let at = size; at < end; at++) {
      spans[at] = 1;
      wordOf[at] = word;
      if (symbols[at]! < 0 && rules.isCharacter(~symbols[at]!)) note(characters, ~symbols[at]!, at);
    }
    symbols[end] = BORDER;
    size = end + 1;
  }
  return { symbols, spans, wordOf, size, startOf, characters, tokens };
}

// Writes the tokens of the word just encoded from `at` on; returns the end. The byte tokens of a character that may
// become a token are one cell.
function writeWord(
  bytes: Uint8Array,
  start: number,
  { ids, lengths }: BpeEncoder,
  count: number,
  symbols: Int32Array,
  at: number,
  rules: SymbolRules,
): number {
  let end = at;
  let byte = start;
  for (let i = 0; i < count; i++) {
    const character = lengths[i] === 1 && bytes[byte]! >= 0xc0 ? rules.characterAt(bytes, byte, ids[i]!) : -1;
    if (character >= 0) {
      const length = rules.symbols.constituentsOf[character]!.length;
      symbols[end++] = ~character;
      byte += length;
      i += length - 1;
      continue;
    }
    const symbol = rules.symbolOf(ids[i]!);
    symbols[end++] = rules.isOpen(symbol) ? symbol : ~symbol;
    byte += lengths[i]!;
  }
  return end;
}

function canChange(symbols: Int32Array, start: number, end: number, rules: SymbolRules): boolean {
  for (let at = start; at < end; at++) {
    if (symbols[at]! >= 0 && at + 1 < end && symbols[at + 1]! >= 0) return true;
    if (symbols[at]! < 0 && rules.isCharacter(~symbols[at]!)) return true;
  }
  return false;
}

function note(lists: Map<number, number[]>, symbol: number, at: number): void {
  const list = lists.get(symbol);
  if (list === undefined) lists.set(symbol, [at]);
  else list.push(at);
}

/** Tokens of a language's text as the cells stand now. */
export function countTokens(cells: WordCells, counts: Float64Array, rules: SymbolRules): number {
  let tokens = 0;
  for (let at = 1; at < cells.size; ) {
    const symbol = cells.symbols[at]!;
    if (symbol === BORDER) {
      at++;
      continue;
    }
    const parts =
      symbol < 0 && rules.isCharacter(~symbol) ? rules.symbols.constituentsOf[~symbol]!.length : 1;
    tokens += parts * (counts[cells.wordOf[at]!] ?? 0);
    at += cells.spans[at]!;
  }
  return tokens;
}
