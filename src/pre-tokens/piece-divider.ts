// Divides segments as they stand into pieces, which get their numbers: short ones by a loop in WebAssembly, where there is one
// for the tokenizer, the rest by its splitter or cutter.

import type { ByteStringTable } from "../counting/byte-string-table.ts";
import { type SegmentCounts, segmentStart } from "../counting/segment-counts.ts";
import type { PieceCutter } from "../tokenizer/piece-cutter.ts";
import { PieceList, type Splitter } from "../tokenizer/splitter.ts";
import { LOOP_SEGMENT_BYTES, type PieceLoop, type PieceLoops } from "./piece-loops.ts";
import type { PreTokenLists, PreTokenPool } from "./pre-token-lists.ts";

/** Borders of pieces that are numbered together. */
const PENDING_BORDERS = 4096;

export class PieceDivider {
  private readonly table: ByteStringTable;
  private readonly splitter: Splitter;
  private readonly cutter: PieceCutter | undefined;
  private readonly loops: PieceLoops | undefined;
  private readonly loop: PieceLoop | undefined;
  /** Pieces of the block that have no number yet. */
  private readonly pieces = new PieceList();

  /**
   * @param cutter in place of the splitter, where there is one
   * @param loops over `table`, where there are any
   */
  constructor(
    table: ByteStringTable,
    splitter: Splitter,
    cutter: PieceCutter | undefined,
    loops: PieceLoops | undefined,
  ) {
    this.table = table;
    this.splitter = splitter;
    this.cutter = cutter;
    this.loops = loops;
    this.loop = cutter === undefined ? loops?.splitting(splitter) : loops?.cutting(cutter);
  }

  /** Divides the segments with a mark of 1; marks are used up. Those that the loop does not take are divided first. */
  divide(block: SegmentCounts, marks: Uint8Array, pool: PreTokenPool, lists: PreTokenLists): void {
    const { bytes, offsets } = block;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let i = 0; i < marks.length; i++) {
      const end = offsets[i + 1]!;
      if (marks[i] === 0 || (this.loop !== undefined && end - offsets[i]! <= LOOP_SEGMENT_BYTES)) continue;
      marks[i] = 0;
      if (this.pieces.length > PENDING_BORDERS) this.numberPieces(bytes, view, pool);
      lists.starts[i] = pool.size + this.pieces.length / 2;
      this.addPieces(bytes, segmentStart(bytes, offsets[i]!), end);
      lists.ends[i] = pool.size + this.pieces.length / 2;
    }
    this.numberPieces(bytes, view, pool);
    if (this.loop !== undefined) this.loops!.run(this.loop, block, marks, pool, lists);
  }

  private addPieces(bytes: Uint8Array, start: number, end: number): void {
    if (this.cutter === undefined) this.splitter.split(bytes, start, end, this.pieces);
    else this.cutter.cut(bytes, start, end, this.pieces);
  }

  // Moves the pending pieces of `bytes` to the pool, as the numbers of their texts.
  private numberPieces(bytes: Uint8Array, view: DataView, pool: PreTokenPool): void {
    const count = this.pieces.length / 2;
    pool.reserve(count);
    this.table.internAll(bytes, view, this.pieces.offsets, count, pool.list, pool.size);
    pool.size += count;
    this.pieces.clear();
  }
}
