// Memory that a loop in WebAssembly and its twin in TypeScript share: addresses are given out once and never taken back.
// Growing it detaches every view, so that whoever keeps views makes them anew when told.

const PAGE = 0x10000;
/** Cache lines: no record straddles one that need not. */
const ALIGNMENT = 64;

export class LinearMemory {
  readonly memory: WebAssembly.Memory;
  private top: number;
  private readonly owners: (() => void)[] = [];

  /** @param fixedBytes places below this address are not given out */
  constructor(fixedBytes: number) {
    this.memory = new WebAssembly.Memory({ initial: Math.ceil(fixedBytes / PAGE) });
    this.top = align(fixedBytes);
  }

  get buffer(): ArrayBuffer {
    return this.memory.buffer;
  }

  /** Calls `makeViews` now and whenever views have been detached. */
  addOwner(makeViews: () => void): void {
    this.owners.push(makeViews);
    makeViews();
  }

  /** Address of `bytes` zeros. Detaches the views of this memory; the owners make theirs anew before it returns. */
  allocate(bytes: number): number {
    const address = this.top;
    this.top = align(address + bytes);
    const missing = this.top - this.buffer.byteLength;
    if (missing > 0) {
      this.memory.grow(Math.ceil(missing / PAGE));
      for (const makeViews of this.owners) makeViews();
    }
    return address;
  }
}

function align(address: number): number {
  return Math.ceil(address / ALIGNMENT) * ALIGNMENT;
}
