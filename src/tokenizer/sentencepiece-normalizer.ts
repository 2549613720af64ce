// What SentencePiece does to text before its model (src/normalizer.cc, `Normalize`), with the alignment kept.

import { type AlignedText, AlignedTextBuilder, originalEnd, originalStart } from "./aligned-text.ts";
import type { SentencePieceNormalizer } from "./definition.ts";
import { PieceTrie } from "./piece-trie.ts";

const SPACE = 0x20;
const SYMBOL = Buffer.from("▁", "utf8");

/** @param isTextStart false for text that goes on from a cut inside a document */
export function normalizeAsSentencePiece(
  text: AlignedText,
  step: SentencePieceNormalizer,
  isTextStart: boolean,
): AlignedText {
  const { bytes } = text;
  const out = new AlignedTextBuilder();
  let at = 0;
  if (step.removesExtraSpaces && isTextStart) {
    // Spaces before the text.
    while (at < bytes.length) {
      const mapped = mapPrefix(bytes, at, step);
      if (mapped.bytes.length !== 1 || mapped.bytes[0] !== SPACE) break;
      at += mapped.length;
    }
  }
  if (at === bytes.length) return out.build();
  if (step.addsPrefix && isTextStart) {
    const start = originalStart(text, at);
    out.add(SYMBOL, start, start);
  }
  let isPreviousSpace = step.removesExtraSpaces && isTextStart;
  while (at < bytes.length) {
    const mapped = mapPrefix(bytes, at, step);
    const start = originalStart(text, at);
    const end = originalEnd(text, at + mapped.length);
    let from = 0;
    while (isPreviousSpace && mapped.bytes[from] === SPACE) from++;
    for (const byte of mapped.bytes.subarray(from)) {
      if (byte === SPACE) out.add(SYMBOL, start, end);
      else out.add(Uint8Array.of(byte), start, end);
    }
    if (from < mapped.bytes.length)
      isPreviousSpace = step.removesExtraSpaces && mapped.bytes[mapped.bytes.length - 1] === SPACE;
    at += mapped.length;
  }
  if (step.removesExtraSpaces) out.dropEnd(SYMBOL);
  return out.build();
}

interface Mapped {
  /** Bytes of the text that are mapped. */
  readonly length: number;
  readonly bytes: Uint8Array;
}

// A user-defined piece stays; else the longest entry of the map; else one character stays.
function mapPrefix(bytes: Uint8Array, at: number, step: SentencePieceNormalizer): Mapped {
  const kept = keptLength(bytes, at, step);
  if (kept > 0) return { length: kept, bytes: bytes.subarray(at, at + kept) };
  const found = step.charsmap?.longestPrefix(bytes, at, bytes.length);
  if (found !== undefined) return { length: found.length, bytes: found.replacement };
  const lead = bytes[at]!;
  const length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  return { length, bytes: bytes.subarray(at, at + length) };
}

const tries = new WeakMap<SentencePieceNormalizer, PieceTrie>();

function keptLength(bytes: Uint8Array, at: number, step: SentencePieceNormalizer): number {
  if (step.keeps.length === 0) return 0;
  let trie = tries.get(step);
  if (trie === undefined) {
    trie = new PieceTrie();
    step.keeps.forEach((piece, id) => {
      trie!.add(Buffer.from(piece, "utf8"), id);
    });
    tries.set(step, trie);
  }
  let node = 0;
  let longest = 0;
  for (let to = at; to < bytes.length; ) {
    node = trie.child(node, bytes[to]!);
    if (node < 0) break;
    to++;
    if (trie.idAt(node) >= 0) longest = to - at;
  }
  return longest;
}
