// The surface tokens of one sentence of a CoNLL-U file, as text has them: multiword tokens whole, without the words that
// they stand for and without empty nodes (https://universaldependencies.org/format.html).

import { VocabError } from "../errors.ts";

export interface NumberedLine {
  readonly text: string;
  /** From 1. */
  readonly number: number;
}

export interface SurfaceToken {
  readonly form: string;
  /** What stands between it and the next token. */
  readonly spaceAfter: string;
  readonly line: number;
}

export interface ConlluSentence {
  /** Never empty. */
  readonly tokens: readonly SurfaceToken[];
  /** What stands behind `# text =`. */
  readonly comment: NumberedLine | undefined;
}

const COLUMNS = 10;
const FORM = 1;
const MISC = 9;

/**
 * @param lines those between two empty lines
 * @returns undefined where they have no token and no text
 * @throws VocabError `invalid-conllu`, naming file and line
 */
export function parseSentence(lines: readonly NumberedLine[], path: string): ConlluSentence | undefined {
  const sequence = new TokenSequence(path);
  let comment: NumberedLine | undefined;
  for (const line of lines) {
    if (!line.text.startsWith("#")) {
      sequence.add(line);
      continue;
    }
    if (sequence.hasBegun)
      throw conlluFault(path, line.number, "a comment inside a sentence", "an empty line ends a sentence");
    const text = textOfComment(line.text);
    if (text === undefined) continue;
    if (comment !== undefined)
      throw conlluFault(path, line.number, `a second # text, after that of line ${comment.number}`);
    comment = { text, number: line.number };
  }
  const tokens = sequence.end();
  if (tokens.length > 0) return { tokens, comment };
  if (comment === undefined || comment.text === "") return undefined;
  throw conlluFault(path, comment.number, "a # text without tokens");
}

/** The error for a line that is not as the format has it. */
export function conlluFault(path: string, line: number, what: string, hint?: string): VocabError {
  return new VocabError("invalid-conllu", `${path}, line ${line}: ${what}`, {
    hint: hint ?? "the format: https://universaldependencies.org/format.html",
  });
}

// Spaces at both ends of a sentence are not its text.
function textOfComment(line: string): string | undefined {
  return /^#[ \t]*text[ \t]*=[ \t]*(.*?)[ \t]*$/su.exec(line)?.[1];
}

/** Takes token lines one after another, and knows which ID may come. */
class TokenSequence {
  hasBegun = false;
  private readonly tokens: SurfaceToken[] = [];
  private readonly path: string;
  /** ID of the last word, 0 before the first, and of the last empty node behind it. */
  private word = 0;
  private emptyNode = 0;
  /** The last multiword token: its words are not in the text. */
  private range = { id: "", end: 0, line: 0 };

  constructor(path: string) {
    this.path = path;
  }

  add(line: NumberedLine): void {
    this.hasBegun = true;
    const columns = line.text.split("\t");
    if (columns.length !== COLUMNS)
      throw conlluFault(
        this.path,
        line.number,
        `${columns.length} column${columns.length === 1 ? "" : "s"} where CoNLL-U has ${COLUMNS}`,
        "columns are divided by tabs, sentences by empty lines",
      );
    const [id = ""] = columns;
    const [, first, last, base, node] = /^(?:([1-9]\d*)(?:-([1-9]\d*))?|(\d+)\.([1-9]\d*))$/.exec(id) ?? [];
    if (node !== undefined) return this.passEmptyNode(id, Number(base), Number(node), line);
    if (first === undefined) throw this.fault(line, `${JSON.stringify(id)} is no ID of CoNLL-U`);
    if (last !== undefined) this.openRange(id, Number(first), Number(last), line);
    else this.passWord(id, Number(first), line);
    if (last !== undefined || this.word > this.range.end) this.take(columns, line);
  }

  /** The surface tokens; the sentence must be complete. */
  end(): readonly SurfaceToken[] {
    const { id, end, line } = this.range;
    if (end > this.word)
      throw conlluFault(this.path, line, `the multiword token ${id} ends behind the last word, ${this.word}`);
    if (this.tokens.length > 1 && this.tokens.every(({ form }) => form === "_"))
      throw conlluFault(
        this.path,
        this.tokens[0]!.line,
        "every FORM is _: this treebank comes without its text",
        "put the text in first; the README of the treebank says how",
      );
    return this.tokens;
  }

  private passWord(id: string, number: number, line: NumberedLine): void {
    if (number !== this.word + 1) throw this.outOfSequence(id, line);
    this.word = number;
    this.emptyNode = 0;
  }

  private openRange(id: string, first: number, last: number, line: NumberedLine): void {
    if (first !== this.word + 1) throw this.outOfSequence(id, line);
    if (last < first) throw this.fault(line, `the multiword token ${id} ends before it begins`);
    if (first <= this.range.end)
      throw this.fault(line, `the multiword token ${id} overlaps ${this.range.id}`);
    this.range = { id, end: last, line: line.number };
  }

  private passEmptyNode(id: string, base: number, node: number, line: NumberedLine): void {
    if (base !== this.word || node !== this.emptyNode + 1) throw this.outOfSequence(id, line);
    this.emptyNode = node;
  }

  private take(columns: readonly string[], line: NumberedLine): void {
    const form = columns[FORM]!;
    if (form === "") throw this.fault(line, "an empty FORM");
    this.tokens.push({ form, spaceAfter: spaceAfter(columns[MISC]!), line: line.number });
  }

  private outOfSequence(id: string, line: NumberedLine): VocabError {
    if (this.word === 0)
      return this.fault(line, `token ${id} outside a sentence: the first token has the ID 1`);
    return this.fault(line, `the ID ${id} behind ${this.word}: expected ${this.word + 1}`);
  }

  private fault({ number }: NumberedLine, what: string): VocabError {
    return conlluFault(this.path, number, what, "an empty line ends a sentence, and nothing else");
  }
}

const ESCAPES: Readonly<Record<string, string>> = {
  s: " ",
  t: "\t",
  n: "\n",
  r: "\r",
  p: "|",
  "\\": "\\",
};

// `SpacesAfter=\s\n` is UDPipe's and says more than `SpaceAfter=No`, so it comes first, as in UDPipe.
function spaceAfter(misc: string): string {
  const attributes = misc.split("|");
  const spaces = attributes.find((attribute) => attribute.startsWith("SpacesAfter="));
  if (spaces !== undefined)
    return spaces.slice("SpacesAfter=".length).replace(/\\([stnrp\\])/g, (_, name: string) => ESCAPES[name]!);
  return attributes.includes("SpaceAfter=No") ? "" : " ";
}
