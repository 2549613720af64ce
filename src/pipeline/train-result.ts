// The result of `vocab train`, schema `vocab.candidates/1` (docs/candidates.md). Keys stand in the order in which they are
// written; all but `run` is a function of the inputs.

import type { Language } from "../text/languages.ts";
import type { Candidate, LearnedTokens } from "../training/candidates.ts";
import type { Learned, RevivedToken, StopReason } from "../training/learned.ts";
import { PrefixEncoder } from "../training/prefix-encoder.ts";
import type { TokenConstraints } from "../training/token-constraints.ts";
import { version } from "../version.ts";
import type { RunRecord } from "./analysis-result.ts";
import type { LearnedFromText } from "./learn-from-text.ts";
import type { TextPart } from "./text-reading.ts";
import type { TrainingBase } from "./training-base.ts";
import type { HeldOutPart, TrainingText } from "./training-text.ts";

export interface TrainResult {
  readonly schema: "vocab.candidates/1";
  /** Of vocab. */
  readonly version: string;
  readonly base: BaseRecord;
  readonly languages: readonly TrainedLanguage[];
  readonly options: {
    readonly add: number;
    readonly balance: "parity" | "size";
    readonly constraints: TokenConstraints;
  };
  readonly stopped: StopReason;
  /** "stopped after 812: no pair occurs twice" */
  readonly stopDetail: string;
  readonly stones: number;
  readonly revived: readonly RevivedToken[];
  readonly notIncluded: Learned["notIncluded"];
  readonly refused: Learned["refused"];
  readonly protectedMerges: number;
  /** Sentences that should be said. */
  readonly findings: readonly string[];
  readonly candidates: readonly CandidateRecord[];
  /** As LearnedTokens.merges. */
  readonly merges: LearnedTokens["merges"];
  readonly run: RunRecord;
}

export interface BaseRecord {
  readonly tokenizer: string;
  readonly name: string;
  readonly source: string;
  readonly sha256?: string | undefined;
  readonly vocabSize: number;
  /** Id of the first candidate. */
  readonly firstId: number;
}

export interface TextRecord {
  readonly language: Pick<Language, "tag" | "name" | "script" | "direction">;
  /** What was trained on. */
  readonly corpus: TextPart;
  readonly heldOut: HeldOutPart;
}

export interface TrainedLanguage extends TextRecord {
  /** Tokens of the training text under the base, and with all candidates; added tokens are not among them. */
  readonly tokensBefore: number;
  readonly tokensAfter: number;
}

export interface CandidateRecord extends Candidate {
  readonly id: number;
  /** The two ids that are joined to make it; absent for characters. */
  readonly merge?: readonly [left: number, right: number] | undefined;
}

export function describeTraining(
  { base, texts, words, constraints, learned }: LearnedFromText,
  add: number,
  balance: "parity" | "size",
): Omit<TrainResult, "run"> {
  const { stopped, stopDetail, stones, revived, notIncluded, refused, protectedMerges } = learned;
  const encoder = words.unigram === undefined ? new PrefixEncoder(words, learned) : undefined;
  return {
    schema: "vocab.candidates/1",
    version,
    base: describeBase(base, learned.firstId),
    languages: texts.map((text, i) => ({ ...describeText(text), ...learned.languages[i]! })),
    options: { add, balance, constraints },
    stopped,
    stopDetail,
    stones,
    revived,
    notIncluded,
    refused,
    protectedMerges,
    findings: texts.flatMap(({ findings }) => findings),
    candidates: learned.candidates.map((candidate, k) => describeCandidate(candidate, k, learned, encoder)),
    merges: learned.merges,
  };
}

export function describeBase(base: TrainingBase, firstId: number): BaseRecord {
  const { id: tokenizer, name, source, sha256 } = base;
  return { tokenizer, name, source, sha256, vocabSize: base.tokenizer.definition.vocabSize, firstId };
}

export function describeText({ language, corpus, heldOut }: TrainingText): TextRecord {
  const { tag, name, script, direction } = language;
  return { language: { tag, name, script, direction }, corpus, heldOut };
}

// A piece may be listed with all its splits: the one that fires is the last when it is made from its constituents.
function describeCandidate(
  candidate: Candidate,
  k: number,
  { firstId }: LearnedTokens,
  encoder: PrefixEncoder | undefined,
): CandidateRecord {
  let merge: readonly [number, number] | undefined;
  const id = firstId + k;
  encoder?.changes(candidate.constituents, [k + 1], (_, removed, [product]) => {
    if (product === id && removed.length === 2) merge = [removed[0]!, removed[1]!];
  });
  const { token, bytes, text, kind, constituents, count, score } = candidate;
  return {
    id,
    token,
    bytes,
    ...(text === undefined ? {} : { text }),
    kind,
    merge,
    constituents,
    count,
    ...(score === undefined ? {} : { score }),
  };
}
