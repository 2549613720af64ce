// What two tokenizers make of the same text: what changes (G6, G13), whether borders are only removed (G3), and whether
// the text still comes back from its ids (G5). One pass serves all.

import type { Encoding, Tokenizer } from "../tokenizer/tokenizer.ts";

/** A place that changed: the shortest stretch that both divide at its ends. */
export interface ChangedPlace {
  readonly text: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

export interface TextComparison {
  readonly name: string;
  readonly source: string;
  readonly documents: number;
  readonly bytes: number;
  readonly tokensBefore: number;
  readonly tokensAfter: number;
  /** Documents whose ids changed. */
  readonly changed: number;
  readonly examples: readonly ChangedPlace[];
  /** Where a token border is new, if any is. */
  readonly crossedBorder?: string;
  /** A document that only the first tokenizer gives back from its ids. */
  readonly brokenRoundTrip?: string;
}

const EXAMPLES = 3;
/** Characters of a document that a fault quotes. */
const QUOTED = 80;

export class TextComparer {
  private readonly before: Tokenizer;
  private readonly after: Tokenizer;
  private documents = 0;
  private bytes = 0;
  private tokensBefore = 0;
  private tokensAfter = 0;
  private changed = 0;
  private readonly examples = new Map<string, ChangedPlace>();
  private crossedBorder: string | undefined;
  private brokenRoundTrip: string | undefined;

  constructor(before: Tokenizer, after: Tokenizer) {
    this.before = before;
    this.after = after;
  }

  /** @param document well-formed UTF-8 */
  add(document: Uint8Array): void {
    const before = this.before.encodeBytes(document);
    const after = this.after.encodeBytes(document);
    this.documents++;
    this.bytes += document.length;
    this.tokensBefore += before.ids.length;
    this.tokensAfter += after.ids.length;
    const at = firstChange(before, after);
    if (at < 0) return;
    this.changed++;
    this.addExample(document, before, after, at);
    this.crossedBorder ??= newBorder(document, before, after);
    this.brokenRoundTrip ??= this.lostText(document, before, after);
  }

  result(name: string, source: string): TextComparison {
    const { documents, bytes, tokensBefore, tokensAfter, changed, crossedBorder, brokenRoundTrip } = this;
    const examples = [...this.examples.values()];
    return {
      ...{ name, source, documents, bytes, tokensBefore, tokensAfter, changed, examples },
      ...(crossedBorder === undefined ? {} : { crossedBorder }),
      ...(brokenRoundTrip === undefined ? {} : { brokenRoundTrip }),
    };
  }

  private addExample(document: Uint8Array, before: Encoding, after: Encoding, at: number): void {
    if (this.examples.size >= EXAMPLES) return;
    let i = at;
    let j = at;
    // Both end where the document ends, but for what the normalizer dropped there.
    while (before.ends[i] !== after.ends[j]) {
      const isBehind = (before.ends[i] ?? 0) < (after.ends[j] ?? 0);
      if (isBehind && i + 1 < before.ids.length) i++;
      else if (!isBehind && j + 1 < after.ids.length) j++;
      else break;
    }
    const start = Math.min(before.starts[at] ?? document.length, after.starts[at] ?? document.length);
    const end = Math.max(before.ends[i] ?? start, after.ends[j] ?? start);
    const text = textOf(document, start, end);
    this.examples.set(text, {
      text,
      before: piecesOf(document, before, at, i + 1),
      after: piecesOf(document, after, at, j + 1),
    });
  }

  private lostText(document: Uint8Array, before: Encoding, after: Encoding): string | undefined {
    const text = textOf(document, 0, document.length);
    const now = this.after.decode(after.ids);
    if (now === text || this.before.decode(before.ids) !== text) return undefined;
    return `${quoted(text)} comes back as ${quoted(now)}`;
  }
}

function firstChange(a: Encoding, b: Encoding): number {
  const length = Math.min(a.ids.length, b.ids.length);
  for (let i = 0; i < length; i++) if (a.ids[i] !== b.ids[i]) return i;
  return a.ids.length === b.ids.length ? -1 : length;
}

// Every end of a new token must be the end of an old one. Ends never fall: the normalizer keeps the order of a text.
function newBorder(document: Uint8Array, before: Encoding, after: Encoding): string | undefined {
  let i = 0;
  for (let j = 0; j < after.ids.length; j++) {
    while (i < before.ids.length && before.ends[i]! < after.ends[j]!) i++;
    if (before.ends[i] === after.ends[j]) continue;
    const start = Math.min(before.starts[i] ?? 0, after.starts[j]!);
    const divided = quoted(textOf(document, start, before.ends[i] ?? document.length));
    return `${divided} is divided after byte ${after.ends[j]} of ${quoted(textOf(document, 0, document.length))}, where the base has no border`;
  }
  return undefined;
}

function piecesOf(document: Uint8Array, encoding: Encoding, from: number, to: number): string[] {
  return encoding.ids.slice(from, to).map((_, k) => {
    const start = encoding.starts[from + k]!;
    const end = encoding.ends[from + k]!;
    const text = textOf(document, start, end);
    return text.includes("\ufffd") ? Buffer.from(document.subarray(start, end)).toString("hex") : text;
  });
}

function textOf(document: Uint8Array, start: number, end: number): string {
  return Buffer.from(document.buffer, document.byteOffset + start, Math.max(0, end - start)).toString("utf8");
}

function quoted(text: string): string {
  const characters = [...text.slice(0, 2 * QUOTED)];
  return JSON.stringify(characters.length > QUOTED ? `${characters.slice(0, QUOTED).join("")}…` : text);
}
