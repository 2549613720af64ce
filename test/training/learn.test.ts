import { describe, expect, it } from "vitest";
import { BYTE_CHARACTERS } from "../../src/text/byte-alphabet.ts";
import type { BpeTokenizer } from "../../src/tokenizer/tokenizer.ts";
import { byteBase } from "../../src/training/byte-base.ts";
import { learnTokens } from "../../src/training/learn.ts";
import type { Learned } from "../../src/training/learned.ts";
import { listsAllSplits } from "../../src/training/piece-splits.ts";
import { mergeSlowly } from "../reference/bpe.ts";
import { learnSlowly, type SlowWord } from "../reference/learn.ts";
import { Random } from "../tokenizer/hostile-text.ts";
import { byteLevelBase, pieceBase, wordsOf } from "./training-text.ts";

const FREE = { stones: "free" } as const;

describe("by hand", () => {
  // aaabdaaabac: aa occurs 4 times (aaa has two), then a+b twice in "aaab", then aa+ab.
  it("joins the most frequent pair first", async () => {
    const learned = await learnTokens(wordsOf(byteBase(), "aaabdaaabac"), { add: 3, constraints: FREE });
    expect(learned.candidates.map(({ token }) => token)).toEqual(["aa", "ab", "aaab"]);
    expect(learned.candidates.map(({ count }) => count)).toEqual([4, 2, 2]);
    expect(learned.candidates.map(({ constituents }) => constituents.length)).toEqual([2, 2, 4]);
    expect(learned.firstId).toBe(256);
  });

  it("of equal counts takes the smaller left id, then the smaller right id", async () => {
    const learned = await learnTokens(wordsOf(byteBase(), "ca\nca\nbd\nbd\nbc\nbc"), {
      add: 3,
      constraints: FREE,
    });
    expect(learned.candidates.map(({ token }) => token)).toEqual(["bc", "bd", "ca"]);
  });

  it("says when no pair occurs twice", async () => {
    const learned = await learnTokens(wordsOf(byteBase(), "abc\nab\nde"), { add: 10, constraints: FREE });
    expect(learned.candidates.map(({ token }) => token)).toEqual(["ab"]);
    expect(learned.stopped).toBe("pairs");
    expect(learned.stopDetail).toBe("stopped after 1: no pair occurs twice");
  });

  it("refuses a number below 1", async () => {
    await expect(learnTokens(wordsOf(byteBase(), "ab"), { add: 0 })).rejects.toThrow(
      "the number of tokens to add is 0",
    );
  });

  it("stops when it is aborted", async () => {
    const words = wordsOf(
      byteBase(),
      Array.from({ length: 3000 }, (_, i) => `w${i * 7919}x${i % 50}`).join("\n"),
    );
    const controller = new AbortController();
    const run = learnTokens(words, {
      add: 100_000,
      constraints: { ...FREE, minCount: 1 },
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    await expect(run).rejects.toThrow();
  });
});

describe("equal to the slow twin", () => {
  it("from bytes", async () => {
    const random = new Random(1);
    for (let i = 0; i < 20; i++) await expectEqual(byteBase(), randomText(random, "ab ", 30), random);
  });

  it("continuing random byte-level bases, with merges in any order and tokens that no merge makes", async () => {
    const random = new Random(2);
    let revived = 0;
    for (let i = 0; i < 40; i++) {
      const { merges, more } = randomMerges(random, ["a", "b", "c", "Ġ", "Ã", "©"]);
      const learned = await expectEqual(byteLevelBase(merges, more), randomText(random, "abcé ", 40), random);
      revived += learned.revived.length;
    }
    expect(revived).toBeGreaterThan(0);
  });

  it("continuing random bases that read whole pieces", async () => {
    const random = new Random(3);
    for (let i = 0; i < 40; i++) {
      const { merges, more } = randomMerges(random, ["a", "b", "c", "▁", "."]);
      await expectEqual(pieceBase("abc.", merges, more), randomText(random, "abcé. ", 14), random);
    }
  });
});

// Words of letters drawn again and again, so that pairs repeat; runs of one letter among them.
function randomText(random: Random, letters: string, words: number): string {
  const draw = () => random.pick([...letters]);
  const stock = random.times(8, () => random.times(random.integer(1, 7), draw).join(""));
  stock.push("a".repeat(random.integer(1, 9)));
  return random.times(words, () => random.pick(stock) + random.pick(["", " ", "\n", "\n"])).join("");
}

function randomMerges(
  random: Random,
  letters: readonly string[],
): { merges: [string, string][]; more: string[] } {
  const parts = [...letters];
  const merges = random.times(random.integer(0, 14), (): [string, string] => {
    const pair: [string, string] = [random.pick(parts), random.pick(parts)];
    if (pair.join("").length < 6) parts.push(pair.join(""));
    return pair;
  });
  const more = random.times(random.integer(0, 6), () => random.pick(parts) + random.pick(parts));
  return { merges: random.chance(0.5) ? random.shuffle(merges) : merges, more };
}

async function expectEqual(base: BpeTokenizer, text: string, random: Random): Promise<Learned> {
  const add = random.integer(1, 15);
  const minCount = random.integer(1, 3);
  const { model } = base.definition;
  const learned = await learnTokens(wordsOf(base, text), { add, constraints: { ...FREE, minCount } });
  const spell = (id: number) => model.tokens.at(id) ?? learned.candidates[id - learned.firstId]!.token;
  const merges: [string, string][] = [];
  for (let i = 0; i < model.merges.length; i += 3)
    merges.push([spell(model.merges[i]!), spell(model.merges[i + 1]!)]);
  const words = slowWords(base, text);
  const slow = learnSlowly(
    words,
    { tokens: model.tokens as string[], merges },
    { add, minCount, isAllowed: (token) => model.byteLevel || !/^<|.[▁\n]|^\n|^▁$|<0x/.test(token) },
  );
  expect(learned.candidates.map(({ token, count }) => [token, count])).toEqual(
    slow.tokens.map((token, i) => [token, slow.counts[i]]),
  );
  const learnedMerges = learned.merges.map(([left, right]) => [spell(left), spell(right)] as const);
  const isSlow = new Set(slow.merges.map((pair) => JSON.stringify(pair)));
  // A base that lists all splits of its pieces has them of the new ones too; they change nothing.
  if (listsAllSplits(model)) {
    for (const [symbols] of words)
      expect(mergeSlowly(symbols, [...merges, ...learnedMerges])).toEqual(
        mergeSlowly(symbols, [...merges, ...slow.merges]),
      );
    expect(learnedMerges.filter((pair) => isSlow.has(JSON.stringify(pair)))).toEqual(slow.merges);
  } else expect(learnedMerges).toEqual(slow.merges);
  return learned;
}

// The words of the pieces are whole lines here: that none of their borders matters is part of what is tested.
function slowWords(base: BpeTokenizer, text: string): SlowWord[] {
  const words = new Map<string, [symbols: string[], count: number]>();
  const add = (symbols: string[]) => {
    const key = symbols.join(" ");
    words.set(key, [symbols, (words.get(key)?.[1] ?? 0) + 1]);
  };
  for (const line of text.split("\n").filter((line) => line !== "")) {
    if (base.definition.model.byteLevel)
      base.eachPreToken(Buffer.from(line), {}, (bytes, start, end) =>
        add(Array.from(bytes.subarray(start, end), (byte) => BYTE_CHARACTERS[byte]!)),
      );
    else add(symbolsOf(base, [...line.replaceAll(" ", "▁")]));
  }
  return [...words.values()];
}

function symbolsOf(base: BpeTokenizer, characters: readonly string[]): string[] {
  const hex = (byte: number) => `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`;
  return characters.flatMap((character) =>
    base.definition.model.idOfToken.has(character) ? [character] : [...Buffer.from(character)].map(hex),
  );
}
