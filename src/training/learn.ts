// Continued BPE (docs/candidates.md): from words to tokens that the base lacks, in learned order.

import { setImmediate } from "node:timers/promises";
import { VocabError } from "../errors.ts";
import { CharacterQueue } from "./character-queue.ts";
import { includeWords } from "./included-words.ts";
import type { Learned, LearnOptions } from "./learned.ts";
import { describeLearned } from "./learned-tokens.ts";
import { Learner } from "./learner.ts";
import { PairQueue } from "./pair-queue.ts";
import { findCompletion, isOpenOnBothSides } from "./stepping-stones.ts";
import type { TrainingWords } from "./training-words.ts";

/** Steps between two looks at the clock. */
const STEPS = 64;
/** Longest time without letting signals through. */
const PAUSE_MS = 50;
/**
 * Pairs only become rarer. The last one learned counts 1/20 to 1/140 of the tokens for each token asked for (measured: from
 * bytes and from Qwen 3 and Llama 3, 6 to 121 MB, 4,000 to 32,000 tokens), so pairs far rarer are not kept at first: of
 * Persian 5 in 6. Where that is not enough, training begins again with all of them.
 */
const PAIRS_A_TOKEN = 300;

/**
 * Learns up to `options.add` tokens. The same words give the same tokens, in whatever order they were added.
 * @throws VocabError `add-out-of-range`, `include-unknown` (usage); the signal's reason when it is aborted
 */
export async function learnTokens(words: TrainingWords, options: LearnOptions): Promise<Learned> {
  if (!Number.isSafeInteger(options.add) || options.add < 1)
    throw new VocabError("add-out-of-range", `the number of tokens to add is ${options.add}`, {
      kind: "usage",
      hint: "--add takes a whole number from 1 on",
    });
  const constraints = options.constraints ?? {};
  const wanted = (constraints.include ?? []).map((word) => ({
    word,
    number: words.wordOf(` ${word}`) ?? words.wordOf(word),
  }));
  const numbers = new Set(wanted.flatMap(({ number }) => (number === undefined ? [] : [number])));
  const room = (tokens: number) => tokens / (PAIRS_A_TOKEN * options.add);
  for (const floor of [room, () => 0]) {
    const learner = new Learner(words, constraints, options.balance ?? "size", numbers, floor);
    const run = new TrainingRun(learner, options.add);
    const notIncluded = includeWords(learner, wanted, options.add);
    await runToEnd(run, learner, options);
    if (!run.isBelowFloor) return describeLearned(words, learner, options.add, notIncluded);
  }
  throw new Error("without a floor no run ends below it");
}

async function runToEnd(run: TrainingRun, learner: Learner, options: LearnOptions): Promise<void> {
  let pause = performance.now() + PAUSE_MS;
  for (let step = 1; run.step(); step++) {
    if (step % STEPS !== 0 || performance.now() < pause) continue;
    options.onProgress?.(learner.count);
    await setImmediate();
    options.signal?.throwIfAborted();
    pause = performance.now() + PAUSE_MS;
  }
}

class TrainingRun {
  private readonly learner: Learner;
  private readonly add: number;
  private readonly queues: readonly PairQueue[];
  private readonly characters: CharacterQueue;
  /** Whether pairs are left, but all too rare to have been kept. */
  isBelowFloor = false;
  /** By channel: tokens at the start per pre-token, and the number of pre-tokens. */
  private readonly tokens: readonly number[];
  private readonly units: readonly number[];

  constructor(learner: Learner, add: number) {
    this.learner = learner;
    this.add = add;
    const { pairs } = learner.state;
    this.queues = learner.weights.map(
      (_, c) => new PairQueue(pairs, c, learner.floor, learner.rules.symbols.idOf),
    );
    this.characters = new CharacterQueue(learner);
    learner.onCreated = (pair) => {
      for (const queue of this.queues) queue.push(pair);
    };
    const { tokens, units } = this.queues.length > 1 ? learner.sizes() : { tokens: [], units: [] };
    this.tokens = tokens;
    this.units = units;
  }

  /** Learns one token, or more where one is only a way to another; false when there is no room or no pair left. */
  step(): boolean {
    const { learner } = this;
    if (learner.count >= this.add) return false;
    for (const channel of this.channels()) {
      const queue = this.queues[channel]!;
      const pair = queue.best();
      if (pair < 0 && learner.floor > learner.minCount) {
        this.isBelowFloor = true;
        return false;
      }
      const character = this.characters.best(channel);
      if (character !== undefined && character.gain >= (pair < 0 ? 0 : queue.count(pair))) {
        learner.acceptCharacter(character.symbol, character.count);
        return true;
      }
      if (pair < 0) continue;
      this.tryPair(pair);
      return true;
    }
    return false;
  }

  // The channel that is worst off first.
  private channels(): readonly number[] {
    if (this.queues.length === 1) return [0];
    const { saved } = this.learner.state;
    const ratios = this.tokens.map((tokens, c) => (tokens - saved[c]!) / this.units[c]!);
    return ratios.map((_, c) => c).sort((a, b) => ratios[b]! - ratios[a]! || a - b);
  }

  private tryPair(pair: number): void {
    const { learner } = this;
    const bytes = learner.bytesOf(pair);
    const judgement = learner.rules.judge(bytes);
    if (judgement !== "token" && judgement !== "part" && judgement !== "stone")
      return learner.refuse(pair, judgement);
    if (judgement === "part") return learner.refuse(pair, "characters");
    if (learner.breaksProtection(pair)) return learner.refuse(pair, "protected text");
    if (learner.leavesUnused(pair)) return learner.refuse(pair, "would leave a token unused");
    if (judgement === "token") return void learner.accept(pair, "token");
    if (!learner.rules.stonesAreWays) return void learner.accept(pair, "stone");
    this.tryStone(pair, bytes);
  }

  private tryStone(pair: number, bytes: Uint8Array): void {
    const { learner } = this;
    const completion = isOpenOnBothSides(bytes) ? undefined : findCompletion(learner, pair);
    const needed = 1 + (completion?.symbols.length ?? 0);
    if (completion === undefined || learner.count + needed > this.add)
      return learner.refuse(pair, "inside a character");
    let product = learner.accept(pair, "stone");
    for (const symbol of completion.symbols) {
      const [left, right] = completion.side === "right" ? [product, symbol] : [symbol, product];
      const next = learner.state.places.find(left, right, learner.weights);
      product = learner.accept(
        next,
        learner.rules.judge(learner.bytesOf(next)) === "stone" ? "stone" : "token",
      );
    }
  }
}
