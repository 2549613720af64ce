// Expands a known tokenizer with tokens learned from the embedded text of a language, and writes the folder: what the
// comparisons with other libraries are made on.
//
//   npx tsx test/oracles/make-expansion.ts qwen3 fa 500 OUT

import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { embeddedText } from "../../src/corpus/embedded-text.ts";
import { makePlan, planText } from "../../src/embeddings/plan.ts";
import { expandTokenizerJson } from "../../src/expansion/expand-tokenizer-json.ts";
import { resolveLanguage } from "../../src/text/languages.ts";
import { findTokenizer, loadTokenizer } from "../../src/tokenizer/load-tokenizer.ts";
import { learnTokens } from "../../src/training/learn.ts";
import { TrainingWords } from "../../src/training/training-words.ts";

export interface MadeFolder {
  readonly folder: string;
  readonly newTokens: number;
}

export async function makeExpansion(
  id: string,
  lang: string,
  add: number,
  folder: string,
): Promise<MadeFolder> {
  const source = findTokenizer(id);
  const { tokenizer, sha256 } = loadTokenizer(source);
  const words = new TrainingWords(tokenizer);
  const language = resolveLanguage(lang);
  for (const document of embeddedText(language).documents) words.addDocument(Buffer.from(document, "utf8"));
  const scripts = [language.script];
  const learned = await learnTokens(words, { add, constraints: { scripts, coverCharacters: true } });
  const { vocabSize } = tokenizer.definition;
  const total = vocabSize + learned.candidates.length;
  const plan = makePlan(learned, {
    base: { tokenizer: id, sha256, vocabSize, embeddingRows: null },
    target: { vocabSize: total, embeddingRows: total, padToMultipleOf: null },
    placement: "append",
    method: "mean",
    scriptIds: [],
  });
  mkdirSync(folder, { recursive: true });
  const text = expandTokenizerJson(readFileSync(source.file, "utf8"), tokenizer.definition, learned);
  writeFileSync(join(folder, "tokenizer.json"), text);
  writeFileSync(join(folder, "embedding-plan.json"), planText(plan));
  const config = join(dirname(source.file), "tokenizer_config.json");
  if (existsSync(config)) copyFileSync(config, join(folder, "tokenizer_config.json"));
  return { folder, newTokens: learned.candidates.length };
}

if (process.argv[1] === import.meta.filename) {
  const [id = "", lang = "", add = "", out = ""] = process.argv.slice(2);
  const { newTokens } = await makeExpansion(id, lang, Number(add), out);
  console.log(`${out}: ${id} with ${newTokens} tokens for ${lang}`);
}
