// The files that belong to a base tokenizer: its tokenizer.json, and what lies beside it.

import { readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { VocabError } from "../errors.ts";
import {
  parseVocabularyFile,
  readVocabularyFile,
  type VocabularyFile,
} from "../expansion/vocabulary-file.ts";

/** Kept as they are: they name tokens, and no token of the base changes. */
const COPIED = [
  "special_tokens_map.json",
  "chat_template.jinja",
  "chat_template.json",
  "generation_config.json",
] as const;

/** What a SentencePiece model is called beside a tokenizer.json: Llama 2 and Gemma; T5 and XLNet; XLM-R. */
const MODEL_NAMES = ["tokenizer.model", "spiece.model", "sentencepiece.bpe.model"] as const;

/** The same vocabulary in other forms; they would contradict the expanded tokenizer.json. */
const STALE = [
  "vocab.json",
  "merges.txt",
  "added_tokens.json",
  ...MODEL_NAMES,
  "tokenizer.model.v3",
  "tekken.json",
] as const;

export interface BaseFiles {
  readonly vocabulary: VocabularyFile;
  readonly tokenizerConfig: string | undefined;
  /** The same vocabulary as a SentencePiece model, beside a tokenizer.json. */
  readonly sentencePiece: VocabularyFile | undefined;
  /** Content by name. */
  readonly copied: Readonly<Record<string, Buffer>>;
  /** Names of files beside the base that are left out. */
  readonly leftOut: readonly string[];
  /** Rows of the embedding matrix by the model's config.json, where it lies beside. */
  readonly embeddingRows: number | undefined;
}

/**
 * @param file path of the tokenizer file
 * @throws VocabError `tokenizer-invalid`, `unreadable`
 */
export function readBaseFiles(file: string): BaseFiles {
  const folder = dirname(file);
  const vocabulary = readVocabularyFile(file);
  // A file of another name is not the one that its neighbours belong to.
  const beside = basename(file) === vocabulary.name ? folder : undefined;
  const read = (name: string) => (beside === undefined ? undefined : readIfThere(join(beside, name)));
  const copied = COPIED.map((name) => [name, read(name)] as const).filter(
    (entry): entry is [(typeof COPIED)[number], Buffer] => entry[1] !== undefined,
  );
  const sentencePiece = beside === undefined ? undefined : modelBeside(beside, vocabulary);
  const written = [vocabulary.name, sentencePiece?.name];
  return {
    vocabulary,
    sentencePiece,
    tokenizerConfig: optionalUtf8(read("tokenizer_config.json"), join(folder, "tokenizer_config.json")),
    copied: Object.fromEntries(copied),
    leftOut:
      beside === undefined
        ? []
        : STALE.filter((name) => !written.includes(name) && isFile(join(beside, name))),
    embeddingRows: rowsOf(read("config.json"), join(folder, "config.json")),
  };
}

// Undefined unless it has the tokens of the tokenizer.json, each at its id.
function modelBeside(folder: string, vocabulary: VocabularyFile): VocabularyFile | undefined {
  const name = MODEL_NAMES.find((file) => isFile(join(folder, file)));
  if (vocabulary.format !== "tokenizer.json" || name === undefined) return undefined;
  const model = readVocabularyFile(join(folder, name));
  return model.format === "sentencepiece" && hasSameTokens(vocabulary, model) ? model : undefined;
}

function hasSameTokens(json: VocabularyFile, model: VocabularyFile): boolean {
  const { model: own, addedTokens } = parseVocabularyFile(json, json.name);
  const added = new Map(addedTokens.map(({ id, content }) => [id, content]));
  const { tokens } = parseVocabularyFile(model, model.name).model;
  return [...tokens].every((token, id) => token === (added.get(id) ?? own.tokens.at(id)));
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function readIfThere(path: string): Buffer | undefined {
  if (!isFile(path)) return undefined;
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new VocabError("unreadable", `${path} cannot be read: ${(cause as Error).message}`, { cause });
  }
}

function optionalUtf8(bytes: Buffer | undefined, file: string): string | undefined {
  return bytes === undefined ? undefined : utf8(bytes, file);
}

function utf8(bytes: Buffer, file: string): string {
  const text = bytes.toString("utf8");
  if (!Buffer.from(text, "utf8").equals(bytes))
    throw new VocabError("tokenizer-invalid", `${file}: not valid UTF-8`, {
      hint: "get an undamaged copy of the file",
    });
  return text;
}

// `vocab_size` of a model is the number of its embedding rows, whatever its tokenizer has. Models for text and images
// have it one level down.
function rowsOf(bytes: Buffer | undefined, file: string): number | undefined {
  if (bytes === undefined) return undefined;
  let config: unknown;
  try {
    config = JSON.parse(bytes.toString("utf8"));
  } catch (cause) {
    throw new VocabError("tokenizer-invalid", `${file}: not valid JSON`, { cause });
  }
  const { vocab_size: own, text_config: text } = (config ?? {}) as {
    readonly vocab_size?: unknown;
    readonly text_config?: { readonly vocab_size?: unknown } | null;
  };
  return [own, text?.vocab_size].find(isRowCount);
}

function isRowCount(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value > 0;
}
