// How much of a text is written in the script of its language: a corpus of another language is noticed before anything is
// learned from it.

import { type SegmentCounts, segmentStart } from "../counting/segment-counts.ts";
import { VocabError } from "../errors.ts";
import { scriptName } from "../text/display-names.ts";
import type { Language } from "../text/languages.ts";
import { ScriptLetters } from "../text/script-letters.ts";
import { scriptProperties } from "../training/script-data.ts";

/** Below this share of its letters a text is taken for one of another language. Mixed text is well above it. */
const REFUSED_SHARE = 0.2;
/** Below this share it is said. */
const NOTED_SHARE = 0.6;

/** Counts letters, and those of the scripts. */
export class ScriptShare {
  letters = 0;
  own = 0;
  private readonly isKnown: boolean;
  private readonly counter: ScriptLetters;

  /** @param scripts ISO 15924 codes */
  constructor(scripts: readonly string[]) {
    const properties = scripts.flatMap(scriptProperties);
    this.isKnown = properties.length > 0;
    this.counter = new ScriptLetters(properties);
  }

  add({ bytes, offsets, counts }: SegmentCounts): void {
    for (let i = 0; i < counts.length; i++) {
      const start = segmentStart(bytes, offsets[i]!);
      const { letters, own } = this.counter.count(bytes, start, offsets[i + 1]!);
      this.letters += letters * counts[i]!;
      this.own += own * counts[i]!;
    }
  }

  /** Undefined for a text without letters, and for scripts that Unicode does not have. */
  get share(): number | undefined {
    return this.letters === 0 || !this.isKnown ? undefined : this.own / this.letters;
  }
}

/** "0.2 % of the letters are Arabic script": a finding where the text is mixed. */
export function scriptFinding(language: Language, share: number | undefined): string | undefined {
  return share === undefined || share >= NOTED_SHARE ? undefined : describeShare(language, share);
}

/** @throws VocabError `wrong-script` */
export function requireScript(language: Language, share: number | undefined): void {
  if (share === undefined || share >= REFUSED_SHARE) return;
  throw new VocabError("wrong-script", describeShare(language, share), {
    hint: `check --corpus and --lang; --scripts names the scripts that tokens may have, "--scripts any" any of them`,
  });
}

function describeShare({ name, script }: Language, share: number): string {
  const percent = share > 0 && share < 0.001 ? "less than 0.1" : (share * 100).toFixed(1);
  return `${percent} % of the letters are ${scriptName(script) ?? script} script: is this ${name}?`;
}
