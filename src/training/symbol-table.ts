// The symbols of a training run: the base tokens that its words have, and what is learned. They are numbered densely from
// 0, so that arrays by symbol stay small; `idOf` leads back to token ids.

import { bytesOfByteLevelToken } from "../text/byte-alphabet.ts";
import type { BpeModel } from "../tokenizer/definition.ts";
import { SPACE_SYMBOL } from "../tokenizer/safe-cuts.ts";

export const NO_SYMBOL = -1;

export class SymbolTable {
  /** Token id; -1 for a character that is not learned yet. */
  readonly idOf: number[] = [];
  /** As the model spells it. */
  readonly tokenOf: string[] = [];
  /** The bytes of text that it stands for. */
  readonly bytesOf: Uint8Array[] = [];
  /** Base ids: the leaves of its merge tree. */
  readonly constituentsOf: (readonly number[])[] = [];
  private readonly model: BpeModel;
  private readonly symbolOfId: Int32Array;
  private readonly learned = new Map<string, number>();

  constructor(model: BpeModel) {
    this.model = model;
    this.symbolOfId = new Int32Array(model.tokens.length).fill(NO_SYMBOL);
  }

  get size(): number {
    return this.idOf.length;
  }

  /** The symbol of a base id, made when it is new. */
  ofBase(id: number): number {
    const known = this.symbolOfId[id]!;
    if (known !== NO_SYMBOL) return known;
    const token = this.model.tokens.at(id) ?? "";
    const symbol = this.push(id, token, textBytes(this.model, token), [id]);
    this.symbolOfId[id] = symbol;
    return symbol;
  }

  /** The id of the token spelt so, in the base or learned; undefined when there is none. */
  idOfToken(token: string): number | undefined {
    return this.model.idOfToken.get(token) ?? this.learned.get(token);
  }

  /** @param id -1 for a character that only becomes a token when it is chosen */
  push(id: number, token: string, bytes: Uint8Array, constituents: readonly number[]): number {
    this.idOf.push(id);
    this.tokenOf.push(token);
    this.bytesOf.push(bytes);
    this.constituentsOf.push(constituents);
    return this.idOf.length - 1;
  }

  /** A new token made of two. */
  join(left: number, right: number, id: number): number {
    const token = this.tokenOf[left]! + this.tokenOf[right]!;
    this.learned.set(token, id);
    const constituents = [...this.constituentsOf[left]!, ...this.constituentsOf[right]!];
    return this.push(id, token, this.joinedBytes(left, right), constituents);
  }

  /** Gives the character its id. */
  settle(symbol: number, id: number): void {
    this.idOf[symbol] = id;
    this.learned.set(this.tokenOf[symbol]!, id);
  }

  joinedBytes(left: number, right: number): Uint8Array {
    const a = this.bytesOf[left]!;
    const b = this.bytesOf[right]!;
    const joined = new Uint8Array(a.length + b.length);
    joined.set(a);
    joined.set(b, a.length);
    return joined;
  }
}

// A token that no text is spelt with (an added token in the vocabulary) stands for nothing.
function textBytes(model: BpeModel, token: string): Uint8Array {
  if (model.byteLevel) return bytesOfByteLevelToken(token) ?? new Uint8Array(0);
  const byte = model.byteFallback ? /^<0x([0-9A-F]{2})>$/.exec(token) : null;
  if (byte !== null) return Uint8Array.of(Number.parseInt(byte[1]!, 16));
  return Buffer.from(token.replaceAll(SPACE_SYMBOL, " "), "utf8");
}
