import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { embeddedText } from "../../src/corpus/embedded-text.ts";
import { resolveLanguage } from "../../src/text/languages.ts";
import { byteBase } from "../../src/training/byte-base.ts";
import { firstDifferentMerge, trainHere } from "../oracles/python-trainer.ts";
import { wordsOf } from "./training-text.ts";

// Made by test/oracles/training-fixture.ts with Python `tokenizers`, whose version is in the file.
const FIXTURE = JSON.parse(readFileSync(new URL("./bpe-trainer.json", import.meta.url), "utf8")) as {
  readonly merges: Readonly<Record<string, readonly string[]>>;
};

it.each(Object.keys(FIXTURE.merges))(
  "from bytes equals Python's BpeTrainer merge for merge: %s",
  async (tag) => {
    const expected = FIXTURE.merges[tag]!.map((merge) => merge.split(" ") as [string, string]);
    const text = embeddedText(resolveLanguage(tag)).documents.join("\n");
    const merges = await trainHere(wordsOf(byteBase(), text), expected.length);
    expect(firstDifferentMerge(merges, expected)).toBe(-1);
    expect(merges.length).toBe(600);
  },
);
