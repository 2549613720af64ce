// Divides text where a model without a pre-tokenizer can never join it, so that equal pieces are encoded once. Two
// symbols side by side interact only through a merge whose left part ends and whose right part begins as they do; a pair
// of characters that no merge has at its seam is a border that no token crosses.

import type { BpeModel } from "./definition.ts";
import { lastCodePoint, spellsAllText } from "./model-tokens.ts";
import type { PieceList } from "./splitter.ts";

/** Bits of the set of seams. It may answer yes by mistake (3 % for Gemma's 33,695 seams), which only makes longer pieces. */
const SEAM_BITS = 20;
/** What a seam's hash is shifted by to be its bit. */
export const SEAM_SHIFT = 32 - SEAM_BITS;
const SPACE = 0x20;
const SPACE_SYMBOL = 0x2581;

const cutters = new WeakMap<BpeModel, PieceCutter>();

export class PieceCutter {
  readonly seams = new Int32Array(2 ** (SEAM_BITS - 5));
  readonly canCut: boolean;

  /**
   * The one of a model. Measured: Gemma 3's half a million merges take 50 ms to look through, and a comparison has a divider
   * for each language.
   */
  static of(model: BpeModel): PieceCutter {
    const cutter = cutters.get(model) ?? new PieceCutter(model);
    cutters.set(model, cutter);
    return cutter;
  }

  /** @param model reads U+0020 as `▁`; byte tokens take part in no merge */
  constructor(model: BpeModel) {
    // Unknown characters fuse with their neighbours by another rule than merges.
    this.canCut = spellsAllText(model);
    const tokens = [...model.tokens];
    for (let i = 0; i < model.merges.length; i += 3) {
      const left = tokens[model.merges[i]!]!;
      const right = tokens[model.merges[i + 1]!]!;
      const bit = seamBit(lastCodePoint(left), right.codePointAt(0)!);
      this.seams[bit >>> 5]! |= 1 << (bit & 31);
    }
  }

  /** Whether no token can cross the border between the two characters around `at`. */
  isBorder(bytes: Uint8Array, at: number): boolean {
    if (!this.canCut) return false;
    let start = at - 1;
    while ((bytes[start]! & 0xc0) === 0x80) start--;
    const bit = seamBit(decode(bytes, start), decode(bytes, at));
    return (this.seams[bit >>> 5]! & (1 << (bit & 31))) === 0;
  }

  /** Appends the pieces of `bytes[start, end)` to `out`. */
  cut(bytes: Uint8Array, start: number, end: number, out: PieceList): void {
    let from = start;
    let previous = -1;
    for (let at = start; at < end; ) {
      const lead = bytes[at]!;
      const codePoint = lead < 0x80 ? lead : decode(bytes, at);
      if (previous >= 0 && this.canCut) {
        const bit = seamBit(previous, codePoint);
        if ((this.seams[bit >>> 5]! & (1 << (bit & 31))) === 0) {
          out.add(from, at);
          from = at;
        }
      }
      previous = codePoint;
      at += lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    }
    out.add(from, end);
  }
}

function seamBit(left: number, right: number): number {
  const a = left === SPACE_SYMBOL ? SPACE : left;
  const b = right === SPACE_SYMBOL ? SPACE : right;
  return (Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b)) >>> SEAM_SHIFT;
}

function decode(bytes: Uint8Array, at: number): number {
  const lead = bytes[at]!;
  if (lead < 0x80) return lead;
  if (lead < 0xe0) return ((lead & 0x1f) << 6) | (bytes[at + 1]! & 0x3f);
  if (lead < 0xf0) return ((lead & 0xf) << 12) | ((bytes[at + 1]! & 0x3f) << 6) | (bytes[at + 2]! & 0x3f);
  return (
    ((lead & 7) << 18) |
    ((bytes[at + 1]! & 0x3f) << 12) |
    ((bytes[at + 2]! & 0x3f) << 6) |
    (bytes[at + 3]! & 0x3f)
  );
}
