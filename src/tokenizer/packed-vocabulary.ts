// A vocabulary in one text and a few typed arrays. As strings of their own, the tokens of a large vocabulary are half a million
// objects that the engine looks at whenever it frees memory, a fifth of the time of a further tokenizer.

import type { TokenList, Vocabulary } from "./definition.ts";

const FREE = -1;

/**
 * The same vocabulary, packed; ids come in order of the tokens' ids.
 * @throws Error where an id of `idOfToken` has another token
 */
export function packVocabulary({ tokens, idOfToken }: Vocabulary): Vocabulary {
  const packed = new PackedTokens(tokens);
  return { tokens: packed, idOfToken: new PackedIds(packed, idOfToken) };
}

class PackedTokens implements TokenList {
  readonly length: number;
  private readonly text: string;
  /** Token i is `text[starts[i], starts[i + 1])`. */
  private readonly starts: Uint32Array;
  private readonly absent = new Set<number>();

  constructor(tokens: TokenList) {
    const all = [...tokens];
    this.length = all.length;
    this.starts = new Uint32Array(all.length + 1);
    all.forEach((token, id) => {
      if (token === undefined) this.absent.add(id);
      this.starts[id + 1] = this.starts[id]! + (token?.length ?? 0);
    });
    this.text = all.join("");
  }

  at(id: number): string | undefined {
    if (id >= this.length || this.absent.has(id)) return undefined;
    return this.text.slice(this.starts[id], this.starts[id + 1]);
  }

  /** Whether a token is spelt so. */
  is(id: number, token: string): boolean {
    const start = this.starts[id]!;
    return this.starts[id + 1]! - start === token.length && this.text.startsWith(token, start);
  }

  *[Symbol.iterator](): Generator<string | undefined> {
    for (let id = 0; id < this.length; id++) yield this.at(id);
  }
}

// Open addressing with linear probing.
class PackedIds implements ReadonlyMap<string, number> {
  readonly size: number;
  private readonly tokens: PackedTokens;
  /** Ids, or FREE. */
  private readonly slots: Int32Array;
  /** Those that have a slot, in order. */
  private readonly ids: Int32Array;

  constructor(tokens: PackedTokens, idOfToken: ReadonlyMap<string, number>) {
    this.tokens = tokens;
    this.size = idOfToken.size;
    this.ids = new Int32Array(this.size);
    this.slots = new Int32Array(slotsFor(this.size)).fill(FREE);
    let count = 0;
    for (const [token, id] of idOfToken) {
      if (!tokens.is(id, token)) throw new Error(`id ${id} is not the token ${JSON.stringify(token)}`);
      this.slots[this.slotOf(token)] = id;
      this.ids[count++] = id;
    }
    this.ids.sort();
  }

  get(token: string): number | undefined {
    const id = this.slots[this.slotOf(token)]!;
    return id === FREE ? undefined : id;
  }

  has(token: string): boolean {
    return this.get(token) !== undefined;
  }

  *entries(): MapIterator<[string, number]> {
    for (const id of this.ids) yield [this.tokens.at(id)!, id];
  }

  *keys(): MapIterator<string> {
    for (const id of this.ids) yield this.tokens.at(id)!;
  }

  *values(): MapIterator<number> {
    yield* this.ids;
  }

  [Symbol.iterator](): MapIterator<[string, number]> {
    return this.entries();
  }

  forEach(callback: (id: number, token: string, map: ReadonlyMap<string, number>) => void): void {
    for (const [token, id] of this) callback(id, token, this);
  }

  // That of the token, or the free one where it would be.
  private slotOf(token: string): number {
    const mask = this.slots.length - 1;
    let slot = hash(token) & mask;
    for (;;) {
      const id = this.slots[slot]!;
      if (id === FREE || this.tokens.is(id, token)) return slot;
      slot = (slot + 1) & mask;
    }
  }
}

function slotsFor(size: number): number {
  let slots = 16;
  while (slots < 2 * size) slots *= 2;
  return slots;
}

// FNV-1a over UTF-16 code units, 32 bits, with a final mix.
function hash(token: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < token.length; i++) value = Math.imul(value ^ token.charCodeAt(i), 0x01000193);
  return value ^ (value >>> 15);
}
