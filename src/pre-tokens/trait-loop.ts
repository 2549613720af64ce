// Finds the traits of segments by the loop in WebAssembly (wasm/assembly/traits.ts), chunk by chunk.

import type { SegmentCounts } from "../counting/segment-counts.ts";
import { loadWasm } from "../wasm/load-wasm.ts";
import type { SegmentTraits } from "./segment-traits.ts";

/** Segments of one call, at most, and their bytes. */
const CHUNK_SEGMENTS = 4096;
const CHUNK_BYTES = 1 << 16;
/** Bytes that the loop may read behind the text. */
const PADDING = 16;

// Byte addresses; wasm/assembly/traits.ts has the same.
const BITS = 1024;
const GROUPS = 8192;
const OFFSETS = 16384;
const CHARACTERS = 36864;
const PIECES = 57344;
const TEXT = 81920;
const FIRST_PAIRS = 151552;
const KINDS = 262144;
const PAGE = 0x10000;

export class TraitLoop {
  private readonly traits: (count: number) => void;
  private readonly found: SegmentTraits;
  private readonly offsets: Int32Array;
  private readonly text: Uint8Array;
  private readonly firstPairs: Uint8Array;

  constructor(module: WebAssembly.Module, kinds: Uint16Array) {
    const memory = new WebAssembly.Memory({ initial: Math.ceil((KINDS + kinds.byteLength) / PAGE) });
    const { buffer } = memory;
    new Uint16Array(buffer, KINDS, kinds.length).set(kinds);
    this.found = {
      bits: new Uint8Array(buffer, BITS, CHUNK_SEGMENTS),
      groups: new Uint16Array(buffer, GROUPS, CHUNK_SEGMENTS),
      characters: new Uint32Array(buffer, CHARACTERS, CHUNK_SEGMENTS),
      pieces: new Uint32Array(buffer, PIECES, CHUNK_SEGMENTS),
    };
    this.offsets = new Int32Array(buffer, OFFSETS, CHUNK_SEGMENTS + 1);
    this.text = new Uint8Array(buffer, TEXT, CHUNK_BYTES + PADDING);
    this.firstPairs = new Uint8Array(buffer, FIRST_PAIRS, 0x10000);
    const { exports } = new WebAssembly.Instance(module, { env: { memory } });
    this.traits = exports["traits"] as (count: number) => void;
  }

  /** To be called before `run`: 1 for every two bytes that an added token begins with. */
  begin(addedFirstPairs: Uint8Array): void {
    this.firstPairs.set(addedFirstPairs);
  }

  /** Finds the traits of segments from `from` on, as many as fit; returns how many, 0 where not even one does. */
  run({ bytes, offsets, counts }: SegmentCounts, from: number, into: SegmentTraits): number {
    const start = offsets[from]!;
    const most = Math.min(counts.length - from, CHUNK_SEGMENTS);
    let count = 0;
    while (count < most && offsets[from + count + 1]! - start <= CHUNK_BYTES)
      this.offsets[++count] = offsets[from + count]! - start;
    if (count === 0) return 0;
    this.text.set(bytes.subarray(start, offsets[from + count]! + PADDING));
    this.traits(count);
    const { found } = this;
    into.bits.set(found.bits.subarray(0, count), from);
    into.groups.set(found.groups.subarray(0, count), from);
    into.characters.set(found.characters.subarray(0, count), from);
    into.pieces.set(found.pieces.subarray(0, count), from);
    return count;
  }
}

let loop: TraitLoop | undefined;

/** The loop of this thread, or undefined where there is no WebAssembly. @param kinds of each code point, always the same */
export function traitLoop(kinds: Uint16Array): TraitLoop | undefined {
  const module = loadWasm("traits");
  if (module === undefined) return undefined;
  loop ??= new TraitLoop(module, kinds);
  return loop;
}
