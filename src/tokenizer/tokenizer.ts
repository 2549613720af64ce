// A loaded tokenizer: encodes any text exactly as the reference library does, with the place of every token.

import { AddedTokenMatcher } from "./added-token-matcher.ts";
import { type AlignedText, originalEnd, originalStart, prepend, replaceAll, slice } from "./aligned-text.ts";
import { decodeIds } from "./decoder.ts";
import type { AddedToken, BpeModel, Model, PreTokenizerStep, TokenizerDefinition } from "./definition.ts";
import { createEncoder, type ModelEncoder } from "./model-encoder.ts";
import { applyNormalizer, matchedContent } from "./normalizers.ts";
import { countPieces } from "./space-symbol.ts";
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
  /** @param isPiece false for a user-defined piece of SentencePiece, which is counted with the text around it */
  added(id: number, start: number, end: number, isPiece: boolean): void;
  /** The text of a section before it is split, with what stands before it. */
  section(text: AlignedText, continues: boolean): void;
  preToken(text: AlignedText, start: number, end: number, base: number): void;
}

type TextStep = Exclude<PreTokenizerStep, SplitStep>;

/** What pre-tokenizing does, one after another. */
type Stage =
  | { readonly type: "text"; readonly step: TextStep }
  | { readonly type: "splits"; readonly splitter: Splitter }
  | { readonly type: "cut"; readonly before: Uint8Array };

export class Tokenizer<M extends Model = Model> {
  readonly definition: TokenizerDefinition<M>;
  readonly model: ModelEncoder;
  readonly splitter: Splitter;
  /** Added tokens that are matched in the text as it is, and those matched in the normalized text. */
  readonly rawMatcher: AddedTokenMatcher;
  readonly normalizedMatcher: AddedTokenMatcher;
  /** What to look for in text that is not normalized, to know that a token of `normalizedMatcher` may be in it. */
  readonly textMatchers: readonly AddedTokenMatcher[];
  /** The added tokens are user-defined pieces of SentencePiece. */
  private readonly hasSymbols: boolean;
  private readonly stages: readonly Stage[];
  private readonly pieces = new PieceList();

  /** @throws VocabError `pattern-unsupported` */
  constructor(definition: TokenizerDefinition<M>) {
    this.definition = definition;
    this.model = createEncoder(definition.model);
    this.splitter = new Splitter(compileSplits(definition.preTokenizers.filter(isSplit)));
    this.stages = stagesOf(definition.preTokenizers);
    const raw = definition.addedTokens.filter((token) => !token.normalized);
    const normalized = definition.addedTokens.filter((token) => token.normalized);
    this.rawMatcher = new AddedTokenMatcher(
      raw,
      raw.map((token) => token.content),
    );
    this.normalizedMatcher = new AddedTokenMatcher(
      normalized,
      normalized.map((token) => matchedContent(token, definition.normalizers)),
    );
    const symbols = normalized.filter(({ verbatim }) => verbatim === true);
    this.hasSymbols = symbols.length > 0;
    this.textMatchers = [this.rawMatcher, this.normalizedMatcher, ...spelledWithSpaces(symbols)];
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
      added: (id, start, end, isPiece) => pushAdded(out, id, start, end, isPiece),
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
      if (section.id >= 0) visitor.added(section.id, section.start, section.end, true);
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
    if (this.hasSymbols) visitor.section(text, continues);
    for (const section of this.normalizedMatcher.sections(text.bytes)) {
      const part = slice(text, section.start, section.end);
      if (section.id >= 0) {
        const end = originalEnd(part, part.bytes.length);
        visitor.added(section.id, base + originalStart(part, 0), base + end, !this.hasSymbols);
      } else if (this.hasSymbols) this.visitPieces(part, 0, base, continues, visitor);
      else this.visitNormalized(part, base, continues && section.start === 0, visitor);
    }
  }

  private visitNormalized(
    normalized: AlignedText,
    base: number,
    continues: boolean,
    visitor: TextVisitor,
  ): void {
    let text = normalized;
    let stage = 0;
    for (; this.stages[stage]?.type === "text"; stage++)
      text = this.applyTextStep(text, stage, base, continues);
    visitor.section(text, continues);
    this.visitPieces(text, stage, base, continues, visitor);
  }

  // Runs the stages from `first` on; every piece that one leaves goes through the next.
  private visitPieces(
    text: AlignedText,
    first: number,
    base: number,
    continues: boolean,
    visitor: TextVisitor,
  ): void {
    const stage = this.stages[first];
    if (text.bytes.length === 0) return;
    if (stage === undefined) return visitor.preToken(text, 0, text.bytes.length, base);
    if (stage.type === "text")
      return this.visitPieces(
        this.applyTextStep(text, first, base, continues),
        first + 1,
        base,
        continues,
        visitor,
      );
    const isLast = first === this.stages.length - 1;
    const pieces = isLast ? this.pieces : new PieceList();
    pieces.clear();
    if (stage.type === "cut") cutPieces(text.bytes, stage.before, pieces);
    else stage.splitter.split(text.bytes, 0, text.bytes.length, pieces);
    const { offsets, length } = pieces;
    for (let i = 0; i < length; i += 2) {
      const start = offsets[i]!;
      const end = offsets[i + 1]!;
      if (isLast) visitor.preToken(text, start, end, base);
      else this.visitPieces(slice(text, start, end), first + 1, base, continues && start === 0, visitor);
    }
  }

  private applyTextStep(text: AlignedText, stage: number, base: number, continues: boolean): AlignedText {
    const { step } = this.stages[stage] as Stage & { type: "text" };
    const isDocumentStart =
      base === 0 && !continues && (text.bytes.length === 0 || originalStart(text, 0) === 0);
    return applyTextStep(text, step, continues, isDocumentStart);
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

/** A tokenizer whose model is BPE. */
export type BpeTokenizer = Tokenizer<BpeModel>;

export function isSplit(step: PreTokenizerStep): step is SplitStep {
  return step.type === "split";
}

function pushAdded(out: EncodingBuilder, id: number, start: number, end: number, isPiece: boolean): void {
  out.ids.push(id);
  out.starts.push(start);
  out.ends.push(end);
  out.added.push(true);
  out.preTokens++;
  if (isPiece) out.pieces++;
}

// Symbols with `▁` in them stand for spaces in text; where `▁` itself is in the text, anything may be.
function spelledWithSpaces(symbols: readonly AddedToken[]): AddedTokenMatcher[] {
  const spaced = symbols.filter(({ content }) => content.includes("▁"));
  if (spaced.length === 0) return [];
  const contents = [...spaced.map(({ content }) => content.replaceAll("▁", " ")), "▁"];
  return [new AddedTokenMatcher([...spaced, spaced[0]!], contents)];
}

function applyTextStep(
  text: AlignedText,
  step: TextStep,
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

// Cuts before every `mark`.
function cutPieces(bytes: Uint8Array, mark: Uint8Array, out: PieceList): void {
  let start = 0;
  for (let at = 1; at < bytes.length; at++) {
    if (bytes[at] !== mark[0] || !startsWith(bytes.subarray(at), mark)) continue;
    out.add(start, at);
    start = at;
  }
  out.add(start, bytes.length);
}

// Neighbouring splits run together; a Metaspace changes the text and then cuts it.
function stagesOf(steps: readonly PreTokenizerStep[]): Stage[] {
  const stages: Stage[] = [];
  for (let i = 0; i < steps.length; i++) {
    const step = steps[i]!;
    if (step.type === "split") {
      const splits: SplitStep[] = [step];
      for (; steps[i + 1]?.type === "split"; i++) splits.push(steps[i + 1] as SplitStep);
      stages.push({ type: "splits", splitter: new Splitter(compileSplits(splits)) });
      continue;
    }
    stages.push({ type: "text", step });
    if (step.type === "metaspace" && step.split)
      stages.push({ type: "cut", before: Buffer.from(step.replacement, "utf8") });
  }
  return stages;
}
