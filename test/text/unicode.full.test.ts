// Every set and the normalizers against the reference library (npm tokenizers, same Rust core as the Python package).
import {
  digitsPreTokenizer,
  nfcNormalizer,
  nfdNormalizer,
  nfkcNormalizer,
  nfkdNormalizer,
  type PreTokenizer,
  punctuationPreTokenizer,
  Tokenizer,
  whitespaceSplitPreTokenizer,
} from "tokenizers";
import { describe, expect, it } from "vitest";
import {
  type CodePointSet,
  complement,
  equals,
  fromCodePoints,
  has,
  intersect,
  union,
} from "../../src/text/code-point-set.ts";
import { type NormalizationForm, normalize } from "../../src/text/normalize.ts";
import { codePointSet, regexProperty, scriptNames } from "../../src/text/unicode.ts";

const NORMALIZERS = {
  NFC: nfcNormalizer(),
  NFD: nfdNormalizer(),
  NFKC: nfkcNormalizer(),
  NFKD: nfkdNormalizer(),
};
const FORMS = Object.keys(NORMALIZERS) as NormalizationForm[];
const WELL_FORMED = complement(known("Cs"));
const ALL = [...members(WELL_FORMED)];
const TEXT = textOf(ALL);

describe("categories and scripts", () => {
  const categories =
    "L LC Lu Ll Lt Lm Lo M Mn Mc Me N Nd Nl No P Pc Pd Ps Pe Pi Pf Po S Sm Sc Sk So Z Zs Zl Zp C Cc Cf Co Cn";
  const others =
    "Any ASCII Assigned Alphabetic Alpha Alnum White_Space Space Punct Punctuation Digit Letter Mark";
  it.each(`${categories} ${others}`.split(" "))("\\p{%s}", (name) => {
    expectEqual(regexProperty(name)!, matched(`\\p{${name}}`));
  });

  it("all scripts", () => {
    expectEqual(known("Unknown"), matched("\\p{Unknown}"));
    const scripted = textOf([...members(intersect(WELL_FORMED, complement(known("Unknown"))))]);
    for (const name of scriptNames().filter((script) => script !== "unknown")) {
      expectEqual(known(name), matched(`\\p{${name}}`, scripted));
    }
  });

  it("shorthands", () => {
    expectEqual(known("White_Space"), matched("\\s"));
    expectEqual(known("Nd"), matched("\\d"));
    expectEqual(known("OnigurumaWord"), matched("[\\w]"));
    expectEqual(known("OnigurumaBareWord"), matched("\\w"));
  });
});

describe("pre-tokenizers", () => {
  it.each([
    ["Numeric", digitsPreTokenizer(true)],
    ["Punctuation", punctuationPreTokenizer()],
    ["White_Space", whitespaceSplitPreTokenizer()],
  ] as const)("%s", (name, preTokenizer) => {
    expectEqual(known(name), splitOn(preTokenizer));
  });

  it("Word bounds single_word added tokens on both sides", async () => {
    expectEqual(known("Word"), await wordNeighbours((c) => `${c}[T]\n`));
    expectEqual(known("Word"), await wordNeighbours((c) => `\n[T]${c}`));
  });
});

describe("normalization", () => {
  it("every code point, alone", () => {
    const failures = FORMS.flatMap((form) =>
      ALL.filter((c) => differs(String.fromCodePoint(c), form)).map((c) => `${form} ${c.toString(16)}`),
    );
    expect(failures).toEqual([]);
  });

  it("30,000 random strings, in each form", () => {
    const random = randomIn(42);
    const pools = hostilePools();
    for (let i = 0; i < 30_000; i++) {
      const text = randomText(random, pools);
      for (const form of FORMS) if (differs(text, form)) expect.fail(`${form} of ${escaped(text)}`);
    }
  });

  it("text without NfcMaybe and without adjacent NfcMark is unchanged by NFC", () => {
    const random = randomIn(7);
    const safe = intersect(WELL_FORMED, complement(known("NfcMaybe")));
    const pools = [safe, intersect(safe, known("NfcMark")), intersect(safe, known("L"))].map((s) => [
      ...members(s),
    ]);
    for (let i = 0; i < 30_000; i++) {
      const text = withoutAdjacentMarks(randomText(random, pools));
      if (NORMALIZERS.NFC.normalizeString(text) !== text) expect.fail(escaped(text));
    }
  });
});

function known(name: string): CodePointSet {
  const set = codePointSet(name);
  if (set === undefined) throw new Error(`unknown property ${name}`);
  return set;
}

function expectEqual(ours: CodePointSet, theirs: CodePointSet): void {
  const wellFormed = intersect(ours, WELL_FORMED);
  if (!equals(wellFormed, theirs)) expect([...wellFormed.ranges]).toEqual([...theirs.ranges]);
}

function* members(set: CodePointSet): Generator<number> {
  for (let i = 0; i < set.ranges.length; i += 2) {
    for (let c = set.ranges[i]; c < set.ranges[i + 1]; c++) yield c;
  }
}

function chunked<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) =>
    items.slice(i * size, (i + 1) * size),
  );
}

/** The code points as strings of 8,192 characters, a size that Replace treats fast. */
function textOf(codePoints: readonly number[]): string[] {
  return chunked(codePoints, 8192).map((chunk) => String.fromCodePoint(...chunk));
}

function tokenizerWith(parts: object): Tokenizer {
  const model = { type: "WordLevel", vocab: { x: 0 }, unk_token: "x" };
  return Tokenizer.fromString(JSON.stringify({ version: "1.0", added_tokens: [], model, ...parts }));
}

/** What the reference's regex engine matches: the characters that a Replace deletes. */
function matched(pattern: string, text: readonly string[] = TEXT): CodePointSet {
  const normalizer = { type: "Replace", pattern: { Regex: `${pattern}+` }, content: "" };
  const replace = tokenizerWith({ normalizer }).getNormalizer()!;
  return fromCodePoints(
    text.flatMap((chunk) => {
      const left = new Set(replace.normalizeString(chunk));
      return [...chunk].filter((c) => !left.has(c)).map((c) => c.codePointAt(0)!);
    }),
  );
}

function splitOn(preTokenizer: PreTokenizer): CodePointSet {
  const splits = (c: number): boolean =>
    preTokenizer.preTokenizeString(`a${String.fromCodePoint(c)}a`).length > 1;
  return fromCodePoints(ALL.filter(splits));
}

/** The characters next to which the added token [T], which is 3 of the 5 characters of a row, is not found. */
async function wordNeighbours(row: (c: string) => string): Promise<CodePointSet> {
  const flags = { single_word: true, lstrip: false, rstrip: false, normalized: false, special: false };
  const tokenizer = tokenizerWith({ added_tokens: [{ id: 1, content: "[T]", ...flags }] });
  const word: number[] = [];
  for (const batch of chunked(chunked(ALL, 16), 4096)) {
    const texts = batch.map((group) => group.map((c) => row(String.fromCodePoint(c))).join(""));
    const encodings = await tokenizer.encodeBatch(texts, { addSpecialTokens: false });
    for (const [i, encoding] of encodings.entries()) {
      const ids = encoding.getIds();
      const starts = encoding.getOffsets().map(([start], k) => (ids[k] === 1 ? start : -1));
      word.push(...batch[i].filter((_, k) => !starts.includes(5 * k + 1)));
    }
  }
  return fromCodePoints(word);
}

function differs(text: string, form: NormalizationForm): boolean {
  return normalize(text, form) !== NORMALIZERS[form].normalizeString(text);
}

/** Characters that meet badly: the unknown ones, marks of all classes, what composes and decomposes, anything. */
function hostilePools(): number[][] {
  const changing = ALL.filter((c) => String.fromCodePoint(c).normalize("NFKD") !== String.fromCodePoint(c));
  const parts = changing.flatMap((c) =>
    Array.from(String.fromCodePoint(c).normalize("NFKD"), (p) => p.codePointAt(0)!),
  );
  const sets = ["NormalizationDiffers", "NfcMark", "NfcMaybe", "M"].map((name) => [...members(known(name))]);
  return [
    ...sets,
    changing,
    [...new Set(parts)],
    [...members(union(known("L"), known("Cn")))].filter((c) => c < 0xd800),
  ];
}

function randomText(random: () => number, pools: readonly (readonly number[])[]): string {
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)];
  const length = 1 + Math.floor(random() * 12);
  return Array.from({ length }, () => String.fromCodePoint(pick(pick(pools)))).join("");
}

function withoutAdjacentMarks(text: string): string {
  const isMark = (c: string): boolean => has(known("NfcMark"), c.codePointAt(0)!);
  return [...text].filter((c, i, all) => i === 0 || !(isMark(c) && isMark(all[i - 1]))).join("");
}

function escaped(text: string): string {
  return Array.from(text, (c) => c.codePointAt(0)!.toString(16)).join(" ");
}

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
function randomIn(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
