// Characters that the base spells in byte tokens or does not know, in the order in which they become tokens: unknown ones,
// whose text does not come back, before all else; then those that save most.

import type { Learner } from "./learner.ts";

export interface WaitingCharacter {
  readonly symbol: number;
  /** Occurrences in all text. */
  readonly count: number;
  /** Tokens that it saves in the channel. */
  readonly gain: number;
}

/** Of an unknown character: no pair of the corpora that can be read occurs so often. */
const UNKNOWN_GAIN = 2 ** 40;

export class CharacterQueue {
  private readonly learner: Learner;
  /** By channel, the best last. */
  private readonly waiting: readonly WaitingCharacter[][];

  constructor(learner: Learner) {
    this.learner = learner;
    const { characters, cells } = learner.laidOut;
    const { symbols } = learner.rules;
    this.waiting = learner.weights.map((weights) =>
      [...characters]
        .map(([symbol, addresses]) => {
          const count = total(learner.weights, cells, addresses);
          const parts = symbols.constituentsOf[symbol]!.length;
          const gain = (parts === 1 ? UNKNOWN_GAIN : parts - 1) * total([weights], cells, addresses);
          return { symbol, count, gain };
        })
        .filter(({ count, gain }) => count >= learner.minCount && gain > 0)
        .sort(
          (a, b) => a.gain - b.gain || (symbols.tokenOf[a.symbol]! < symbols.tokenOf[b.symbol]! ? 1 : -1),
        ),
    );
  }

  best(channel: number): WaitingCharacter | undefined {
    const waiting = this.waiting[channel]!;
    while (waiting.length > 0 && !this.learner.rules.isCharacter(waiting.at(-1)!.symbol)) waiting.pop();
    return waiting.at(-1);
  }
}

function total(channels: readonly Float64Array[], cells: Int32Array, addresses: readonly number[]): number {
  return channels.reduce(
    (sum, weights) => addresses.reduce((part, at) => part + weights[cells[at + 1]!]!, sum),
    0,
  );
}
