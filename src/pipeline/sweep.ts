// The verb `sweep`: how many tokens to add. One training run; held-out figures for prefixes of what it learned.

import type { Language } from "../text/languages.ts";
import type { TextWordRule } from "../text/words.ts";
import { idOf } from "../tokenizer/load-tokenizer.ts";
import { version } from "../version.ts";
import { chooseCorpus } from "./corpus-source.ts";
import { learnFromText } from "./learn-from-text.ts";
import { startRun } from "./run-record.ts";
import { decidingModel, kneeOf, modelCosts, recommend } from "./sweep-choice.ts";
import type { SweepResult } from "./sweep-result.ts";
import { HeldOutText, sweptSteps } from "./sweep-steps.ts";
import { type LearningOptions, requireCount } from "./train-options.ts";
import { describeBase, describeText } from "./train-result.ts";

export interface SweepOptions extends Omit<LearningOptions, "langs"> {
  /** New tokens at the last step, at most. */
  readonly max: number;
  /** What a word is in the held-out text. Default by script. */
  readonly wordRule?: TextWordRule | "none" | undefined;
  /** The model whose cost decides, by name. Default: the smallest that uses the tokenizer. */
  readonly model?: string | undefined;
}

/**
 * @param lang BCP 47 tag, or several
 * @throws VocabError
 */
export async function sweep(lang: string | readonly string[], options: SweepOptions): Promise<SweepResult> {
  const run = startRun();
  requireCount("--max", options.max, 1);
  // A name that is not known should not be found out after the training.
  decidingModel(modelCosts(idOf(options.base), [{ count: 0, tokens: 1 }]), options.model);
  const langs = typeof lang === "string" ? [lang] : lang;
  let heldOut: HeldOutText | undefined;
  const trained = await learnFromText({ ...options, langs }, options.max, {
    heldOut: async (base, languages) => {
      const rules = await Promise.all(languages.map((language) => wordRuleOf(language, options)));
      heldOut = new HeldOutText(base, languages, rules);
      return heldOut;
    },
  });
  const figures = heldOut!.figures();
  options.onProgress?.({ phase: "evaluating" });
  const steps = sweptSteps(trained.learned, heldOut!, figures);
  const costs = modelCosts(idOf(options.base), steps);
  const model = decidingModel(costs, options.model);
  const bytes = trained.texts.reduce((sum, { corpus }) => sum + corpus.bytes, 0);
  return {
    schema: "vocab.sweep/1",
    version,
    base: describeBase(trained.base, trained.learned.firstId),
    languages: trained.texts.map((text, i) => ({
      ...describeText(text),
      ...heldOut!.describe(i, figures[i]!),
    })),
    options: { max: options.max, balance: options.balance ?? "size", constraints: trained.constraints },
    stopped: trained.learned.stopped,
    stopDetail: trained.learned.stopDetail,
    steps,
    knee: kneeOf(steps),
    models: costs,
    model: model?.name,
    recommended: recommend(steps, model),
    findings: trained.texts.flatMap(({ findings }) => findings),
    run: run.end(bytes, options.workers ?? 1),
  };
}

// The embedded text of a language may have another rule than the language.
async function wordRuleOf(language: Language, options: SweepOptions): Promise<TextWordRule | "none"> {
  const { wordRule, corpus = [], counts, folder = "." } = options;
  if (wordRule !== undefined) return wordRule;
  if (corpus.length > 0 || counts !== undefined) return language.wordRule;
  const source = await chooseCorpus(language, { corpus, unit: undefined, folder, hub: options.hub });
  return source.kind === "embedded" ? source.text.wordRule : language.wordRule;
}
