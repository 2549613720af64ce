// Which text a token may stand for: the constraints on scripts, digits, punctuation and spaces, applied to bytes, which
// may begin and end inside a character.

import { type CodePointSet, fromCodePoints, has, union } from "../text/code-point-set.ts";
import { codePointSet, fillTable } from "../text/unicode.ts";
import { scriptProperties, sharedSigns } from "./script-data.ts";
import type { TokenConstraints } from "./token-constraints.ts";

/**
 * - `token`: whole characters that may be a token;
 * - `part`: whole characters that may only be a part of one, such as a space;
 * - `stone`: it begins or ends inside a character that may stand in a token;
 * - otherwise what forbids it, and every text that has it inside.
 */
export type Verdict = "token" | "part" | "stone" | "characters" | "mixed scripts" | "space inside";

const FORBIDDEN = 0;
const SHARED = 254;
/** A mark that scripts share, such as U+064E: a token with others like it, or with letters. */
const MARK = 251;
/** A digit of the script: a token only by itself. */
const ALONE = 253;
/** Punctuation of the script, such as U+1362 "።": joined with its like only. */
const SIGN = 252;

const ZERO_WIDTH_JOINERS = [0x200c, 0x200d];

export class AllowedText {
  /** By code point: FORBIDDEN, SHARED, MARK, ALONE, SIGN, or the number of a script from 1 on. Undefined where anything is allowed. */
  private readonly kinds: Uint8Array | undefined;
  private readonly spaceOnlyFirst: boolean;
  private readonly hasScripts: boolean;
  /** First bytes of characters that may stand in a token, and last bytes, each led by a 1 bit. */
  private partsOfCharacters: { readonly heads: Set<number>; readonly tails: Set<number> } | undefined;

  /** @param spaceOnlyFirst a space may stand at the start of a token alone, other white space nowhere */
  constructor(constraints: TokenConstraints, spaceOnlyFirst: boolean) {
    const { scripts, withoutCharacters = "" } = constraints;
    this.hasScripts = scripts !== undefined;
    this.spaceOnlyFirst = spaceOnlyFirst || this.hasScripts;
    const without = Array.from(withoutCharacters, (character) => character.codePointAt(0)!);
    if (scripts !== undefined) this.kinds = kindsOfScripts(scripts, constraints);
    else if (spaceOnlyFirst || without.length > 0) {
      this.kinds = new Uint8Array(0x110000).fill(1);
      if (spaceOnlyFirst) fillTable(codePointSet("White_Space")!, this.kinds, FORBIDDEN);
    }
    for (const codePoint of without) this.kinds![codePoint] = FORBIDDEN;
  }

  /** Whether the character belongs to one of the scripts, as a letter or as a sign that stands alone. */
  isOwn(codePoint: number): boolean {
    const kind = this.kinds?.[codePoint] ?? FORBIDDEN;
    return kind !== FORBIDDEN && kind !== SHARED && kind !== MARK;
  }

  /**
   * Whether the character may become a token where it is unknown otherwise, and lost: one that belongs to the scripts, a mark
   * or joiner that scripts share, and digits and punctuation where these are allowed; no letter of all scripts, as "µ" is.
   */
  isCoverable(codePoint: number): boolean {
    const kind = this.kinds?.[codePoint] ?? FORBIDDEN;
    return kind !== FORBIDDEN && (kind !== SHARED || !has(codePointSet("L")!, codePoint));
  }

  /** Whether the bytes, which are a token, are a sign that is one only by itself. */
  standsAlone(bytes: Uint8Array): boolean {
    const at = bytes[0] === 0x20 && bytes.length > 1 ? 1 : 0;
    return this.kinds?.[decodeAt(bytes, at, characterLength(bytes[at]!))] === ALONE;
  }

  verdict(bytes: Uint8Array): Verdict {
    const size = bytes.length;
    let at = 0;
    while (at < size && (bytes[at]! & 0xc0) === 0x80) at++;
    const head = at;
    let script = 0;
    let characters = 0;
    let signs = 0;
    let marks = 0;
    let isAlone = false;
    while (at < size) {
      const length = characterLength(bytes[at]!);
      if (at + length > size) break;
      const codePoint = decodeAt(bytes, at, length);
      at += length;
      if (codePoint === 0x20 && this.spaceOnlyFirst) {
        if (at > 1) return "space inside";
        continue;
      }
      const kind = this.kinds === undefined ? 1 : (this.kinds[codePoint] ?? FORBIDDEN);
      if (kind === FORBIDDEN) return "characters";
      characters++;
      if (kind === ALONE) isAlone = true;
      else if (kind === SIGN) signs++;
      else if (kind === MARK) marks++;
      else if (kind !== SHARED) {
        if (script !== 0 && script !== kind) return "mixed scripts";
        script = kind;
      }
    }
    const isWhole = head === 0 && at === size;
    if (isAlone && !(characters === 1 && isWhole)) return "characters";
    if (signs > 0 && signs !== characters) return "characters";
    if (isWhole) return script !== 0 || isAlone || signs > 0 || marks > 0 ? "token" : "part";
    return this.isPartial(bytes, head, at) ? "stone" : "characters";
  }

  private isPartial(bytes: Uint8Array, head: number, tail: number): boolean {
    if (this.kinds === undefined || !this.hasScripts) return true;
    this.partsOfCharacters ??= partsOf(this.kinds);
    const { heads, tails } = this.partsOfCharacters;
    if (head > 0 && !tails.has(keyOf(bytes, 0, head))) return false;
    return tail === bytes.length || heads.has(keyOf(bytes, tail, bytes.length));
  }
}

function kindsOfScripts(scripts: readonly string[], constraints: TokenConstraints): Uint8Array {
  const kinds = new Uint8Array(0x110000);
  const set = (name: string) => codePointSet(name)!;
  const common = union(set("sc=Zyyy"), set("sc=Zinh"));
  const letters = union(set("L"), set("M"), fromCodePoints(ZERO_WIDTH_JOINERS));
  fillMembers(kinds, letters, SHARED, (codePoint) => has(common, codePoint));
  fillMembers(kinds, set("M"), MARK, (codePoint) => has(common, codePoint));
  if (constraints.digits === true)
    fillMembers(kinds, set("N"), SHARED, (codePoint) => has(common, codePoint));
  if (constraints.punctuation === true)
    fillMembers(kinds, union(set("P"), set("S")), SHARED, (codePoint) => has(common, codePoint));
  scripts.forEach((script, i) => {
    const own = union(...scriptProperties(script).map(set));
    fillTable(own, kinds, i + 1);
    if (constraints.digits !== true) fillMembers(kinds, set("N"), ALONE, (codePoint) => has(own, codePoint));
    if (constraints.punctuation === true) return;
    fillMembers(kinds, union(set("P"), set("S")), SIGN, (codePoint) => has(own, codePoint));
    for (const sign of sharedSigns(script)) kinds[sign.codePointAt(0)!] = SIGN;
  });
  return kinds;
}

function fillMembers(
  kinds: Uint8Array,
  { ranges }: CodePointSet,
  kind: number,
  isMember: (codePoint: number) => boolean,
): void {
  for (let i = 0; i < ranges.length; i += 2)
    for (let codePoint = ranges[i]!; codePoint < ranges[i + 1]!; codePoint++)
      if (isMember(codePoint)) kinds[codePoint] = kind;
}

function partsOf(kinds: Uint8Array): { heads: Set<number>; tails: Set<number> } {
  const heads = new Set<number>();
  const tails = new Set<number>();
  for (let codePoint = 0x80; codePoint < kinds.length; codePoint++) {
    if (kinds[codePoint] === FORBIDDEN || (codePoint >= 0xd800 && codePoint < 0xe000)) continue;
    const bytes = Buffer.from(String.fromCodePoint(codePoint), "utf8");
    for (let cut = 1; cut < bytes.length; cut++) {
      heads.add(keyOf(bytes, 0, cut));
      tails.add(keyOf(bytes, cut, bytes.length));
    }
  }
  return { heads, tails };
}

function keyOf(bytes: Uint8Array, start: number, end: number): number {
  let key = 1;
  for (let at = start; at < end; at++) key = key * 256 + bytes[at]!;
  return key;
}

export function characterLength(lead: number): number {
  return lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

export function decodeAt(bytes: Uint8Array, at: number, length: number): number {
  let codePoint = length === 1 ? bytes[at]! : bytes[at]! & (0xff >> (length + 1));
  for (let i = 1; i < length; i++) codePoint = (codePoint << 6) | (bytes[at + i]! & 0x3f);
  return codePoint;
}
