// The verb `verify`: the guarantees of docs/verification.md on an artifact folder of ours, or on anyone's extended tokenizer.

import { readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { readBaseFiles } from "../artifacts/base-files.ts";
import { VocabError } from "../errors.ts";
import { readVocabularyFile } from "../expansion/vocabulary-file.ts";
import type { HubOptions } from "../io/hub-request.ts";
import { resolveLanguage } from "../text/languages.ts";
import { findTokenizer, type TokenizerId, type TokenizerSource } from "../tokenizer/load-tokenizer.ts";
import type { Certificate } from "../verification/certificate.ts";
import type { Evidence, TokenizerFile, VerifyStep } from "../verification/evidence.ts";
import type { Budgets } from "../verification/panel-budget.ts";
import { verifyExpansion } from "../verification/verify-expansion.ts";
import { overlapOf, panelTexts, sampleText, trainingUses } from "./verification-texts.ts";

export interface VerifyTexts {
  /** Globs of text like that the tokens are for: confirms, and G11 with `corpus`. Default: none. */
  readonly heldOut?: readonly string[];
  /** Globs of the text that the tokens were learned from: for G4, and G11 with `heldOut`. Default: none. */
  readonly corpus?: readonly string[];
  /** Globs of text that should not change, each file a text of its own. Default: the declarations and code. */
  readonly panel?: readonly string[];
  /** What a document of a text file is. Default "line". */
  readonly unit?: "line" | "file";
  /** Field of a JSON record that holds the text. Default "text". */
  readonly textField?: string;
  /** What globs that begin with `hf://` are asked of. Default: none. */
  readonly hub?: HubOptions | undefined;
}

export interface VerifyCommandOptions extends VerifyTexts {
  /** Known name or path of the tokenizer that was extended. Default: the one that embedding-plan.json names. */
  readonly base?: TokenizerId;
  /** Tags of the languages that the tokens are for, which the default panel leaves out. Default: none. */
  readonly languages?: readonly string[];
  /** Share of documents that may change, by the name of a panel text. Default: 0 for "en" and "code". */
  readonly budgets?: Budgets;
  /** Seed of samples and of the generated text. Default 0. */
  readonly seed?: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((step: VerifyStep) => void) | undefined;
}

/** Files of a folder that name ids, beside tokenizer.json. */
const SIBLINGS: readonly string[] = ["tokenizer_config.json", "added_tokens.json", "vocab.json"];
const PLAN = "embedding-plan.json";

/**
 * @param path folder of the extended tokenizer, or its tokenizer.json
 * @throws VocabError `base-unknown` (usage), `unreadable`, and what reading tokenizers and text throws
 */
export async function verify(path: TokenizerId, options: VerifyCommandOptions = {}): Promise<Certificate> {
  const { languages, budgets, signal, onProgress, seed = 0 } = options;
  const expanded = findTokenizer(path);
  const folder = dirname(expanded.file);
  const plan = readJson(join(folder, PLAN));
  const base = findBase(options.base, plan);
  onProgress?.({ step: "loading" });
  const heldOut = options.heldOut && (await sampleText("held-out", options.heldOut, options));
  const panel = options.panel && (await panelTexts(options.panel, options));
  const training = {
    ...(options.corpus && { usesOfId: await trainingUses(expanded, options.corpus, options) }),
    ...(options.corpus &&
      options.heldOut && { overlap: await overlapOf(options.corpus, options.heldOut, options) }),
  };
  return verifyExpansion(
    {
      base: readTokenizer(base),
      expanded: readTokenizer(expanded),
      siblings: readSiblings(folder),
      ...otherFormat(base, expanded),
      training,
      ...(plan === undefined ? {} : { plan }),
      ...(heldOut === undefined ? {} : { heldOut }),
      ...(panel === undefined ? {} : { panel }),
      ...(languages === undefined ? {} : { languages: languages.map((tag) => resolveLanguage(tag).tag) }),
    },
    { seed, signal, onProgress, ...(budgets === undefined ? {} : { budgets }) },
  );
}

function findBase(named: TokenizerId | undefined, plan: unknown): TokenizerSource {
  if (named !== undefined) return findTokenizer(named);
  const id = planBase(plan);
  if (id === undefined)
    throw new VocabError("base-unknown", `nothing says which tokenizer was extended: there is no ${PLAN}`, {
      kind: "usage",
      hint: "name it: --base qwen3, or --base PATH",
    });
  try {
    return findTokenizer(id);
  } catch (cause) {
    throw new VocabError("base-unknown", `${PLAN} names the base ${JSON.stringify(id)}, which is not here`, {
      kind: "usage",
      hint: "say where it is: --base PATH",
      cause,
    });
  }
}

function planBase(plan: unknown): string | undefined {
  const base = (plan as { readonly base?: { readonly tokenizer?: unknown } } | null | undefined)?.base;
  return typeof base?.tokenizer === "string" ? base.tokenizer : undefined;
}

// SentencePiece models beside both tokenizer.json files.
function otherFormat(base: TokenizerSource, expanded: TokenizerSource): Pick<Evidence, "otherFormat"> {
  const [of, now] = [base, expanded].map(({ file }) => readBaseFiles(file).sentencePiece);
  return of === undefined || now === undefined ? {} : { otherFormat: { base: of, expanded: now } };
}

function readSiblings(folder: string): Record<string, unknown> {
  return Object.fromEntries(
    SIBLINGS.map((name) => [name, readJson(join(folder, name))] as const).filter(
      ([, json]) => json !== undefined,
    ),
  );
}

// Undefined where there is no such file.
function readJson(file: string): unknown {
  if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) return undefined;
  const text = readText(file);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new VocabError("unreadable", `${basename(file)} is not valid JSON: ${(cause as Error).message}`, {
      cause,
      hint: `mend ${file}, or take it out of the folder`,
    });
  }
}

function readTokenizer({ source, file }: TokenizerSource): TokenizerFile {
  return { source, file: readVocabularyFile(file) };
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new VocabError("unreadable", `${file} cannot be read: ${(cause as Error).message}`, { cause });
  }
}
