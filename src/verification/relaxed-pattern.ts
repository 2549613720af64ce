// G13: an expansion whose pre-tokenizer lets words hold marks is checked against the base with that pattern. What the
// pattern changes by itself, before any token is added, is told here.

import { VocabError } from "../errors.ts";
import { relaxPreTokenizer } from "../expansion/relax-pre-tokenizer.ts";
import type { VocabularyFile } from "../expansion/vocabulary-file.ts";
import type { Check } from "./certificate.ts";
import { interferenceFigures, tokenChange } from "./interference.ts";
import { sameJson } from "./json-values.ts";
import { openSubject, type Subject } from "./subject.ts";
import type { TextComparison } from "./text-comparison.ts";

/**
 * What an expansion is compared with: the base, or the base with marks in its words where the expansion has that pattern.
 * A pre-tokenizer that is changed in any other way is G3's to report.
 */
export function referenceFor(base: Subject, expanded: Subject): Subject {
  if (sameJson(base.definition.preTokenizers, expanded.definition.preTokenizers)) return base;
  const file = relaxedFile(base);
  if (file === undefined) return base;
  const relaxed = openSubject({ source: `${base.source} with relaxed pre-tokenizer`, file });
  return sameJson(relaxed.definition.preTokenizers, expanded.definition.preTokenizers) ? relaxed : base;
}

function relaxedFile({ file }: Subject): VocabularyFile | undefined {
  if (file.format !== "tokenizer.json") return undefined;
  try {
    return { ...file, text: relaxPreTokenizer(file.text) };
  } catch (error) {
    if (error instanceof VocabError && error.code === "cannot-relax") return undefined;
    throw error;
  }
}

/** @param texts what the pattern alone makes of each text */
export function reportRelaxedPattern(texts: readonly TextComparison[]): Check {
  const changed = texts.filter((text) => text.changed > 0);
  const list = changed.map(
    (text) => `${text.name} ${text.changed} of ${text.documents} documents, ${tokenChange(text)}`,
  );
  const detail =
    changed.length === 0
      ? `the relaxed pattern alone changes none of ${texts.length} texts`
      : `the relaxed pattern alone, before any token is added, changes ${list.join("; ")}`;
  return {
    id: "G13",
    ok: true,
    detail,
    figures: { texts: texts.map((text) => interferenceFigures(text, undefined)) },
  };
}
