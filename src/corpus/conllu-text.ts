// The text of a sentence of a CoNLL-U file, and where its surface tokens lie in it.

import { WHITE_SPACE } from "../text/words.ts";
import { type ConlluSentence, conlluFault, type NumberedLine, type SurfaceToken } from "./conllu-tokens.ts";

export interface SentenceText {
  /** UTF-8. */
  readonly text: Uint8Array;
  /** The surface tokens as pairs of start and end, in bytes of `text`, in order. */
  readonly words: Int32Array;
}

/** Text, and pairs of start and end in UTF-16 units. */
interface PlacedTokens {
  readonly text: string;
  readonly ranges: readonly number[];
}

const SPACE = new RegExp(`[${WHITE_SPACE}]`);
const SPACES = new RegExp(`[${WHITE_SPACE}]+`, "g");

/**
 * The text is made of the FORMs and what MISC says of the spaces between them. Where `# text` differs from that in white
 * space alone, it is the text: treebanks forget SpaceAfter more often than characters.
 * @throws VocabError `invalid-conllu` where it differs in anything else
 */
export function textOfSentence({ tokens, comment }: ConlluSentence, path: string): SentenceText {
  const rebuilt = rebuild(tokens);
  return inBytes(
    comment === undefined || comment.text === rebuilt.text ? rebuilt : align(tokens, comment, path),
  );
}

// What follows the last token stands between sentences.
function rebuild(tokens: readonly SurfaceToken[]): PlacedTokens {
  const ranges: number[] = [];
  let text = "";
  tokens.forEach(({ form, spaceAfter }, i) => {
    ranges.push(text.length, text.length + form.length);
    text += i === tokens.length - 1 ? form : form + spaceAfter;
  });
  return { text, ranges };
}

// Finds each token behind the one before it. A space inside a token may be another one in the text, or none.
function align(tokens: readonly SurfaceToken[], comment: NumberedLine, path: string): PlacedTokens {
  const { text } = comment;
  const ranges: number[] = [];
  let at = 0;
  for (const { form, line } of tokens) {
    const found = findForm(text, at, form);
    if (found === undefined)
      throw conlluFault(
        path,
        line,
        `the token ${JSON.stringify(form)} is not what # text of line ${comment.number} has there: ${excerpt(text, at)}`,
        SAME_CHARACTERS,
      );
    ranges.push(...found);
    at = found[1];
  }
  if (text.slice(at).replace(SPACES, "") !== "")
    throw conlluFault(
      path,
      comment.number,
      `# text goes on behind the last token: ${excerpt(text, at)}`,
      SAME_CHARACTERS,
    );
  return { text, ranges };
}

const SAME_CHARACTERS = "# text and the tokens must have the same characters; only white space may differ";

function findForm(text: string, from: number, form: string): [start: number, end: number] | undefined {
  const units = form.replace(SPACES, "");
  // A token of white space alone is itself.
  if (units === "") {
    const start = text.indexOf(form, from);
    if (start < 0 || text.slice(from, start).replace(SPACES, "") !== "") return undefined;
    return [start, start + form.length];
  }
  let start = -1;
  let at = from;
  for (let i = 0; i < units.length; i++) {
    while (at < text.length && SPACE.test(text[at]!)) at++;
    if (text[at] !== units[i]) return undefined;
    if (start < 0) start = at;
    at++;
  }
  return [start, at];
}

function excerpt(text: string, at: number): string {
  const rest = [...text.slice(at).trimStart()];
  return JSON.stringify(rest.length > 30 ? `${rest.slice(0, 30).join("")}…` : rest.join(""));
}

function inBytes({ text, ranges }: PlacedTokens): SentenceText {
  let unit = 0;
  let byte = 0;
  const words = Int32Array.from(ranges, (target) => {
    byte += Buffer.byteLength(text.slice(unit, target), "utf8");
    unit = target;
    return byte;
  });
  return { text: Buffer.from(text, "utf8"), words };
}
