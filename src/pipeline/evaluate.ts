// The verb `evaluate`: bits per byte of causal models over held-out text, each with its own tokenizer, run in a Python
// environment that has torch and transformers.

import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { VocabError } from "../errors.ts";
import { type Language, resolveLanguage } from "../text/languages.ts";
import { findTokenizer, type LoadedTokenizer, loadTokenizer } from "../tokenizer/load-tokenizer.ts";
import { recognizeTokenizerFile } from "../tokenizer/read-tokenizer-file.ts";
import { evaluationFigures, type ScoredModel } from "./evaluation-figures.ts";
import { evaluationFindings } from "./evaluation-findings.ts";
import type { EvaluationResult, EvaluationRun } from "./evaluation-result.ts";
import { type EvaluationText, type EvaluationTextOptions, writeDocuments } from "./evaluation-text.ts";
import type { EvaluatorSettings } from "./evaluator.ts";
import { scoreModel } from "./model-bits.ts";
import { type Run, startRun } from "./run-record.ts";

export interface EvaluateOptions extends EvaluationTextOptions, EvaluatorSettings {
  /** BCP 47 tag of the text. Default: none, where `corpus` names the text. */
  readonly lang?: string | undefined;
  /** Interpreter with torch and transformers. Default "python3". */
  readonly python?: string | undefined;
  readonly onProgress?: ((progress: EvaluateProgress) => void) | undefined;
}

export type EvaluateProgress =
  | { readonly phase: "encoding" }
  | {
      readonly phase: "scoring";
      readonly model: string;
      /** Models before this one, and in all. */
      readonly done: number;
      readonly of: number;
      /** Bytes of documents scored, and in all, over all models. */
      readonly bytes: number;
      readonly totalBytes: number;
    };

/**
 * @param folders of the models, the one that the others are compared with first; equal names are taken once
 * @throws VocabError whose `kind` says whether the request, or what was found on the way, is wrong: `python-not-found`,
 *   `python-package-missing`, `tokens-differ`, …
 */
export async function evaluate(
  folders: readonly string[],
  options: EvaluateOptions = {},
): Promise<EvaluationResult> {
  const run = startRun();
  const language = options.lang === undefined ? undefined : resolveLanguage(options.lang);
  const tokenizers = await loadTokenizers([...new Set(folders)], run);
  const scratch = await mkdtemp(join(tmpdir(), "vocab-evaluate-"));
  try {
    options.onProgress?.({ phase: "encoding" });
    const documents = join(scratch, "documents.jsonl");
    const text = await writeText(language, tokenizers, documents, options);
    const scored = await scoreAll(tokenizers, text, documents, options);
    const figures = evaluationFigures(scored, text.text, options.seed ?? 0);
    const { corpus } = text.text;
    return {
      schema: "vocab.evaluation/1",
      language: language && describeLanguage(language),
      corpus,
      ...figures,
      findings: evaluationFindings({ corpus, ...figures }),
      run: runOf(run, scored, corpus.bytes * scored.length),
    };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

interface EncodedText {
  readonly text: EvaluationText;
  readonly encodedOf: (loaded: LoadedTokenizer) => EvaluationText["encoded"][number];
}

async function loadTokenizers(folders: readonly string[], run: Run): Promise<Map<string, LoadedTokenizer>> {
  if (folders.length === 0)
    throw new VocabError("no-model", "no model is named", { kind: "usage", hint: "--model DIR" });
  for (const folder of folders) await requireModel(folder);
  // The resolved path: a folder may have the name of a known tokenizer. Equal files are read once.
  return run.loading(() => {
    const byHash = new Map<string, LoadedTokenizer>();
    const load = (folder: string): LoadedTokenizer => {
      const source = { ...findTokenizer(resolve(folder)), source: folder };
      const sha256 = recognizeTokenizerFile(source.file, folder).file.sha256();
      const loaded = byHash.get(sha256) ?? loadTokenizer(source);
      byHash.set(sha256, loaded);
      return { ...loaded, id: source.id, name: source.name, source: folder };
    };
    return new Map(folders.map((folder) => [folder, load(folder)]));
  });
}

async function requireModel(folder: string): Promise<void> {
  if ((await stat(join(folder, "config.json")).catch(() => undefined))?.isFile() === true) return;
  throw new VocabError("not-a-model", `--model ${folder}: no folder with a config.json`, {
    kind: "usage",
    hint: "name a folder with config.json, *.safetensors and a tokenizer, as vocab apply or save_pretrained writes it",
  });
}

async function writeText(
  language: Language | undefined,
  tokenizers: ReadonlyMap<string, LoadedTokenizer>,
  path: string,
  options: EvaluateOptions,
): Promise<EncodedText> {
  const distinct = [...new Set([...tokenizers.values()].map(({ tokenizer }) => tokenizer))];
  const text = await writeDocuments(language, distinct, path, options);
  return { text, encodedOf: ({ tokenizer }) => text.encoded[distinct.indexOf(tokenizer)]! };
}

async function scoreAll(
  tokenizers: ReadonlyMap<string, LoadedTokenizer>,
  { text, encodedOf }: EncodedText,
  documents: string,
  options: EvaluateOptions,
): Promise<ScoredModel[]> {
  const { python = DEFAULT_PYTHON, onProgress, signal } = options;
  const { window, stride, batchTokens, device, dtype, startToken, threads } = options;
  const settings = { window, stride, batchTokens, device, dtype, startToken, threads };
  const found: ScoredModel[] = [];
  for (const [model, loaded] of tokenizers) {
    const place = { model, done: found.length, of: tokenizers.size };
    let bytes = found.length * text.corpus.bytes;
    const onBytes = (more: number) => {
      bytes += more;
      const totalBytes = tokenizers.size * text.corpus.bytes;
      onProgress?.({ phase: "scoring", ...place, bytes, totalBytes });
    };
    onBytes(0);
    const encoded = encodedOf(loaded);
    const request = { settings, python, documents, encoded, onBytes, signal };
    found.push({ scored: await scoreModel(model, request), loaded, encoded });
  }
  return found;
}

const DEFAULT_PYTHON = "python3";

function runOf(run: Run, models: readonly ScoredModel[], bytes: number): EvaluationRun {
  const { python, torch, transformers, deviceName, threads } = models[0]!.scored.facts;
  const modelMs = models.map(({ scored }) => scored.durationMs);
  return { ...run.end(bytes, 1), python, torch, transformers, deviceName, threads, modelMs };
}

function describeLanguage({ tag, name, script, direction }: Language): EvaluationResult["language"] {
  return { tag, name, script, direction };
}
