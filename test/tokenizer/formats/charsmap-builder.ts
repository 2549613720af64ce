// Builds a precompiled_charsmap of a few strings: a double array in which each node takes the first place of its children
// that is free. Slow and plain: darts-clone, which SentencePiece uses, finds denser ones.

interface Node {
  readonly children: Map<number, Node>;
  value: number | undefined;
}

const UNITS = 2048;
/** Marks a unit that no search may enter: a leaf of value 0. */
const UNUSED = 0x80000000;

export function buildCharsmap(rules: ReadonlyMap<string, string>): Uint8Array {
  const root: Node = { children: new Map(), value: undefined };
  const replacements: number[] = [];
  for (const [key, replacement] of rules) {
    let node = root;
    for (const byte of Buffer.from(key)) {
      if (!node.children.has(byte)) node.children.set(byte, { children: new Map(), value: undefined });
      node = node.children.get(byte)!;
    }
    node.value = replacements.length;
    replacements.push(...Buffer.from(replacement), 0);
  }
  return charsmapOf(doubleArray(root), Uint8Array.from(replacements));
}

export function charsmapOf(
  units: Uint32Array,
  replacements: Uint8Array,
  trieBytes = 4 * units.length,
): Uint8Array {
  const header = Buffer.alloc(4 + 4 * units.length);
  header.writeUInt32LE(trieBytes);
  units.forEach((unit, i) => {
    header.writeUInt32LE(unit, 4 + 4 * i);
  });
  return new Uint8Array(Buffer.concat([header, replacements]));
}

function doubleArray(root: Node): Uint32Array {
  const units = new Uint32Array(UNITS).fill(UNUSED);
  const isTaken = new Uint8Array(UNITS);
  const isBase = new Uint8Array(UNITS);
  isTaken[0] = 1;
  const place = (node: Node, index: number, label: number): void => {
    const hasLeaf = node.value !== undefined;
    const labels = [...(hasLeaf ? [0] : []), ...node.children.keys()];
    // Children of two nodes must not share a base, or a search could go from one node to a child of the other.
    let base = 1;
    while (isBase[base] === 1 || base === index || labels.some((child) => isTaken[base ^ child] === 1))
      base++;
    isBase[base] = 1;
    units[index] = (offsetBits(base ^ index) | (hasLeaf ? 0x100 : 0) | label) >>> 0;
    for (const child of labels) isTaken[base ^ child] = 1;
    if (hasLeaf) units[base] = (0x80000000 | node.value!) >>> 0;
    for (const [byte, child] of node.children) place(child, base ^ byte, byte);
  };
  place(root, 0, 0);
  return units;
}

// Both ways to write an offset: in units, and where it is a whole number of blocks, in blocks of 256 units.
function offsetBits(offset: number): number {
  return offset % 256 === 0 ? ((offset / 256) << 10) | 0x200 : offset << 10;
}
