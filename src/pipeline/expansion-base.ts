// The base of an expansion: its files, its tokenizer, and the tokenizer that is trained on, which has another pattern where
// that is relaxed.

import { type BaseFiles, readBaseFiles } from "../artifacts/base-files.ts";
import { VocabError } from "../errors.ts";
import { relaxPreTokenizer } from "../expansion/relax-pre-tokenizer.ts";
import { KNOWN_TOKENIZERS } from "../tokenizer/known-tokenizers.ts";
import {
  findTokenizer,
  type LoadedBpe,
  type LoadedTokenizer,
  loadBpeTokenizer,
  type TokenizerId,
} from "../tokenizer/load-tokenizer.ts";
import { parseBpeTokenizerJson } from "../tokenizer/require-bpe.ts";
import { type BpeTokenizer, Tokenizer } from "../tokenizer/tokenizer.ts";

export interface ExpansionBase {
  readonly loaded: LoadedBpe;
  readonly files: BaseFiles;
  /** tokenizer.json that the new tokens are entered into. */
  readonly text: string;
  /** What that text is: the base, but for a relaxed pre-tokenizer. */
  readonly trained: BpeTokenizer;
  /** Rows of the embedding matrix: as given, as the model's config.json says, or as all sizes of a known model have. */
  readonly embeddingRows: number | undefined;
}

export interface BaseOptions {
  readonly relaxPreTokenizer: "marks" | undefined;
  readonly embeddingRows: number | undefined;
}

/** @throws VocabError `unknown-tokenizer`, `tokenizer-invalid`, `tokenizer-unsupported`, `cannot-relax`, `ids-with-gaps` */
export function loadExpansionBase(id: TokenizerId, options: BaseOptions): ExpansionBase {
  const source = findTokenizer(id);
  const loaded = loadBpeTokenizer(source);
  requireContiguousIds(loaded);
  const files = readBaseFiles(source.file);
  const relaxes = options.relaxPreTokenizer !== undefined;
  const text = relaxes ? relaxPreTokenizer(files.tokenizerJson) : files.tokenizerJson;
  const trained = relaxes ? new Tokenizer(parseBpeTokenizerJson(text, loaded.source)) : loaded.tokenizer;
  const embeddingRows = options.embeddingRows ?? files.embeddingRows ?? knownRows(loaded.id);
  return { loaded, files, text, trained, embeddingRows };
}

// New ids are contiguous behind the base's highest; with a gap below, a later add_tokens would reuse one of ours.
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

function knownRows(id: string): number | undefined {
  const sizes = new Set(
    Object.values(KNOWN_TOKENIZERS.find((known) => known.id === id)?.embeddingRows ?? {}),
  );
  return sizes.size === 1 ? [...sizes][0] : undefined;
}
