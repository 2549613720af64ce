// Where things lie in the memory of a merge table, and how they are packed, for the loop that merges (merge.ts) and its parts;
// tokenizer/merge-table.ts and tokenizer/encode-loop.ts have the same. Behind what is written 16 bytes at a time there is room
// for as many more.

export const IDS: usize = 1024;
export const LENGTHS: usize = 2048;
export const BYTE_IDS: usize = 5120;
/** Where a pre-token has no token outside of its white space. */
export const LEAVES_OUT: usize = 6144;
// Of the pre-tokens that are encoded together (tokenizer/encode-loop.ts): tokens of each, where each begins, its state, its
// white space, and their text.
export const COUNTS: usize = 8192;
export const OFFSETS: usize = 24576;
export const STATES: usize = 45056;
export const SPACES: usize = 53248;
export const CACHE: usize = 65536;
export const FILTER: usize = 589824;
export const TEXT: usize = 1638400;
// The tokens of all, and the bytes under each.
export const OUT_LENGTHS: usize = 1671232;
export const OUT_IDS: usize = 1704064;
export const CHARACTERS: usize = 1835200;
// What must not stand beside a character that is whole elsewhere (tokenizer/whole-characters.ts), 32 bytes each.
export const CONDITIONS: usize = 2097344;
export const ENTRY_ID_BITS: i32 = 20;
// Of the pre-tokens that are merged in turn: symbols, rank and product of each pair; where each begins, which wait, and the
// pairs that wait for the table.
export const SYMBOLS: usize = 2162880;
export const RANKS: usize = 2179328;
export const PRODUCTS: usize = 2195776;
export const PLACES: usize = 2212224;
export const WAITING: usize = 2228608;
export const QUEUE: usize = 2244992;
export const SLOTS: usize = 2261376;
/** The offset of a pair that is none. */
export const NOWHERE: usize = 16384;
/** Pre-tokens begin before this offset: 64 symbols and what is moved behind them fit after it. */
export const LAST_PLACE: usize = 16384 - 320;

export const CACHE_MASK: i32 = (1 << 15) - 1;
export const FILTER_SHIFT: i32 = 9;
export const NO_RANK: i32 = 0x1ffffff;
/** Bits of an id; the bytes under a symbol stand above them. */
export const ID_BITS: i32 = 25;
export const ID_MASK: i32 = (1 << ID_BITS) - 1;
export const INDEX_BITS: i32 = 6;
export const INDEX_MASK: i32 = (1 << INDEX_BITS) - 1;
