// One training run: what is learned so far, and the step that learns one token more.

import type { BpeModel } from "../tokenizer/definition.ts";
import type { Candidate } from "./candidates.ts";
import type { RevivedToken } from "./learned.ts";
import { MergeState } from "./merge-state.ts";
import { Reviver } from "./reviver.ts";
import { SymbolRules } from "./symbol-rules.ts";
import type { TokenConstraints } from "./token-constraints.ts";
import type { TrainingWords } from "./training-words.ts";
import { countTokens, eachSymbol, layOutWords, type WordCells, weightsOf } from "./word-cells.ts";

/** A candidate as it is learned; `symbol` leads to its spelling. */
export interface Learning {
  readonly symbol: number;
  readonly kind: Candidate["kind"];
  readonly count: number;
}

export type Merge = readonly [left: number, right: number, product: number];

export class Learner {
  readonly rules: SymbolRules;
  readonly laidOut: WordCells;
  readonly state: MergeState;
  readonly learnings: Learning[] = [];
  /** Token ids, in order of rank. */
  readonly merges: Merge[] = [];
  readonly revived: RevivedToken[] = [];
  readonly refused: Record<string, number> = {};
  protectedMerges = 0;
  /** By symbol: occurrences of each learned token that is not a stone. */
  private readonly uses: (number | undefined)[] = [];
  readonly firstId: number;
  readonly minCount: number;
  /** Pairs that count less are not kept. */
  readonly floor: number;
  /** The weight of each word that has cells, by language. */
  readonly languages: readonly Float64Array[];
  /** And by channel: the languages, or their sum. */
  readonly weights: readonly Float64Array[];
  /** Told of each pair that a merge made. */
  onCreated: (pair: number) => void = () => {};
  private readonly protectedCounts: Float64Array | undefined;
  private readonly protectBudget: number;
  private readonly model: BpeModel;
  private reviver: Reviver | undefined;

  /**
   * @param wanted words that have to be in the cells
   * @param floor what pairs must count to be kept (`minCount` at least), by the tokens of the smallest channel
   */
  constructor(
    words: TrainingWords,
    constraints: TokenConstraints,
    balance: "size" | "parity",
    wanted: ReadonlySet<number>,
    floor: (tokens: number) => number,
  ) {
    const { definition } = words.base;
    this.model = definition.model;
    this.firstId =
      1 + definition.addedTokens.reduce((most, { id }) => Math.max(most, id), this.model.tokens.length - 1);
    this.minCount = constraints.minCount ?? 2;
    this.rules = new SymbolRules(words.base, constraints, words.unigram !== undefined);
    this.laidOut = layOutWords(words, this.rules, wanted);
    this.languages = words.counts.map((counts) => weightsOf(this.laidOut, counts));
    this.weights = balance === "parity" || words.languages === 1 ? this.languages : [sumOf(this.languages)];
    const tokens = this.laidOut.tokens.map(({ all }) => all);
    const inChannel = this.weights === this.languages ? Math.min(...tokens) : tokens.reduce((a, b) => a + b);
    this.floor = Math.max(this.minCount, floor(inChannel));
    this.state = new MergeState(this.laidOut, this.rules, this.weights, this.floor);
    const isProtected = words.protectedCounts.some((count) => count > 0);
    this.protectedCounts = isProtected ? weightsOf(this.laidOut, words.protectedCounts) : undefined;
    this.protectBudget = constraints.protectBudget ?? 0;
  }

  get count(): number {
    return this.learnings.length;
  }

  bytesOf(pair: number): Uint8Array {
    const { lefts, rights } = this.state.pairs;
    return this.rules.symbols.joinedBytes(lefts[pair]!, rights[pair]!);
  }

  /** Sets the pair aside for good. */
  refuse(pair: number, reason: string): void {
    this.refused[reason] = (this.refused[reason] ?? 0) + 1;
    this.state.refuse(pair);
  }

  /** Whether the pair would change more of the protected text than is left of the budget. */
  breaksProtection(pair: number): boolean {
    if (this.protectedCounts === undefined) return false;
    return this.protectedMerges + this.protectedUses(pair) > this.protectBudget;
  }

  private protectedUses(pair: number): number {
    let uses = 0;
    for (const at of this.state.places.of(pair)) uses += this.protectedCounts![this.laidOut.cells[at + 1]!]!;
    return uses;
  }

  /** Whether a learned token occurs only in this pair: joined, it would occur no more, and its row would never be used. */
  leavesUnused(pair: number): boolean {
    if (!this.rules.stonesAreWays) return false;
    const { lefts, rights } = this.state.pairs;
    const left = lefts[pair]!;
    const right = rights[pair]!;
    const count = this.countOf(pair);
    if (left === right) return this.uses[left] !== undefined && this.uses[left] <= 2 * this.exactCount(pair);
    return [left, right].some((symbol) => this.uses[symbol] !== undefined && this.uses[symbol]! <= count);
  }

  // A pair of two equal symbols is counted in "aaa" twice.
  private exactCount(pair: number): number {
    let count = 0;
    for (const at of this.state.places.of(pair))
      for (const weights of this.weights) count += weights[this.laidOut.cells[at + 1]!]!;
    return count;
  }

  private use(pair: number, product: number, kind: Candidate["kind"], count: number): void {
    const { lefts, rights } = this.state.pairs;
    for (const part of [lefts[pair]!, rights[pair]!])
      if (this.uses[part] !== undefined) this.uses[part]! -= count;
    if (kind === "token") this.uses[product] = count;
  }

  /** Joins the pair; its product is a new token, or one of the base again. Returns the product's symbol. */
  accept(pair: number, kind: Candidate["kind"]): number {
    const { symbols } = this.rules;
    const { lefts, rights } = this.state.pairs;
    const left = lefts[pair]!;
    const right = rights[pair]!;
    const count = this.countOf(pair);
    if (this.protectedCounts !== undefined) this.protectedMerges += this.protectedUses(pair);
    const known = symbols.idOfToken(symbols.tokenOf[left]! + symbols.tokenOf[right]!);
    const id = known ?? this.firstId + this.count;
    this.merges.push([symbols.idOf[left]!, symbols.idOf[right]!, id]);
    if (known !== undefined) return this.revive(pair, id, count);
    const product = this.rules.join(left, right, id);
    this.learnings.push({ symbol: product, kind, count });
    this.use(pair, product, kind, left === right ? this.exactCount(pair) : count);
    this.state.merge(pair, product);
    this.offerCreated();
    return product;
  }

  /** Makes a token of a character that the base spells in bytes. */
  acceptCharacter(symbol: number, count: number): void {
    this.rules.symbols.settle(symbol, this.firstId + this.count);
    this.learnings.push({ symbol, kind: "character", count });
    this.uses[symbol] = count;
    this.state.uncover(symbol, this.laidOut.characters.get(symbol)!);
    this.offerCreated();
  }

  private revive(pair: number, id: number, count: number): number {
    this.revived.push({ id, token: this.model.tokens.at(id)!, count });
    this.reviver ??= new Reviver(this.model, this.rules, this.state);
    const product = this.reviver.revive(pair, id, this.merges);
    this.offerCreated();
    return product;
  }

  private offerCreated(): void {
    for (const pair of this.state.created) this.onCreated(pair);
  }

  /** Occurrences in all text. */
  countOf(pair: number): number {
    const { counts, channels } = this.state.pairs;
    let sum = 0;
    for (let c = 0; c < channels; c++) sum += counts[pair * channels + c]!;
    return sum;
  }

  /** By channel: tokens of the words in the cells, and the number of those words. */
  sizes(): { readonly tokens: readonly number[]; readonly units: readonly number[] } {
    const units = this.weights.map(() => 0);
    let last = -1;
    eachSymbol(this.laidOut, (_, word) => {
      if (word !== last) for (let c = 0; c < units.length; c++) units[c]! += this.weights[c]![word]!;
      last = word;
    });
    return { tokens: this.weights.map((weights) => countTokens(this.laidOut, weights, this.rules)), units };
  }
}

function sumOf(arrays: readonly Float64Array[]): Float64Array {
  return arrays[0]!.map((_, i) => arrays.reduce((sum, array) => sum + array[i]!, 0));
}
