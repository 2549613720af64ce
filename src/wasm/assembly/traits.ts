// The walk of pre-tokens/segment-traits.ts over the characters of segments in WebAssembly (AssemblyScript).

// Fixed places; pre-tokens/trait-loop.ts has the same.
const BITS: usize = 1024;
const GROUPS: usize = 8192;
const OFFSETS: usize = 16384;
const CHARACTERS: usize = 36864;
const PIECES: usize = 57344;
const TEXT: usize = 81920;
const FIRST_PAIRS: usize = 151552;
const KINDS: usize = 262144;

// Bits of a segment, and of a character.
const NFC_SUSPECT: i32 = 2;
const ONE_STRETCH: i32 = 8;
const ONLY_SPACE: i32 = 16;
const OPENS_DOCUMENT: i32 = 32;
const PUNCTUATION_BEFORE_OTHERS: i32 = 1;
const LOOSE_FORMAT_CHARACTERS: i32 = 2;
const FORMAT_CHARACTERS: i32 = 32;
const PUNCTUATION_AND_SYMBOLS: i32 = 512;
const ALL_GROUPS: i32 = 1023;
const PLAIN_SPACE: i32 = 1024;
const NFC_MAYBE: i32 = 2048;
const NFC_MARK: i32 = 4096;
const BLANK: i32 = 8192;
const SPACE: i32 = 8 | PLAIN_SPACE;
const NO_LETTER: i32 = ALL_GROUPS | PLAIN_SPACE;

const DOCUMENT_START: i32 = 0xff;

/** Finds the traits of the first `count` segments of the chunk. */
export function traits(count: i32): void {
  for (let i = 0; i < count; i++) {
    const start = TEXT + load<i32>(OFFSETS + (<usize>i << 2));
    const end = TEXT + load<i32>(OFFSETS + (<usize>i << 2), 4);
    const first = <i32>load<u8>(start);
    const opensDocument = first > 0x20 || first < 9 || (first > 13 && first < 0x20);
    const text = first === DOCUMENT_START ? start + 1 : start;
    let trait = opensDocument ? OPENS_DOCUMENT : 0;
    let characters = 0;
    let blanks = 0;
    let all = 0;
    let firstKind = -1;
    let previous = PLAIN_SPACE;
    let stretch = 0;
    let mayBeAdded = 0;
    for (let at = text; at < end; ) {
      const lead = <i32>load<u8>(at);
      let codePoint = lead;
      let length: usize = 1;
      if (lead >= 0x80) {
        const second = <i32>load<u8>(at, 1) & 0x3f;
        if (lead < 0xe0) {
          codePoint = ((lead & 0x1f) << 6) | second;
          length = 2;
        } else if (lead < 0xf0) {
          codePoint = ((lead & 0xf) << 12) | (second << 6) | (<i32>load<u8>(at, 2) & 0x3f);
          length = 3;
        } else {
          codePoint =
            ((lead & 7) << 18) | (second << 12) | ((<i32>load<u8>(at, 2) & 0x3f) << 6) | (<i32>load<u8>(at, 3) & 0x3f);
          length = 4;
        }
      }
      const kind = <i32>load<u16>(KINDS + (<usize>codePoint << 1));
      all |= kind;
      if ((kind & previous & NFC_MARK) !== 0) trait |= NFC_SUSPECT;
      if ((previous & ~kind & PUNCTUATION_AND_SYMBOLS) !== 0) all |= PUNCTUATION_BEFORE_OTHERS;
      if (isLoose(previous, kind) || isLoose(kind, previous)) all |= LOOSE_FORMAT_CHARACTERS;
      if ((kind & ~previous & BLANK) !== 0) blanks++;
      if ((kind & SPACE) === 0) {
        if (stretch === 0) stretch = 1;
      } else if (stretch === 1) stretch = 2;
      mayBeAdded |= <i32>load<u8>(FIRST_PAIRS + load<u16>(at));
      if (firstKind < 0) firstKind = kind;
      previous = kind;
      characters++;
      at += length;
    }
    if ((previous & FORMAT_CHARACTERS) !== 0) all |= LOOSE_FORMAT_CHARACTERS;
    trait |= mayBeAdded << 2;
    if ((all & NFC_MAYBE) !== 0) trait |= NFC_SUSPECT;
    if (stretch === 1) trait |= ONE_STRETCH;
    if (stretch === 0) trait |= ONLY_SPACE;
    store<u8>(BITS + i, trait);
    store<u16>(GROUPS + (<usize>i << 1), all & ALL_GROUPS);
    store<i32>(CHARACTERS + (<usize>i << 2), characters);
    const opensPiece = opensDocument && (firstKind & BLANK) === 0;
    store<i32>(PIECES + (<usize>i << 2), blanks + (opensPiece ? 1 : 0));
  }
}

// Whether a character is a format character and its neighbour no letter of no group.
@inline
function isLoose(kind: i32, neighbour: i32): bool {
  return (kind & FORMAT_CHARACTERS) !== 0 && (neighbour & NO_LETTER) !== 0;
}
