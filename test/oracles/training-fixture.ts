// Makes test/training/bpe-trainer.json: what Python `tokenizers` learns from the embedded texts of three languages.
//
//   npx tsx test/oracles/training-fixture.ts     VOCAB_PYTHON=…/python (default .venv/bin/python)

import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { embeddedText } from "../../src/corpus/embedded-text.ts";
import { resolveLanguage } from "../../src/text/languages.ts";
import { trainInPython } from "./python-trainer.ts";

const LANGUAGES = ["fa", "th", "en"];
const MERGES = 600;

const results = LANGUAGES.map((tag) => {
  const text = embeddedText(resolveLanguage(tag)).documents.join("\n");
  return { tag, ...trainInPython(Buffer.from(text), MERGES) };
});
const [{ tokenizers, python }] = results as [(typeof results)[number]];
const lines = results.map(
  ({ tag, merges }) => `    ${JSON.stringify(tag)}: ${JSON.stringify(merges.map((pair) => pair.join(" ")))}`,
);
const versions = `  "tokenizers": ${JSON.stringify(tokenizers)},\n  "python": ${JSON.stringify(python)},`;
writeFileSync(
  fileURLToPath(new URL("../training/bpe-trainer.json", import.meta.url)),
  `{\n${versions}\n  "merges": {\n${lines.join(",\n")}\n  }\n}\n`,
);
