import { expect, it } from "vitest";
import { parseBpeTokenizerJson } from "../../src/tokenizer/require-bpe.ts";
import { Tokenizer } from "../../src/tokenizer/tokenizer.ts";
import { generatedDocuments } from "../../src/verification/generated-text.ts";
import { byteLevelBase, expandFor, fallbackBase, PERSIAN } from "./made-expansions.ts";

it.each([
  ["byte-level", byteLevelBase()],
  ["byte-fallback", fallbackBase()],
])("uses every new token and every special one, %s", (_, base) => {
  const { expanded, learned } = expandFor(base, PERSIAN, 24);
  const definition = parseBpeTokenizerJson(expanded, "expanded");
  const tokenizer = new Tokenizer(definition);
  const newIds = learned.candidates.map((_, k) => learned.firstId + k);
  const documents = [...generatedDocuments(definition, newIds, 1000, 3)];
  const seen = new Set(documents.flatMap((bytes) => [...tokenizer.encodeBytes(bytes).ids]));
  expect([...newIds, ...definition.addedTokens.map(({ id }) => id)].filter((id) => !seen.has(id))).toEqual(
    [],
  );
  expect(documents).toHaveLength(1000);
  expect([...generatedDocuments(definition, newIds, 1000, 3)]).toEqual(documents);
  expect([...generatedDocuments(definition, newIds, 1000, 4)]).not.toEqual(documents);
});

it("has text for an expansion by nothing", () => {
  const definition = parseBpeTokenizerJson(byteLevelBase(), "base");
  expect([...generatedDocuments(definition, [], 5, 0)]).toHaveLength(5);
});
