// Names for people of languages and scripts, as far as the ICU of this Node knows them.

/** "فارسی" for fa; undefined where ICU cannot speak the language. */
export function nativeName(tag: string): string | undefined {
  if (Intl.DisplayNames.supportedLocalesOf(tag).length === 0) return undefined;
  return new Intl.DisplayNames(tag, { type: "language", fallback: "none" }).of(tag);
}

const scriptNames = new Intl.DisplayNames("en", { type: "script", fallback: "none" });

/** "Arabic" for Arab. */
export function scriptName(script: string): string | undefined {
  return scriptNames.of(script);
}
