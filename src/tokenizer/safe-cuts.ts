// Proves that a tokenizer may be given the segments of a document one by one (text/cut-rule.ts): that for every text the
// ids of the segments, joined, are the ids of the document. What cannot be proved is not claimed: such a tokenizer is
// given whole documents. The proof has one part for each stage a text goes through.

import { type CodePointSet, fromCodePoints, has, union } from "../text/code-point-set.ts";
import {
  CUT_BEFORE_BLANK,
  CUT_BEFORE_SPACES,
  cutBeforeBlank,
  cutBeforeSpaces,
  cutKindBefore,
  isCutSpace,
} from "../text/cut-rule.ts";
import { normalize } from "../text/normalize.ts";
import { codePointSet } from "../text/unicode.ts";
import type { BpeDefinition, BpeModel, TokenizerDefinition } from "./definition.ts";
import { lastCodePoint, spellsAllText } from "./model-tokens.ts";
import { matchedContent } from "./normalizers.ts";
import { DEAD_STATE, START_STATE } from "./pattern-automaton.ts";
import { isBpe } from "./require-bpe.ts";
import { planSegments } from "./safe-segments.ts";
import { type CompiledSplit, compileSplits } from "./splitter.ts";
import { isSplit } from "./tokenizer.ts";

/** SentencePiece's space symbol, U+2581. */
export const SPACE_SYMBOL = "▁";

/**
 * How a tokenizer reads a corpus.
 * - `pre-tokens`: segment by segment; a real pre-tokenizer divides each.
 * - `pieces`: segment by segment; the model reads them whole, U+0020 standing for `▁`.
 * - `segments`: segment by segment, each encoded whole.
 * - `documents`: only whole documents are safe; `reason` says why.
 */
export type ReadingPlan =
  | { readonly kind: "pre-tokens" }
  | { readonly kind: "pieces"; readonly prepends: boolean }
  | { readonly kind: "segments" }
  | { readonly kind: "documents"; readonly reason: string };

export function planReading(definition: TokenizerDefinition): ReadingPlan {
  if (!isBpe(definition)) return planSegments(definition, addedTokenDanger(definition));
  const reason = addedTokenDanger(definition) ?? normalizerDanger(definition);
  if (reason !== undefined) return { kind: "documents", reason };
  return hasPreTokenizer(definition) ? planPreTokens(definition) : planPieces(definition);
}

/** False for tokenizers like Gemma's and Llama 2's, whose model sees the text between added tokens in one piece. */
export function hasPreTokenizer(definition: TokenizerDefinition): boolean {
  const replacesSpaces = definition.normalizers.some(
    (step) => step.type === "replace" && step.pattern === " ",
  );
  return definition.preTokenizers.some((step) => {
    if (step.type === "metaspace") return step.split;
    // After " " → "▁", a split at " " never fires.
    return (
      step.type === "split" && !(replacesSpaces && "regex" in step.pattern && step.pattern.regex === " ")
    );
  });
}

// An added token must not lie across a cut, nor look over one.
function addedTokenDanger(definition: TokenizerDefinition): string | undefined {
  for (const token of definition.addedTokens) {
    const matched = matchedContent(token, definition.normalizers);
    const content = token.verbatim === true ? matched.replaceAll(SPACE_SYMBOL, " ") : matched;
    const bytes = Buffer.from(content, "utf8");
    const name = `the added token ${JSON.stringify(token.content)}`;
    // Segments are looked through as they are, where a space is not yet its symbol.
    if (token.normalized && content.includes(SPACE_SYMBOL) && changesSpaces(definition))
      return `${name} is matched where spaces are already replaced`;
    for (let at = 1; at < bytes.length; at++) if (isCut(bytes, at)) return `${name} has white space inside`;
    if (token.rstrip && mayEndBeforeCut(content)) return `${name} takes the white space behind it`;
    if (token.singleWord && isCutSpace(bytes[0]!)) return `${name} looks at the word before its white space`;
  }
  return undefined;
}

function changesSpaces({ normalizers }: TokenizerDefinition): boolean {
  return normalizers.some((step) => step.type === "replace" || step.type === "prepend");
}

// Whether a cut may follow text that the tokenizer sees as this.
function mayEndBeforeCut(content: string): boolean {
  const last = lastCodePoint(content);
  return has(cutBeforeSpaces, last) || has(cutBeforeBlank, last) || has(composedSymbols(), last);
}

let symbols: CodePointSet | undefined;

/** Symbols that NFC makes of text that ends with a mark: "<" and U+0338 are cut before a blank, but become "≮". */
export function composedSymbols(): CodePointSet {
  if (symbols !== undefined) return symbols;
  const found: number[] = [];
  const { ranges } = codePointSet("S")!;
  for (let i = 0; i < ranges.length; i += 2) {
    for (let symbol = ranges[i]!; symbol < ranges[i + 1]!; symbol++) {
      const last = [...normalize(String.fromCodePoint(symbol), "NFD")].at(-1)!.codePointAt(0)!;
      if (last !== symbol && has(codePointSet("M")!, last)) found.push(symbol);
    }
  }
  symbols = fromCodePoints(found);
  return symbols;
}

/** What may stand before a cut at U+0020 in the text that the pre-tokenizer or the model sees. */
function endsBeforeBlank({ normalizers }: TokenizerDefinition): CodePointSet {
  return normalizers.some((step) => step.type === "unicode")
    ? union(cutBeforeBlank, composedSymbols())
    : cutBeforeBlank;
}

function isCut(bytes: Uint8Array, at: number): boolean {
  if (!isCutSpace(bytes[at]!)) return false;
  const kind = cutKindBefore(bytes, at);
  return kind === CUT_BEFORE_SPACES || (kind === CUT_BEFORE_BLANK && bytes[at] === 0x20);
}

// NFC neither makes white space nor acts across it (no character composes or reorders with U+0009–U+000D, U+0020), and
// leaves each class of cut-rule.ts closed but for `composedSymbols`: test/tokenizer/safe-cuts.full.test.ts goes through
// all code points.
function normalizerDanger(definition: TokenizerDefinition): string | undefined {
  const startsSections =
    definition.normalizers.some((step) => step.type === "prepend") ||
    definition.preTokenizers.some(
      (step) => step.type !== "split" && (step.type === "prefix-space" || step.prepend !== "never"),
    );
  if (startsSections) {
    const token = definition.addedTokens.find(
      (added) => added.verbatim !== true && mayEndBeforeCut(matchedContent(added, definition.normalizers)),
    );
    if (token !== undefined)
      return `something is put before the text behind ${JSON.stringify(token.content)}`;
  }
  for (const step of definition.normalizers) {
    if (step.type === "unicode" && step.form === "NFC") continue;
    if (step.type === "replace" && step.pattern === " " && step.content === SPACE_SYMBOL) continue;
    if (step.type === "prepend" && step.text === SPACE_SYMBOL) continue;
    return `the normalizer ${step.type}`;
  }
  return undefined;
}

function planPreTokens(definition: TokenizerDefinition): ReadingPlan {
  const unsafe = (reason: string): ReadingPlan => ({ kind: "documents", reason });
  if (definition.normalizers.some((step) => step.type !== "unicode"))
    return unsafe("a normalizer that replaces spaces before the pre-tokenizer");
  if (!definition.preTokenizers.every(isSplit)) return unsafe("a pre-tokenizer that changes the text");
  const spaces = Array.from({ length: 14 }, (_, i) => i)
    .concat(0x20)
    .filter(isCutSpace);
  const singles = spaces.map((space) => fromCodePoints([space]));
  const beforeBlank = endsBeforeBlank(definition);
  const splits = compileSplits(definition.preTokenizers, [cutBeforeSpaces, beforeBlank, ...singles]);
  for (const split of splits) {
    if (split.behavior !== "Isolated" && !(split.behavior === "Removed" && split.invert && isTotal(split)))
      return unsafe(`a Split with the behavior ${split.behavior}`);
    if (!matchesEndAtCuts(split, beforeBlank, singles)) return unsafe("a pattern that matches across a cut");
  }
  return divideAtCuts(splits, [cutBeforeSpaces, beforeBlank])
    ? { kind: "pre-tokens" }
    : unsafe("patterns that leave text between their matches");
}

// A match that holds the last character before a cut ends there. So it is enough that one of the splits matches that
// character whatever stands around it: where no earlier match holds it, one begins with it.
function divideAtCuts(splits: readonly CompiledSplit[], last: readonly CodePointSet[]): boolean {
  const matched = splits.map(alwaysMatched);
  const isMatched = (is: number, column: number) =>
    is === 0 || matched.some((columns) => columns[column] === 1);
  return last.every((set) => splits[0]?.automaton.classes.membership(set).every(isMatched) === true);
}

// For every state that a match can be in after a character x: the white space that a cut may stand before ends the match,
// and in the same place as the end of the text would. Then no match reaches over the cut, and those before it are the
// same whether the text goes on or not.
function matchesEndAtCuts(
  split: CompiledSplit,
  beforeBlank: CodePointSet,
  spaces: readonly CodePointSet[],
): boolean {
  const { automaton } = split;
  const { classes, width, transitions, stateCount } = automaton;
  const afterLetter = classes.membership(cutBeforeSpaces);
  const afterMark = classes.membership(beforeBlank);
  const blank = spaces[spaces.length - 1]!;
  const columnsOf = (sets: readonly CodePointSet[]) =>
    sets.flatMap((set) => [...classes.membership(set)].flatMap((is, column) => (is === 1 ? [column] : [])));
  const spaceColumns = columnsOf(spaces);
  const blankColumns = columnsOf([blank]);
  const end = width - 1;
  for (let state = START_STATE; state < stateCount; state++) {
    for (let column = 0; column < classes.count; column++) {
      const kind = afterLetter[column] === 1 ? spaceColumns : afterMark[column] === 1 ? blankColumns : [];
      const after = transitions[state * width + column]! >> 1;
      if (after === DEAD_STATE) continue;
      const atEnd = transitions[after * width + end]! & 1;
      for (const space of kind)
        if (transitions[after * width + space] !== ((DEAD_STATE << 1) | atEnd)) return false;
    }
  }
  return true;
}

// Every character begins a match: no text is left between matches.
function isTotal(split: CompiledSplit): boolean {
  return alwaysMatched(split).every((is) => is === 1);
}

// 1 for each class of characters that begin a match whatever follows. A state fails when some rest of a text, perhaps
// none, leads on from it without a match.
function alwaysMatched({
  automaton: { classes, width, transitions, stateCount },
}: CompiledSplit): Uint8Array {
  const fails = new Uint8Array(stateCount);
  fails[DEAD_STATE] = 1;
  const leadsToFailure = (state: number): boolean => {
    for (let next = state * width; next < (state + 1) * width; next++)
      if ((transitions[next]! & 1) === 0 && fails[transitions[next]! >> 1] === 1) return true;
    return false;
  };
  for (let changed = true; changed; ) {
    changed = false;
    for (let state = START_STATE; state < stateCount; state++) {
      if (fails[state] === 1 || !leadsToFailure(state)) continue;
      fails[state] = 1;
      changed = true;
    }
  }
  return Uint8Array.from({ length: classes.count }, (_, column) =>
    fails[transitions[START_STATE * width + column]! >> 1] === 1 ? 0 : 1,
  );
}

function planPieces(definition: BpeDefinition): ReadingPlan {
  const unsafe = (reason: string): ReadingPlan => ({ kind: "documents", reason });
  const replaces =
    definition.normalizers.some((step) => step.type === "replace") ||
    definition.preTokenizers.some((step) => step.type === "metaspace");
  if (definition.model.byteLevel) return unsafe("a byte-level model without a pre-tokenizer");
  if (!replaces) return unsafe("a model that reads spaces as they are");
  if (definition.model.ignoreMerges) return unsafe("ignore_merges without a pre-tokenizer");
  const metaspace = definition.preTokenizers.find((step) => step.type === "metaspace");
  if (metaspace?.type === "metaspace" && metaspace.replacement !== SPACE_SYMBOL)
    return unsafe(`the space symbol ${metaspace.replacement}`);
  if (definition.preTokenizers.some((step) => step.type === "prefix-space"))
    return unsafe("a space put before the text");
  if (!definition.model.idOfToken.has(SPACE_SYMBOL)) return unsafe(`a vocabulary without ${SPACE_SYMBOL}`);
  const word = definition.addedTokens.find(
    ({ content, verbatim }) => verbatim !== true && has(cutBeforeSpaces, lastCodePoint(content)),
  );
  if (word !== undefined)
    return unsafe(`a line end behind the added token ${JSON.stringify(word.content)} begins a piece`);
  const merge = mergeAcrossCut(definition.model, endsBeforeBlank(definition));
  if (merge !== undefined)
    return unsafe(`the merge ${JSON.stringify(merge)}, which joins what a cut would divide`);
  if (unknownSpace(definition.model)) return unsafe("white space that is an unknown character");
  const prepends =
    definition.normalizers.some((step) => step.type === "prepend") ||
    (metaspace?.type === "metaspace" && metaspace.prepend !== "never");
  return { kind: "pieces", prepends };
}

// Symbols on the two sides of a cut meet only through a merge whose left part ends as the left side does and whose right
// part begins as the right side does.
function mergeAcrossCut(model: BpeModel, beforeBlank: CodePointSet): readonly [string, string] | undefined {
  const tokens = [...model.tokens];
  for (let i = 0; i < model.merges.length; i += 3) {
    const left = tokens[model.merges[i]!]!;
    const right = tokens[model.merges[i + 1]!]!;
    if (model.byteFallback && (startsWithByteToken(right) || endsWithByteToken(left))) return [left, right];
    // The unknown token stands for any character.
    if (model.merges[i] === model.unknownId || model.merges[i + 1] === model.unknownId) return [left, right];
    const space = right.startsWith(SPACE_SYMBOL) ? 0x20 : right.charCodeAt(0);
    if (!isCutSpace(space)) continue;
    const last = lastCodePoint(left);
    if (has(cutBeforeSpaces, last) || (space === 0x20 && has(beforeBlank, last))) return [left, right];
  }
  return undefined;
}

// Byte tokens may spell white space or a letter in part: a merge of them is not looked into.
function startsWithByteToken(token: string): boolean {
  return token.charCodeAt(0) === 0x3c && /^<0x[0-9A-F]{2}>/.test(token);
}

function endsWithByteToken(token: string): boolean {
  return token.charCodeAt(token.length - 1) === 0x3e && /<0x[0-9A-F]{2}>$/.test(token);
}

// Unknown characters on both sides of a cut could be fused into one token; and one that waits to be written lets byte
// tokens pass, over a cut as well, until a known character comes (bpe-encoder.ts).
function unknownSpace(model: BpeModel): boolean {
  if (model.byteFallback ? spellsAllText(model) : !model.fuseUnknown) return false;
  return ["\t", "\n", "\v", "\f", "\r"].some((space) => !model.idOfToken.has(space));
}
