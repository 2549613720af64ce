import { describe, expect, test } from "vitest";
import { expandTokenizerJson } from "../../src/expansion/expand-tokenizer-json.ts";
import { Tokenizer } from "../../src/tokenizer/tokenizer.ts";
import { byteLevelBase, learnByHand, parse, spaceSymbolBase } from "./tiny-base.ts";

const NOTHING = { candidates: [], merges: [] } as const;

function escapeAll(text: string): string {
  return text.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** Ways in which libraries write the same file. */
const STYLES: readonly (readonly [string, (json: unknown) => string])[] = [
  ["two spaces", (json) => JSON.stringify(json, null, 2)],
  ["compact", (json) => JSON.stringify(json)],
  ["tabs, final line end", (json) => `${JSON.stringify(json, null, "\t")}\n`],
  ["escapes", (json) => escapeAll(JSON.stringify(json, null, 2))],
  ["Windows line ends", (json) => JSON.stringify(json, null, 2).replaceAll("\n", "\r\n")],
  ["spaces in one line", (json) => JSON.stringify(json, null, 1).replace(/\n */g, " ")],
];

const base = byteLevelBase({
  merges: [
    ["a", "b"],
    ["Ġ", "ab"],
  ],
  added: ["<s>", "</s>"],
});

describe.each(STYLES)("written with %s", (_, write) => {
  test.each(["pair", "string"] as const)(
    "merges as %s: equals what writing the changed file would give",
    (mergeStyle) => {
      const merges = [
        ["a", "b"],
        ["Ġ", "ab"],
      ] as const;
      const json = byteLevelBase({ merges, added: ["<s>", "</s>"], mergeStyle });
      const text = write(json);
      const learned = learnByHand(parse(text), [
        ["ab", "c"],
        ["Ð", "°"],
        ['"', "\\"],
      ]);
      const first = learned.firstId;
      const pairs = [
        ["ab", "c"],
        ["Ð", "°"],
        ['"', "\\"],
      ];
      const changed = {
        ...json,
        model: {
          ...json.model,
          vocab: {
            ...json.model.vocab,
            "<s>": 258,
            "</s>": 259,
            abc: first,
            "Ð°": first + 1,
            '"\\': first + 2,
          },
          merges: [
            ...json.model.merges,
            ...pairs.map((pair) => (mergeStyle === "pair" ? pair : pair.join(" "))),
          ],
        },
      };
      expect(expandTokenizerJson(text, parse(text), learned)).toBe(write(changed));
    },
  );

  test("expanding by zero tokens changes nothing but the entries of the base's added tokens", () => {
    const text = write(base);
    const expanded = expandTokenizerJson(text, parse(text), { firstId: 260, ...NOTHING });
    const entered = {
      ...base,
      model: { ...base.model, vocab: { ...base.model.vocab, "<s>": 258, "</s>": 259 } },
    };
    expect(expanded).toBe(write(entered));
    const whole = write(entered);
    expect(expandTokenizerJson(whole, parse(whole), { firstId: 260, ...NOTHING })).toBe(whole);
  });
});

test("old ids never move, and new ones follow them", () => {
  const text = JSON.stringify(base);
  const before = new Tokenizer(parse(text));
  const learned = learnByHand(before.definition, [
    ["Ġab", "c"],
    ["Ġabc", "a"],
  ]);
  const after = new Tokenizer(parse(expandTokenizerJson(text, before.definition, learned)));
  expect(after.definition.vocabSize).toBe(262);
  for (let id = 0; id < before.definition.vocabSize; id++)
    expect(after.decode([id])).toBe(before.decode([id]));
  expect(after.encode(" abcab<s>")).toEqual([260, 256, 258]);
  expect(after.encode(" ab")).toEqual(before.encode(" ab"));
});

test("a base without merges or with one token more", () => {
  const text = JSON.stringify(byteLevelBase());
  const expanded = expandTokenizerJson(text, parse(text), learnByHand(parse(text), [["a", "b"]]));
  expect(new Tokenizer(parse(expanded)).encode("ab")).toEqual([256]);
});

test("characters that were bytes, and all splits of a piece", () => {
  const text = JSON.stringify(spaceSymbolBase());
  const splits = [
    ["a", "b"],
    ["▁a", "b"],
    ["▁", "ab"],
  ] as const;
  const learned = learnByHand(parse(text), splits, ["አ"]);
  const expanded = new Tokenizer(parse(expandTokenizerJson(text, parse(text), learned)));
  expect(learned.candidates.map(({ token }) => token)).toEqual(["አ", "ab", "▁ab"]);
  expect(expanded.encode("አab ab")).toEqual([262, 263, 264]);
  expect(expanded.decode([262, 263, 264])).toBe("አab ab");
});

describe("tokens that do not fit the base are refused", () => {
  const text = JSON.stringify(base);
  const definition = parse(text);
  const good = learnByHand(definition, [
    ["ab", "c"],
    ["abc", "a"],
  ]);
  const [first, second] = good.candidates;
  const cases = {
    free: { ...good, firstId: 999 },
    "in the vocabulary already": { ...good, candidates: [{ ...first!, token: "ab" }, second!] },
    "candidate 1: its constituents stand for": { ...good, candidates: [first!, { ...second!, bytes: "00" }] },
    "constituents are not all": { ...good, candidates: [first!, { ...second!, constituents: [258] }] },
    "do not make": { ...good, merges: [[97, 98, 260]] as const },
    "merged before": { ...good, merges: [...good.merges, good.merges[0]!] },
  };
  test.each(Object.entries(cases))("%s", (message, learned) => {
    expect(() => expandTokenizerJson(text, definition, learned)).toThrow(message);
  });
});
