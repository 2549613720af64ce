// Finds added tokens in text: leftmost match, longest first, never overlapping, with the reference's handling of
// neighbouring words and whitespace (tokenizers, src/tokenizer/added_vocabulary.rs, `find_matches`).

import { codePointSet, fillTable } from "../text/unicode.ts";
import type { AddedToken } from "./definition.ts";

/** A stretch of the text: an added token with its id, or text (id -1). */
export interface Section {
  readonly start: number;
  readonly end: number;
  readonly id: number;
}

const WORD = 1;
const SPACE = 2;

export class AddedTokenMatcher {
  readonly isEmpty: boolean;
  /** 1 for every two bytes (the second · 256 + the first) that an added token starts with, or of which it is the first. */
  readonly firstPairs = new Uint8Array(0x10000);
  private readonly children = new Map<number, number>();
  private readonly tokenAtNode: (AddedToken | undefined)[] = [undefined];
  private characterKinds: Uint8Array | undefined;

  /** @param contents the text of each token as it is looked for, which for `normalized` tokens is the normalized one */
  constructor(tokens: readonly AddedToken[], contents: readonly string[]) {
    this.isEmpty = tokens.length === 0;
    tokens.forEach((token, i) => {
      this.add(Buffer.from(contents[i]!, "utf8"), token);
    });
  }

  /** Length in bytes of the longest token that starts at `at`, before any rule about its neighbours; 0 for none. */
  matchLength(bytes: Uint8Array, at: number, end: number): number {
    if (this.firstPairs[pairAt(bytes, at)] === 0) return 0;
    let node = 0;
    let longest = 0;
    for (let i = at; i < end; i++) {
      const child = this.children.get(node * 256 + bytes[i]!);
      if (child === undefined) break;
      node = child;
      if (this.tokenAtNode[node] !== undefined) longest = i + 1 - at;
    }
    return longest;
  }

  /** Whether any token stands in `bytes[start, end)`. */
  occurs(bytes: Uint8Array, start: number, end: number): boolean {
    for (let at = start; at < end; at++) if (this.matchLength(bytes, at, end) > 0) return true;
    return false;
  }

  /** Divides `bytes` into added tokens and the text between them; no text section is empty. */
  sections(bytes: Uint8Array): Section[] {
    const sections: Section[] = [];
    let done = 0;
    for (let at = 0; at < bytes.length; ) {
      const length = this.matchLength(bytes, at, bytes.length);
      if (length === 0) {
        at++;
        continue;
      }
      const token = this.tokenAt(bytes, at, length);
      if (!token.singleWord || this.standsAlone(bytes, at, at + length)) {
        const start = token.lstrip ? Math.max(this.spaceStart(bytes, at), done) : at;
        const end = token.rstrip ? this.spaceEnd(bytes, at + length) : at + length;
        if (done < start) sections.push({ start: done, end: start, id: -1 });
        sections.push({ start, end, id: token.id });
        done = end;
      }
      at += length;
    }
    if (done < bytes.length) sections.push({ start: done, end: bytes.length, id: -1 });
    return sections;
  }

  private add(content: Uint8Array, token: AddedToken): void {
    let node = 0;
    for (const byte of content) {
      const key = node * 256 + byte;
      let child = this.children.get(key);
      if (child === undefined) {
        child = this.tokenAtNode.push(undefined) - 1;
        this.children.set(key, child);
      }
      node = child;
    }
    if (content.length > 1) this.firstPairs[pairAt(content, 0)] = 1;
    else for (let second = 0; second < 256; second++) this.firstPairs[(second << 8) | content[0]!] = 1;
    this.tokenAtNode[node] = token;
  }

  private tokenAt(bytes: Uint8Array, at: number, length: number): AddedToken {
    let node = 0;
    for (let i = at; i < at + length; i++) node = this.children.get(node * 256 + bytes[i]!)!;
    return this.tokenAtNode[node]!;
  }

  private standsAlone(bytes: Uint8Array, start: number, end: number): boolean {
    const wordBefore = start > 0 && this.kindBefore(bytes, start).kind === WORD;
    const wordAfter = end < bytes.length && this.kindAt(bytes, end).kind === WORD;
    return !wordBefore && !wordAfter;
  }

  private spaceStart(bytes: Uint8Array, at: number): number {
    let start = at;
    while (start > 0) {
      const { kind, length } = this.kindBefore(bytes, start);
      if (kind !== SPACE) break;
      start -= length;
    }
    return start;
  }

  private spaceEnd(bytes: Uint8Array, at: number): number {
    let end = at;
    while (end < bytes.length) {
      const { kind, length } = this.kindAt(bytes, end);
      if (kind !== SPACE) break;
      end += length;
    }
    return end;
  }

  private kindBefore(bytes: Uint8Array, at: number): { kind: number; length: number } {
    let start = at - 1;
    while ((bytes[start]! & 0xc0) === 0x80) start--;
    return { kind: this.kindAt(bytes, start).kind, length: at - start };
  }

  private kindAt(bytes: Uint8Array, at: number): { kind: number; length: number } {
    this.characterKinds ??= characterKinds();
    const lead = bytes[at]!;
    const length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    let codePoint = length === 1 ? lead : lead & (0xff >> (length + 1));
    for (let i = 1; i < length; i++) codePoint = (codePoint << 6) | (bytes[at + i]! & 0x3f);
    return { kind: this.characterKinds[codePoint]!, length };
  }
}

// `\w` and `\s` of Rust's regex crate.
function characterKinds(): Uint8Array {
  const kinds = new Uint8Array(0x110000);
  fillTable(codePointSet("Word")!, kinds, WORD);
  fillTable(codePointSet("White_Space")!, kinds, SPACE);
  return kinds;
}

/** Index of the two bytes at `at`; behind the last one anything may stand. */
export function pairAt(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8);
}
