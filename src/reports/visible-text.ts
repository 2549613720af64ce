// Text of tokens for terminals: what has no shape of its own is named, and right-to-left text stays in its place.

/** A space, and what else would leave no mark: controls, format characters (ZWNJ, bidi controls), other separators. */
const SPACE = "␣";
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cn}\p{Co}\p{Zl}\p{Zp}\p{Zs}\p{Default_Ignorable_Code_Point}]/gu;

/** "می‌روم" → "می⟨U+200C⟩روم"; " x" → "␣x"; a mark at the start gets a circle to stand on. */
export function visibleText(text: string): string {
  const shown = text.replace(INVISIBLE, (character) =>
    character === " "
      ? SPACE
      : `⟨U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}⟩`,
  );
  return /^\p{M}/u.test(shown) ? `◌${shown}` : shown;
}

/** Between U+2068 and U+2069, text does not reorder what stands beside it. */
export function isolated(text: string): string {
  return `\u2068${text}\u2069`;
}

/** "d8b3" → "D8 B3" */
export function spacedHex(hex: string): string {
  return hex.toUpperCase().replace(/..(?=.)/g, "$& ");
}
