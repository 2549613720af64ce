// Divides segments into pieces and numbers these by the loops in WebAssembly (wasm/assembly/divide.ts), where they were
// built. Segments are handed over in chunks, so that little memory is shared and stays in a cache.

import type { ByteStringTable } from "../counting/byte-string-table.ts";
import type { SegmentCounts } from "../counting/segment-counts.ts";
import type { SplitBehavior } from "../tokenizer/definition.ts";
import { type PieceCutter, SEAM_SHIFT } from "../tokenizer/piece-cutter.ts";
import type { Splitter } from "../tokenizer/splitter.ts";
import { loadWasm } from "../wasm/load-wasm.ts";
import type { PreTokenLists, PreTokenPool } from "./pre-token-lists.ts";

/** Longer segments are divided in TypeScript: the table would have to make room for as many pieces as they have bytes. */
export const LOOP_SEGMENT_BYTES = 1024;

const CHUNK_BYTES = 1 << 16;
const CHUNK_SEGMENTS = 1 << 12;
/** Bytes that the loops may read behind the text. */
const PADDING = 16;
/** Pieces that wait in the loops, and one for rounding. */
const WAITING_PIECES = 66;

// Words of the state of the table's memory, and an address in it; wasm/assembly/divide.ts has the same.
const TEXT = 7;
const SEGMENTS = 8;
const MARKS = 9;
const PIECES = 10;
const NUMBERS = 11;
const KEY_MASKS = 1024;

/** Words of a stage: addresses of classes and transitions, width of a row, what is kept. */
const STAGE_BYTES = 16;
const MATCHES = 1;
const GAPS = 2;
/** What splits keep of the text, by whether they are inverted. */
const KEPT = new Map<SplitBehavior, (invert: boolean) => number>([
  ["Isolated", () => MATCHES | GAPS],
  ["Removed", (invert) => (invert ? MATCHES : GAPS)],
]);

/** Divides the marked ones of the first `count` segments of the chunk; returns how many were looked at. */
export type PieceLoop = (count: number) => number;

interface Exports {
  readonly split: (count: number, firstStage: number, lastStage: number) => number;
  readonly cut: (count: number, seams: number, shift: number) => number;
}

export class PieceLoops {
  private readonly table: ByteStringTable;
  private readonly exports: Exports;
  private readonly classTables = new Map<Uint8Array, number>();
  private text!: Uint8Array;
  private offsets!: Int32Array;
  private marks!: Uint8Array;
  private pieces!: Int32Array;
  private numbers!: Int32Array;

  /** The loops over a table, or undefined where there is no WebAssembly. */
  static over(table: ByteStringTable): PieceLoops | undefined {
    const module = loadWasm("divide");
    return module === undefined ? undefined : new PieceLoops(table, module);
  }

  private constructor(table: ByteStringTable, module: WebAssembly.Module) {
    this.table = table;
    const { memory } = table;
    const places = [
      CHUNK_BYTES + PADDING,
      (CHUNK_SEGMENTS + 1) * 4,
      CHUNK_SEGMENTS,
      CHUNK_SEGMENTS * 4,
      CHUNK_BYTES * 4,
    ].map((bytes) => memory.allocate(bytes));
    table.state.set(places, TEXT);
    memory.addOwner(() => {
      const { buffer } = memory;
      const { state } = table;
      this.text = new Uint8Array(buffer, state[TEXT]!, CHUNK_BYTES);
      this.offsets = new Int32Array(buffer, state[SEGMENTS]!, CHUNK_SEGMENTS + 1);
      this.marks = new Uint8Array(buffer, state[MARKS]!, CHUNK_SEGMENTS);
      this.pieces = new Int32Array(buffer, state[PIECES]!, CHUNK_SEGMENTS);
      this.numbers = new Int32Array(buffer, state[NUMBERS]!, CHUNK_BYTES);
    });
    const masks = new Uint8Array(memory.buffer, KEY_MASKS, 17 * 16);
    for (let size = 0; size <= 16; size++) masks.fill(0xff, size * 16, size * 16 + size);
    const { exports } = new WebAssembly.Instance(module, { env: { memory: memory.memory } });
    this.exports = exports as unknown as Exports;
  }

  /** The loop for a chain of splits that isolate or remove; undefined for other chains. */
  splitting({ splits }: Splitter): PieceLoop | undefined {
    if (splits.length === 0 || splits.some(({ behavior }) => !KEPT.has(behavior))) return undefined;
    const stages = splits.flatMap(({ automaton, behavior, invert }) => {
      const { classes, transitions, width } = automaton;
      const classesAt = this.classTables.get(classes.table) ?? this.place(classes.table);
      this.classTables.set(classes.table, classesAt);
      const transitionsAt = this.place(new Uint8Array(transitions.buffer, 0, transitions.byteLength));
      return [classesAt, transitionsAt, width, KEPT.get(behavior)!(invert)];
    });
    const first = this.place(new Uint8Array(Int32Array.from(stages).buffer));
    const last = first + (splits.length - 1) * STAGE_BYTES;
    return (count) => this.exports.split(count, first, last);
  }

  /** The loop for a model without a pre-tokenizer; undefined where nothing can be cut. */
  cutting({ canCut, seams }: PieceCutter): PieceLoop | undefined {
    if (!canCut) return undefined;
    const seamsAt = this.place(new Uint8Array(seams.buffer, 0, seams.byteLength));
    return (count) => this.exports.cut(count, seamsAt, SEAM_SHIFT);
  }

  /** Divides the segments with a mark of 1, none above `LOOP_SEGMENT_BYTES`, and puts their pieces into pool and lists. */
  run(
    loop: PieceLoop,
    block: SegmentCounts,
    marks: Uint8Array,
    pool: PreTokenPool,
    lists: PreTokenLists,
  ): void {
    for (let from = 0; from < marks.length; ) {
      if (marks[from] === 0) {
        from++;
        continue;
      }
      const count = this.fill(block, marks, from);
      const done = loop(count);
      this.take(from, done, pool, lists);
      from += done;
      if (done === count) continue;
      const size = block.offsets[from + 1]! - block.offsets[from]!;
      this.table.reserve(size + WAITING_PIECES, size);
    }
  }

  // Copies segments from `from` on, as many as fit; returns how many.
  private fill({ bytes, offsets }: SegmentCounts, marks: Uint8Array, from: number): number {
    const start = offsets[from]!;
    const most = Math.min(marks.length - from, CHUNK_SEGMENTS);
    let count = 0;
    while (count < most && offsets[from + count + 1]! - start <= CHUNK_BYTES) {
      count++;
      this.offsets[count] = offsets[from + count]! - start;
    }
    this.text.set(bytes.subarray(start, offsets[from + count]!));
    this.marks.set(marks.subarray(from, from + count));
    return count;
  }

  private take(from: number, count: number, pool: PreTokenPool, lists: PreTokenLists): void {
    const { pieces, marks } = this;
    let at = pool.size;
    for (let i = 0; i < count; i++) {
      if (marks[i] === 0) continue;
      lists.starts[from + i] = at;
      at += pieces[i]!;
      lists.ends[from + i] = at;
    }
    pool.reserve(at - pool.size);
    pool.list.set(this.numbers.subarray(0, at - pool.size), pool.size);
    pool.size = at;
  }

  private place(bytes: Uint8Array): number {
    const address = this.table.memory.allocate(bytes.length);
    new Uint8Array(this.table.memory.buffer, address, bytes.length).set(bytes);
    return address;
  }
}
