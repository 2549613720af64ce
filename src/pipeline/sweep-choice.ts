// From held-out figures to a number of tokens: the knee, the cost model, and what is recommended (docs/sweep.md).

import { VocabError } from "../errors.ts";
import { MODEL_SIZES, type ModelSize } from "../tokenizer/model-sizes.ts";

/** What the choice looks at. */
export interface SweepPoint {
  readonly count: number;
  /** Held-out tokens. */
  readonly tokens: number;
  /** Share of the new tokens that occur in the held-out text; undefined where there are none. */
  readonly usedShare?: number | undefined;
}

export interface ModelCost extends Omit<ModelSize, "tokenizer"> {
  /** Of each step: held-out tokens × parameters, against those without new tokens. */
  readonly costs: readonly number[];
  /** The step of least cost. */
  readonly best: number;
}

export interface Recommendation {
  readonly count: number;
  /** Share of the held-out tokens that it saves. */
  readonly saved: number;
  readonly reason: string;
}

/** Less than this is not worth a new vocabulary. */
const MIN_SAVED = 0.01;
/** A step of which fewer new tokens are ever used has learned the corpus, not the language. */
const MIN_USED_SHARE = 0.8;

/**
 * The step where the curve bends most: where the share of the savings is furthest above the share of the tokens, both of
 * those at the last step ("Kneedle", Satopää et al. 2011). Undefined where nothing is saved.
 */
export function kneeOf(points: readonly SweepPoint[]): number | undefined {
  const first = points[0]!;
  const last = points.at(-1)!;
  const saving = first.tokens - last.tokens;
  if (saving <= 0 || last.count === 0) return undefined;
  const distance = ({ count, tokens }: SweepPoint) => (first.tokens - tokens) / saving - count / last.count;
  return points.reduce((best, point) => (distance(point) > distance(best) ? point : best)).count;
}

/** The models that use a tokenizer, with their costs at each step. */
export function modelCosts(tokenizer: string, points: readonly SweepPoint[]): ModelCost[] {
  return MODEL_SIZES.filter((model) => model.tokenizer === tokenizer).map((model) => {
    const { name, hiddenSize, tied, parameters } = model;
    const costs = points.map(
      ({ count, tokens }) => (tokens / points[0]!.tokens) * (1 + addedParameters(model, count) / parameters),
    );
    const best = costs.reduce((least, cost, i) => (cost < costs[least]! ? i : least), 0);
    return { name, hiddenSize, tied, parameters, costs, best: points[best]!.count };
  });
}

export function addedParameters(
  { hiddenSize, tied }: Pick<ModelSize, "hiddenSize" | "tied">,
  count: number,
): number {
  return count * hiddenSize * (tied ? 1 : 2);
}

/**
 * The model that decides: the one that is named, else the smallest, for which rows weigh most. Undefined for a tokenizer
 * whose models are not known.
 * @throws VocabError `unknown-model` (usage)
 */
export function decidingModel(costs: readonly ModelCost[], name: string | undefined): ModelCost | undefined {
  if (name === undefined) return costs[0];
  const wanted = name.toLowerCase();
  const found = costs.find((model) => model.name.toLowerCase() === wanted);
  if (found !== undefined) return found;
  throw new VocabError("unknown-model", `unknown model of this tokenizer: ${name}`, {
    kind: "usage",
    hint:
      costs.length === 0
        ? "no model of it is known"
        : `known: ${costs.map((model) => model.name).join(", ")}`,
  });
}

/** Of the steps whose new tokens are used, the cheapest for the model, else the knee; 0 where that saves too little. */
export function recommend(points: readonly SweepPoint[], model: ModelCost | undefined): Recommendation {
  const used = points.filter(({ usedShare }) => usedShare === undefined || usedShare >= MIN_USED_SHARE);
  const goal = model?.best ?? kneeOf(points) ?? 0;
  const allowed = used.filter(({ count }) => count <= goal);
  const cost = ({ count }: SweepPoint) =>
    model?.costs[points.findIndex((point) => point.count === count)] ?? -count;
  const chosen = allowed.reduce((best, point) => (cost(point) < cost(best) ? point : best), points[0]!);
  const saved = 1 - chosen.tokens / points[0]!.tokens;
  if (chosen.count === 0 || saved < MIN_SAVED)
    return { count: 0, saved: 0, reason: whyNot(points, saved, model) };
  return { count: chosen.count, saved, reason: why(points, chosen.count, goal, model) };
}

function why(
  points: readonly SweepPoint[],
  count: number,
  goal: number,
  model: ModelCost | undefined,
): string {
  if (count < goal) return `of more tokens, less than ${MIN_USED_SHARE * 100} % occur in the held-out text`;
  if (model === undefined)
    return "the knee: more tokens save ever less each; no model of this tokenizer is known";
  const isLast = count === points.at(-1)!.count;
  return `held-out tokens × parameters of ${model.name} are least there${isLast ? ", and may still fall behind it: try a larger --max" : ""}`;
}

function whyNot(points: readonly SweepPoint[], saved: number, model: ModelCost | undefined): string {
  const most = 1 - points.at(-1)!.tokens / points[0]!.tokens;
  if (most < MIN_SAVED)
    return `do not expand: ${points.at(-1)!.count} tokens would save ${percent(most)} of the tokens`;
  if (saved > 0) return `do not expand: what pays saves ${percent(saved)} of the tokens`;
  if (model !== undefined && model.best === 0)
    return `do not expand: each step makes ${model.name} cost more than it saves`;
  return `do not expand: of the new tokens, less than ${MIN_USED_SHARE * 100} % occur in the held-out text`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
