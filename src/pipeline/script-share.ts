// How much of a text is written in the script of its language: a corpus of another language is noticed before anything is
// learned from it.

import { DOCUMENT_START, type SegmentCounts } from "../counting/segment-counts.ts";
import { VocabError } from "../errors.ts";
import { union } from "../text/code-point-set.ts";
import { scriptName } from "../text/display-names.ts";
import type { Language } from "../text/languages.ts";
import { codePointSet, fillTable } from "../text/unicode.ts";
import { scriptProperties } from "../training/script-data.ts";

/** Below this share of its letters a text is taken for one of another language. Mixed text is well above it. */
const REFUSED_SHARE = 0.2;
/** Below this share it is said. */
const NOTED_SHARE = 0.6;

const LETTER = 1;
const OWN = 2;

/** Counts letters, and those of the scripts. */
export class ScriptShare {
  letters = 0;
  own = 0;
  private readonly isKnown: boolean;
  private readonly kinds = new Uint8Array(0x110000);

  /** @param scripts ISO 15924 codes */
  constructor(scripts: readonly string[]) {
    const letters = codePointSet("L")!;
    fillTable(letters, this.kinds, LETTER);
    const properties = scripts.flatMap(scriptProperties);
    this.isKnown = properties.length > 0;
    const own = union(...properties.map((name) => codePointSet(name)!));
    for (let i = 0; i < own.ranges.length; i += 2)
      for (let codePoint = own.ranges[i]!; codePoint < own.ranges[i + 1]!; codePoint++)
        if (this.kinds[codePoint] === LETTER) this.kinds[codePoint] = OWN;
  }

  add({ bytes, offsets, counts }: SegmentCounts): void {
    const { kinds } = this;
    for (let i = 0; i < counts.length; i++) {
      const end = offsets[i + 1]!;
      let at = bytes[offsets[i]!] === DOCUMENT_START ? offsets[i]! + 1 : offsets[i]!;
      let letters = 0;
      let own = 0;
      while (at < end) {
        const lead = bytes[at]!;
        const length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
        let codePoint = length === 1 ? lead : lead & (0xff >> (length + 1));
        for (let k = 1; k < length; k++) codePoint = (codePoint << 6) | (bytes[at + k]! & 0x3f);
        const kind = kinds[codePoint]!;
        if (kind !== 0) letters++;
        if (kind === OWN) own++;
        at += length;
      }
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
