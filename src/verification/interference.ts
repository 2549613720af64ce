// G6: what changes in text that the expansion is not for.

import { type Check, checkOf, type Figure } from "./certificate.ts";
import { type Budgets, DEFAULT_BUDGETS } from "./panel-budget.ts";
import type { TextComparison } from "./text-comparison.ts";

export function checkInterference(panel: readonly TextComparison[], budgets: Budgets = {}): Check {
  const limits = { ...DEFAULT_BUDGETS, ...budgets };
  const faults = panel.flatMap((text) => {
    const budget = limits[text.name];
    return budget === undefined || text.changed <= budget * text.documents ? [] : [aboveBudget(text, budget)];
  });
  const others = panel.filter(({ name, changed }) => changed > 0 && limits[name] === undefined);
  const list = others
    .map(
      (text) => `${text.name} ${percent(text.changed / text.documents)} of documents, ${tokenChange(text)}`,
    )
    .join("; ");
  const unchanged = panel.filter(({ changed }) => changed === 0).length;
  const sound = `${unchanged} of ${panel.length} texts unchanged${list === "" ? "" : `; changed: ${list}`}`;
  return checkOf("G6", faults, sound, {
    texts: panel.map((text) => interferenceFigures(text, limits[text.name])),
  });
}

/** As it stands in the certificate, for G13 too. */
export function interferenceFigures(text: TextComparison, budget: number | undefined): Figure {
  const { name, source, documents, bytes, changed, tokensBefore, tokensAfter, examples } = text;
  return {
    ...{ name, source, documents, bytes, changed, tokensBefore, tokensAfter },
    ...(tokensBefore === 0 ? {} : { tokenDifference: (tokensAfter - tokensBefore) / tokensBefore }),
    ...(budget === undefined ? {} : { budget }),
    examples: examples.map(({ text: place, before, after }) => ({ text: place, before, after })),
  };
}

function aboveBudget(text: TextComparison, budget: number): string {
  const example = text.examples[0];
  const place =
    example === undefined
      ? ""
      : `: ${JSON.stringify(example.text)} was ${example.before.join("|")}, is ${example.after.join("|")}`;
  return `${text.name}: ${text.changed} of ${text.documents} documents changed, ${tokenChange(text)}, budget ${percent(budget)}${place}`;
}

/** "−1.2 % tokens" */
export function tokenChange({ tokensBefore, tokensAfter }: TextComparison): string {
  if (tokensBefore === 0) return "no tokens";
  const change = tokensAfter / tokensBefore - 1;
  return `${change < 0 ? "−" : "+"}${percent(Math.abs(change))} tokens`;
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(3))} %`;
}
