// Which languages a user may have meant by a tag that is none: by tag, by English name, by a word of the name.

/** A language as a candidate for a suggestion. */
export interface LanguageName {
  readonly tag: string;
  readonly name: string;
  /** The name elsewhere, such as "Farsi, Western"; "" if none. */
  readonly otherName: string;
  /** Languages with an embedded text come first among equals. */
  readonly hasText: boolean;
}

const MOST_SUGGESTIONS = 5;

/** The at most five nearest languages by edit distance, best first: "farsi" → [fa]. */
export function nearestLanguages(typed: string, languages: readonly LanguageName[]): LanguageName[] {
  const wanted = typed.trim().toLowerCase().replaceAll("_", "-");
  if (wanted === "") return [];
  const ranked = languages
    .map((language) => ({ language, cost: suggestionCost(wanted, language) }))
    .filter(({ cost }) => cost < Number.POSITIVE_INFINITY)
    .sort((a, b) => a.cost - b.cost || (a.language.tag < b.language.tag ? -1 : 1));
  const exact = ranked.filter(({ cost }) => cost < 1);
  return (exact.length > 0 ? exact : ranked).slice(0, MOST_SUGGESTIONS).map(({ language }) => language);
}

/** Insertions, deletions and substitutions of UTF-16 units that turn one text into the other. */
export function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, row[j] + 1, next[j - 1] + 1));
    }
    row = next;
  }
  return row[b.length];
}

/** Edit distance, below 1 for a full match. The fractions order equals: a whole name before a word of one, then one
 * that starts with the same letter, then one with embedded text. */
function suggestionCost(wanted: string, language: LanguageName): number {
  const tag = language.tag.toLowerCase();
  const names = [language.name, language.otherName].map((name) => name.toLowerCase());
  const words = names.flatMap((name) => name.split(/[^\p{L}\p{M}]+/u)).filter((word) => word.length > 3);
  const most = Math.floor(wanted.length / 3);
  const distance = Math.min(
    allowedDistance(wanted, tag, 1),
    ...names.map((name) => allowedDistance(wanted, name, most)),
    ...words.map((word) => allowedDistance(wanted, word, most) + 0.3),
  );
  const sameFirstLetter = [tag, ...names].some((name) => name[0] === wanted[0]);
  return distance + (sameFirstLetter ? 0 : 0.4) + (language.hasText ? 0 : 0.2);
}

function allowedDistance(wanted: string, candidate: string, most: number): number {
  if (candidate === "" || Math.abs(wanted.length - candidate.length) > most) return Number.POSITIVE_INFINITY;
  const distance = editDistance(wanted, candidate);
  return distance <= most ? distance : Number.POSITIVE_INFINITY;
}
