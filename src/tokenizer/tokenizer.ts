// A loaded tokenizer: encodes any text exactly as the reference library does, with the place of every token.

import { AddedTokenMatcher } from "./added-token-matcher.ts";
import {
  type AlignedText,
  applyNormalizer,
  normalizeText,
  originalEnd,
  originalStart,
  prepend,
  replaceAll,
} from "./aligned-text.ts";
import { BpeEncoder } from "./bpe-encoder.ts";
import { decodeIds } from "./decoder.ts";
import type { PreTokenizerStep, TokenizerDefinition } from "./definition.ts";
import { compileSplits, PieceList, type SplitStep, Splitter } from "./splitter.ts";

/** Tokens of one text. `starts[i]`, `ends[i]`: bytes of the text under token i. `added[i]`: matched as an added token. */
export interface Encoding {
  readonly ids: readonly number[];
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  readonly added: readonly boolean[];
  /** Pre-tokens and matched added tokens. */
  readonly preTokens: number;
  /** Maximal pieces of the normalized text, cut before each run of the space symbol, and matched added tokens. */
  readonly pieces: number;
}

export interface EncodeOptions {
  /** The text goes on from a cut inside a document, so that nothing is put before it. Default false. */
  readonly continuesDocument?: boolean;
}

interface EncodingBuilder {
  ids: number[];
  starts: number[];
  ends: number[];
  added: boolean[];
  preTokens: number;
  pieces: number;
}

/** Gets what a text is divided into, in order; `base`: where the section of `text` starts in the whole. */
interface TextVisitor {
  added(id: number, start: number, end: number): void;
  /** The text of a section before it is split, with what stands before it. */
  section(text: AlignedText, continues: boolean): void;
  preToken(text: AlignedText, start: number, end: number, base: number): void;
}

export class Tokenizer {
  readonly definition: TokenizerDefinition;
  readonly model: BpeEncoder;
  readonly splitter: Splitter;
  /** Added tokens that are matched in the text as it is, and those matched in the normalized text. */
  readonly rawMatcher: AddedTokenMatcher;
  readonly normalizedMatcher: AddedTokenMatcher;
  private readonly pieces = new PieceList();

  /** @throws VocabError `pattern-unsupported` */
  constructor(definition: TokenizerDefinition) {
    this.definition = definition;
    this.model = new BpeEncoder(definition.model);
    this.splitter = new Splitter(compileSplits(definition.preTokenizers.filter(isSplit)));
    const raw = definition.addedTokens.filter((token) => !token.normalized);
    const normalized = definition.addedTokens.filter((token) => token.normalized);
    this.rawMatcher = new AddedTokenMatcher(
      raw,
      raw.map((token) => token.content),
    );
    this.normalizedMatcher = new AddedTokenMatcher(
      normalized,
      normalized.map((token) => normalizeText(token.content, definition.normalizers)),
    );
  }

  /** Ids of `text` without special tokens added. A lone surrogate counts as U+FFFD. */
  encode(text: string): number[] {
    return [...this.encodeBytes(Buffer.from(text, "utf8")).ids];
  }

  decode(ids: readonly number[]): string {
    return decodeIds(this.definition, ids);
  }

  /** @param bytes one document, or one segment of it, as well-formed UTF-8 */
  encodeBytes(bytes: Uint8Array, options: EncodeOptions = {}): Encoding {
    const out: EncodingBuilder = { ids: [], starts: [], ends: [], added: [], preTokens: 0, pieces: 0 };
    this.visit(bytes, options, {
      added: (id, start, end) => pushAdded(out, id, start, end),
      section: (text, continues) => {
        out.pieces += countPieces(text.bytes, continues);
      },
      preToken: (text, start, end, base) => this.encodePreToken(text, start, end, base, out),
    });
    return out;
  }

  /**
   * Calls `visit` with each pre-token as the model would get it, normalized; matched added tokens are left out.
   * @param bytes as for `encodeBytes`
   */
  eachPreToken(
    bytes: Uint8Array,
    options: EncodeOptions,
    visit: (text: Uint8Array, start: number, end: number) => void,
  ): void {
    this.visit(bytes, options, {
      added: () => {},
      section: () => {},
      preToken: (text, start, end) => visit(text.bytes, start, end),
    });
  }

  private visit(bytes: Uint8Array, options: EncodeOptions, visitor: TextVisitor): void {
    for (const section of this.rawMatcher.sections(bytes)) {
      if (section.id >= 0) visitor.added(section.id, section.start, section.end);
      else {
        const continues = section.start === 0 && options.continuesDocument === true;
        this.visitSection(bytes.subarray(section.start, section.end), section.start, continues, visitor);
      }
    }
  }

  // `base`: where the section starts in the text. Normalizes, matches the normalized added tokens, divides the rest.
  private visitSection(bytes: Uint8Array, base: number, continues: boolean, visitor: TextVisitor): void {
    let text: AlignedText = { bytes };
    for (const step of this.definition.normalizers) text = applyNormalizer(text, step, !continues);
    if (this.normalizedMatcher.isEmpty) return this.visitNormalized(text, base, continues, visitor);
    for (const section of this.normalizedMatcher.sections(text.bytes)) {
      const part = slice(text, section.start, section.end);
      if (section.id < 0) this.visitNormalized(part, base, continues && section.start === 0, visitor);
      else
        visitor.added(section.id, base + originalStart(part, 0), base + originalEnd(part, part.bytes.length));
    }
  }

  private visitNormalized(
    normalized: AlignedText,
    base: number,
    continues: boolean,
    visitor: TextVisitor,
  ): void {
    let text = normalized;
    const isDocumentStart =
      base === 0 && !continues && (text.bytes.length === 0 || originalStart(text, 0) === 0);
    let cutBefore: string | undefined;
    for (const step of this.definition.preTokenizers) {
      if (step.type === "split") continue;
      text = applyTextStep(text, step, continues, isDocumentStart);
      if (step.type === "metaspace" && step.split) cutBefore = step.replacement;
    }
    visitor.section(text, continues);
    this.pieces.clear();
    this.splitter.split(text.bytes, 0, text.bytes.length, this.pieces);
    const { offsets, length } =
      cutBefore === undefined ? this.pieces : cutPieces(text.bytes, this.pieces, cutBefore);
    for (let i = 0; i < length; i += 2) visitor.preToken(text, offsets[i]!, offsets[i + 1]!, base);
  }

  private encodePreToken(
    text: AlignedText,
    start: number,
    end: number,
    base: number,
    out: EncodingBuilder,
  ): void {
    const count = this.model.encode(text.bytes, start, end);
    let at = start;
    for (let i = 0; i < count; i++) {
      const next = at + this.model.lengths[i]!;
      out.ids.push(this.model.ids[i]!);
      out.starts.push(base + originalStart(text, at));
      out.ends.push(base + originalEnd(text, next));
      out.added.push(false);
      at = next;
    }
    out.preTokens++;
  }
}

export function isSplit(step: PreTokenizerStep): step is SplitStep {
  return step.type === "split";
}

function pushAdded(out: EncodingBuilder, id: number, start: number, end: number): void {
  out.ids.push(id);
  out.starts.push(start);
  out.ends.push(end);
  out.added.push(true);
  out.preTokens++;
  out.pieces++;
}

function slice(text: AlignedText, start: number, end: number): AlignedText {
  const starts = Int32Array.from({ length: end - start }, (_, i) => originalStart(text, start + i));
  const ends = Int32Array.from({ length: end - start }, (_, i) => originalEnd(text, start + i + 1));
  return { bytes: text.bytes.subarray(start, end), starts, ends };
}

function applyTextStep(
  text: AlignedText,
  step: Exclude<PreTokenizerStep, SplitStep>,
  continues: boolean,
  isDocumentStart: boolean,
): AlignedText {
  if (text.bytes.length === 0) return text;
  if (step.type === "prefix-space") return continues || text.bytes[0] === 0x20 ? text : prepend(text, " ");
  const replaced = replaceAll(text, Buffer.from(" "), Buffer.from(step.replacement, "utf8"));
  const prepends = step.prepend === "always" ? !continues : step.prepend === "first" && isDocumentStart;
  return prepends && !startsWith(replaced.bytes, Buffer.from(step.replacement, "utf8"))
    ? prepend(replaced, step.replacement)
    : replaced;
}

function startsWith(bytes: Uint8Array, prefix: Uint8Array): boolean {
  return prefix.every((byte, i) => bytes[i] === byte);
}

// Metaspace cuts before every replacement character.
function cutPieces(bytes: Uint8Array, pieces: PieceList, replacement: string): PieceList {
  const mark = Buffer.from(replacement, "utf8");
  const cut = new PieceList();
  for (let i = 0; i < pieces.length; i += 2) {
    let start = pieces.offsets[i]!;
    const end = pieces.offsets[i + 1]!;
    for (let at = start + 1; at < end; at++) {
      if (bytes[at] !== mark[0] || !startsWith(bytes.subarray(at, end), mark)) continue;
      cut.add(start, at);
      start = at;
    }
    cut.add(start, end);
  }
  return cut;
}

/** U+2581, "▁", in UTF-8: what SentencePiece writes for a space. */
function isSpaceSymbol(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0xe2 && bytes[at + 1] === 0x96 && bytes[at + 2] === 0x81;
}

function countPieces(bytes: Uint8Array, continues: boolean): number {
  let pieces = bytes.length > 0 && !isSpaceSymbol(bytes, 0) && !continues ? 1 : 0;
  for (let at = 0; at < bytes.length; at++) {
    if (isSpaceSymbol(bytes, at) && (at < 3 || !isSpaceSymbol(bytes, at - 3))) pieces++;
  }
  return pieces;
}
