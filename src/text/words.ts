// Words by a stated rule: the denominator of fertility. On strings, and by bytes without decoding for the fast path.

/**
 * `whitespace`: maximal runs of characters without the Unicode property White_Space. `uax29`: the word-like segments
 * of Intl.Segmenter. `gold`: the surface tokens of CoNLL-U files (corpus/conllu-text.ts). `none`: no word figures.
 */
export type WordRule = "whitespace" | "uax29" | "gold" | "none";

/** The rules that find words in plain text. */
export type TextWordRule = Exclude<WordRule, "gold" | "none">;

/** Pairs of start and end, end to end in `data`; grows as needed. */
export interface RangeList {
  data: Int32Array;
  /** Numbers in use, twice the number of ranges. */
  length: number;
}

/**
 * The 25 characters with White_Space=yes in Unicode 16 (PropList.txt): U+0009–D, 20, 85, A0, 1680, 2000–200A, 2028,
 * 2029, 202F, 205F, 3000. Not among them, unlike in `\s`: U+FEFF. Unlike in `\s`, among them: U+0085.
 */
export const WHITE_SPACE =
  "\t\n\v\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000";

const WORD = new RegExp(`[^${WHITE_SPACE}]+`, "g");

/** Words as pairs of start and end in UTF-16 units: "ab c" → [0, 2, 3, 4]. `locale` matters for `uax29` only. */
export function wordRanges(text: string, rule: TextWordRule, locale = "en"): Int32Array {
  const ranges: number[] = [];
  if (rule === "whitespace") {
    for (const { index, 0: word } of text.matchAll(WORD)) ranges.push(index, index + word.length);
  } else {
    for (const { index, segment, isWordLike } of segmenter(locale).segment(text))
      if (isWordLike) ranges.push(index, index + segment.length);
  }
  return Int32Array.from(ranges);
}

/**
 * Appends the `whitespace` words of UTF-8 bytes [start, end) to `out`, as byte offsets into `bytes`; returns their
 * number. Changes its argument: this is called for each document.
 */
export function whitespaceWordRanges(bytes: Uint8Array, start: number, end: number, out: RangeList): number {
  const before = out.length;
  let wordStart = -1;
  for (let i = start; i < end; ) {
    const space = whiteSpaceLength(bytes, i, end);
    if (space === 0) {
      if (wordStart < 0) wordStart = i;
      i++;
      continue;
    }
    if (wordStart >= 0) pushRange(out, wordStart, i);
    wordStart = -1;
    i += space;
  }
  if (wordStart >= 0) pushRange(out, wordStart, end);
  return (out.length - before) / 2;
}

/** An empty list for `whitespaceWordRanges`; set `length` to 0 to use it again. */
export function createRangeList(capacity = 1024): RangeList {
  return { data: new Int32Array(Math.max(2, capacity)), length: 0 };
}

/** Length in bytes of the white space character at `i`, 0 if there is none: no other UTF-8 can start as these do. */
function whiteSpaceLength(bytes: Uint8Array, i: number, end: number): number {
  const byte = bytes[i];
  if (byte <= 0x20) return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d) ? 1 : 0;
  if (byte < 0xc2 || byte > 0xe3) return 0;
  if (byte === 0xc2) return i + 1 < end && (bytes[i + 1] === 0x85 || bytes[i + 1] === 0xa0) ? 2 : 0;
  if (byte < 0xe1 || i + 2 >= end) return 0;
  return isThreeByteSpace(byte, bytes[i + 1], bytes[i + 2]) ? 3 : 0;
}

function isThreeByteSpace(first: number, second: number, third: number): boolean {
  if (first === 0xe1) return second === 0x9a && third === 0x80;
  if (first === 0xe3) return second === 0x80 && third === 0x80;
  if (second === 0x81) return third === 0x9f;
  if (second !== 0x80) return false;
  return (third >= 0x80 && third <= 0x8a) || third === 0xa8 || third === 0xa9 || third === 0xaf;
}

/** Appends the words of `bytes[start, end)` by any rule, as byte offsets in `bytes`. */
export function addWordRanges(
  bytes: Uint8Array,
  start: number,
  end: number,
  rule: TextWordRule,
  locale: string,
  out: RangeList,
): void {
  if (rule === "whitespace") {
    whitespaceWordRanges(bytes, start, end, out);
    return;
  }
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("utf8");
  const ranges = wordRanges(text, rule, locale);
  let unit = 0;
  let at = start;
  const byteOffset = (target: number): number => {
    at += Buffer.byteLength(text.slice(unit, target), "utf8");
    unit = target;
    return at;
  };
  for (let i = 0; i < ranges.length; i += 2)
    pushRange(out, byteOffset(ranges[i]!), byteOffset(ranges[i + 1]!));
}

function pushRange(out: RangeList, start: number, end: number): void {
  if (out.length + 2 > out.data.length) {
    const grown = new Int32Array(out.data.length * 2);
    grown.set(out.data);
    out.data = grown;
  }
  out.data[out.length++] = start;
  out.data[out.length++] = end;
}

/** The words of a document as byte ranges. */
export function wordByteRanges(bytes: Uint8Array, rule: TextWordRule, locale: string): RangeList {
  const ranges = createRangeList();
  addWordRanges(bytes, 0, bytes.length, rule, locale, ranges);
  return ranges;
}

/** The ICU version, on which `uax29` depends. */
export function icuVersion(): string {
  return process.versions.icu ?? "none";
}

const segmenters = new Map<string, Intl.Segmenter>();

function segmenter(locale: string): Intl.Segmenter {
  let found = segmenters.get(locale);
  if (found === undefined) {
    // Without this, a locale that ICU lacks would silently become that of the environment.
    const supported = Intl.Segmenter.supportedLocalesOf(locale).length > 0 ? locale : "en";
    found = new Intl.Segmenter(supported, { granularity: "word" });
    segmenters.set(locale, found);
  }
  return found;
}
