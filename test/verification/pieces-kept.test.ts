// Unigram bases that others expanded: what G1, G5, G7, G8 and G9 find in them.

import { describe, expect, it } from "vitest";
import type { VocabularyFile } from "../../src/expansion/vocabulary-file.ts";
import { readSentencePiece, type SentencePiece } from "../../src/tokenizer/formats/read-sentencepiece.ts";
import { writeSentencePiece } from "../../src/tokenizer/formats/write-sentencepiece.ts";
import type { Certificate } from "../../src/verification/certificate.ts";
import type { Evidence } from "../../src/verification/evidence.ts";
import { verifyExpansion } from "../../src/verification/verify-expansion.ts";
import { model as modelFile } from "../tokenizer/formats/protobuf-writer.ts";
import { unigramJson, unigramModel } from "../training/unigram-bases.ts";
import { jsonFile } from "./json-file.ts";
import { byteLevelBase } from "./made-expansions.ts";

const PARTS = { text: "the cat sat on the mat", letters: "سلام", byteFallback: true };
const BASE = unigramJson(PARTS);
const PANEL = { name: "en", source: "en", documents: [Buffer.from("the cat sat on the mat ☃")] };

type Scored = [piece: string, score: number];
interface Json {
  added_tokens: { id: number; content: string }[];
  normalizer: unknown;
  model: { unk_id: number; vocab: Scored[]; [key: string]: unknown };
}

/** The base with `<mask>` and these pieces entered, and whatever else is done to it. */
function expanded(pieces: readonly Scored[], change: (json: Json) => void = () => {}): string {
  const json = JSON.parse(BASE) as Json;
  json.model.vocab.push(["<mask>", 0], ...pieces);
  change(json);
  return JSON.stringify(json);
}

function certify(text: string, parts: Partial<Evidence> = {}): Promise<Certificate> {
  const files = { base: jsonFile("base", BASE), expanded: jsonFile("expanded", text) };
  return verifyExpansion({ ...files, panel: [PANEL], ...parts }, { generated: 100 });
}

async function faults(text: string): Promise<string[]> {
  const { checks } = await certify(text);
  return checks.filter(({ ok }) => !ok).map(({ id, detail }) => `${id}: ${detail}`);
}

const SALAM: Scored = ["▁سلام", -4];

describe("someone's tokenizer.json", () => {
  it("passes, if its pieces are sound", async () => {
    const certificate = await certify(expanded([SALAM]));
    expect(certificate.checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(certificate.notChecked.map(({ id }) => id).join(" ")).toBe("G2 G3 G4 G8 G10 G11 G13");
  });
  it("passes when nothing was added", async () => {
    expect((await certify(BASE)).ok).toBe(true);
  });
  it("is told which piece scores otherwise", async () => {
    const text = expanded([SALAM], ({ model }) => {
      model.vocab.find(([piece]) => piece === "▁")![1] -= 1e-12;
    });
    expect(await faults(text)).toEqual([
      expect.stringMatching(/^G1: piece "▁" of id 259 scores -\d\.\d+, in the base -\d\.\d+$/),
    ]);
  });
  it("is told which piece no text becomes", async () => {
    // Letters stand in the base once and score -3.7 each, -14.7 together.
    expect(await faults(expanded([["سلام", -19]]))).toEqual([
      expect.stringMatching(/^G1: .*piece \d+ "سلام" is unreachable: its text becomes \d+ "س" \+ \d+ "ل" \+/),
    ]);
  });
  it("is told that unknown characters score less", async () => {
    const [fault] = await faults(expanded([["▁سلام", -21]]));
    expect(fault).toMatch(
      /^G1: \d+ "▁سلام" scores -21, below every piece of the base: unknown characters score less/,
    );
  });
  it("is told of another unknown token, normalizer, and byte fallback", async () => {
    const text = expanded([SALAM], (json) => {
      json.model.unk_id = 0;
      json.model["byte_fallback"] = false;
      json.normalizer = null;
    });
    const [fault] = await faults(text);
    expect(fault).toMatch(
      /^G1: the normalizer is another; unk_id is 0, in the base 2; byte_fallback was changed$/,
    );
  });
  it("is told of a space inside a piece, and of one that is spelt like a byte", async () => {
    const text = expanded([
      ["سلام▁سلام", -5],
      ["<0xe1>", -5],
    ]);
    const found = await faults(text);
    expect(found.map((fault) => fault.slice(0, 3))).toEqual(["G5:", "G7:"]);
    expect(found[1]).toContain("before which the pre-tokenizer cuts");
  });
  it("is told that English changes", async () => {
    // "▁sat" scores -3.0 and t -2.2: "▁sa" and t are better together.
    expect(await faults(expanded([["▁sa", -0.5]]))).toEqual([
      expect.stringMatching(/^G6: en: 1 of 1 documents changed.*" sat" was {2}sat, is {2}sa\|t/),
    ]);
  });
  it("that is BPE now is another tokenizer", async () => {
    const { ok, checks, notChecked } = await certify(byteLevelBase());
    expect(ok).toBe(false);
    expect(checks[0]!.detail).toContain("one is a Unigram model and the other is not");
    expect(notChecked.map(({ id }) => id)).toContain("G3");
  });
});

describe("someone's SentencePiece model", () => {
  const base = unigramModel(PARTS);
  function certifyModel(pieces: readonly SentencePiece[], of = base): Promise<Certificate> {
    const file = (bytes: Uint8Array) =>
      ({ format: "sentencepiece", name: "tokenizer.model", bytes }) as const;
    const written = writeSentencePiece(readSentencePiece(of, "base"), pieces);
    return verifyExpansion(
      {
        base: { source: "base", file: file(of) },
        expanded: { source: "expanded", file: file(written) },
        panel: [PANEL],
      },
      { generated: 100 },
    );
  }
  it("passes, if its pieces are sound", async () => {
    const certificate = await certifyModel([{ text: "▁سلام", score: -3, type: "normal" }]);
    expect(certificate.checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(certificate.checks[0]!.detail).toContain("keep their tokens and scores");
  });
  it("is told of user-defined pieces, which are no vocabulary of the model", async () => {
    const { checks } = await certifyModel([{ text: "▁سلام", score: 0, type: "user-defined" }]);
    const failed = checks.filter(({ ok }) => !ok);
    expect(failed.map(({ id }) => id)).toContain("G9");
    expect(failed.find(({ id }) => id === "G9")!.detail).toContain(
      "is user-defined: it is taken whatever it scores",
    );
  });
});

describe("two formats", () => {
  // "x yz" and "xy z" score -0.300000004 both ways, but for what single precision loses: there they are equal, and
  // SentencePiece keeps the first; in double precision the second is better.
  const pieces: Scored[] = [
    ["x", -Math.fround(0.1)],
    ["xy", Math.fround(-0.3)],
    ["z", Math.fround(8e-9)],
    ["y", -5],
  ];
  const yz: Scored = ["yz", -Math.fround(0.2)];
  const json = (scored: readonly Scored[]): VocabularyFile => {
    const vocab = [["<unk>", 0], ...scored];
    const model = { type: "Unigram", unk_id: 0, vocab, byte_fallback: false };
    const rest = {
      added_tokens: [],
      normalizer: null,
      pre_tokenizer: null,
      post_processor: null,
      decoder: null,
    };
    return {
      format: "tokenizer.json",
      name: "tokenizer.json",
      text: JSON.stringify({ version: "1.0", ...rest, model }),
    };
  };
  const spiece = (scored: readonly Scored[]): VocabularyFile => {
    const unknown: SentencePiece = { text: "<unk>", score: 0, type: "unknown" };
    const normal = scored.map(([text, score]): SentencePiece => ({ text, score, type: "normal" }));
    // Unigram; neither a prefix nor spaces are seen to.
    const bytes = modelFile([unknown, ...normal], [3 * 8, 1], [3 * 8, 0, 4 * 8, 0]);
    return { format: "sentencepiece", name: "spiece.model", bytes };
  };
  async function agreement(other: Scored) {
    const { checks } = await verifyExpansion(
      {
        base: { source: "base", file: json(pieces) },
        expanded: { source: "expanded", file: json([...pieces, yz]) },
        otherFormat: { base: spiece(pieces), expanded: spiece([...pieces, other]) },
        panel: [{ name: "text", source: "text", documents: [Buffer.from("xyz"), Buffer.from("xx")] }],
      },
      { generated: 0 },
    );
    return checks.find(({ id }) => id === "G8")!;
  }
  it("may each take another of two divisions that score alike in single precision", async () => {
    const check = await agreement(yz);
    expect(check.figures).toMatchObject({ documents: 2, compared: 2, alike: 1, differing: 0 });
    expect(check.ok).toBe(true);
    expect(check.detail).toContain("but 1 with divisions that score alike in single precision");
  });
  it("may not where one is better", async () => {
    const check = await agreement(["yz", -0.125]);
    expect(check.ok).toBe(false);
    expect(check.detail).toBe("id 5 scores -0.125, in tokenizer.json -0.20000000298023224");
  });
});
