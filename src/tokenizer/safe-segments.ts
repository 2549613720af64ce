// Proves, for models other than BPE, that the segments of a document may be encoded one by one. Where white space is
// taken out before the model, words are all that it sees, and a cut before white space divides no word.

import type { NormalizerStep, TokenizerDefinition } from "./definition.ts";
import type { ReadingPlan } from "./safe-cuts.ts";

/** @param addedDanger why an added token may not lie beside a cut, if so */
export function planSegments(definition: TokenizerDefinition, addedDanger: string | undefined): ReadingPlan {
  const { normalizers, preTokenizers } = definition;
  const reason =
    addedDanger ??
    normalizers.map(dangerOf).find((danger) => danger !== undefined) ??
    whiteSpaceDanger(definition) ??
    firstSymbolDanger(definition);
  if (reason !== undefined) return { kind: "documents", reason };
  const first = preTokenizers[0];
  const removesSpaces =
    first?.type === "split" &&
    first.behavior === "Removed" &&
    ("words" in first.pattern || ("property" in first.pattern && first.pattern.property === "White_Space"));
  if (removesSpaces) return { kind: "segments" };
  return { kind: "documents", reason: "a model that sees more than one word" };
}

// What neither looks over the white space of a cut nor makes something else of it. White space of ASCII is never joined
// with what stands around it by these; where it is removed, or a space put beside it, the cut stays beside white space or
// nothing is left of it.
function dangerOf(step: NormalizerStep): string | undefined {
  switch (step.type) {
    case "unicode":
    case "lowercase":
    case "space-ideographs":
      return undefined;
    case "remove":
      return step.property === "BertControl" ? "a normalizer that removes white space" : undefined;
    case "replace-matches":
      return "property" in step.pattern && step.pattern.property === "White_Space" && step.content === " "
        ? undefined
        : "a normalizer that replaces what a pattern matches";
    default:
      return `the normalizer ${step.type}`;
  }
}

// "二 x" becomes " 二  x", and where a mark is removed, white space on both sides of it meets: an added token that has white
// space at its ends, or takes what stands beside it, would reach over a cut.
function whiteSpaceDanger({ addedTokens, normalizers }: TokenizerDefinition): string | undefined {
  if (!normalizers.some(({ type }) => type === "space-ideographs" || type === "remove")) return undefined;
  const token = addedTokens.find(
    (added) => added.normalized && (added.lstrip || added.rstrip || /^\s|\s$/.test(added.content)),
  );
  return token === undefined
    ? undefined
    : `the added token ${JSON.stringify(token.content)} takes white space, and a normalizer changes which there is`;
}

// What stands before the first word of a document only is told by where the word begins. Where marks follow white space,
// a normalizer makes both one, and the word behind them seems to begin with the segment.
function firstSymbolDanger({ preTokenizers, normalizers }: TokenizerDefinition): string | undefined {
  const isFirst = preTokenizers.some((step) => step.type === "metaspace" && step.prepend === "first");
  return isFirst && normalizers.length > 0 ? "a symbol that is put before the first word only" : undefined;
}
