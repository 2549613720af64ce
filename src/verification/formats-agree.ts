// G8: the same ids in every format of the folder. Formats read some text differently by nature (SentencePiece never finds a
// control token in text), so they must agree wherever those of the base do.

import { parseVocabularyFile, type VocabularyFile } from "../expansion/vocabulary-file.ts";
import { shown } from "../tokenizer/json-reader.ts";
import { Tokenizer } from "../tokenizer/tokenizer.ts";
import { type Check, checkOf, everyKind } from "./certificate.ts";
import { endOfIds, type Subject, tokenOfId } from "./subject.ts";

/** Another format of the same tokenizer, of the base and of the expansion. */
export interface OtherFormat {
  readonly base: VocabularyFile;
  readonly expanded: VocabularyFile;
}

/** Characters of a document that a fault quotes. */
const QUOTED = 60;

export class FormatAgreement {
  private readonly name: string;
  private readonly pairs: readonly (readonly [main: Tokenizer, other: Tokenizer])[];
  private readonly spelling: readonly string[];
  private documents = 0;
  private compared = 0;
  private readonly differing: string[] = [];

  /** @throws VocabError when one of the other files cannot be read */
  constructor(base: Subject, expanded: Subject, { base: otherBase, expanded: other }: OtherFormat) {
    this.name = other.name;
    const tokenizer = new Tokenizer(parseVocabularyFile(other, other.name));
    this.pairs = [
      [base.tokenizer, new Tokenizer(parseVocabularyFile(otherBase, otherBase.name))],
      [expanded.tokenizer, tokenizer],
    ];
    this.spelling = otherSpellings(base, expanded, tokenizer);
  }

  /** @param document well-formed UTF-8 */
  add(document: Uint8Array): void {
    this.documents++;
    const [before, after] = this.pairs.map(([main, other]) => sameIds(main, other, document));
    if (before !== true) return;
    this.compared++;
    if (after !== true) this.differing.push(shown(Buffer.from(document).toString("utf8").slice(0, QUOTED)));
  }

  check(): Check {
    const { name, documents, compared, differing, spelling } = this;
    return checkOf(
      "G8",
      everyKind(
        spelling,
        differing.map((text) => `${name} has other ids for ${text}`),
      ),
      `${name} has the same tokens at the new ids, and the same ids for all ${compared} of ${documents} documents for which the base's two formats agree`,
      { formats: 2, documents, compared, differing: differing.length },
    );
  }
}

function sameIds(main: Tokenizer, other: Tokenizer, document: Uint8Array): boolean {
  const a = main.encodeBytes(document).ids;
  const b = other.encodeBytes(document).ids;
  return a.length === b.length && a.every((id, i) => id === b[i]);
}

function otherSpellings(base: Subject, expanded: Subject, other: Tokenizer): string[] {
  const faults: string[] = [];
  for (let id = endOfIds(base.definition); id < endOfIds(expanded.definition); id++) {
    const token = tokenOfId(expanded.definition, id);
    const found = other.definition.model.tokens[id];
    if (token !== found) faults.push(`id ${id} is ${shown(found)}, in ${expanded.file.name} ${shown(token)}`);
  }
  return faults;
}
