// The text that a vocabulary is trained on, and the text that is kept apart to judge it by: from files, from counts, or the
// embedded text, for one language or several. Both are handed on in blocks as they come.

import type { DocumentList, DocumentSplit } from "../counting/document-chooser.ts";
import type { SegmentCounts } from "../counting/segment-counts.ts";
import { countsOf, requireCorpusOrCounts } from "../counts/counts-folder.ts";
import { blocksOfTable, type CountedLanguage } from "../counts/counts-table.ts";
import { VocabError } from "../errors.ts";
import type { Language } from "../text/languages.ts";
import { holdOutRule } from "./count.ts";
import type { DocumentOptions } from "./document-options.ts";
import { globsByLanguage } from "./language-texts.ts";
import { requireScript, ScriptShare, scriptFinding } from "./script-share.ts";
import { readText, type TextPart, type TextSinks } from "./text-reading.ts";

export interface TrainingTextOptions extends DocumentOptions {
  /** Globs of text files; with several languages "fa=GLOB", or {lang} in the path. Default: the files under corpora/<lang>/. */
  readonly corpus?: readonly string[] | undefined;
  /** Folders of counts, in place of a corpus. */
  readonly counts?: readonly string[] | undefined;
  /** Globs of the text to judge by. Default: documents of the corpus, by `holdOut`. */
  readonly heldOut?: readonly string[] | undefined;
  /** One document of the corpus in so many is held out; 0: none. Default 50; counts bring their own. */
  readonly holdOut?: number | undefined;
  /** Of the choice of documents that are held out. Default 0. */
  readonly seed?: number | undefined;
  /** Text of any script is taken. Default false. */
  readonly anyScript?: boolean | undefined;
  /** The base reads whole documents only. Default false. */
  readonly needsDocuments?: boolean | undefined;
  /** Counting threads. Default 1. */
  readonly workers?: number | undefined;
  /** Folder in which corpora/<lang>/ is looked for. Default ".". */
  readonly folder?: string | undefined;
  /** Told how many of the stored bytes have been read, and of how many. */
  readonly onProgress?: ((bytes: number, totalBytes: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Where the text goes. Blocks come in any order; segments may stand in several of them. */
export interface TrainingTextSinks {
  training(block: SegmentCounts, language: number): void;
  heldOut(block: SegmentCounts, language: number): void;
  /** In place of blocks where the base needs documents. */
  trainingDocument?(bytes: Uint8Array, language: number): void;
  heldOutDocument?(bytes: Uint8Array, language: number): void;
}

/** What the text of one language was. */
export interface TrainingText {
  readonly language: Language;
  readonly corpus: TextPart;
  readonly heldOut: HeldOutPart;
  /** Documents of the training text that were left out because the held-out files have them too. */
  readonly leftOut: number;
  /** Sentences that should be said. */
  readonly findings: readonly string[];
  /** Held-out documents, at most 10,000 of up to 64 KiB and 48 MiB in all, those with the smallest hashes; none from counts. */
  readonly heldOutDocuments: readonly Uint8Array[];
}

export interface HeldOutPart extends Pick<TextPart, "documents" | "bytes" | "characters"> {
  /** `rule`: documents of the corpus; `files`: text of its own; `counts`: documents that the counts keep apart. */
  readonly from: "rule" | "files" | "counts" | "none";
  /** One document in so many, and the seed of the choice. */
  readonly every?: number | undefined;
  readonly seed?: number | undefined;
  /** Of the files, where it has files of its own. */
  readonly sha256?: string | undefined;
  readonly hub?: readonly string[] | undefined;
  /** Documents in both texts: 0 by construction; absent where it cannot be known (counts beside held-out files). */
  readonly shared?: number | undefined;
}

/** @throws VocabError whose `kind` says whether the request or the contents of a file is wrong */
export async function readTrainingText(
  languages: readonly Language[],
  options: TrainingTextOptions,
  sinks: TrainingTextSinks,
): Promise<TrainingText[]> {
  requireOneSource(options);
  const counts = options.counts === undefined ? undefined : await countsOf(options.counts, languages);
  const corpus = globsByLanguage(options.corpus ?? [], languages, "--corpus");
  const heldOut = globsByLanguage(options.heldOut ?? [], languages, "--held-out");
  const texts: TrainingText[] = [];
  for (const [index, language] of languages.entries()) {
    const reader = new LanguageReader(language, index, options, sinks);
    const counted = counts?.[index];
    texts.push(
      counted === undefined
        ? await reader.fromCorpus(corpus[index]!, heldOut[index]!)
        : await reader.fromCounts(counted, heldOut[index]!),
    );
  }
  return texts;
}

function requireOneSource({ corpus, counts, needsDocuments }: TrainingTextOptions): void {
  requireCorpusOrCounts(corpus, counts);
  if (counts !== undefined && needsDocuments === true)
    throw new VocabError(
      "counts-without-documents",
      "the base reads whole documents, which counts do not have",
      {
        hint: "use --corpus",
      },
    );
}

class LanguageReader {
  private readonly language: Language;
  private readonly index: number;
  private readonly options: TrainingTextOptions;
  private readonly sinks: TrainingTextSinks;
  private readonly script: ScriptShare;

  constructor(language: Language, index: number, options: TrainingTextOptions, sinks: TrainingTextSinks) {
    this.language = language;
    this.index = index;
    this.options = options;
    this.sinks = sinks;
    this.script = new ScriptShare([language.script]);
  }

  async fromCounts(counted: CountedLanguage, heldOutGlobs: readonly string[]): Promise<TrainingText> {
    const { signal } = this.options;
    for await (const block of blocksOfTable(counted.training, signal)) this.takeTraining(block);
    const files = heldOutGlobs.length === 0 ? undefined : await this.readHeldOut(heldOutGlobs);
    if (files === undefined)
      for await (const block of blocksOfTable(counted.heldOutCounts, signal))
        this.sinks.heldOut(block, this.index);
    const { corpus, heldOut } = counted;
    return this.describe({
      corpus: withoutHeldOut(corpus, heldOut),
      heldOut: files?.part ?? heldOutInCounts(heldOut),
      leftOut: 0,
      findings:
        files === undefined
          ? []
          : [
              "whether documents of the held-out text are in the counts cannot be known: counts have no documents",
            ],
      heldOutDocuments: files?.documents ?? [],
    });
  }

  async fromCorpus(globs: readonly string[], heldOutGlobs: readonly string[]): Promise<TrainingText> {
    const files = heldOutGlobs.length === 0 ? undefined : await this.readHeldOut(heldOutGlobs);
    const every = this.options.holdOut;
    const rule = (byDefault: number) => holdOutRule(every ?? byDefault, this.options.seed ?? 0);
    const split = (byDefault: number): DocumentSplit | undefined =>
      files === undefined ? rule(byDefault) : { kind: "listed", list: files.list };
    const read = await readText(
      this.language,
      globs,
      this.options,
      split,
      this.trainingSinks(files === undefined),
    );
    const taken = read.taken ?? { documents: 0, bytes: 0, characters: 0 };
    const heldOut = files === undefined ? heldOutByRule(read.split, taken) : { ...files.part, shared: 0 };
    const leftOut = files === undefined ? 0 : taken.documents;
    const findings = read.source === undefined ? [] : [embeddedFinding(read.part.bytes)];
    if (leftOut > 0)
      findings.push(`${leftOut} documents of the corpus are in the held-out text and were left out`);
    return this.describe({
      corpus: withoutHeldOut(read.part, taken),
      heldOut,
      leftOut,
      findings,
      heldOutDocuments: files?.documents ?? read.sample,
    });
  }

  private async readHeldOut(
    globs: readonly string[],
  ): Promise<{ part: HeldOutPart; list: DocumentList; documents: readonly Uint8Array[] }> {
    const { index, sinks } = this;
    const read = await readText(this.language, globs, this.options, () => ({ kind: "all" }), {
      block: () => {},
      takenBlock: (block) => sinks.heldOut(block, index),
      takenDocument: (bytes) => sinks.heldOutDocument?.(bytes, index),
    });
    const { documents, bytes, characters, sha256, hub } = read.part;
    return {
      part: { from: "files", documents, bytes, characters, sha256, hub },
      list: read.list!,
      documents: read.sample,
    };
  }

  // What a list takes out of the corpus is in the held-out files already.
  private trainingSinks(keepsTaken: boolean): TextSinks {
    const { index, sinks } = this;
    return {
      block: (block) => this.takeTraining(block),
      document: (bytes) => sinks.trainingDocument?.(bytes, index),
      ...(keepsTaken
        ? {
            takenBlock: (block: SegmentCounts) => sinks.heldOut(block, index),
            takenDocument: (bytes: Uint8Array) => sinks.heldOutDocument?.(bytes, index),
          }
        : {}),
    };
  }

  private takeTraining(block: SegmentCounts): void {
    this.script.add(block);
    this.sinks.training(block, this.index);
  }

  private describe(text: Omit<TrainingText, "language">): TrainingText {
    const { share } = this.script;
    if (this.options.anyScript !== true) requireScript(this.language, share);
    const finding = scriptFinding(this.language, share);
    return {
      language: this.language,
      ...text,
      findings: finding === undefined ? text.findings : [...text.findings, finding],
    };
  }
}

function heldOutByRule(
  split: DocumentSplit | undefined,
  { documents, bytes, characters }: Pick<TextPart, "documents" | "bytes" | "characters">,
): HeldOutPart {
  const size = { documents, bytes, characters };
  if (split?.kind !== "rule") return { from: "none", ...size };
  return { from: "rule", ...size, every: split.every, seed: split.seed, shared: 0 };
}

// Documents that the counts keep apart are nowhere in what they give for training.
function heldOutInCounts({
  every,
  seed,
  documents,
  bytes,
  characters,
}: CountedLanguage["heldOut"]): HeldOutPart {
  const size = { documents, bytes, characters };
  return every === 0 ? { from: "none", ...size } : { from: "counts", ...size, every, seed, shared: 0 };
}

function withoutHeldOut(
  part: TextPart,
  taken: Pick<TextPart, "documents" | "bytes" | "characters">,
): TextPart {
  return {
    ...part,
    documents: part.documents - taken.documents,
    bytes: part.bytes - taken.bytes,
    characters: part.characters - taken.characters,
  };
}

function embeddedFinding(bytes: number): string {
  return `the embedded text is ${bytes} bytes of one legal declaration: a demonstration, not a corpus; name one with --corpus`;
}
