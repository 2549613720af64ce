// The base of an expansion: its files, its tokenizer, and the tokenizer that is trained on, which has another pattern where
// that is relaxed.

import { type BaseFiles, readBaseFiles } from "../artifacts/base-files.ts";
import { VocabError } from "../errors.ts";
import { relaxPreTokenizer } from "../expansion/relax-pre-tokenizer.ts";
import { parseVocabularyFile, type VocabularyFile } from "../expansion/vocabulary-file.ts";
import { KNOWN_TOKENIZERS } from "../tokenizer/known-tokenizers.ts";
import {
  findTokenizer,
  type LoadedTokenizer,
  type LoadedTrainable,
  loadTrainable,
  type TokenizerId,
} from "../tokenizer/load-tokenizer.ts";
import type { TrainableModel } from "../tokenizer/require-bpe.ts";
import { Tokenizer } from "../tokenizer/tokenizer.ts";

export interface ExpansionBase {
  readonly loaded: LoadedTrainable;
  readonly files: BaseFiles;
  /** The file that the new tokens are entered into. */
  readonly vocabulary: VocabularyFile;
  /** What that file is: the base, but for a relaxed pre-tokenizer. */
  readonly trained: Tokenizer<TrainableModel>;
  /** Rows of the embedding matrix: as given, as the model's config.json says, or as all sizes of a known model have. */
  readonly embeddingRows: number | undefined;
}

export interface BaseOptions {
  readonly relaxPreTokenizer: "marks" | undefined;
  readonly embeddingRows: number | undefined;
}

/**
 * @throws VocabError `unknown-tokenizer`, `tokenizer-invalid`, `tokenizer-unsupported`, `cannot-relax`, `ids-with-gaps`,
 * `rows-out-of-range`
 */
export function loadExpansionBase(id: TokenizerId, options: BaseOptions): ExpansionBase {
  const source = findTokenizer(id);
  const loaded = loadTrainable(source);
  const files = readBaseFiles(source.file);
  if (files.vocabulary.format === "tokenizer.json") requireContiguousIds(loaded);
  const relaxes = options.relaxPreTokenizer !== undefined;
  const vocabulary = relaxes ? relaxed(files.vocabulary, source.source) : files.vocabulary;
  const trained = relaxes ? new Tokenizer(parseVocabularyFile(vocabulary, loaded.source)) : loaded.tokenizer;
  if (options.embeddingRows !== undefined) requireRows(options.embeddingRows, loaded);
  const embeddingRows = options.embeddingRows ?? files.embeddingRows ?? knownRows(loaded.id);
  return { loaded, files, vocabulary, trained, embeddingRows };
}

function relaxed(vocabulary: VocabularyFile, source: string): VocabularyFile {
  if (vocabulary.format === "tokenizer.json")
    return { ...vocabulary, text: relaxPreTokenizer(vocabulary.text) };
  throw new VocabError("cannot-relax", `${source} is not a tokenizer.json, whose pattern could be relaxed`, {
    kind: "usage",
    hint: "leave --relax-pre-tokenizer out",
  });
}

// New ids are contiguous behind the base's highest; with a gap below, a later add_tokens would reuse one of ours. tiktoken
// leaves gaps by design and never fills them.
function requireContiguousIds({ tokenizer, source }: LoadedTokenizer): void {
  const { model, addedTokens, vocabSize } = tokenizer.definition;
  const highest = addedTokens.reduce((max, { id }) => Math.max(max, id), model.tokens.length - 1);
  if (highest + 1 === vocabSize) return;
  throw new VocabError(
    "ids-with-gaps",
    `${source}: ${vocabSize} ids, but the highest is ${highest}: a token added to it would get an id that is not free`,
    { hint: "number its tokens without gaps first" },
  );
}

// Rows may lack for added tokens behind the vocabulary alone, as in the text models of Gemma 3.
function requireRows(rows: number, { tokenizer, source }: LoadedTokenizer): void {
  const tokens = tokenizer.definition.model.tokens.length;
  if (rows >= tokens) return;
  throw new VocabError("rows-out-of-range", `--embedding-rows ${rows}: ${source} has ${tokens} tokens`, {
    kind: "usage",
    hint: "it is the number of rows of the base model's embedding matrix: vocab_size in its config.json",
  });
}

function knownRows(id: string): number | undefined {
  const sizes = new Set(
    Object.values(KNOWN_TOKENIZERS.find((known) => known.id === id)?.embeddingRows ?? {}),
  );
  return sizes.size === 1 ? [...sizes][0] : undefined;
}
