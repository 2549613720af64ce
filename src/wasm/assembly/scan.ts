// The loop of counting/segment-scanner.ts in WebAssembly (AssemblyScript): the same cuts, hashes and table, 16 bytes at a
// time. It takes segments that fit an inline key and end in U+0020 or a line feed, and hands everything else back.

/** Ends a document: bytes [start, end) of the text, and the two hashes of its segments. */
@external("env", "endDocument")
declare function endDocument(start: i32, end: i32, hashA: i32, hashB: i32): void;

// Words of the state at address 0; counting/scan-memory.ts writes and reads them too.
const AT: usize = 0;
const HASH_A: usize = 4;
const HASH_B: usize = 8;
const AT_DOCUMENT_START: usize = 12;
const DOCUMENT_AT: usize = 16;
const SLOT_MASK: usize = 20;
const USED: usize = 24;
const LONG_QUEUED: usize = 28;
const LONG_BYTES: usize = 32;
const LONG_TEXT_USED: usize = 36;

// Fixed places; the slots and then the text follow, at addresses that are given.
const KEY_MASKS: usize = 1024;
const QUEUE: usize = 4096;
const LONG_QUEUE: usize = 8192;
const CUT_KIND_OF_PAIR: usize = 65536;
const CUT_KINDS: usize = 131072;
const LONG_TEXT: usize = 196608;
const LONG_TEXT_BYTES: i32 = 126976;
const FRONT: usize = 327680;

const INLINE_BYTES: i32 = 16;
const SPACE: i32 = 0x20;
const LINE_FEED: i32 = 10;
const FRONT_MASK: i32 = (1 << 15) - 1;
const PATIENCE: i32 = 4;
/** Keys that wait to be counted in the main table, 32 bytes each. */
const QUEUE_ENTRIES: i32 = 64;
/** Longer segments that wait for their table, 16 bytes each: place in LONG_TEXT, size, hash. */
const LONG_ENTRIES: i32 = 3072;

// Multipliers of hashInline (counting/segment-table.ts) and of the documents' hashes.
const K0: i32 = <i32>0x9e3779b1;
const K1: i32 = <i32>0x85ebca6b;
const K2: i32 = <i32>0xc2b2ae35;
const K3: i32 = <i32>0x27d4eb2f;
const K4: i32 = <i32>0x2c1b3c6d;

const REACHED_LIMIT: i32 = 0;
const SLOW_SEGMENT: i32 = 1;
const TABLE_FULL: i32 = 2;
const LONG_QUEUE_FULL: i32 = 3;

/**
 * Takes segments from the state's position on, while their ends lie before `limit`. `text` and `slots` are addresses,
 * positions are relative to `text`. Returns why it stopped; the segment at the state's position is not taken.
 */
export function scan(text: usize, slots: usize, limit: i32, lines: i32): i32 {
  let p = load<i32>(AT);
  let hashA = load<i32>(HASH_A);
  let hashB = load<i32>(HASH_B);
  let atDocumentStart = load<i32>(AT_DOCUMENT_START);
  let documentAt = load<i32>(DOCUMENT_AT);
  const slotMask = load<i32>(SLOT_MASK);
  const longBytes = load<i32>(LONG_BYTES);
  let longQueued = 0;
  let longText = 0;
  let used = load<i32>(USED);
  // Room for all that may wait in the queue.
  const full = slotMask / 3 * 2 - QUEUE_ENTRIES;
  let queued = 0;
  let result = used < full ? REACHED_LIMIT : TABLE_FULL;
  store<i32>(LONG_QUEUED, 0);
  store<i32>(LONG_TEXT_USED, 0);
  if (result === TABLE_FULL) return result;
  const blanks = i8x16.splat(0x20);
  while (p < limit) {
    let key = v128.load(text + p);
    // The first byte of a segment never ends it.
    const low = i8x16.bitmask(i8x16.le_u(key, blanks));
    const ends = low & ~1;
    result = SLOW_SEGMENT;
    let q = p + (ends === 0 ? 16 : ctz(ends));
    if ((low & atDocumentStart) !== 0 || q >= limit) break;
    let byte = <i32>load<u8>(text + q);
    if (byte > SPACE || (byte === SPACE && !cutsBeforeBlank(text + q))) {
      if (byte === SPACE) {
        if (isAstral(text + q)) break;
        q++;
      }
      q = furtherEnd(text, q, limit, p + longBytes, lines);
      if (q >= limit) break;
      byte = <i32>load<u8>(text + q);
    } else if (byte !== SPACE && (byte !== LINE_FEED || lines === 0)) break;
    let hash: i32;
    if (q - p > INLINE_BYTES) {
      if (longQueued === LONG_ENTRIES || longText + q - p > LONG_TEXT_BYTES) {
        result = LONG_QUEUE_FULL;
        break;
      }
      hash = hashLong(text + p, text + q);
      const entry = LONG_QUEUE + (<usize>longQueued << 4);
      longQueued++;
      store<i32>(entry, longText);
      store<i32>(entry, q - p, 4);
      store<i32>(entry, hash, 8);
      for (let at = p; at < q; at += 16) v128.store(LONG_TEXT + longText + at - p, v128.load(text + at));
      longText += q - p;
    } else {
      key = v128.and(key, v128.load(KEY_MASKS + (<usize>(q - p) << 4)));
      hash =
        (i32x4.extract_lane(key, 0) * K0) ^
        (i32x4.extract_lane(key, 1) * K1) ^
        (i32x4.extract_lane(key, 2) * K2) ^
        (i32x4.extract_lane(key, 3) * K3);
      hash = (hash ^ (hash >>> 15)) * K4;
      hash ^= hash >>> 13;
      // Whether the key is in front cannot be foreseen: it is written to the queue anyway, and stays there if it is not.
      const front = FRONT + (<usize>(hash & FRONT_MASK) << 5);
      const isMiss = <i32>v128.any_true(v128.xor(key, v128.load(front)));
      store<i32>(front, load<i32>(front, 16) + 1 - isMiss, 16);
      const entry = QUEUE + (<usize>queued << 5);
      v128.store(entry, key);
      store<i32>(entry, hash, 16);
      queued += isMiss;
    }
    hashA = (hashA ^ hash) * K0;
    hashB = hashB * K1 + hash;
    atDocumentStart = 0;
    p = q;
    if (queued === QUEUE_ENTRIES) {
      queued = 0;
      used = drain(slots, slotMask, QUEUE_ENTRIES, used);
    }
    result = REACHED_LIMIT;
    if (byte === SPACE) {
      if (used < full) continue;
      result = TABLE_FULL;
      break;
    }
    endDocument(documentAt, q, hashA, hashB);
    p = q + 1;
    documentAt = p;
    atDocumentStart = 1;
    hashA = 0;
    hashB = 0;
  }
  used = drain(slots, slotMask, queued, used);
  store<i32>(AT, p);
  store<i32>(HASH_A, hashA);
  store<i32>(HASH_B, hashB);
  store<i32>(AT_DOCUMENT_START, atDocumentStart);
  store<i32>(DOCUMENT_AT, documentAt);
  store<i32>(USED, used);
  store<i32>(LONG_QUEUED, longQueued);
  store<i32>(LONG_TEXT_USED, longText);
  return result;
}

// Counts the queued keys in the main table. Their slots are far apart and seldom in a cache; a loop that does nothing else
// lets the processor wait for several of them at once. Returns the number of slots in use.
function drain(slots: usize, slotMask: i32, queued: i32, usedBefore: i32): i32 {
  let used = usedBefore;
  for (let i = 0; i < queued; i++) {
    const entry = QUEUE + (<usize>i << 5);
    const key = v128.load(entry);
    const hash = load<i32>(entry, 16);
    let slot = (hash >>> 3) & slotMask;
    let address = slots + (<usize>slot << 5);
    while (v128.any_true(v128.xor(key, v128.load(address)))) {
      if (load<i32>(address) === 0) {
        v128.store(address, key);
        used++;
        break;
      }
      slot = (slot + 1) & slotMask;
      address = slots + (<usize>slot << 5);
    }
    store<f64>(address, load<f64>(address, 16) + 1, 16);
    const front = FRONT + (<usize>(hash & FRONT_MASK) << 5);
    const patience = load<i32>(front, 20);
    store<i32>(front, patience - 1, 20);
    if (patience > 0) continue;
    const waiting = load<i32>(front, 16);
    if (waiting > 0) {
      const old = slots + (<usize>load<i32>(front, 24) << 5);
      store<f64>(old, load<f64>(old, 16) + <f64>waiting, 16);
    }
    v128.store(front, key);
    store<i32>(front, 0, 16);
    store<i32>(front, PATIENCE, 20);
    store<i32>(front, slot, 24);
  }
  return used;
}

// End of a segment that has none before `from`; `limit` when it comes first, lies above `last`, or is not for this loop to
// decide.
function furtherEnd(text: usize, from: i32, limit: i32, last: i32, lines: i32): i32 {
  const blanks = i8x16.splat(0x20);
  let q = from;
  while (q < limit && q <= last) {
    const low = i8x16.bitmask(i8x16.le_u(v128.load(text + q), blanks));
    if (low === 0) {
      q += 16;
      continue;
    }
    q += ctz(low);
    if (q >= limit || q > last) break;
    const byte = <i32>load<u8>(text + q);
    if (byte === LINE_FEED && lines !== 0) return q;
    if (byte !== SPACE || isAstral(text + q)) break;
    if (cutsBeforeBlank(text + q)) return q;
    q++;
  }
  return limit;
}

// FNV-1a with a final mix: hashLong of counting/segment-table.ts.
function hashLong(start: usize, end: usize): i32 {
  let hash: i32 = <i32>0x811c9dc5;
  for (let at = start; at < end; at++) hash = (hash ^ <i32>load<u8>(at)) * 0x01000193;
  hash = (hash ^ (hash >>> 15)) * K4;
  return hash ^ (hash >>> 13);
}

// Whether a character of four bytes ends before the address: its cut kind is not in the tables here.
@inline
function isAstral(at: usize): bool {
  return load<u8>(CUT_KIND_OF_PAIR + load<u16>(at - 2)) === 3 && load<u8>(at - 3) < 0xe0;
}

// Whether U+0020 at the address begins a segment: text/cut-rule.ts, by the last two bytes or the last three.
@inline
function cutsBeforeBlank(at: usize): bool {
  const kind = load<u8>(CUT_KIND_OF_PAIR + load<u16>(at - 2));
  if (kind !== 3) return kind !== 0;
  const lead = <i32>load<u8>(at - 3);
  // Four bytes: rare enough for the slow way.
  if (lead < 0xe0) return false;
  return load<u8>(CUT_KINDS + (((lead & 0xf) << 12) | ((<i32>load<u8>(at - 2) & 0x3f) << 6) | (<i32>load<u8>(at - 1) & 0x3f))) !== 0;
}
