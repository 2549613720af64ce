// Tokens that begin or end inside a character are learned only as ways to others. Before one is, this looks in the text for
// what completes it: E1 8B + 8B is worth learning if some "ላ" (E1 88 8B) comes of it often enough.

import type { Learner } from "./learner.ts";
import { CELL, LENGTH_BITS, LENGTH_MASK } from "./word-cells.ts";

/** Symbols that may be needed to complete a character: one of four bytes has three after its first. */
const MOST_STEPS = 3;

/** Further symbols, nearest first, on one side of the stone. */
export interface Completion {
  readonly side: "left" | "right";
  readonly symbols: readonly number[];
}

/** The most frequent way to a token (ties: the smallest ids); undefined when none occurs `minCount` times. */
export function findCompletion(learner: Learner, pair: number): Completion | undefined {
  const { cells } = learner.laidOut;
  const bytes = learner.bytesOf(pair);
  const side = (bytes[0]! & 0xc0) === 0x80 ? "left" : "right";
  const borders = learner.state.places.of(pair).map((at) => {
    if (side === "left") return at;
    const next = at + (cells[at]! & LENGTH_MASK);
    return next + (cells[next]! & LENGTH_MASK);
  });
  const steps = complete(learner, side, bytes, borders, MOST_STEPS);
  return steps === undefined ? undefined : { side, symbols: steps };
}

interface Neighbour {
  readonly symbol: number;
  weight: number;
  readonly borders: number[];
}

// `borders`: for the right side the cell behind the stone, for the left its first.
function complete(
  learner: Learner,
  side: "left" | "right",
  bytes: Uint8Array,
  borders: readonly number[],
  steps: number,
): readonly number[] | undefined {
  const { rules } = learner;
  const neighbours = neighboursAt(learner, side, borders).map((neighbour) => {
    const joined = concatenate(side, bytes, rules.symbols.bytesOf[neighbour.symbol]!);
    return { ...neighbour, joined, verdict: rules.judge(joined) };
  });
  const whole = neighbours.find(({ verdict }) => verdict === "token");
  if (whole !== undefined) return [whole.symbol];
  if (steps === 1) return undefined;
  for (const { symbol, joined, verdict, borders: further } of neighbours) {
    if (verdict !== "stone" || isOpenOnBothSides(joined)) continue;
    const rest = complete(learner, side, joined, further, steps - 1);
    if (rest !== undefined) return [symbol, ...rest];
  }
  return undefined;
}

// Those that are common enough, most frequent first.
function neighboursAt(
  learner: Learner,
  side: "left" | "right",
  borders: readonly number[],
): readonly Neighbour[] {
  const { cells } = learner.laidOut;
  const found = new Map<number, Neighbour>();
  for (const border of borders) {
    const at = side === "right" ? border : border - CELL;
    const symbol = cells[at]! >> LENGTH_BITS;
    if (symbol < 0) continue;
    const length = cells[at]! & LENGTH_MASK;
    let neighbour = found.get(symbol);
    if (neighbour === undefined) {
      neighbour = { symbol, weight: 0, borders: [] };
      found.set(symbol, neighbour);
    }
    for (const weights of learner.weights) neighbour.weight += weights[cells[at + 1]!]!;
    neighbour.borders.push(side === "right" ? at + length : border - length);
  }
  const { idOf } = learner.rules.symbols;
  return [...found.values()]
    .filter(({ weight }) => weight >= learner.minCount)
    .sort((a, b) => b.weight - a.weight || idOf[a.symbol]! - idOf[b.symbol]!);
}

function concatenate(side: "left" | "right", stone: Uint8Array, neighbour: Uint8Array): Uint8Array {
  const [first, second] = side === "right" ? [stone, neighbour] : [neighbour, stone];
  return Buffer.concat([first, second]);
}

/** Whether bytes begin and end inside a character: nothing completes them on one side. */
export function isOpenOnBothSides(bytes: Uint8Array): boolean {
  return (bytes[0]! & 0xc0) === 0x80 && !endsWhole(bytes);
}

function endsWhole(bytes: Uint8Array): boolean {
  let at = bytes.length - 1;
  while (at >= 0 && (bytes[at]! & 0xc0) === 0x80) at--;
  if (at < 0) return true;
  const lead = bytes[at]!;
  return bytes.length - at === (lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4);
}
