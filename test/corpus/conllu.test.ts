import { describe, expect, test } from "vitest";
import { textOfSentence } from "../../src/corpus/conllu-text.ts";
import { parseSentence } from "../../src/corpus/conllu-tokens.ts";
import { VocabError } from "../../src/errors.ts";
import { tokenLine, wordLines } from "./treebank-lines.ts";

const FIRST_LINE = 11;

/** Text and words of one sentence, whose first line is line 11 of its file; undefined where there is none. */
function read(lines: readonly string[]): { text: string; words: string[] } | undefined {
  const numbered = lines.map((text, i) => ({ text, number: FIRST_LINE + i }));
  const sentence = parseSentence(numbered, "a.conllu");
  if (sentence === undefined) return undefined;
  const { text, words } = textOfSentence(sentence, "a.conllu");
  const bytes = Buffer.from(text);
  const pairs = Array.from({ length: words.length / 2 }, (_, i) =>
    bytes.toString("utf8", words[2 * i], words[2 * i + 1]),
  );
  return { text: bytes.toString("utf8"), words: pairs };
}

function fault(lines: readonly string[]): string {
  try {
    read(lines);
  } catch (error) {
    if (error instanceof VocabError && error.code === "invalid-conllu" && error.hint !== undefined)
      return error.message;
    throw error;
  }
  throw new Error("no fault was found");
}

describe("the text, from FORM and MISC", () => {
  test("a space behind each token but the last, SpaceAfter=No among other attributes", () => {
    const lines = [
      tokenLine(1, "don", "SpaceAfter=No"),
      tokenLine(2, "'t"),
      tokenLine(3, "go", "X=1|SpaceAfter=No|Y=2"),
    ];
    expect(read([...lines, tokenLine(4, ".")])).toEqual({
      text: "don't go.",
      words: ["don", "'t", "go", "."],
    });
  });

  test("a multiword token is its FORM and its MISC, not those of its words", () => {
    const lines = [
      tokenLine("1-2", "al", "SpaceAfter=No"),
      tokenLine(1, "a"),
      tokenLine(2, "el"),
      tokenLine(3, "mar", "SpaceAfter=No"),
      tokenLine("4-6", "dámelo"),
      tokenLine(4, "da", "SpaceAfter=No"),
      tokenLine(5, "me", "SpaceAfter=No"),
      tokenLine(6, "lo", "SpaceAfter=No"),
      tokenLine("7-7", "ya"),
      tokenLine(7, "x"),
      tokenLine(8, "!"),
    ];
    expect(read(lines)).toEqual({ text: "almardámelo ya !", words: ["al", "mar", "dámelo", "ya", "!"] });
  });

  test("empty nodes are not in the text, wherever they stand", () => {
    const lines = [
      tokenLine("0.1", "no"),
      tokenLine(1, "a"),
      tokenLine("1.1", "no"),
      tokenLine("1.2", "no", "SpaceAfter=No"),
      tokenLine("2-3", "b"),
      tokenLine(2, "x"),
      tokenLine("2.1", "no"),
      tokenLine(3, "y"),
      tokenLine("3.1", "no"),
    ];
    expect(read(lines)).toEqual({ text: "a b", words: ["a", "b"] });
  });

  test("SpacesAfter of UDPipe, which comes before SpaceAfter", () => {
    const lines = [
      tokenLine(1, "a", "SpacesAfter=\\s\\s"),
      tokenLine(2, "b", "SpacesAfter=\\t\\r\\n"),
      tokenLine(3, "c", "SpacesAfter=\\p\\\\n\u00a0"),
      tokenLine(4, "d", "SpaceAfter=No|SpacesAfter=\\s"),
      tokenLine(5, "e", "SpacesAfter="),
      tokenLine(6, "f", "SpacesAfter=\\n\\n"),
    ];
    expect(read(lines)?.text).toBe("a  b\t\r\nc|\\n\u00a0d ef");
  });

  test.each<[string, string[]]>([
    ["a decomposed é", ["e\u0301te\u0301", "é"]],
    ["emoji that are several code points", ["👩‍👩‍👧‍👦", "🏳️‍🌈!", "𝒜"]],
    ["spaces inside a token", ["1 000", "à\u00a0peu\u00a0près", "نیم\u200cفاصله"]],
    ["a token of white space alone", ["a", "\u3000", "b"]],
    ["what looks like a comment, an escape, an underscore", ["#", "\\n", "_", "|", '"']],
  ])("%s stays as it is", (_, forms) => {
    const lines = forms.map((form, i) => tokenLine(i + 1, form));
    expect(read(lines)).toEqual({ text: forms.join(" "), words: forms });
  });
});

describe("# text", () => {
  const tokens = [tokenLine(1, "Ça"), tokenLine(2, "va"), tokenLine(3, "?")];

  test.each<[string, string]>([
    ["# text = Ça va ?", "Ça va ?"],
    ["#text=Ça va ?", "Ça va ?"],
    ["# text = Ça va ?  \t", "Ça va ?"],
    ["# text = Ça va?", "Ça va?"],
    ["# text = Ça\u00a0 va\u202f?", "Ça\u00a0 va\u202f?"],
    ["# text = Çava?", "Çava?"],
    ["# text = Ç a va ?", "Ç a va ?"],
  ])("%j may differ from the tokens in white space, and is the text then", (comment, text) => {
    const words = [text.startsWith("Ç a") ? "Ç a" : "Ça", "va", "?"];
    expect(read(["# sent_id = 1", comment, "# text_en = How?", ...tokens])).toEqual({ text, words });
  });

  test("spaces inside tokens, and tokens of white space, are found in it", () => {
    const comment = "# text = 1\u00a0000  \u3000x";
    const lines = [tokenLine(1, "1 000"), tokenLine(2, "\u3000"), tokenLine(3, "x")];
    expect(read([comment, ...lines])).toEqual({
      text: "1\u00a0000  \u3000x",
      words: ["1\u00a0000", "\u3000", "x"],
    });
  });

  test.each<[string, string]>([
    ["# text = Ça vu ?", 'line 13: the token "va" is not what # text of line 11 has there: "vu ?"'],
    ["# text = Ça", 'line 13: the token "va" is not what # text of line 11 has there: ""'],
    ["# text =", 'line 12: the token "Ça" is not what # text of line 11 has there: ""'],
    [
      "# text = C\u0327a va ?",
      'line 12: the token "Ça" is not what # text of line 11 has there: "C\u0327a va ?"',
    ],
    ["# text = Ça va\u200c?", 'line 14: the token "?" is not what # text of line 11 has there: "\u200c?"'],
    ["# text = Ça va ? Oui.", 'line 11: # text goes on behind the last token: "Oui."'],
    [
      `# text = Ça va ? ${"é".repeat(40)}`,
      `line 11: # text goes on behind the last token: "${"é".repeat(30)}…"`,
    ],
  ])("%j has other characters: an error", (comment, message) => {
    expect(fault([comment, ...tokens])).toBe(`a.conllu, ${message}`);
  });

  test("a token of white space that it does not have", () => {
    expect(fault(["# text = a b", tokenLine(1, "a"), tokenLine(2, "\u3000"), tokenLine(3, "b")])).toContain(
      "a.conllu, line 13: the token",
    );
  });

  test("twice, or without tokens", () => {
    expect(fault(["# text = a", "# text = a", tokenLine(1, "a")])).toBe(
      "a.conllu, line 12: a second # text, after that of line 11",
    );
    expect(fault(["# newdoc", "# text = a"])).toBe("a.conllu, line 12: a # text without tokens");
  });
});

test.each<[string, string[]]>([
  ["no lines", []],
  ["comments", ["# newdoc", "# global.Entity = x", "# text ="]],
  ["empty nodes", [tokenLine("0.1", "x")]],
])("%s alone are no document", (_, lines) => expect(read(lines)).toBeUndefined());

describe("not CoNLL-U", () => {
  const two = wordLines("a b");

  test.each<[string, string[], string]>([
    ["9 columns", [...two, "3\tc\t_\t_\t_\t_\t_\t_\t_"], "line 13: 9 columns where CoNLL-U has 10"],
    ["11 columns", [`${two[0]}\t_`], "line 11: 11 columns where CoNLL-U has 10"],
    ["spaces for tabs", ["1 a _ _ _ _ _ _ _ _"], "line 11: 1 column where CoNLL-U has 10"],
    ["a line of spaces", [...two, "  "], "line 13: 1 column where CoNLL-U has 10"],
    ["no ID", [tokenLine("x", "a")], 'line 11: "x" is no ID of CoNLL-U'],
    ["zeros before an ID", [tokenLine("01", "a")], 'line 11: "01" is no ID of CoNLL-U'],
    ["a negative ID", [tokenLine("-1", "a")], 'line 11: "-1" is no ID of CoNLL-U'],
    ["an ID left out", [...two, tokenLine(4, "c")], "line 13: the ID 4 behind 2: expected 3"],
    ["an ID twice", [...two, tokenLine(2, "c")], "line 13: the ID 2 behind 2: expected 3"],
    ["no empty line", [...two, ...two], "line 13: the ID 1 behind 2: expected 3"],
    ["no empty line before comments", [...two, "# x"], "line 13: a comment inside a sentence"],
    [
      "no first token",
      [tokenLine(3, "a")],
      "line 11: token 3 outside a sentence: the first token has the ID 1",
    ],
    ["a range out of place", [...two, tokenLine("2-3", "x")], "line 13: the ID 2-3 behind 2: expected 3"],
    [
      "a range backwards",
      [...two, tokenLine("3-2", "x")],
      "line 13: the multiword token 3-2 ends before it begins",
    ],
    [
      "a range across another",
      [tokenLine("1-2", "x"), tokenLine(1, "a"), tokenLine("2-3", "y")],
      "line 13: the multiword token 2-3 overlaps 1-2",
    ],
    [
      "a range over the end",
      [...two, tokenLine("3-4", "x"), tokenLine(3, "c")],
      "line 13: the multiword token 3-4 ends behind the last word, 3",
    ],
    [
      "an empty node out of place",
      [...two, tokenLine("1.1", "x")],
      "line 13: the ID 1.1 behind 2: expected 3",
    ],
    ["an empty node left out", [...two, tokenLine("2.2", "x")], "line 13: the ID 2.2 behind 2: expected 3"],
    ["an empty FORM", [tokenLine(1, "")], "line 11: an empty FORM"],
    ["no text at all", wordLines("_ _ _"), "line 11: every FORM is _: this treebank comes without its text"],
  ])("%s", (_, lines, message) => expect(fault(lines)).toBe(`a.conllu, ${message}`));

  test("a sentence of one underscore is one", () => {
    expect(read(wordLines("_"))?.words).toEqual(["_"]);
  });
});
