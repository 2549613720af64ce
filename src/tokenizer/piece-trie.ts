// The pieces of a vocabulary as a trie over bytes: all pieces that begin at a place in one walk.

const ROOT = 0;

/** A table that is fuller than this is slow to search. */
const LOAD = 0.6;

export class PieceTrie {
  /** By node: the id of the piece that ends there, or -1. */
  private ids = new Int32Array(1 << 12).fill(-1);
  private nodes = 1;
  /** Open addressing: node · 256 + byte + 1 (0 = free), child. */
  private slots = new Int32Array(1 << 14);
  private mask = this.slots.length / 2 - 1;

  /** A piece that stands twice has the later id. */
  add(piece: Uint8Array, id: number): void {
    let node = ROOT;
    for (const byte of piece) node = this.childOrNew(node, byte);
    if (node !== ROOT) this.ids[node] = id;
  }

  /** The child of `node` (0: the root) for a byte, or -1. */
  child(node: number, byte: number): number {
    const { slots, mask } = this;
    const key = node * 256 + byte + 1;
    let at = slotOf(key) & mask;
    for (;;) {
      const found = slots[2 * at]!;
      if (found === key) return slots[2 * at + 1]!;
      if (found === 0) return -1;
      at = (at + 1) & mask;
    }
  }

  /** The piece that ends at `node`, or -1. */
  idAt(node: number): number {
    return this.ids[node]!;
  }

  private childOrNew(node: number, byte: number): number {
    const found = this.child(node, byte);
    if (found >= 0) return found;
    if (this.nodes > LOAD * this.mask) this.grow();
    const child = this.nodes++;
    if (child === this.ids.length) this.ids = doubled(this.ids);
    this.put(node * 256 + byte + 1, child);
    return child;
  }

  private put(key: number, child: number): void {
    let at = slotOf(key) & this.mask;
    while (this.slots[2 * at] !== 0) at = (at + 1) & this.mask;
    this.slots[2 * at] = key;
    this.slots[2 * at + 1] = child;
  }

  private grow(): void {
    const old = this.slots;
    this.slots = new Int32Array(2 * old.length);
    this.mask = this.slots.length / 2 - 1;
    for (let i = 0; i < old.length; i += 2) if (old[i] !== 0) this.put(old[i]!, old[i + 1]!);
  }
}

function slotOf(key: number): number {
  const mixed = Math.imul(key, 0x9e3779b1);
  return mixed ^ (mixed >>> 15);
}

function doubled(ids: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(2 * ids.length).fill(-1);
  larger.set(ids);
  return larger;
}
