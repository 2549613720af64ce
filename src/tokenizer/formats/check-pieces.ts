// What SentencePiece itself demands of the pieces before it loads a model (model_interface.cc, InitializePieces, 0.2.3).

import { shown } from "../json-reader.ts";
import { invalidFile } from "./file-place.ts";
import type { SentencePiece } from "./read-sentencepiece.ts";
import type { SentencePieceType, TrainerSpec } from "./sentencepiece-fields.ts";

/** Longer pieces are refused by the library. */
const MAX_PIECE_BYTES = 7999;
const NUL = "\0";

/**
 * The pieces as the library takes them: a piece of a single NUL beside byte pieces becomes an unused one.
 * @param list what the format calls the list of pieces
 * @throws VocabError `tokenizer-invalid` naming the piece
 */
export function checkPieces(
  pieces: readonly SentencePiece[],
  { byteFallback, modelType }: Pick<TrainerSpec, "byteFallback" | "modelType">,
  file: string,
  list = "pieces",
): readonly SentencePiece[] {
  const taken = byteFallback ? pieces.map(withoutNul) : pieces;
  for (const [id, piece] of taken.entries()) {
    const fault = pieceFault(piece, byteFallback);
    if (fault !== undefined) throw invalidFile(file, `${list}[${id}]`, fault);
  }
  requireDifferent(taken, modelType === "bpe", file, list);
  requireWhole(taken, byteFallback, file, list);
  return taken;
}

function withoutNul(piece: SentencePiece): SentencePiece {
  return piece.text === NUL ? { ...piece, type: "unused" } : piece;
}

function pieceFault({ text, score, type }: SentencePiece, byteFallback: boolean): string | undefined {
  if (text === "") return "the piece is empty";
  if (!Number.isFinite(Math.fround(score))) return `the score is ${score}`;
  // UTF-8 takes at most 3 bytes a UTF-16 unit: most pieces need no count.
  if (text.length * 3 > MAX_PIECE_BYTES && Buffer.byteLength(text) > MAX_PIECE_BYTES)
    return `the piece is longer than ${MAX_PIECE_BYTES} bytes`;
  if (text.includes(NUL) && !(text === NUL && type === "unused")) return "the piece holds a NUL";
  if (type !== "byte") return undefined;
  if (!byteFallback) return `a byte piece, but trainer_spec.byte_fallback is off`;
  return /^<0x[0-9A-F]{2}>$/.test(text) ? undefined : `not the spelling of a byte: ${shown(text)}`;
}

// Unknown, control and byte pieces have a map of their own; BPE models keep all pieces in one.
function requireDifferent(
  pieces: readonly SentencePiece[],
  isOneMap: boolean,
  file: string,
  list: string,
): void {
  const idOfText = new Map<string, number>();
  const idOfReserved = isOneMap ? idOfText : new Map<string, number>();
  pieces.forEach(({ text, type }, id) => {
    if (text === NUL) return;
    const ids = isReserved(type) ? idOfReserved : idOfText;
    const before = ids.get(text);
    if (before !== undefined)
      throw invalidFile(file, `${list}[${id}]`, `${shown(text)} is ${list}[${before}] already`);
    ids.set(text, id);
  });
}

function isReserved(type: SentencePieceType): boolean {
  return type === "unknown" || type === "control" || type === "byte";
}

function requireWhole(
  pieces: readonly SentencePiece[],
  byteFallback: boolean,
  file: string,
  list: string,
): void {
  const unknowns = pieces.filter(({ type }) => type === "unknown").length;
  if (unknowns > 1 || (unknowns === 0 && !byteFallback))
    throw invalidFile(file, list, `expected one piece of the type unknown, found ${unknowns}`);
  const bytes = pieces.filter(({ type }) => type === "byte").length;
  if (byteFallback && bytes !== 256)
    throw invalidFile(file, list, `expected 256 byte pieces, since byte_fallback is on, found ${bytes}`);
}
