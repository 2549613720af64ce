// Encodes one pre-token with a Unigram model (Kudo 2018): the path of pieces with the highest sum of scores, found from
// left to right (Viterbi 1967) exactly as the reference does (tokenizers, src/models/unigram/model.rs,
// `encode_optimized`; SentencePiece 0.2.3, src/unigram_model.cc, `EncodeOptimized`: before, sums were compared in double
// precision, and some equally good paths were decided otherwise). Of equal paths the first found stays.

import type { UnigramModel } from "./definition.ts";
import { byteFallbackToken } from "./model-tokens.ts";
import { PieceTrie } from "./piece-trie.ts";

/** What an unknown character scores below the lowest piece. */
const UNKNOWN_PENALTY = 10;
/** SentencePiece starts to count anew beyond this, since single precision has few decimals left there. */
const RESET_SCORE = 100_000;

export class UnigramEncoder {
  ids = new Int32Array(64);
  lengths = new Int32Array(64);
  readonly loop = undefined;
  private readonly model: UnigramModel;
  private readonly trie = new PieceTrie();
  private readonly unknownScore: number;
  /** Id of each byte token; undefined where unknown characters are not spelt in bytes. */
  private readonly byteIds: Int32Array | undefined;
  /** Of the best path to each place: its score, its last piece, and where that begins (-1: no path yet). */
  private scores = new Float64Array(65);
  private pieces = new Int32Array(65);
  private starts = new Int32Array(65);

  constructor(model: UnigramModel) {
    this.model = model;
    for (const id of model.pieces) this.trie.add(Buffer.from(model.tokens.at(id)!, "utf8"), id);
    const penalized = model.lowestScore - UNKNOWN_PENALTY;
    this.unknownScore = model.sentencePiece === undefined ? penalized : Math.fround(penalized);
    const byteIds = Int32Array.from(
      { length: 256 },
      (_, byte) => model.idOfToken.get(byteFallbackToken(byte)) ?? -1,
    );
    this.byteIds = model.byteFallback ? byteIds : undefined;
  }

  encode(bytes: Uint8Array, start: number, end: number): number {
    this.findPaths(bytes, start, end);
    return this.writePath(bytes, start, end - start);
  }

  // The best path to every place, from all places before it.
  private findPaths(bytes: Uint8Array, start: number, end: number): void {
    const size = end - start;
    this.makeRoom(size);
    const { scores, starts, trie } = this;
    starts.fill(-1, 0, size + 1);
    scores[0] = 0;
    for (let at = 0; at < size; ) {
      if (this.model.sentencePiece !== undefined && Math.abs(scores[at]!) > RESET_SCORE) this.reset(at, size);
      const score = scores[at]!;
      const next = at + Math.min(utf8Length(bytes[start + at]!), size - at);
      let reachesNext = false;
      let node = 0;
      for (let to = at; to < size; ) {
        node = trie.child(node, bytes[start + to]!);
        if (node < 0) break;
        to++;
        const id = trie.idAt(node);
        if (id < 0) continue;
        this.consider(at, to, id, this.pieceScore(id, to - at) + score);
        if (to === next) reachesNext = true;
      }
      if (!reachesNext) this.consider(at, next, this.model.unknownId, this.unknownScore + score);
      at = next;
    }
  }

  private pieceScore(id: number, length: number): number {
    const { scores, sentencePiece } = this.model;
    return sentencePiece?.userDefined.has(id) === true ? Math.fround(0.1 * (length - 1)) : scores[id]!;
  }

  // The scores of the paths that are still open, less that of the path to here.
  private reset(at: number, size: number): void {
    const offset = this.scores[at]!;
    for (let i = at; i <= size; i++)
      if (i === at || this.starts[i]! >= 0) this.scores[i] = Math.fround(this.scores[i]! - offset);
  }

  private consider(from: number, to: number, id: number, sum: number): void {
    const score = this.model.sentencePiece === undefined ? sum : Math.fround(sum);
    if (this.starts[to]! >= 0 && !(score > this.scores[to]!)) return;
    this.scores[to] = score;
    this.starts[to] = from;
    this.pieces[to] = id;
  }

  // Walks the path back from the end; the tokens are written from the end of `ids`, then moved to its beginning.
  private writePath(bytes: Uint8Array, start: number, size: number): number {
    const { starts, pieces } = this;
    const { unknownId } = this.model;
    let at = this.ids.length;
    for (let end = size; end > 0; ) {
      let begin = starts[end]!;
      if (pieces[end] !== unknownId) {
        at--;
        this.ids[at] = pieces[end]!;
        this.lengths[at] = end - begin;
      } else {
        while (begin > 0 && pieces[begin] === unknownId) begin = starts[begin]!;
        at = this.writeUnknown(bytes, start + begin, start + end, at);
      }
      end = begin;
    }
    const count = this.ids.length - at;
    this.ids.copyWithin(0, at);
    this.lengths.copyWithin(0, at);
    return count;
  }

  // Unknown characters side by side. The tokenizers library looks them up as one token once more.
  private writeUnknown(bytes: Uint8Array, start: number, end: number, before: number): number {
    let at = before;
    const whole = this.model.sentencePiece === undefined ? this.wholeToken(bytes, start, end) : -1;
    if (whole < 0 && this.byteIds !== undefined && hasAll(this.byteIds, bytes, start, end)) {
      for (let i = end - 1; i >= start; i--) {
        at--;
        this.ids[at] = this.byteIds[bytes[i]!]!;
        this.lengths[at] = 1;
      }
      return at;
    }
    at--;
    this.ids[at] = whole >= 0 ? whole : this.model.unknownId;
    this.lengths[at] = end - start;
    return at;
  }

  private wholeToken(bytes: Uint8Array, start: number, end: number): number {
    let node = 0;
    for (let i = start; i < end && node >= 0; i++) node = this.trie.child(node, bytes[i]!);
    return node > 0 ? this.trie.idAt(node) : -1;
  }

  private makeRoom(size: number): void {
    if (size <= this.ids.length && size < this.scores.length) return;
    const room = Math.max(size, 2 * this.ids.length);
    this.ids = new Int32Array(room);
    this.lengths = new Int32Array(room);
    this.scores = new Float64Array(room + 1);
    this.pieces = new Int32Array(room + 1);
    this.starts = new Int32Array(room + 1);
  }
}

function hasAll(byteIds: Int32Array, bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (byteIds[bytes[i]!]! < 0) return false;
  return true;
}

function utf8Length(lead: number): number {
  return lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}
