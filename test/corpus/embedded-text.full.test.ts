// All usable texts: they parse, are written in the script that their tag says, and have words by their rule.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { embeddedText, parseDeclaration } from "../../src/corpus/embedded-text.ts";
import { type Declaration, declarations } from "../../src/text/declarations.ts";
import { NAMED_LANGUAGES, NOT_LANGUAGES } from "../../src/text/language-data.ts";
import { listLanguages, resolveLanguage } from "../../src/text/languages.ts";
import { wordRanges } from "../../src/text/words.ts";

/** Unicode scripts that an ISO 15924 code of several scripts stands for. */
const COMPOSITE_SCRIPTS: Record<string, readonly string[]> = {
  Hans: ["Hani"],
  Hant: ["Hani"],
  Jpan: ["Hani", "Hira", "Kana"],
  Kore: ["Hang", "Hani"],
};

/** Texts whose words no rule finds: Javanese letters and Nuosu without spaces, for which ICU has no dictionary. */
const WITHOUT_WORDS = ["jav_java", "iii"];

describe.each(declarations().map((declaration) => [declaration.code, declaration] as const))(
  "%s",
  (_, declaration) => {
    const { documents, articles } = parseDeclaration(readFileSync(declaration.file, "utf8"));
    const text = documents.join("\n");

    test("parses", () => {
      expect(documents.length).toBeGreaterThan(20);
      expect(articles.length).toBe(documents.length);
      // Two texts have "<<" and ">>" of their own (hms, tob).
      expect(
        documents.filter((document) => document.trim() === "" || /<\/|\/>|[\n\t]|&#/.test(document)),
      ).toEqual([]);
      expect([...articles].sort((a, b) => a - b)).toEqual(articles);
    });

    test("is in the script of its tag", () => {
      expect(shareInScript(text, declaration)).toBeGreaterThan(0.9);
      expect(resolveLanguage(declaration.tag).script).toBe(declaration.script);
    });

    test("has words of a credible length", () => {
      const rule = declaration.wordRule ?? resolveLanguage(declaration.tag).wordRule;
      const charactersPerWord = [...text].length / (wordRanges(text, rule).length / 2);
      if (WITHOUT_WORDS.includes(declaration.code)) expect(charactersPerWord).toBeGreaterThan(10);
      else expect(charactersPerWord).toBeLessThan(23);
    });
  },
);

test("each language listed with a text gets that text", () => {
  for (const { embedded, ...language } of listLanguages()) {
    if (embedded !== undefined) expect(embeddedText(language).source).toContain(`/${embedded.code}.html`);
  }
});

test.runIf(process.versions.icu?.startsWith("78."))("the list of named languages is complete", () => {
  const names = new Intl.DisplayNames("en", { type: "language", fallback: "none" });
  const letters = [..."abcdefghijklmnopqrstuvwxyz"];
  const codes = letters.flatMap((a) => letters.flatMap((b) => ["", ...letters].map((c) => a + b + c)));
  const canonical = codes.filter((code) => names.of(code)).map((code) => new Intl.Locale(code).baseName);
  const named = canonical.filter((code) => !code.includes("-") && !NOT_LANGUAGES.includes(code));
  expect([...new Set(named)].sort()).toEqual(NAMED_LANGUAGES);
});

function shareInScript(text: string, { script }: Declaration): number {
  const letters = text.match(/\p{L}/gu) ?? [];
  const scripts = (COMPOSITE_SCRIPTS[script] ?? [script]).map((code) => `\\p{Script=${code}}`).join("");
  const inScript = letters.join("").match(new RegExp(`[${scripts}]`, "gu")) ?? [];
  return inScript.length / letters.length;
}
