// Hands decompressed pieces to the caller of a reader: copies each to where the caller wants it.

import type { Reserve, Take } from "./read-chunks.ts";

export class PieceOutput {
  private readonly reserve: Reserve;
  private readonly take: Take;
  private offset = 0;
  /** The caller wants no more. */
  isDone = false;

  constructor(reserve: Reserve, take: Take) {
    this.reserve = reserve;
    this.take = take;
  }

  pass(piece: Uint8Array): void {
    if (this.isDone || piece.length === 0) return;
    this.reserve(piece.length).set(piece);
    this.isDone = !this.take(piece.length, this.offset);
    this.offset += piece.length;
  }
}
