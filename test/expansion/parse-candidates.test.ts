import { describe, expect, test } from "vitest";
import { parseCandidates } from "../../src/expansion/parse-candidates.ts";

const FILE = {
  schema: "vocab.candidates/1",
  base: { tokenizer: "tiny", sha256: "ab", firstId: 7 },
  revived: [{ id: 3, token: "c", count: 2 }],
  candidates: [
    {
      id: 7,
      token: "Ġa",
      bytes: "2061",
      text: " a",
      kind: "token",
      merge: [1, 2],
      constituents: [1, 2],
      count: 9,
    },
    { id: 8, token: "Ù", bytes: "d9", kind: "stone", constituents: [4], count: 2 },
  ],
  merges: [[1, 2, 7]],
};

test("what vocab train writes", () => {
  const { learned, baseSha256, revived } = parseCandidates(JSON.stringify(FILE), "f.json");
  expect(learned).toEqual({
    firstId: 7,
    candidates: [
      { token: "Ġa", bytes: "2061", text: " a", kind: "token", constituents: [1, 2], count: 9 },
      { token: "Ù", bytes: "d9", kind: "stone", constituents: [4], count: 2 },
    ],
    merges: [[1, 2, 7]],
  });
  expect([baseSha256, revived]).toEqual(["ab", 1]);
});

describe("what is wrong is named", () => {
  const [first] = FILE.candidates;
  test.each([
    ["{", "f.json: not valid JSON"],
    ["[]", "f.json: expected an object"],
    [
      { ...FILE, schema: "vocab.sweep/1" },
      'f.json: schema: expected "vocab.candidates/1", found "vocab.sweep/1"',
    ],
    [
      { ...FILE, candidates: [{ ...first, bytes: "x" }] },
      "f.json: candidates[0].bytes: expected bytes in hex",
    ],
    [
      { ...FILE, candidates: [{ ...first, kind: "word" }] },
      'candidates[0].kind: expected token, stone, character, found "word"',
    ],
    [
      { ...FILE, candidates: [{ ...first, constituents: [-1] }] },
      "candidates[0].constituents[0]: expected a token id",
    ],
    [{ ...FILE, merges: [[1, 2]] }, "merges[0]: expected three ids"],
  ])("%#", (json, message) => {
    const text = typeof json === "string" ? json : JSON.stringify(json);
    expect(() => parseCandidates(text, "f.json")).toThrow(message);
  });
});
