// Which symbols may be joined, and what their product may be: hard rules of the base, and the constraints.

import { BYTE_CHARACTERS } from "../text/byte-alphabet.ts";
import { byteFallbackToken } from "../tokenizer/model-tokens.ts";
import { hasPreTokenizer } from "../tokenizer/safe-cuts.ts";
import type { BpeTokenizer } from "../tokenizer/tokenizer.ts";
import { AllowedText, characterLength, decodeAt, type Verdict } from "./allowed-text.ts";
import { SymbolTable } from "./symbol-table.ts";
import type { TokenConstraints } from "./token-constraints.ts";
import { partKey, partsOfUnreachable } from "./unreachable-parts.ts";
import { MOST_CELLS } from "./word-cells.ts";

/** A symbol has no more cells than bytes. */
const MOST_BYTES = MOST_CELLS;

/** What a pair becomes, or why it may not be joined. */
export type Judgement = Verdict | "added token" | "part of an unreachable token" | "excluded";

export class SymbolRules {
  readonly symbols: SymbolTable;
  private readonly base: BpeTokenizer;
  private readonly text: AllowedText;
  private readonly maxBytes: number;
  private readonly stones: NonNullable<TokenConstraints["stones"]>;
  private readonly excluded: ReadonlySet<string>;
  private readonly unreachable: ReadonlySet<string>;
  private readonly spaceOnlyFirst: boolean;
  /** By symbol. */
  private readonly open: boolean[] = [];
  private readonly opensWithSpace: boolean[] = [];
  private readonly lengths: number[] = [];
  /** Byte tokens of the base by byte, where its characters may be covered. */
  private readonly byteIds: Int32Array | undefined;
  private readonly closedIds = new Set<number>();
  /** The id of what the base does not know, where characters of it may be covered. */
  private readonly unknownId: number | undefined;
  /** Symbols of characters that the base spells in bytes or does not know, by code point. */
  private readonly characters = new Map<number, number>();
  private readonly characterSymbols = new Set<number>();

  /** @param coversUnknown whether the base knows characters by its pieces alone: a Unigram base */
  constructor(base: BpeTokenizer, constraints: TokenConstraints, coversUnknown = false) {
    const { model } = base.definition;
    this.base = base;
    this.symbols = new SymbolTable(model);
    const readsPieces = !hasPreTokenizer(base.definition);
    this.spaceOnlyFirst = readsPieces || constraints.scripts !== undefined;
    this.text = new AllowedText(constraints, readsPieces);
    this.maxBytes = Math.min(constraints.maxBytes ?? MOST_BYTES, MOST_BYTES);
    this.stones = constraints.stones ?? "ways";
    this.excluded = new Set(constraints.exclude);
    this.unreachable = partsOfUnreachable(base);
    if (model.unknownId !== undefined) this.closedIds.add(model.unknownId);
    const covers = constraints.coverCharacters === true;
    if (coversUnknown && covers && !model.byteFallback) this.unknownId = model.unknownId;
    if (!model.byteFallback) return;
    const byteIds = Int32Array.from(
      BYTE_CHARACTERS,
      (_, byte) => model.idOfToken.get(byteFallbackToken(byte)) ?? -1,
    );
    for (const id of byteIds) this.closedIds.add(id);
    if (covers && byteIds.every((id) => id >= 0) && !model.merges.some((id) => this.closedIds.has(id)))
      this.byteIds = byteIds;
  }

  /** The symbol of a base id. */
  symbolOf(id: number): number {
    const symbol = this.symbols.ofBase(id);
    if (symbol === this.open.length) this.describe(symbol, !this.closedIds.has(id));
    return symbol;
  }

  /** Ids of the base are below this. */
  get baseIds(): number {
    return this.base.definition.model.tokens.length;
  }

  /** Whether the id is a byte token that may spell a character which may become a token. */
  spellsCharacters(id: number): boolean {
    return this.byteIds?.includes(id) === true;
  }

  /** Whether there are characters that `isCharacter` is true of. */
  get hasCharacters(): boolean {
    return this.characterSymbols.size > 0;
  }

  /** Whether the id stands for unknown characters that may become tokens. */
  isUnknown(id: number): boolean {
    return id === this.unknownId;
  }

  /** The symbol of the character at `at`, which is unknown or spelt in byte tokens, the first being `id`; or -1. */
  characterAt(bytes: Uint8Array, at: number, id: number): number {
    if (!this.isUnknown(id) && (this.byteIds === undefined || this.byteIds[bytes[at]!] !== id)) return -1;
    const length = characterLength(bytes[at]!);
    const codePoint = decodeAt(bytes, at, length);
    const known = this.characters.get(codePoint);
    if (known !== undefined) return known;
    const isCovered = this.isUnknown(id) ? this.text.isCoverable(codePoint) : this.text.isOwn(codePoint);
    const symbol = isCovered ? this.addCharacter(bytes.slice(at, at + length)) : -1;
    this.characters.set(codePoint, symbol);
    return symbol;
  }

  private addCharacter(bytes: Uint8Array): number {
    const ids =
      this.byteIds === undefined ? [this.unknownId!] : Array.from(bytes, (byte) => this.byteIds![byte]!);
    const symbol = this.symbols.push(-1, Buffer.from(bytes).toString("utf8"), bytes, ids);
    this.describe(symbol, !this.holdsAdded(bytes));
    this.characterSymbols.add(symbol);
    return symbol;
  }

  /** Whether the symbol is a character that the base spells in bytes or does not know, and that is not a token yet. */
  isCharacter(symbol: number): boolean {
    return this.characterSymbols.has(symbol) && this.symbols.idOf[symbol]! < 0;
  }

  /** The product of a pair as a new symbol. */
  join(left: number, right: number, id: number): number {
    const symbol = this.symbols.join(left, right, id);
    this.describe(symbol, true);
    return symbol;
  }

  private describe(symbol: number, mayBeOpen: boolean): void {
    const bytes = this.symbols.bytesOf[symbol]!;
    const verdict = this.text.verdict(bytes);
    const isAlone = verdict === "token" && this.text.standsAlone(bytes);
    this.open[symbol] =
      mayBeOpen &&
      bytes.length > 0 &&
      !isAlone &&
      (verdict === "token" || verdict === "part" || verdict === "stone");
    this.opensWithSpace[symbol] = this.spaceOnlyFirst && bytes[0] === 0x20;
    this.lengths[symbol] = bytes.length;
  }

  /** Whether the symbol may be part of a pair. */
  isOpen(symbol: number): boolean {
    return this.open[symbol]!;
  }

  /** Whether a pair is worth counting: a quick look at lengths and spaces, `judge` has the last word. */
  mayJoin(left: number, right: number): boolean {
    return !this.opensWithSpace[right]! && this.lengths[left]! + this.lengths[right]! <= this.maxBytes;
  }

  /** What the product of a pair would be, before it is made. */
  judge(bytes: Uint8Array): Judgement {
    const verdict = this.text.verdict(bytes);
    if (verdict === "stone" && this.stones === "never") return "characters";
    if (verdict !== "token" && verdict !== "stone" && verdict !== "part") return verdict;
    if (this.holdsAdded(bytes)) return "added token";
    if (this.unreachable.size > 0 && this.unreachable.has(partKey(bytes)))
      return "part of an unreachable token";
    if (this.excluded.size === 0) return verdict;
    const text = Buffer.from(bytes).toString("utf8");
    return this.excluded.has(text) || this.excluded.has(text.replace(/^ /, "")) ? "excluded" : verdict;
  }

  /** Whether a token that begins or ends inside a character is learned only on the way to another. */
  get stonesAreWays(): boolean {
    return this.stones === "ways";
  }

  private holdsAdded(bytes: Uint8Array): boolean {
    return this.base.textMatchers.some((matcher) => matcher.occurs(bytes, 0, bytes.length));
  }
}
