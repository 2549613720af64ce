// G8: the same ids in every format of the folder. Formats read some text differently by nature (SentencePiece never finds a
// control token in text), so they must agree wherever those of the base do. Of Unigram models SentencePiece adds up scores in
// single precision and the tokenizers library in double: where two divisions of a text score alike, each may take another.

import { parseVocabularyFile, type VocabularyFile } from "../expansion/vocabulary-file.ts";
import type { Model, UnigramModel } from "../tokenizer/definition.ts";
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
  private alike = 0;
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
    const [before, after] = this.pairs.map(([main, other]) => compareIds(main, other, document));
    if (before !== "same") return;
    this.compared++;
    if (after === "alike") this.alike++;
    if (after === "different")
      this.differing.push(shown(Buffer.from(document).toString("utf8").slice(0, QUOTED)));
  }

  check(): Check {
    const { name, documents, compared, alike, differing, spelling } = this;
    const but = alike === 0 ? "" : `, but ${alike} with divisions that score alike in single precision`;
    return checkOf(
      "G8",
      everyKind(
        spelling,
        differing.map((text) => `${name} has other ids for ${text}`),
      ),
      `${name} has the same tokens at the new ids, and the same ids for all ${compared} of ${documents} documents for which the base's two formats agree${but}`,
      { formats: 2, documents, compared, alike, differing: differing.length },
    );
  }
}

function compareIds(main: Tokenizer, other: Tokenizer, document: Uint8Array): "same" | "alike" | "different" {
  const a = main.encodeBytes(document).ids;
  const b = other.encodeBytes(document).ids;
  if (a.length === b.length && a.every((id, i) => id === b[i])) return "same";
  const { model } = main.definition;
  return model.type === "unigram" && scoreAlike(model, a, b) ? "alike" : "different";
}

// Each addition may be off by half a unit in the last place of the sum.
function scoreAlike(model: UnigramModel, a: readonly number[], b: readonly number[]): boolean {
  const unknown = (ids: readonly number[]) => ids.filter((id) => id === model.unknownId).length;
  if (unknown(a) !== unknown(b)) return false;
  const [sumA, sumB] = [a, b].map((ids) => ids.reduce((sum, id) => sum + (model.scores[id] ?? 0), 0));
  const tolerance = (a.length + b.length) * SINGLE_PRECISION * Math.abs(sumA!);
  return Math.abs(sumA! - sumB!) <= tolerance;
}

const SINGLE_PRECISION = 2 ** -24;

// In single precision, which is what a SentencePiece model holds; of a piece that text is divided into.
function scoresOf(model: Model): (id: number) => number | undefined {
  if (model.type !== "unigram") return () => undefined;
  const inText = new Set(model.pieces);
  return (id) => (inText.has(id) ? Math.fround(model.scores[id]!) : undefined);
}

function otherSpellings(base: Subject, expanded: Subject, other: Tokenizer): string[] {
  const faults: string[] = [];
  const [own, others] = [scoresOf(expanded.definition.model), scoresOf(other.definition.model)];
  for (let id = endOfIds(base.definition); id < endOfIds(expanded.definition); id++) {
    const token = tokenOfId(expanded.definition, id);
    const found = other.definition.model.tokens.at(id);
    if (token !== found) faults.push(`id ${id} is ${shown(found)}, in ${expanded.file.name} ${shown(token)}`);
    const [score, otherScore] = [own(id), others(id)];
    if (score !== undefined && otherScore !== undefined && score !== otherScore && token === found)
      faults.push(`id ${id} scores ${otherScore}, in ${expanded.file.name} ${score}`);
  }
  return faults;
}
