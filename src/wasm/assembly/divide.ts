// Divides segments into pieces and numbers them, in WebAssembly (AssemblyScript): the loops of tokenizer/splitter.ts (one
// isolating pattern), tokenizer/piece-cutter.ts and counting/byte-string-table.ts, over the table that the latter makes.

// Words of the state at address 0; counting/byte-string-table.ts has the same.
const SLOT_MASK: usize = 0;
const SIZE: usize = 4;
const SIZE_LIMIT: usize = 8;
const SLOTS: usize = 12;
const BYTES: usize = 16;
const BYTES_LIMIT: usize = 20;
const OFFSETS: usize = 24;
// Addresses of what pre-tokens/piece-loops.ts writes: text, offsets and marks of segments, and of what it reads.
const TEXT: usize = 28;
const SEGMENTS: usize = 32;
const MARKS: usize = 36;
const PIECES: usize = 40;
const NUMBERS: usize = 44;
/** Bytes of the pieces that wait in the queue. */
const WAITING: usize = 48;

const KEY_MASKS: usize = 1024;
const QUEUE: usize = 4096;
/** Pieces that are hashed before they are looked up, 16 bytes each. */
const QUEUE_ENTRIES: i32 = 64;

const INLINE_BYTES: i32 = 16;
const DEAD_STATE: i32 = 0;
const KEEPS_MATCHES: i32 = 1;
const KEEPS_GAPS: i32 = 2;
const STAGE_BYTES: usize = 16;
const DOCUMENT_START: i32 = 0xff;

// Multipliers of hashInline (counting/segment-table.ts).
const K0: i32 = <i32>0x9e3779b1;
const K1: i32 = <i32>0x85ebca6b;
const K2: i32 = <i32>0xc2b2ae35;
const K3: i32 = <i32>0x27d4eb2f;
const K4: i32 = <i32>0x2c1b3c6d;

let queued: i32 = 0;
let numbered: usize = 0;

/**
 * Splits the marked ones of `count` segments by a chain of automata (tokenizer/pattern-automaton.ts), the stages from
 * `first` to `last`. Returns how many segments were looked at: fewer than `count` when the table must grow first.
 */
export function split(count: i32, first: usize, last: usize): i32 {
  const text = <usize>load<i32>(TEXT);
  numbered = <usize>load<i32>(NUMBERS);
  for (let i = 0; i < count; i++) {
    const before = numbered + (<usize>queued << 2);
    if (load<u8>(<usize>load<i32>(MARKS) + i) !== 0) {
      const segment = <usize>load<i32>(SEGMENTS) + (<usize>i << 2);
      let at = text + load<i32>(segment);
      const end = text + load<i32>(segment, 4);
      if (!hasRoom(<i32>(end - at))) {
        drain();
        return i;
      }
      if (load<u8>(at) === DOCUMENT_START) at++;
      splitStage(at, end, first, last);
    }
    store<i32>(<usize>load<i32>(PIECES) + (<usize>i << 2), <i32>((numbered + (<usize>queued << 2) - before) >> 2));
  }
  drain();
  return count;
}

// A stage: addresses of classes and transitions, width of a row, and what is kept of the text: matches, gaps between them.
function splitStage(start: usize, end: usize, stage: usize, last: usize): void {
  const classes = <usize>load<i32>(stage);
  const transitions = <usize>load<i32>(stage, 4);
  const width = load<i32>(stage, 8);
  const keeps = load<i32>(stage, 12);
  let gap = start;
  let at = start;
  while (at < end) {
    const matched = matchEnd(at, end, classes, transitions, width);
    if (matched === 0) {
      at++;
      while (at < end && (load<u8>(at) & 0xc0) === 0x80) at++;
      continue;
    }
    if (gap < at && (keeps & KEEPS_GAPS) !== 0) emit(gap, at, stage, last);
    if ((keeps & KEEPS_MATCHES) !== 0) emit(at, matched, stage, last);
    at = matched;
    gap = matched;
  }
  if (gap < end && (keeps & KEEPS_GAPS) !== 0) emit(gap, end, stage, last);
}

@inline
function emit(start: usize, end: usize, stage: usize, last: usize): void {
  if (stage === last) push(start, end);
  else splitStage(start, end, stage + STAGE_BYTES, last);
}

/** The same, cutting at seams that no merge has (tokenizer/piece-cutter.ts). */
export function cut(count: i32, seams: usize, shift: i32): i32 {
  const text = <usize>load<i32>(TEXT);
  numbered = <usize>load<i32>(NUMBERS);
  for (let i = 0; i < count; i++) {
    const first = numbered + (<usize>queued << 2);
    if (load<u8>(<usize>load<i32>(MARKS) + i) !== 0) {
      const segment = <usize>load<i32>(SEGMENTS) + (<usize>i << 2);
      let at = text + load<i32>(segment);
      const end = text + load<i32>(segment, 4);
      if (!hasRoom(<i32>(end - at))) {
        drain();
        return i;
      }
      if (load<u8>(at) === DOCUMENT_START) at++;
      let from = at;
      let previous = -1;
      while (at < end) {
        let codePoint = decode(at);
        const next = at + length(load<u8>(at));
        if (codePoint === 0x2581) codePoint = 0x20;
        if (previous >= 0) {
          const bit = ((previous * K0) ^ (codePoint * K1)) >>> shift;
          if ((load<i32>(seams + (<usize>(bit >>> 5) << 2)) & (1 << (bit & 31))) === 0) {
            push(from, at);
            from = at;
          }
        }
        previous = codePoint;
        at = next;
      }
      push(from, end);
    }
    store<i32>(<usize>load<i32>(PIECES) + (<usize>i << 2), <i32>((numbered + (<usize>queued << 2) - first) >> 2));
  }
  drain();
  return count;
}

// Whether the table has room for all pieces that a segment of `size` bytes may make, behind those that wait.
@inline
function hasRoom(size: i32): bool {
  const strings = load<i32>(SIZE) + size + QUEUE_ENTRIES;
  if (strings > load<i32>(SIZE_LIMIT)) return false;
  const used = load<i32>(<usize>load<i32>(OFFSETS) + (<usize>load<i32>(SIZE) << 2));
  return used + size + load<i32>(WAITING) <= load<i32>(BYTES_LIMIT);
}

// End of the match that starts at `start`, or 0.
@inline
function matchEnd(start: usize, end: usize, classes: usize, transitions: usize, width: i32): usize {
  let state = 1;
  let matched: usize = 0;
  let at = start;
  while (at < end) {
    const lead = <i32>load<u8>(at);
    const codePoint = lead < 0x80 ? lead : decode(at);
    const transition = load<i32>(transitions + (<usize>(state * width + <i32>load<u8>(classes + codePoint)) << 2));
    if ((transition & 1) !== 0) matched = at;
    state = transition >> 1;
    if (state === DEAD_STATE) return matched;
    at += length(lead);
  }
  return (load<i32>(transitions + (<usize>(state * width + width - 1) << 2)) & 1) !== 0 ? end : matched;
}

@inline
function length(lead: i32): usize {
  return lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

@inline
function decode(at: usize): i32 {
  const lead = <i32>load<u8>(at);
  if (lead < 0x80) return lead;
  const second = <i32>load<u8>(at, 1) & 0x3f;
  if (lead < 0xe0) return ((lead & 0x1f) << 6) | second;
  const third = <i32>load<u8>(at, 2) & 0x3f;
  if (lead < 0xf0) return ((lead & 0xf) << 12) | (second << 6) | third;
  return ((lead & 7) << 18) | (second << 12) | (third << 6) | (<i32>load<u8>(at, 3) & 0x3f);
}

// Hashes a piece and lets it wait.
@inline
function push(start: usize, end: usize): void {
  const entry = QUEUE + (<usize>queued << 4);
  const size = <i32>(end - start);
  let hash: i32;
  if (size <= INLINE_BYTES) {
    const key = keyOf(start, size);
    hash =
      (i32x4.extract_lane(key, 0) * K0) ^
      (i32x4.extract_lane(key, 1) * K1) ^
      (i32x4.extract_lane(key, 2) * K2) ^
      ((i32x4.extract_lane(key, 3) ^ size) * K3);
    hash = (hash ^ (hash >>> 15)) * K4;
    hash ^= hash >>> 13;
  } else hash = hashLong(start, end);
  store<i32>(entry, <i32>start);
  store<i32>(entry, size, 4);
  store<i32>(entry, hash, 8);
  store<i32>(WAITING, load<i32>(WAITING) + size);
  if (++queued === QUEUE_ENTRIES) drain();
}

@inline
function keyOf(start: usize, size: i32): v128 {
  const key = v128.load(start);
  return size < INLINE_BYTES ? v128.and(key, v128.load(KEY_MASKS + (<usize>size << 4))) : key;
}

// FNV-1a with a final mix, as in counting/segment-table.ts.
function hashLong(start: usize, end: usize): i32 {
  let hash: i32 = <i32>0x811c9dc5;
  for (let at = start; at < end; at++) hash = (hash ^ <i32>load<u8>(at)) * 0x01000193;
  hash = (hash ^ (hash >>> 15)) * K4;
  return hash ^ (hash >>> 13);
}

// Numbers what waits. The slots are seldom in a cache; a loop that does nothing else waits for several of them at once.
function drain(): void {
  const slots = <usize>load<i32>(SLOTS);
  const mask = load<i32>(SLOT_MASK);
  for (let i = 0; i < queued; i++) {
    const entry = QUEUE + (<usize>i << 4);
    store<i32>(
      numbered,
      find(<usize>load<i32>(entry), load<i32>(entry, 4), load<i32>(entry, 8), slots, mask),
    );
    numbered += 4;
  }
  queued = 0;
  store<i32>(WAITING, 0);
}

// A slot: the first 16 bytes, hash, number + 1 (0 = free), length, unused.
@inline
function find(start: usize, size: i32, hash: i32, slots: usize, mask: i32): i32 {
  const key = keyOf(start, size);
  let slot = (hash >>> 3) & mask;
  let at = slots + (<usize>slot << 5);
  let number = load<i32>(at, 20) - 1;
  while (number >= 0) {
    if (load<i32>(at, 24) === size && !v128.any_true(v128.xor(key, v128.load(at)))) {
      if (size <= INLINE_BYTES || (load<i32>(at, 16) === hash && hasRest(number, start, size))) return number;
    }
    slot = (slot + 1) & mask;
    at = slots + (<usize>slot << 5);
    number = load<i32>(at, 20) - 1;
  }
  return insert(at, key, start, size, hash);
}

function insert(slot: usize, key: v128, start: usize, size: i32, hash: i32): i32 {
  const number = load<i32>(SIZE);
  const offset = <usize>load<i32>(OFFSETS) + (<usize>number << 2);
  const from = load<i32>(offset);
  memory.copy(<usize>load<i32>(BYTES) + from, start, size);
  store<i32>(offset, from + size, 4);
  store<i32>(SIZE, number + 1);
  v128.store(slot, key);
  store<i32>(slot, hash, 16);
  store<i32>(slot, number + 1, 20);
  store<i32>(slot, size, 24);
  return number;
}

function hasRest(number: i32, start: usize, size: i32): bool {
  const from = <usize>(load<i32>(BYTES) + load<i32>(<usize>load<i32>(OFFSETS) + (<usize>number << 2)));
  for (let i = INLINE_BYTES; i < size; i++) if (load<u8>(from + i) !== load<u8>(start + i)) return false;
  return true;
}
