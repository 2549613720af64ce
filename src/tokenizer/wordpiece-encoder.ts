// Encodes one word with a WordPiece model, as BERT does: the longest token of the vocabulary, again and again from the
// left; a word that cannot be spelt so is one unknown token (tokenizers, src/models/wordpiece/mod.rs).

import type { WordPieceModel } from "./definition.ts";
import { PieceTrie } from "./piece-trie.ts";

export class WordPieceEncoder {
  ids = new Int32Array(64);
  lengths = new Int32Array(64);
  readonly loop = undefined;
  private readonly model: WordPieceModel;
  private readonly trie = new PieceTrie();
  /** The node of the trie behind the prefix of tokens that continue a word, or -1. */
  private readonly continuing: number;

  constructor(model: WordPieceModel) {
    this.model = model;
    for (const [token, id] of model.idOfToken) this.trie.add(Buffer.from(token, "utf8"), id);
    let node = 0;
    for (const byte of Buffer.from(model.continuingPrefix, "utf8"))
      node = node < 0 ? -1 : this.trie.child(node, byte);
    this.continuing = node;
  }

  encode(bytes: Uint8Array, start: number, end: number): number {
    if (end - start > this.ids.length) {
      this.ids = new Int32Array(2 * (end - start));
      this.lengths = new Int32Array(2 * (end - start));
    }
    const count = this.isTooLong(bytes, start, end) ? -1 : this.spell(bytes, start, end);
    if (count >= 0) return count;
    this.ids[0] = this.model.unknownId;
    this.lengths[0] = end - start;
    return 1;
  }

  private isTooLong(bytes: Uint8Array, start: number, end: number): boolean {
    const most = this.model.maxWordCharacters;
    if (end - start <= most) return false;
    let characters = 0;
    for (let i = start; i < end; i++) if ((bytes[i]! & 0xc0) !== 0x80) characters++;
    return characters > most;
  }

  // The number of tokens, or -1 when the vocabulary cannot spell the word.
  private spell(bytes: Uint8Array, start: number, end: number): number {
    let count = 0;
    for (let at = start; at < end; ) {
      let node = at === start ? 0 : this.continuing;
      let id = -1;
      let length = 0;
      for (let to = at; to < end && node >= 0; ) {
        node = this.trie.child(node, bytes[to]!);
        to++;
        if (node < 0 || this.trie.idAt(node) < 0) continue;
        id = this.trie.idAt(node);
        length = to - at;
      }
      if (id < 0) return -1;
      this.ids[count] = id;
      this.lengths[count++] = length;
      at += length;
    }
    return count;
  }
}
