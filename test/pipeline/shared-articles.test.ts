import { expect, test } from "vitest";
import { embeddedArticles, missingArticles, sharedArticles } from "../../src/pipeline/shared-articles.ts";
import { resolveLanguage } from "../../src/text/languages.ts";

const persian = embeddedArticles(resolveLanguage("fa"));
const having = (tag: string, articles: readonly number[]) => ({
  ...persian,
  language: resolveLanguage(tag),
  articles,
});

test("articles that all have, ascending", () => {
  expect(sharedArticles([persian])).toHaveLength(30);
  expect(sharedArticles([having("en", [1, 2, 5, 9]), having("ur", [2, 3, 9]), persian])).toEqual([2, 9]);
});

test("none in common: the language that has fewest is named", () => {
  const texts = [having("en", [1, 2, 3]), having("ur", [4]), persian];
  expect(() => sharedArticles(texts)).toThrow("have no article in common: ur (Urdu) has 1 of 30");
});

test("an article with a paragraph that is not there is missing", () => {
  // declaration/pan.html has <p>&amp;1</p> in article 17, lug.html in six; hlt.html has a heading alone in article 6.
  const missing = (tag: string) => missingArticles(embeddedArticles(resolveLanguage(tag)));
  expect(missing("fa")).toEqual([]);
  expect(missing("pa")).toEqual([17]);
  expect(missing("lg")).toEqual([14, 16, 21, 23, 26, 29]);
  expect(missing("hlt")).toEqual([6, 17]);
});
