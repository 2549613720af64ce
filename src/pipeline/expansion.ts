// What was learned, on its way into an artifact folder: measured, planned, written beside its place, verified, named.

import { artifactFiles } from "../artifacts/artifact-files.ts";
import { writeArtifactFolder } from "../artifacts/folder.ts";
import { type ExpansionSummary, type MeasuredTexts, modelCard } from "../artifacts/model-card.ts";
import type { PlanMethod } from "../embeddings/methods.ts";
import { type EmbeddingPlan, makePlan } from "../embeddings/plan.ts";
import { scriptRows } from "../embeddings/script-rows.ts";
import { firstFreeId } from "../expansion/fit.ts";
import { type PlacementOptions, placeRows } from "../expansion/placement.ts";
import {
  expandModelBeside,
  expandVocabularyFile,
  parseVocabularyFile,
  sha256OfVocabulary,
  type VocabularyFile,
} from "../expansion/vocabulary-file.ts";
import { canonicalJson } from "../io/canonical-json.ts";
import type { Language } from "../text/languages.ts";
import type { LoadedBpe } from "../tokenizer/load-tokenizer.ts";
import { Tokenizer } from "../tokenizer/tokenizer.ts";
import type { LearnedTokens } from "../training/candidates.ts";
import type { Certificate } from "../verification/certificate.ts";
import type { ExpandOptions } from "./expand.ts";
import type { ExpansionBase } from "./expansion-base.ts";
import type { ExpansionLearning } from "./expansion-learning.ts";
import { measureExpansion } from "./expansion-measurement.ts";
import type { ExpansionResult } from "./expansion-result.ts";
import type { TextOrigin } from "./kept-text.ts";
import type { Run } from "./run-record.ts";
import type { TrainingText } from "./training-text.ts";
import { verifyUnfinished } from "./verify-unfinished.ts";

interface Measured {
  readonly texts: readonly MeasuredTexts[];
  /** Occurrences of each id in the training text, where there is any. */
  readonly usesOfId: Float64Array | undefined;
}

export class Expansion {
  private readonly languages: readonly Language[];
  private readonly base: ExpansionBase;
  private readonly learned: LearnedTokens;
  private readonly learning: ExpansionLearning;
  private readonly options: ExpandOptions;
  private readonly plan: EmbeddingPlan;
  private readonly vocabulary: VocabularyFile;
  private readonly sentencePiece: VocabularyFile | undefined;
  private readonly expanded: LoadedBpe;

  constructor(
    languages: readonly Language[],
    base: ExpansionBase,
    rows: PlacementOptions,
    learning: ExpansionLearning,
    options: ExpandOptions,
  ) {
    this.languages = languages;
    this.base = base;
    this.learning = learning;
    this.learned = learning.learned;
    this.options = options;
    this.plan = planOf(languages, base, rows, learning.learned, options.method ?? "mean");
    this.vocabulary = expandVocabularyFile(base.vocabulary, base.trained.definition, learning.learned);
    const beside = base.files.sentencePiece;
    this.sentencePiece =
      beside?.format === "sentencepiece"
        ? expandModelBeside(beside, base.trained.definition, learning.learned)
        : undefined;
    this.expanded = loadExpanded(base.loaded, this.vocabulary);
  }

  async write(run: Run): Promise<ExpansionResult> {
    const { options, base, learned, plan, vocabulary, sentencePiece, learning } = this;
    const { texts, usesOfId } = this.measure();
    const summary = this.summarize(texts);
    const files = artifactFiles({
      base: base.files,
      vocabulary,
      sentencePiece,
      learned,
      plan,
      usesOfId: (id) => usesOfId?.[id],
    });
    let certificate: Certificate | undefined;
    await writeArtifactFolder(options.out, files, async (unfinished) => {
      options.onProgress?.({ phase: "verifying" });
      certificate = await verifyUnfinished(
        unfinished,
        { name: vocabulary.name, baseModel: base.files.sentencePiece },
        this.evidence(usesOfId),
        options,
      );
      options.signal?.throwIfAborted();
      return {
        "certificate.json": canonicalJson(certificate),
        "README.md": modelCard(summary, certificate.checks, base.files.leftOut),
      };
    });
    const bytes = texts.reduce((sum, { training }) => sum + training.bytes, 0);
    return {
      schema: "vocab.expansion/1",
      ...summary,
      out: options.out,
      stopped: learning.stopped,
      recommended: learning.recommended,
      findings: learning.texts.flatMap(({ findings }) => findings),
      certificate: certificate!,
      run: run.end(bytes, options.workers ?? 1),
    };
  }

  private measure(): Measured {
    const { learning, languages, base, expanded } = this;
    const tokenizers = [base.loaded, expanded] as const;
    let usesOfId: Float64Array | undefined;
    const texts = learning.texts.map((text, i): MeasuredTexts => {
      const { documents, sha256 } = text.corpus;
      const language = languages[i]!;
      const training = measureExpansion(learning.training, i, { documents, sha256 }, language, tokenizers);
      usesOfId = usesOfId?.map((times, id) => times + training.usesOfId[id]!) ?? training.usesOfId;
      const origin = originOfHeldOut(text);
      return {
        tag: language.tag,
        training: training.figures,
        heldOut: origin && measureExpansion(learning.heldOut, i, origin, language, tokenizers).figures,
      };
    });
    return { texts, usesOfId };
  }

  private evidence(usesOfId: Float64Array | undefined): Parameters<typeof verifyUnfinished>[2] {
    const { texts } = this.learning;
    const documents = texts.flatMap(({ heldOutDocuments }) => heldOutDocuments);
    const judged = texts.filter(({ heldOut }) => heldOut.from !== "none");
    const sum = (value: (text: TrainingText) => number) =>
      judged.reduce((total, text) => total + value(text), 0);
    const isKnown = judged.length > 0 && judged.every(({ heldOut }) => heldOut.shared !== undefined);
    return {
      base: { source: this.base.loaded.source, file: this.base.files.vocabulary },
      languages: this.languages.map(({ tag }) => tag),
      training: {
        ...(usesOfId === undefined ? {} : { usesOfId }),
        ...(isKnown
          ? {
              overlap: {
                trainingDocuments: sum(({ corpus }) => corpus.documents),
                heldOutDocuments: sum(({ heldOut }) => heldOut.documents),
                shared: sum(({ heldOut }) => heldOut.shared!),
              },
            }
          : {}),
      },
      ...(documents.length === 0
        ? {}
        : { heldOut: { name: "held-out", source: "held-out text", documents } }),
    };
  }

  private summarize(texts: readonly MeasuredTexts[]): ExpansionSummary {
    const { plan, learned, languages, base, learning } = this;
    const kinds = (kind: string) => learned.candidates.filter((candidate) => candidate.kind === kind).length;
    return {
      languages: languages.map(({ tag, name }) => ({ tag, name })),
      base: { ...plan.base, name: base.loaded.name, source: base.loaded.source },
      target: plan.target,
      placement: plan.placement,
      method: plan.method,
      added: {
        tokens: learned.candidates.length,
        firstId: learned.firstId,
        merges: learned.merges.length,
        stones: kinds("stone"),
        characters: kinds("character"),
        revived: learning.revived,
      },
      relaxed: this.options.relaxPreTokenizer !== undefined,
      texts,
    };
  }
}

// What is held out by rule is a part of the corpus and has no files of its own.
function originOfHeldOut({ corpus, heldOut }: TrainingText): TextOrigin | undefined {
  const { from, documents, sha256, every, seed } = heldOut;
  if (from === "none" || documents === 0) return undefined;
  return sha256 === undefined ? { documents, sha256: corpus.sha256, every, seed } : { documents, sha256 };
}

function planOf(
  languages: readonly Language[],
  { loaded, embeddingRows }: ExpansionBase,
  rows: PlacementOptions,
  learned: LearnedTokens,
  method: PlanMethod,
): EmbeddingPlan {
  const { id, sha256, tokenizer } = loaded;
  const vocabSize = firstFreeId(tokenizer.definition);
  const scripts = languages.map(({ script }) => script);
  return makePlan(learned, {
    base: { tokenizer: id, sha256, vocabSize, embeddingRows: embeddingRows ?? null },
    target: placeRows(vocabSize, learned.candidates.length, rows),
    placement: rows.placement,
    method,
    scriptIds: method === "mean-median-norm" ? scriptRows(tokenizer.definition, scripts) : [],
  });
}

function loadExpanded({ id, name }: LoadedBpe, file: VocabularyFile): LoadedBpe {
  return {
    id,
    name,
    source: file.name,
    sha256: sha256OfVocabulary(file),
    tokenizer: new Tokenizer(parseVocabularyFile(file, file.name)),
  };
}
