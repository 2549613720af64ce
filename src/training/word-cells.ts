// The words of a training run laid out as cells, one for each base token, with a border between words:
//   " می" + "‌خواهم" → ‖ ␣م ی ‖ ZWNJ خ و ا هم ‖
// A symbol lies over one or more cells and is written in the first and in the last of them, so that its neighbours on
// both sides are found without a list. A cell is two numbers side by side, so that it lies in one cache line:
//   its mark and the length of its symbol, packed; and its word.

import { VocabError } from "../errors.ts";
import { characterLength } from "./allowed-text.ts";
import type { SymbolRules } from "./symbol-rules.ts";
import type { TrainingWords } from "./training-words.ts";
import { WordEncoder } from "./word-encoder.ts";
import { alphabeticalOrder } from "./word-order.ts";

/** Numbers of a cell. Addresses and lengths count numbers, not cells. */
export const CELL = 2;
/** Bits of a packed number for the length of a symbol. */
export const LENGTH_BITS = 12;
export const LENGTH_MASK = (1 << LENGTH_BITS) - 1;
/** Most cells under a symbol. */
export const MOST_CELLS = Math.floor(LENGTH_MASK / CELL);
/** The mark of the cells between words, and of those inside a symbol, which have another length. */
const BORDER = -(2 ** (31 - LENGTH_BITS));
export const WORD_BORDER = BORDER << LENGTH_BITS;
export const INNER = WORD_BORDER | 1;

export interface WordCells {
  /**
   * At each address `mark << LENGTH_BITS | length` and the number of the word among those that have cells. A mark is a
   * symbol, or `~symbol` (negative) where the symbol takes part in no pair, or BORDER.
   */
  readonly cells: Int32Array;
  /** Numbers in use; the first and the last cell are borders. */
  readonly size: number;
  /** The words that have cells, by their number in the table of TrainingWords. */
  readonly words: Uint32Array;
  /** Address of the words that were asked for. */
  readonly startOf: ReadonlyMap<number, number>;
  /** Addresses of each character that could become a token, by its symbol. */
  readonly characters: ReadonlyMap<number, readonly number[]>;
  /** By language: base tokens of all words, and those of the words that have no cells, where nothing can be joined. */
  readonly tokens: readonly { readonly all: number; readonly left: number }[];
}

/**
 * @param wanted words that get cells even if nothing can be joined in them
 * @throws VocabError `corpus-too-large`
 */
export function layOutWords(
  words: TrainingWords,
  rules: SymbolRules,
  wanted: ReadonlySet<number>,
): WordCells {
  const { table } = words;
  const encoder = new WordEncoder(words);
  // A single unknown character may become a token; a single token of another kind is one already.
  const fewest = words.unigram === undefined ? 2 : 1;
  // More than is used; memory that nothing touches costs nothing.
  const cells = newCells(table.offsets[table.size]! + table.size + 2);
  const startOf = new Map<number, number>();
  const characters = new Map<number, number[]>();
  const tokens = words.counts.map(() => ({ all: 0, left: 0 }));
  const kept = new Uint32Array(table.size);
  cells[0] = WORD_BORDER;
  let size = CELL;
  let number = 0;
  const writer = new WordWriter(encoder, cells, rules);
  for (const word of alphabeticalOrder(table)) {
    const count = encoder.encode(word);
    const end = count < fewest ? size : writer.write(count, size, number);
    const isKept = end > size && (canChange(cells, size, end, rules) || wanted.has(word));
    for (let language = 0; language < tokens.length; language++) {
      const total = count * (words.counts[language]![word] ?? 0);
      tokens[language]!.all += total;
      if (!isKept) tokens[language]!.left += total;
    }
    if (!isKept) continue;
    if (wanted.has(word)) startOf.set(word, size);
    if (rules.hasCharacters) noteCharacters(characters, cells, size, end, rules);
    kept[number++] = word;
    cells[end] = WORD_BORDER;
    size = end + CELL;
  }
  return { cells, size, words: kept.subarray(0, number), startOf, characters, tokens };
}

function newCells(count: number): Int32Array {
  // Positions are kept as 32-bit numbers, and up to three for each cell in one array.
  if (count * CELL < 2 ** 31 && count * 3 < 2 ** 32) return new Int32Array(count * CELL);
  throw new VocabError("corpus-too-large", `the distinct words of the corpus have ${count} bytes`, {
    hint: "train on a part of the corpus",
  });
}

/** The first number of the cell of an id that has not been looked at, or needs to be each time. */
const UNKNOWN_CELL = 0;

class WordWriter {
  private readonly encoder: WordEncoder;
  private readonly cells: Int32Array;
  private readonly rules: SymbolRules;
  /** By id the first number of its cell. */
  private readonly cellOf: Int32Array;

  constructor(encoder: WordEncoder, cells: Int32Array, rules: SymbolRules) {
    this.encoder = encoder;
    this.cells = cells;
    this.rules = rules;
    this.cellOf = new Int32Array(rules.baseIds);
  }

  // Writes the `count` tokens of the word just encoded from `at` on; returns the end.
  write(count: number, at: number, word: number): number {
    const { cells, cellOf } = this;
    const { ids } = this.encoder.model;
    let end = at;
    for (let i = 0; i < count; i++) {
      const cell = cellOf[ids[i]!]!;
      if (cell === UNKNOWN_CELL) return this.writeCarefully(count, at, word);
      cells[end] = cell;
      cells[end + 1] = word;
      end += CELL;
    }
    return end;
  }

  // The byte tokens of a character that may become a token are one cell; of unknown characters side by side, each is.
  private writeCarefully(count: number, at: number, word: number): number {
    const { cells, rules, encoder } = this;
    const { text: bytes, start, model } = encoder;
    const { ids, lengths } = model;
    let end = at;
    let byte = start;
    const put = (cell: number) => {
      cells[end] = cell;
      cells[end + 1] = word;
      end += CELL;
    };
    for (let i = 0; i < count; i++) {
      const id = ids[i]!;
      if (rules.isUnknown(id)) {
        const behind = byte + lengths[i]!;
        for (; byte < behind; byte += characterLength(bytes[byte]!)) {
          const unknown = rules.characterAt(bytes, byte, id);
          put((~(unknown >= 0 ? unknown : rules.symbolOf(id)) << LENGTH_BITS) | CELL);
        }
        continue;
      }
      const character = lengths[i] === 1 && bytes[byte]! >= 0xc0 ? rules.characterAt(bytes, byte, id) : -1;
      if (character >= 0) {
        const length = rules.symbols.constituentsOf[character]!.length;
        put((~character << LENGTH_BITS) | CELL);
        byte += length;
        i += length - 1;
        continue;
      }
      const symbol = rules.symbolOf(id);
      const cell = ((rules.isOpen(symbol) ? symbol : ~symbol) << LENGTH_BITS) | CELL;
      if (!rules.spellsCharacters(id)) this.cellOf[id] = cell;
      put(cell);
      byte += lengths[i]!;
    }
    return end;
  }
}

function noteCharacters(
  characters: Map<number, number[]>,
  cells: Int32Array,
  start: number,
  end: number,
  rules: SymbolRules,
): void {
  for (let at = start; at < end; at += CELL) {
    const mark = cells[at]! >> LENGTH_BITS;
    if (mark < 0 && rules.isCharacter(~mark)) note(characters, ~mark, at);
  }
}

function canChange(cells: Int32Array, start: number, end: number, rules: SymbolRules): boolean {
  for (let at = start; at < end; at += CELL) {
    const mark = cells[at]! >> LENGTH_BITS;
    if (mark >= 0 && at + CELL < end && cells[at + CELL]! >= 0) return true;
    if (mark < 0 && rules.isCharacter(~mark)) return true;
  }
  return false;
}

function note(lists: Map<number, number[]>, symbol: number, at: number): void {
  const list = lists.get(symbol);
  if (list === undefined) lists.set(symbol, [at]);
  else list.push(at);
}

/** Calls `visit` for each symbol, in order; `mark` as in the cells. */
export function eachSymbol(
  { cells, size }: WordCells,
  visit: (mark: number, word: number, at: number) => void,
): void {
  for (let at = CELL; at < size; ) {
    const packed = cells[at]!;
    if (packed !== WORD_BORDER) visit(packed >> LENGTH_BITS, cells[at + 1]!, at);
    at += packed === WORD_BORDER ? CELL : packed & LENGTH_MASK;
  }
}

/** Tokens of a text as the cells stand now. @param weights of the words that have cells */
export function countTokens(laidOut: WordCells, weights: Float64Array, rules: SymbolRules): number {
  let tokens = 0;
  eachSymbol(laidOut, (mark, word) => {
    const isSeveral = mark < 0 && rules.isCharacter(~mark);
    tokens += (isSeveral ? rules.symbols.constituentsOf[~mark]!.length : 1) * weights[word]!;
  });
  return tokens;
}

/** The counts of the words that have cells. */
export function weightsOf({ words }: WordCells, counts: Float64Array): Float64Array {
  const weights = new Float64Array(words.length);
  for (let i = 0; i < words.length; i++) weights[i] = counts[words[i]!] ?? 0;
  return weights;
}
