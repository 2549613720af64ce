// Encodes one word with learned tokens, noting what each prefix of them changes: one run for all prefixes. The merges fire
// in order of rank, so up to the first that a prefix lacks, its own run is the same; and then it has ended.

import { createEncoder, type ModelEncoder } from "../tokenizer/model-encoder.ts";
import { SPACE_SYMBOL } from "../tokenizer/safe-cuts.ts";
import type { LearnedTokens } from "./candidates.ts";
import { type IndexedMerge, MergeIndex } from "./merge-index.ts";
import type { TrainingWords } from "./training-words.ts";

/**
 * Told of a change: with the first `birth` candidates, and more, `removed` becomes `added`. What is 0 from the start is the
 * encoding of the base.
 */
export type OnChange = (birth: number, removed: readonly number[], added: readonly number[]) => void;

/** Symbols above which a word is merged with a heap. */
const SHORT = 48;

export class PrefixEncoder {
  private readonly words: TrainingWords;
  private readonly index: MergeIndex;
  private readonly encoder: ModelEncoder;
  /** Candidates that are characters, by the first byte token that the base spells them with. */
  private readonly characters = new Map<number, { id: number; spelling: readonly number[] }[]>();
  private readonly firstId: number;

  constructor(words: TrainingWords, learned: LearnedTokens) {
    const { base, plan } = words;
    this.words = words;
    this.index = new MergeIndex(base, learned);
    this.encoder = plan.kind === "pieces" ? createEncoder(base.definition.model, SPACE_SYMBOL) : base.model;
    this.firstId = learned.firstId;
    learned.candidates.forEach(({ kind, constituents }, k) => {
      if (kind !== "character") return;
      const alike = this.characters.get(constituents[0]!) ?? [];
      alike.push({ id: learned.firstId + k, spelling: constituents });
      this.characters.set(constituents[0]!, alike);
    });
  }

  /** The ids of a word of the table under the base. */
  baseIds(word: number): number[] {
    const { bytes, offsets } = this.words.table;
    const count = this.encoder.encode(bytes, offsets[word]!, offsets[word + 1]!);
    return Array.from(this.encoder.ids.subarray(0, count));
  }

  /** @param steps the prefixes that are asked for, ascending: what changes between two of them may be told at the second */
  changes(ids: readonly number[], steps: readonly number[], onChange: OnChange): void {
    if (ids.length < 2) return;
    const events: [birth: number, removed: number[], added: number[]][] = [];
    const note: OnChange = (birth, removed, added) => events.push([birth, [...removed], [...added]]);
    if (this.merge(this.withCharacters(ids, note), note, Number.POSITIVE_INFINITY) !== undefined) {
      for (const [birth, removed, added] of events) onChange(birth, removed, added);
      return;
    }
    // A late merge fired, so that shorter prefixes go another way: each by itself.
    let before = ids;
    for (const step of steps) {
      const after = this.encode(ids, step);
      onChange(step, before, after);
      before = after;
    }
  }

  /** The ids with the first `count` candidates. */
  encode(ids: readonly number[], count: number): number[] {
    const limit = this.firstId + count;
    const symbols = this.withCharacters(ids, () => {}, limit);
    return this.merge(symbols, undefined, count)!;
  }

  private withCharacters(
    ids: readonly number[],
    onChange: OnChange,
    limit = Number.POSITIVE_INFINITY,
  ): number[] {
    if (this.characters.size === 0) return [...ids];
    const symbols: number[] = [];
    for (let i = 0; i < ids.length; i++) {
      const found = this.characters
        .get(ids[i]!)
        ?.find(({ id, spelling }) => id < limit && spelling.every((part, k) => ids[i + k] === part));
      symbols.push(found?.id ?? ids[i]!);
      if (found === undefined) continue;
      onChange(found.id - this.firstId + 1, found.spelling, [found.id]);
      i += found.spelling.length - 1;
    }
    return symbols;
  }

  // The symbols merged, with those merges that the first `count` candidates have; undefined when a late merge fires, which
  // matters only where changes are noted.
  private merge(symbols: number[], onChange: OnChange | undefined, count: number): number[] | undefined {
    if (symbols.length > SHORT) return this.mergeLong(symbols, onChange, count);
    let last = 0;
    for (;;) {
      let best: IndexedMerge | undefined;
      let at = -1;
      for (let i = 0; i + 1 < symbols.length; i++) {
        const found = this.index.find(symbols[i]!, symbols[i + 1]!);
        if (found === undefined || found.birth > count || (best !== undefined && found.rank >= best.rank))
          continue;
        best = found;
        at = i;
      }
      if (best === undefined) return symbols;
      if (onChange !== undefined) {
        if (best.isLate) return undefined;
        last = Math.max(last, best.birth);
        onChange(last, [symbols[at]!, symbols[at + 1]!], [best.product]);
      }
      symbols.splice(at, 2, best.product);
    }
  }

  // The same with a heap over a linked list: a word may be as long as its document.
  private mergeLong(symbols: number[], onChange: OnChange | undefined, count: number): number[] | undefined {
    const next = symbols.map((_, i) => i + 1);
    const previous = symbols.map((_, i) => i - 1);
    const waiting: (IndexedMerge | undefined)[] = symbols.map(() => undefined);
    const heap = new MergeQueue();
    const consider = (at: number) => {
      const right = at < 0 ? symbols.length : next[at]!;
      if (at < 0) return;
      const found = right < symbols.length ? this.index.find(symbols[at]!, symbols[right]!) : undefined;
      waiting[at] = found !== undefined && found.birth <= count ? found : undefined;
      if (waiting[at] !== undefined) heap.push(waiting[at].rank, at);
    };
    for (let at = 0; at < symbols.length; at++) consider(at);
    let last = 0;
    for (let top = heap.pop(); top !== undefined; top = heap.pop()) {
      const { rank, at } = top;
      const merge = waiting[at];
      if (merge === undefined || merge.rank !== rank) continue;
      const right = next[at]!;
      if (onChange !== undefined) {
        if (merge.isLate) return undefined;
        last = Math.max(last, merge.birth);
        onChange(last, [symbols[at]!, symbols[right]!], [merge.product]);
      }
      symbols[at] = merge.product;
      waiting[right] = undefined;
      next[at] = next[right]!;
      if (next[at]! < symbols.length) previous[next[at]!] = at;
      consider(at);
      consider(previous[at]!);
    }
    const left: number[] = [];
    for (let at = 0; at < symbols.length; at = next[at]!) left.push(symbols[at]!);
    return left;
  }
}

/** The merge of lowest rank, among equals the leftmost. */
class MergeQueue {
  private readonly ranks: number[] = [];
  private readonly places: number[] = [];

  push(rank: number, at: number): void {
    let hole = this.ranks.length;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      if (!this.isBefore(rank, at, parent)) break;
      this.ranks[hole] = this.ranks[parent]!;
      this.places[hole] = this.places[parent]!;
      hole = parent;
    }
    this.ranks[hole] = rank;
    this.places[hole] = at;
  }

  pop(): { rank: number; at: number } | undefined {
    if (this.ranks.length === 0) return undefined;
    const top = { rank: this.ranks[0]!, at: this.places[0]! };
    const rank = this.ranks.pop()!;
    const at = this.places.pop()!;
    const size = this.ranks.length;
    if (size === 0) return top;
    let hole = 0;
    for (let child = 1; child < size; child = 2 * hole + 1) {
      if (child + 1 < size && this.isBefore(this.ranks[child + 1]!, this.places[child + 1]!, child)) child++;
      if (!this.isBefore(this.ranks[child]!, this.places[child]!, -1, rank, at)) break;
      this.ranks[hole] = this.ranks[child]!;
      this.places[hole] = this.places[child]!;
      hole = child;
    }
    this.ranks[hole] = rank;
    this.places[hole] = at;
    return top;
  }

  private isBefore(
    rank: number,
    at: number,
    other: number,
    otherRank = this.ranks[other]!,
    otherAt = this.places[other]!,
  ): boolean {
    return rank < otherRank || (rank === otherRank && at < otherAt);
  }
}
