// The tokens of many pre-tokens, one behind another: ids, and the bytes under each. Five bytes a token, since what is written
// for the first time costs more than what is computed (docs/log.md).

/** The length is in `long`. */
const LONG = 255;

export class TokenStore {
  /** Ids of all tokens, up to `size`. */
  ids = new Int32Array(0);
  size = 0;
  private lengths = new Uint8Array(0);
  private readonly long = new Map<number, number>();

  constructor() {
    this.resize(1 << 16);
  }

  /** Bytes under a token. */
  lengthAt(token: number): number {
    const length = this.lengths[token]!;
    return length < LONG ? length : this.long.get(token)!;
  }

  /**
   * Adds the first `count` of some tokens.
   * @param expected how many tokens there may be in the end, for which room is made if it is needed
   */
  add(ids: Int32Array, lengths: Int32Array | Uint8Array, count: number, expected = 0): void {
    const { size } = this;
    if (size + count > this.ids.length)
      this.resize(Math.max(size + count, expected > size + count ? expected : 2 * this.ids.length));
    this.ids.set(ids.subarray(0, count), size);
    if (lengths instanceof Uint8Array) this.lengths.set(lengths.subarray(0, count), size);
    else for (let i = 0; i < count; i++) this.setLength(size + i, lengths[i]!);
    this.size += count;
  }

  /** Of `count` tokens from `place` on, those that end within the first `bytes`. */
  within(bytes: number, place: number, count: number): number {
    let covered = 0;
    let tokens = 0;
    while (tokens < count && covered + this.lengthAt(place + tokens) <= bytes)
      covered += this.lengthAt(place + tokens++);
    return tokens;
  }

  private setLength(token: number, length: number): void {
    this.lengths[token] = Math.min(LONG, length);
    if (length >= LONG) this.long.set(token, length);
  }

  private resize(capacity: number): void {
    const ids = new Int32Array(capacity);
    ids.set(this.ids.subarray(0, this.size));
    this.ids = ids;
    const lengths = new Uint8Array(capacity);
    lengths.set(this.lengths.subarray(0, this.size));
    this.lengths = lengths;
  }
}
