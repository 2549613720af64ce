// XXH64 (Yann Collet): the check at the end of a Zstandard frame. Numbers of 64 bits are two halves of 32, since V8 11.3
// (Node 20) ends the process in an error of its compiler when such a loop of big integers is warm. 350 MB per CPU-second.

const BUFFER_BYTES = 1 << 16;
const STRIPE = 32;

/** Halves of the primes, the high one first. */
const PRIME_1 = [0x9e3779b1, 0x85ebca87] as const;
const PRIME_2 = [0xc2b2ae3d, 0x27d4eb4f] as const;
const PRIME_3 = [0x165667b1, 0x9e3779f9] as const;
const PRIME_4 = [0x85ebca77, 0xc2b2ae63] as const;
const PRIME_5 = [0x27d4eb2f, 0x165667c5] as const;

export class XxHash64 {
  /** Four lanes, each its low half first. */
  private readonly lanes = new Int32Array(8);
  /** Whole stripes are taken from here, where they are aligned. */
  private readonly buffer = new Uint8Array(BUFFER_BYTES);
  private readonly words = new Int32Array(this.buffer.buffer);
  private filled = 0;
  private length = 0;

  constructor() {
    const value = new Value();
    value.set(...PRIME_1).add(...PRIME_2);
    this.lanes.set([value.low, value.high, PRIME_2[1], PRIME_2[0], 0, 0]);
    value.set(~PRIME_1[0], ~PRIME_1[1]).add(0, 1);
    this.lanes.set([value.low, value.high], 6);
  }

  update(bytes: Uint8Array): void {
    this.length += bytes.length;
    for (let start = 0; start < bytes.length; ) {
      const piece = bytes.subarray(start, start + BUFFER_BYTES - this.filled);
      this.buffer.set(piece, this.filled);
      this.filled += piece.length;
      start += piece.length;
      const whole = this.filled - (this.filled % STRIPE);
      for (let lane = 0; lane < 4; lane++) this.takeWords(2 * lane, whole / 4);
      this.buffer.copyWithin(0, whole, this.filled);
      this.filled -= whole;
    }
  }

  /** The low 32 bits of the hash, which are those that a frame keeps. */
  low32(): number {
    const hash = new Value();
    const other = new Value();
    if (this.length < STRIPE) hash.set(...PRIME_5);
    else this.mergeLanes(hash, other);
    hash.add(Math.floor(this.length / 2 ** 32), this.length | 0);
    let at = 0;
    for (; at + 8 <= this.filled; at += 8) {
      other.set(this.words[at / 4 + 1]!, this.words[at / 4]!).round();
      hash
        .xor(other.high, other.low)
        .rotate(27)
        .multiply(...PRIME_1)
        .add(...PRIME_4);
    }
    if (at + 4 <= this.filled) {
      other.set(0, this.words[at / 4]!).multiply(...PRIME_1);
      hash
        .xor(other.high, other.low)
        .rotate(23)
        .multiply(...PRIME_2)
        .add(...PRIME_3);
      at += 4;
    }
    for (; at < this.filled; at++) {
      other.set(0, this.buffer[at]!).multiply(...PRIME_5);
      hash
        .xor(other.high, other.low)
        .rotate(11)
        .multiply(...PRIME_1);
    }
    hash
      .xorShift(33)
      .multiply(...PRIME_2)
      .xorShift(29)
      .multiply(...PRIME_3)
      .xorShift(32);
    return hash.low >>> 0;
  }

  // lane ← rotate(lane + word · PRIME_2, 31) · PRIME_1, for every fourth word of 64 bits. The products are those of
  // `Value.multiply`, written out.
  private takeWords(lane: number, end: number): void {
    const { words, lanes } = this;
    let low = lanes[lane]!;
    let high = lanes[lane + 1]!;
    for (let i = lane; i < end; i += 8) {
      const wordLow = words[i]!;
      let a = wordLow & 0xffff;
      let b = wordLow >>> 16;
      let first = Math.imul(a, 0xeb4f);
      let second = (Math.imul(b, 0xeb4f) + (first >>> 16)) | 0;
      let third = (Math.imul(a, 0x27d4) + (second & 0xffff)) | 0;
      const productHigh =
        (Math.imul(b, 0x27d4) +
          (second >>> 16) +
          (third >>> 16) +
          Math.imul(wordLow, PRIME_2[0]) +
          Math.imul(words[i + 1]!, PRIME_2[1])) |
        0;
      const sum = (low >>> 0) + (((third << 16) | (first & 0xffff)) >>> 0);
      high = (high + productHigh + (sum > 0xffffffff ? 1 : 0)) | 0;
      low = sum | 0;
      const turnedLow = (low << 31) | (high >>> 1);
      const turnedHigh = (high << 31) | (low >>> 1);
      a = turnedLow & 0xffff;
      b = turnedLow >>> 16;
      first = Math.imul(a, 0xca87);
      second = (Math.imul(b, 0xca87) + (first >>> 16)) | 0;
      third = (Math.imul(a, 0x85eb) + (second & 0xffff)) | 0;
      high =
        (Math.imul(b, 0x85eb) +
          (second >>> 16) +
          (third >>> 16) +
          Math.imul(turnedLow, PRIME_1[0]) +
          Math.imul(turnedHigh, PRIME_1[1])) |
        0;
      low = (third << 16) | (first & 0xffff);
    }
    lanes[lane] = low;
    lanes[lane + 1] = high;
  }

  private mergeLanes(hash: Value, other: Value): void {
    const { lanes } = this;
    hash.set(0, 0);
    [1, 7, 12, 18].forEach((by, i) => {
      other.set(lanes[2 * i + 1]!, lanes[2 * i]!).rotate(by);
      hash.add(other.high, other.low);
    });
    for (let i = 0; i < 8; i += 2) {
      other.set(lanes[i + 1]!, lanes[i]!).round();
      hash
        .xor(other.high, other.low)
        .multiply(...PRIME_1)
        .add(...PRIME_4);
    }
  }
}

/** A number of 64 bits. */
class Value {
  high = 0;
  low = 0;

  set(high: number, low: number): this {
    this.high = high | 0;
    this.low = low | 0;
    return this;
  }

  add(high: number, low: number): this {
    const sum = (this.low >>> 0) + (low >>> 0);
    return this.set(this.high + high + (sum > 0xffffffff ? 1 : 0), sum);
  }

  xor(high: number, low: number): this {
    return this.set(this.high ^ high, this.low ^ low);
  }

  rotate(by: number): this {
    const { high, low } = this;
    return this.set((high << by) | (low >>> (32 - by)), (low << by) | (high >>> (32 - by)));
  }

  /** x ^ (x >> by), `by` from 29 to 33 */
  xorShift(by: number): this {
    const { high, low } = this;
    if (by >= 32) return this.set(high, low ^ (high >>> (by - 32)));
    return this.set(high ^ (high >>> by), low ^ ((low >>> by) | (high << (32 - by))));
  }

  /** By halves of 16 bits, whose products fit into 32. */
  multiply(high: number, low: number): this {
    const a = this.low & 0xffff;
    const b = this.low >>> 16;
    const c = low & 0xffff;
    const d = low >>> 16;
    const first = Math.imul(a, c);
    const second = (Math.imul(b, c) + (first >>> 16)) | 0;
    const third = (Math.imul(a, d) + (second & 0xffff)) | 0;
    const carried = Math.imul(b, d) + (second >>> 16) + (third >>> 16);
    return this.set(
      carried + Math.imul(this.low, high) + Math.imul(this.high, low),
      (third << 16) | (first & 0xffff),
    );
  }

  /** The step of a lane from 0. */
  round(): this {
    return this.multiply(...PRIME_2)
      .rotate(31)
      .multiply(...PRIME_1);
  }
}
