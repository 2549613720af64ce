// Puts the pieces of a SentencePiece model together (SentencePiece, src/sentencepiece_processor.cc, `Decode`).

import type { SentencePieceDecoder } from "./definition.ts";

const SPACE_SYMBOL = "▁";

/** @param pieces the piece of each id */
export function decodeSentencePieces(
  ids: readonly number[],
  pieces: readonly string[],
  decoder: SentencePieceDecoder,
): string {
  let text = "";
  let bytes: number[] = [];
  let isFirst = true;
  let droppedSpace = false;
  ids.forEach((id, i) => {
    const byte = byteOf(pieces[i]!);
    if (byte !== undefined) {
      bytes.push(byte);
      return;
    }
    text += decodeBytes(bytes);
    bytes = [];
    if (droppedSpace || text !== "") isFirst = false;
    const piece = surfaceOf(id, pieces[i]!, decoder);
    const drops = isFirst && decoder.dropsFirstSpace && piece.marked && piece.text.startsWith(SPACE_SYMBOL);
    droppedSpace = drops && !decoder.dropsAllFirstSpaces;
    const shown = drops ? piece.text.slice(1) : piece.text;
    text += piece.marked ? shown.replaceAll(SPACE_SYMBOL, " ") : shown;
  });
  return text + decodeBytes(bytes);
}

function surfaceOf(
  id: number,
  piece: string,
  { controls, unknownId, unknownSurface }: SentencePieceDecoder,
): { readonly text: string; readonly marked: boolean } {
  if (controls.has(id)) return { text: "", marked: false };
  return id === unknownId ? { text: unknownSurface, marked: false } : { text: piece, marked: true };
}

function byteOf(piece: string): number | undefined {
  return /^<0x[0-9A-F]{2}>$/.test(piece) ? Number.parseInt(piece.slice(3, 5), 16) : undefined;
}

// Every byte that is no part of a character becomes U+FFFD.
function decodeBytes(bytes: readonly number[]): string {
  let text = "";
  for (let at = 0; at < bytes.length; ) {
    const length = characterLength(bytes, at);
    text += length === 0 ? "\ufffd" : Buffer.from(bytes.slice(at, at + length)).toString("utf8");
    at += Math.max(1, length);
  }
  return text;
}

// 0 where no whole character of UTF-8 begins.
function characterLength(bytes: readonly number[], at: number): number {
  const lead = bytes[at]!;
  const length = lead < 0x80 ? 1 : lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
  const character = Buffer.from(bytes.slice(at, at + length));
  return Buffer.from(character.toString("utf8")).equals(character) ? length : 0;
}
