// Checks an expanded tokenizer against its base: structure from the files, text as confirmation.

import { VocabError } from "../errors.ts";
import { sha256OfVocabulary } from "../expansion/vocabulary-file.ts";
import type { BpeDefinition } from "../tokenizer/definition.ts";
import { isBpe } from "../tokenizer/require-bpe.ts";
import { version } from "../version.ts";
import type { Certificate, CertifiedFile, Check, GuaranteeId, NotChecked } from "./certificate.ts";
import { checkOf } from "./certificate.ts";
import { checkCoarsening } from "./coarsening.ts";
import { defaultPanel } from "./default-panel.ts";
import { checkOverlap } from "./document-overlap.ts";
import type { Evidence, TextSource, VerifyOptions } from "./evidence.ts";
import { FormatAgreement } from "./formats-agree.ts";
import { generatedDocuments } from "./generated-text.ts";
import { checkIds } from "./ids-kept.ts";
import { checkInterference } from "./interference.ts";
import { checkLlamaCppHash } from "./llama-cpp-hash.ts";
import { checkMerges } from "./merges-kept.ts";
import type { Budgets } from "./panel-budget.ts";
import { checkPlan } from "./plan-check.ts";
import { checkPreTokenBorders } from "./pre-token-borders.ts";
import { checkReachable } from "./reachable.ts";
import { referenceFor, reportRelaxedPattern } from "./relaxed-pattern.ts";
import { checkRoundTrip } from "./round-trip.ts";
import { openSubject, type Subject } from "./subject.ts";
import { compareTexts, type TextFindings } from "./text-findings.ts";
import { checkVocabularyPlace } from "./vocabulary-place.ts";

/** Documents made by generated-text.ts. */
const GENERATED = 2000;

/**
 * The certificate of an expansion, ours or anyone's. A fault is a failed check, not an error.
 * @throws VocabError when the base cannot be read, or the expanded file asks for something that vocab does not implement;
 * the signal's reason when it is aborted
 */
export async function verifyExpansion(evidence: Evidence, options: VerifyOptions = {}): Promise<Certificate> {
  options.onProgress?.({ step: "loading" });
  const base = openSubject(evidence.base);
  const expanded = openExpanded(evidence);
  if (expanded instanceof VocabError) return unreadable(base, evidence, expanded);
  options.signal?.throwIfAborted();
  const reference = referenceFor(base, expanded);
  const newIds = newModelIds(base, expanded);
  const panel = evidence.panel ?? defaultPanel(expanded.definition, newIds, evidence.languages ?? []);
  requireKnownBudgets(options.budgets, panel);
  const { generated: count = GENERATED, seed = 0 } = options;
  const generated = generatedDocuments(expanded.definition, newIds, count, seed);
  const agreement = evidence.otherFormat && new FormatAgreement(base, expanded, evidence.otherFormat);
  const texts = await compareTexts(
    { base, reference, expanded, agreement },
    { panel, heldOut: evidence.heldOut, generated },
    options,
  );
  options.onProgress?.({ step: "structure" });
  const subjects = { base, reference, expanded };
  const checks = [
    ...structureChecks(subjects, newIds, evidence, texts),
    ...textChecks(evidence, texts, options),
  ];
  checks.push(checkLlamaCppHash(base, reference, expanded));
  if (reference !== base) checks.push(reportRelaxedPattern(texts.patternAlone));
  if (agreement !== undefined) checks.push(agreement.check());
  return {
    schema: "vocab.certificate/1",
    ok: checks.every(({ ok }) => ok),
    checks: checks.sort((a, b) => numberOf(a.id) - numberOf(b.id)),
    notChecked: notChecked(evidence, reference !== base, mergesOf(base, expanded) !== undefined),
    base: fileOf(base),
    expanded: fileOf(expanded),
    version,
  };
}

interface Subjects {
  readonly base: Subject;
  readonly reference: Subject;
  readonly expanded: Subject;
}

function structureChecks(
  { base, reference, expanded }: Subjects,
  newIds: readonly number[],
  evidence: Evidence,
  texts: TextFindings,
): Check[] {
  const checks = [
    checkIds(base, expanded, newIds, evidence.siblings, reference !== base),
    ...mergeChecks({ base, reference, expanded }, newIds, evidence, texts),
    checkRoundTrip(base.definition, expanded.definition, newIds, texts.all),
    checkPreTokenBorders(expanded.tokenizer, newIds),
    checkVocabularyPlace(base.definition, expanded.definition, newIds),
  ];
  if (evidence.plan !== undefined) checks.push(checkPlan(base, expanded, newIds, evidence.plan));
  return checks;
}

function mergeChecks(
  { base, reference, expanded }: Subjects,
  newIds: readonly number[],
  evidence: Evidence,
  texts: TextFindings,
): Check[] {
  const [of, from, now] = mergesOf(base, reference, expanded) ?? [];
  if (of === undefined || from === undefined || now === undefined) return [];
  const merges = checkMerges(of, now);
  const repeats = merges.figures["repeatedPairs"] !== 0;
  return [
    merges,
    checkCoarsening(from, now, repeats, texts.all),
    checkReachable(now, newIds, evidence.training?.usesOfId),
  ];
}

// The definitions where all have merges.
function mergesOf(...subjects: readonly Subject[]): readonly BpeDefinition[] | undefined {
  const definitions = subjects.map(({ definition }) => definition);
  return definitions.every(isBpe) ? definitions : undefined;
}

function textChecks(evidence: Evidence, texts: TextFindings, options: VerifyOptions): Check[] {
  const checks = [checkInterference(texts.panel, options.budgets)];
  if (evidence.training?.overlap !== undefined) checks.push(checkOverlap(evidence.training.overlap));
  return checks;
}

// Ids of the model whose tokens the base has nowhere.
function newModelIds({ definition: base }: Subject, { definition: expanded }: Subject): number[] {
  const old = new Set([...base.model.tokens, ...base.addedTokens.map(({ content }) => content)]);
  return [...expanded.model.tokens].flatMap((token, id) =>
    token === undefined || old.has(token) ? [] : [id],
  );
}

function openExpanded({ expanded }: Evidence): Subject | VocabError {
  try {
    return openSubject(expanded);
  } catch (error) {
    if (error instanceof VocabError && error.code === "tokenizer-invalid") return error;
    throw error;
  }
}

function requireKnownBudgets(budgets: Budgets = {}, panel: readonly TextSource[]): void {
  const names = panel.map(({ name }) => name);
  const unknown = Object.keys(budgets).find((name) => !names.includes(name));
  if (unknown === undefined) return;
  throw new VocabError(
    "unknown-budget",
    `a budget for ${JSON.stringify(unknown)}, which is no text of the panel`,
    {
      kind: "usage",
      hint: names.length === 0 ? "the panel is empty" : `texts of the panel: ${names.join(", ")}`,
    },
  );
}

const ALL: readonly GuaranteeId[] = [
  "G1",
  "G2",
  "G3",
  "G4",
  "G5",
  "G6",
  "G7",
  "G8",
  "G9",
  "G10",
  "G11",
  "G12",
  "G13",
];

function unreadable(base: Subject, evidence: Evidence, error: VocabError): Certificate {
  return {
    schema: "vocab.certificate/1",
    ok: false,
    checks: [checkOf("G1", [`the file cannot be loaded: ${error.message}`], "")],
    notChecked: ALL.slice(1).map((id) => ({ id, reason: "the file cannot be loaded" })),
    base: fileOf(base),
    expanded: { source: evidence.expanded.source, sha256: sha256OfVocabulary(evidence.expanded.file) },
    version,
  };
}

const OF_MERGES: readonly GuaranteeId[] = ["G2", "G3", "G4"];
const WITHOUT_MERGES =
  "a Unigram model: a new piece can change the best path everywhere; see G6, and G1 for scores";

function notChecked(
  { plan, training, otherFormat }: Evidence,
  isRelaxed: boolean,
  hasMerges: boolean,
): NotChecked[] {
  const missing: NotChecked[] = hasMerges ? [] : OF_MERGES.map((id) => ({ id, reason: WITHOUT_MERGES }));
  if (otherFormat === undefined) missing.push({ id: "G8", reason: "one format was given" });
  if (plan === undefined) missing.push({ id: "G10", reason: "there is no embedding-plan.json" });
  if (training?.overlap === undefined)
    missing.push({ id: "G11", reason: "training text and held-out text were not both given" });
  if (!isRelaxed) missing.push({ id: "G13", reason: "the pre-tokenizer was not relaxed" });
  return missing;
}

function numberOf(id: GuaranteeId): number {
  return Number(id.slice(1));
}

function fileOf({ source, sha256, definition }: Subject): CertifiedFile {
  return { source, sha256, vocabSize: definition.vocabSize };
}
