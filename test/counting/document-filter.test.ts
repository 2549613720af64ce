import { describe, expect, test } from "vitest";
import { DocumentFilter } from "../../src/counting/document-filter.ts";
import type { FilterRules } from "../../src/counting/filter-rules.ts";

/** The documents that are kept, and what is said of the others. */
function filtered(documents: readonly string[], rules: Partial<FilterRules>) {
  const filter = new DocumentFilter({ seed: 0, ...rules });
  const kept = documents.flatMap((document, i) => {
    const rest = filter.pass(Buffer.from(document), i);
    return rest === undefined ? [] : [Buffer.from(rest).toString()];
  });
  return { kept, outcome: filter.outcome };
}

const arab = (share: number) => ({ script: { code: "Arab", properties: ["sc=Arab"], share } });

describe("script", () => {
  // 4 letters of 4, 4 of 8, 4 of 9, none of 4, no letters, a digit and a space besides.
  const documents = ["سلام", "سلام abcd", "سلام abcde", "abcd", "12 ۳!", "سلام 12345"];
  test.each([
    [0.5, [0, 1, 5]],
    [0.4, [0, 1, 2, 5]],
    [1, [0, 5]],
    [0, [0, 1, 2, 3, 5]],
  ])("share %d", (share, expected) => {
    const { kept, outcome } = filtered(documents, arab(share));
    expect(kept).toEqual(expected.map((i) => documents[i]));
    expect(outcome.otherScript.documents).toBe(documents.length - expected.length);
  });
});

describe("duplicates", () => {
  test("documents: the first stays", () => {
    const { kept, outcome } = filtered(["a", "b", "a", "A", "a ", "b"], { dedup: "document" });
    expect(kept).toEqual(["a", "b", "A", "a "]);
    expect(outcome.duplicates).toEqual({ documents: 2, bytes: 2, lines: 0 });
    expect(outcome.read).toEqual({ documents: 6, bytes: 7 });
  });

  test("lines, whatever their ends; empty ones stay; a document of which none is left goes", () => {
    const documents = ["a\nb\n\na\nc", "b\r\n\r\nd\r\n", "\n\n", "c\n", "a\n\n", "x\nb"];
    const { kept, outcome } = filtered(documents, { dedup: "line" });
    expect(kept).toEqual(["a\nb\n\nc", "\r\nd\r\n", "\n\n", "x\n"]);
    // "a\n" of the first, "b\r\n" of the second, "b" of the last; "c\n" and "a\n\n" whole.
    expect(outcome.duplicates).toEqual({ documents: 2, bytes: 2 + 3 + 1 + 2 + 3, lines: 5 });
    const bytes = (texts: readonly string[]) => texts.join("").length;
    expect(outcome.read.bytes).toBe(bytes(kept) + outcome.duplicates.bytes);
  });

  test("of documents that are lines, lines and documents are the same", () => {
    const documents = ["a", "b", "a", "", "c", "b"];
    expect(filtered(documents, { dedup: "line" }).kept).toEqual(["a", "b", "", "c"]);
  });
});

describe("normalization", () => {
  test("forms, as the reference has them", () => {
    const documents = ["ascii", "e\u0301", "\u00e9", "\ufb01"];
    const nfc = filtered(documents, { normalize: "NFC" });
    expect(nfc.kept).toEqual(["ascii", "\u00e9", "\u00e9", "\ufb01"]);
    expect([nfc.outcome.changed, nfc.outcome.read.bytes]).toEqual([1, 5 + 2 + 2 + 3]);
    expect(filtered(documents, { normalize: "NFKC" }).kept).toEqual(["ascii", "\u00e9", "\u00e9", "fi"]);
  });

  test("comes before the comparison", () => {
    const { kept } = filtered(["e\u0301", "\u00e9"], { normalize: "NFC", dedup: "document" });
    expect(kept).toEqual(["\u00e9"]);
  });

  test("Persian joiners: not twice, and not at the end of a word", () => {
    const texts = [
      "می\u200cروم",
      "می\u200c\u200c\u200cروم",
      "\u200cسلام\u200c دنیا\u200c",
      "a\u200c\u00a0b \u200c\u200c c",
      "\u200c",
      "😀\u200c\u3000\u200c中",
    ];
    const { kept, outcome } = filtered(texts, { orthography: "fa" });
    expect(kept).toEqual([
      "می\u200cروم",
      "می\u200cروم",
      "سلام دنیا",
      "a\u00a0b \u200c c",
      "\u200c",
      "😀\u3000中",
    ]);
    expect(outcome.changed).toBe(4);
  });

  test("Persian letters: yeh and kaf, nothing else", () => {
    const text = "كي ىئ \u200c ی ک ة";
    const { kept, outcome } = filtered([text, "سلام"], { orthography: "fa" });
    expect(kept).toEqual(["کی ىئ \u200c ی ک ة", "سلام"]);
    expect([outcome.changed, outcome.read.bytes]).toEqual([1, Buffer.byteLength(`${text}سلام`)]);
  });
});

describe("a sample of a share", () => {
  const documents = Array.from({ length: 20_000 }, (_, i) => `document ${i % 15_000}`);
  const sample = (share: number, seed: number) =>
    filtered(documents, { sample: { kind: "share", share }, seed }).kept;

  test("takes about that share, equal texts together, by seed", () => {
    const taken = sample(0.05, 0);
    expect(Math.abs(taken.length / 20_000 - 0.05)).toBeLessThan(0.006);
    const chosen = new Set(taken);
    expect(documents.filter((document) => chosen.has(document))).toEqual(taken);
    expect(sample(0.05, 1)).not.toEqual(taken);
    expect(sample(0.05, 0)).toEqual(taken);
    expect(sample(1, 0).length).toBe(documents.length);
  });

  test("smaller ones lie in larger ones", () => {
    const large = new Set(sample(0.2, 7));
    expect(sample(0.1, 7).every((document) => large.has(document))).toBe(true);
  });
});

test("the first rule that a document fails is counted", () => {
  const documents = ["سلام", "سلام", "hello", "hello", "دنیا"];
  const { kept, outcome } = filtered(documents, {
    ...arab(0.5),
    dedup: "document",
    sample: { kind: "share", share: 1e-12 },
  });
  expect(kept).toEqual([]);
  expect(outcome).toEqual({
    read: { documents: 5, bytes: 8 + 8 + 5 + 5 + 8 },
    changed: 0,
    otherScript: { documents: 2, bytes: 10 },
    duplicates: { documents: 1, bytes: 8, lines: 0 },
    unsampled: { documents: 2, bytes: 16 },
  });
});
