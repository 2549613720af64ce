// The text of an evaluation: its documents are written down once, as the script reads them, and encoded here by every
// tokenizer on the way, so that the script's tokens can be held against ours.

import { closeSync, openSync, writeFileSync } from "node:fs";
import { corpusDigest, fileOfText } from "../counts/corpus-digest.ts";
import { describeFilter } from "../counts/corpus-filter.ts";
import { VocabError } from "../errors.ts";
import { crc32 } from "../io/crc32.ts";
import type { HubOptions } from "../io/hub-request.ts";
import { SAMPLE_DOCUMENTS } from "../metrics/interval.ts";
import type { Language } from "../text/languages.ts";
import type { Tokenizer } from "../tokenizer/tokenizer.ts";
import { filterOf } from "./analyzed-text.ts";
import { type CorpusSource, chooseCorpus, hubSources, namedCorpus } from "./corpus-source.ts";
import { countCorpus, readDocuments } from "./count-corpus.ts";
import { type DocumentOptions, readOptions } from "./document-options.ts";
import { emptyCorpus } from "./empty-corpus.ts";
import type { EvaluatedCorpus } from "./evaluation-result.ts";
import { type FilterOptions, refuseFilter } from "./filter-options.ts";

export interface EvaluationTextOptions extends DocumentOptions, FilterOptions {
  /** Globs of held-out text. Default: the files under corpora/<lang>/, else the embedded text. */
  readonly corpus?: readonly string[] | undefined;
  /** Counting threads. Default 1. */
  readonly workers?: number | undefined;
  /** Seed of samples and of the bootstrap. Default 0. */
  readonly seed?: number | undefined;
  /** Folder in which corpora/<lang>/ is looked for. Default ".". */
  readonly folder?: string | undefined;
  /** What globs that begin with `hf://` are asked of. */
  readonly hub?: HubOptions | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Our own reading of one document under one tokenizer. */
export interface EncodedDocuments {
  readonly tokens: readonly number[];
  /** CRC-32 of the ids as little-endian 32-bit integers, as unsigned numbers. */
  readonly crcs: readonly number[];
  readonly unknownTokens: number;
}

export interface EvaluationText {
  readonly corpus: EvaluatedCorpus;
  /** Of each document, in order. */
  readonly bytes: readonly number[];
  /** Indices of the documents that intervals are computed from. */
  readonly sample: readonly number[];
  /** By tokenizer. */
  readonly encoded: readonly EncodedDocuments[];
}

type OnDocument = (bytes: Uint8Array, isSampled: boolean) => void;

/**
 * Writes each document as one JSON string a line.
 * @param path of the file to write
 * @throws VocabError
 */
export async function writeDocuments(
  language: Language | undefined,
  tokenizers: readonly Tokenizer[],
  path: string,
  options: EvaluationTextOptions,
): Promise<EvaluationText> {
  const source = await sourceOf(language, options);
  const file = new JsonLines(path);
  const encoders = tokenizers.map((tokenizer) => new DocumentEncoder(tokenizer));
  const bytes: number[] = [];
  const sample: number[] = [];
  const onDocument: OnDocument = (document, isSampled) => {
    if (isSampled) sample.push(bytes.length);
    bytes.push(document.length);
    file.add(Buffer.from(document).toString("utf8"));
    for (const encoder of encoders) encoder.add(document);
  };
  try {
    const described =
      source.kind === "embedded"
        ? readEmbedded(source, options, onDocument)
        : await readFiles(source, options, onDocument);
    file.flush();
    const total = bytes.reduce((sum, size) => sum + size, 0);
    return {
      corpus: { ...described, documents: bytes.length, bytes: total },
      bytes,
      sample,
      encoded: encoders,
    };
  } finally {
    file.close();
  }
}

async function sourceOf(
  language: Language | undefined,
  { corpus = [], unit, folder = ".", hub }: EvaluationTextOptions,
): Promise<CorpusSource> {
  if (language !== undefined) return chooseCorpus(language, { corpus, unit, folder, hub });
  if (corpus.length > 0) return namedCorpus(corpus, unit, hub);
  throw new VocabError("no-corpus", "no text is named", {
    kind: "usage",
    hint: "--corpus FILE… names held-out text, --lang takes the files under corpora/<lang>/ or the embedded text",
  });
}

type Described = Omit<EvaluatedCorpus, "documents" | "bytes">;

function readEmbedded(
  { text, stored }: CorpusSource & { kind: "embedded" },
  options: EvaluationTextOptions,
  onDocument: OnDocument,
): Described {
  refuseFilter(filterOf(options), "the embedded text is taken as it is");
  for (const document of text.documents) onDocument(Buffer.from(document, "utf8"), true);
  const sha256 = corpusDigest([fileOfText(stored)]);
  return { files: 1, unit: "line", invalid: 0, sha256, source: text.source };
}

async function readFiles(
  { files, unit }: CorpusSource & { kind: "files" },
  options: EvaluationTextOptions,
  onDocument: OnDocument,
): Promise<Described> {
  const filter = filterOf(options);
  const { seed = 0, workers = 1, signal } = options;
  const counted = await countCorpus(files, {
    read: readOptions(options, unit, filter),
    workers,
    seed,
    sampleSize: SAMPLE_DOCUMENTS,
    onBlock: () => {},
    signal,
  });
  if (counted.documents === 0)
    throw emptyCorpus(
      files.map(({ path }) => path),
      counted.filtered,
    );
  const sampled = new Set(counted.sample.map(({ file, offset }) => `${file}:${offset}`));
  const read = { ...counted.read, onBytes: () => signal?.throwIfAborted() };
  await readDocuments(files, read, (bytes, file, offset) =>
    onDocument(bytes, sampled.has(`${file}:${offset}`)),
  );
  const { invalid, sha256 } = counted;
  return {
    files: files.length,
    unit,
    invalid,
    sha256,
    filter: describeFilter(filter, counted.filtered),
    hub: hubSources(files),
  };
}

class DocumentEncoder implements EncodedDocuments {
  readonly tokens: number[] = [];
  readonly crcs: number[] = [];
  unknownTokens = 0;
  private readonly tokenizer: Tokenizer;

  constructor(tokenizer: Tokenizer) {
    this.tokenizer = tokenizer;
  }

  add(document: Uint8Array): void {
    const { ids } = this.tokenizer.encodeBytes(document);
    const bytes = Buffer.alloc(4 * ids.length);
    const { unknownId } = this.tokenizer.definition.model;
    ids.forEach((id, i) => {
      bytes.writeUInt32LE(id, 4 * i);
      if (id === unknownId) this.unknownTokens++;
    });
    this.tokens.push(ids.length);
    this.crcs.push(crc32(bytes) >>> 0);
  }
}

const PENDING_CHARACTERS = 1 << 20;

class JsonLines {
  private readonly path: string;
  private readonly descriptor: number;
  private pending = "";

  constructor(path: string) {
    this.path = path;
    this.descriptor = openSync(path, "wx", 0o600);
  }

  add(text: string): void {
    this.pending += `${JSON.stringify(text)}\n`;
    if (this.pending.length > PENDING_CHARACTERS) this.flush();
  }

  flush(): void {
    const bytes = Buffer.from(this.pending, "utf8");
    this.pending = "";
    try {
      writeFileSync(this.descriptor, bytes);
    } catch (cause) {
      throw new VocabError("cannot-write", `${this.path} cannot be written: ${(cause as Error).message}`, {
        cause,
        hint: "make room where temporary files go (TMPDIR), or evaluate less text: --sample 1000",
      });
    }
  }

  close(): void {
    closeSync(this.descriptor);
  }
}
