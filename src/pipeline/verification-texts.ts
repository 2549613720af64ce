// The texts of a verification: samples of files that both tokenizers encode, uses of each id, documents in common.

import { createHash } from "node:crypto";
import { basename } from "node:path";
import { type CorpusFile, findCorpusFiles, holdsRecords } from "../corpus/files.ts";
import { withoutEnding } from "../corpus/text-formats.ts";
import type { DocumentUnit, ReadOptions } from "../counting/count-shard.ts";
import type { HubOptions } from "../io/hub-request.ts";
import { type PlannedTokenizer, SegmentMeasurer } from "../metrics/segment-measurer.ts";
import type { TallySums } from "../metrics/tokenizer-tally.ts";
import { WholeDocumentTally } from "../metrics/whole-document-tally.ts";
import { loadTokenizer, type TokenizerSource } from "../tokenizer/load-tokenizer.ts";
import { planReading } from "../tokenizer/safe-cuts.ts";
import type { Tokenizer } from "../tokenizer/tokenizer.ts";
import type { DocumentOverlap, TextSource } from "../verification/evidence.ts";
import { countCorpus, readDocuments, sampledBytes } from "./count-corpus.ts";

/** Documents of a text that both tokenizers encode: those with the smallest seeded hashes. */
const SAMPLE_DOCUMENTS = 10_000;
const MAX_DOCUMENT_BYTES = 256 * 2 ** 20;

export interface TextOptions {
  readonly unit?: DocumentUnit;
  readonly textField?: string;
  readonly seed?: number;
  readonly signal?: AbortSignal | undefined;
  readonly hub?: HubOptions | undefined;
}

/** A sample of all files that the globs name, as one text. */
export async function sampleText(
  name: string,
  globs: readonly string[],
  options: TextOptions,
): Promise<TextSource> {
  return sampleFiles(name, await findCorpusFiles(globs, options.hub), options);
}

/** A sample of each file that the globs name; "texts/en.txt" is the text "en". */
export async function panelTexts(globs: readonly string[], options: TextOptions): Promise<TextSource[]> {
  const texts: TextSource[] = [];
  for (const file of await findCorpusFiles(globs, options.hub))
    texts.push(await sampleFiles(basename(withoutEnding(file.path)), [file], options));
  return texts;
}

async function sampleFiles(
  name: string,
  files: readonly CorpusFile[],
  options: TextOptions,
): Promise<TextSource> {
  const read = readOptions(files, options);
  const counted = await countCorpus(files, {
    read,
    workers: 1,
    seed: options.seed ?? 0,
    sampleSize: SAMPLE_DOCUMENTS,
    onBlock: () => {},
    signal: options.signal,
  });
  const documents = await sampledBytes(counted.sample, files, read);
  return { name, source: files.map(({ path }) => path).join(", "), documents };
}

/** Times that each id occurs when all documents are encoded. */
export async function trainingUses(
  source: TokenizerSource,
  globs: readonly string[],
  options: TextOptions,
): Promise<Float64Array> {
  const { tokenizer } = loadTokenizer(source);
  const plan = planReading(tokenizer.definition);
  const files = await findCorpusFiles(globs, options.hub);
  const read = readOptions(files, options);
  if (plan.kind === "documents") return wholeDocumentUses(tokenizer, files, read);
  const planned: PlannedTokenizer = { tokenizer, plan };
  const measurer = new SegmentMeasurer([planned], { rule: "none", locale: "und" });
  const counted = await countCorpus(files, {
    read,
    workers: 1,
    seed: 0,
    sampleSize: 0,
    onBlock: (block) => measurer.add(block),
    signal: options.signal,
  });
  measurer.add(counted.counts);
  return usesOf(tokenizer, measurer.tallies[0]!.sums());
}

async function wholeDocumentUses(
  tokenizer: Tokenizer,
  files: readonly CorpusFile[],
  read: ReadOptions,
): Promise<Float64Array> {
  const whole = new WholeDocumentTally(tokenizer, undefined, "und");
  await readDocuments(files, read, (bytes) => void whole.add(bytes, 1));
  return usesOf(tokenizer, whole.tally.sums());
}

function usesOf({ definition }: Tokenizer, { modelUses, addedUses }: TallySums): Float64Array {
  const all = new Float64Array(Math.max(definition.vocabSize, modelUses.length));
  all.set(modelUses);
  for (const [id, times] of addedUses) all[id] = (all[id] ?? 0) + times;
  return all;
}

/** Documents that stand in both texts. */
export async function overlapOf(
  corpus: readonly string[],
  heldOut: readonly string[],
  options: TextOptions,
): Promise<DocumentOverlap> {
  const held = new Set<string>();
  const heldOutDocuments = await hashDocuments(heldOut, options, (hash) => held.add(hash));
  const shared = new Set<string>();
  const trainingDocuments = await hashDocuments(corpus, options, (hash) => {
    if (held.has(hash)) shared.add(hash);
  });
  const [example] = [...shared].sort();
  return {
    trainingDocuments,
    heldOutDocuments,
    shared: shared.size,
    ...(example === undefined ? {} : { example }),
  };
}

async function hashDocuments(
  globs: readonly string[],
  options: TextOptions,
  onHash: (hash: string) => void,
): Promise<number> {
  const files = await findCorpusFiles(globs, options.hub);
  let documents = 0;
  await readDocuments(files, readOptions(files, options), (bytes) => {
    documents++;
    onHash(createHash("sha256").update(bytes).digest("hex"));
  });
  return documents;
}

function readOptions(files: readonly CorpusFile[], { unit, textField = "text" }: TextOptions): ReadOptions {
  const isRecords = files.every(holdsRecords);
  return {
    unit: isRecords ? "record" : (unit ?? "line"),
    textField,
    onInvalid: "error",
    maxDocumentBytes: MAX_DOCUMENT_BYTES,
  };
}
