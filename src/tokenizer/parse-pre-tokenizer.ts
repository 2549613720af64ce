// Parses the "pre_tokenizer" part of a tokenizer.json.

import { VocabError } from "../errors.ts";
import type { PreTokenizerStep, SplitBehavior, SplitPattern } from "./definition.ts";
import { type JsonObject, type JsonPlace, shown } from "./json-reader.ts";
import { compileSplits, type SplitStep } from "./splitter.ts";

/** The pattern that ByteLevel uses by itself (tokenizers, src/pre_tokenizers/byte_level.rs). */
export const GPT2_PATTERN =
  "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

const BEHAVIORS: readonly string[] = [
  "Removed",
  "Isolated",
  "MergedWithPrevious",
  "MergedWithNext",
  "Contiguous",
];

/** Appends the steps; returns whether the text ends in the byte-level alphabet. */
export function parsePreTokenizer(value: unknown, place: JsonPlace, steps: PreTokenizerStep[]): boolean {
  if (value === null || value === undefined) return false;
  const component = place.object(value);
  if (component["type"] === "Sequence") return parseSequence(component, place, steps);
  steps.push(...parseSteps(component, place));
  return component["type"] === "ByteLevel";
}

function parseSequence(component: JsonObject, place: JsonPlace, steps: PreTokenizerStep[]): boolean {
  const at = place.at(".pretokenizers");
  let byteLevel = false;
  at.array(component["pretokenizers"]).forEach((item, i) => {
    if (byteLevel) at.at(`[${i}]`).unsupported("a pre-tokenizer after ByteLevel");
    byteLevel = parsePreTokenizer(item, at.at(`[${i}]`), steps);
  });
  return byteLevel;
}

function parseSteps(component: JsonObject, place: JsonPlace): PreTokenizerStep[] {
  const type = component["type"];
  switch (type) {
    case "ByteLevel":
      return parseByteLevel(component, place);
    case "Split":
      return [parseSplit(component, place)];
    case "Whitespace":
      return [{ type: "split", pattern: { words: true }, behavior: "Removed", invert: true }];
    case "BertPreTokenizer":
      return [splitAt("White_Space", false, "Removed"), splitAt("Punctuation", false, "Isolated")];
    case "CharDelimiterSplit":
      return [parseCharDelimiter(component, place)];
    case "Digits": {
      const individual = place.at(".individual_digits").boolean(component["individual_digits"], false);
      return [splitAt("Numeric", !individual, "Isolated")];
    }
    case "Metaspace":
      return [parseMetaspace(component, place)];
    case "WhitespaceSplit":
      return [splitAt("White_Space", false, "Removed")];
    case "Punctuation":
      return [splitAt("Punctuation", false, parseBehavior(component["behavior"] ?? "Isolated", place))];
    default:
      return place.at(".type").unsupported(`the pre-tokenizer ${shown(type)}`);
  }
}

function parseByteLevel(component: JsonObject, place: JsonPlace): PreTokenizerStep[] {
  const prefixes = place.at(".add_prefix_space").boolean(component["add_prefix_space"], true);
  const splits = place.at(".use_regex").boolean(component["use_regex"], true);
  return [
    ...(prefixes ? [{ type: "prefix-space" } as const] : []),
    ...(splits ? [splitAtMatches(GPT2_PATTERN)] : []),
  ];
}

function parseCharDelimiter(component: JsonObject, place: JsonPlace): SplitStep {
  const at = place.at(".delimiter");
  const delimiter = at.string(component["delimiter"]);
  if ([...delimiter].length !== 1) at.invalid("expected one character");
  return {
    type: "split",
    pattern: { regex: escapeRegex(delimiter) },
    behavior: "Removed",
    invert: false,
  };
}

function splitAtMatches(regex: string): SplitStep {
  return { type: "split", pattern: { regex }, behavior: "Isolated", invert: false };
}

function splitAt(property: string, run: boolean, behavior: SplitBehavior): SplitStep {
  return { type: "split", pattern: { property, run }, behavior, invert: false };
}

function parseSplit(component: JsonObject, place: JsonPlace): SplitStep {
  const at = place.at(".pattern");
  const pattern = at.object(component["pattern"]);
  const step: SplitStep = {
    type: "split",
    pattern: {
      regex:
        "String" in pattern
          ? escapeRegex(literalPattern(component, place))
          : at.at(".Regex").string(pattern["Regex"]),
    },
    behavior: parseBehavior(component["behavior"], place),
    invert: place.at(".invert").boolean(component["invert"], false),
  };
  requireSupportedPattern(step.pattern, at);
  return step;
}

/** @throws VocabError `pattern-unsupported`, naming the place in the file */
export function requireSupportedPattern(pattern: SplitPattern, place: JsonPlace): void {
  try {
    compileSplits([{ type: "split", pattern, behavior: "Isolated", invert: false }]);
  } catch (cause) {
    if (!(cause instanceof VocabError)) throw cause;
    throw new VocabError(cause.code, `${place}: ${cause.message}`, {
      cause,
      ...(cause.hint === undefined ? {} : { hint: cause.hint }),
    });
  }
}

/** The string of a `pattern` that is not a regex. */
export function literalPattern(component: JsonObject, place: JsonPlace): string {
  const at = place.at(".pattern");
  const pattern = at.object(component["pattern"]);
  if (!("String" in pattern)) at.unsupported("a pattern that is not a String");
  const text = at.at(".String").string(pattern["String"]);
  if (text === "") at.at(".String").invalid("the pattern is empty");
  return text;
}

function parseBehavior(value: unknown, place: JsonPlace): SplitBehavior {
  const behavior = place.at(".behavior").string(value);
  if (!BEHAVIORS.includes(behavior)) place.at(".behavior").unsupported(`the behavior ${shown(behavior)}`);
  return behavior as SplitBehavior;
}

/** Metaspace as a pre-tokenizer and as a decoder. */
export function parseMetaspace(
  component: JsonObject,
  place: JsonPlace,
): PreTokenizerStep & { readonly type: "metaspace" } {
  const replacement = place.at(".replacement").string(component["replacement"]);
  if ([...replacement].length !== 1) place.at(".replacement").invalid("expected one character");
  const scheme = component["prepend_scheme"] ?? "always";
  if (scheme !== "always" && scheme !== "first" && scheme !== "never")
    return place.at(".prepend_scheme").unsupported(`the scheme ${shown(scheme)}`);
  if (component["add_prefix_space"] === false && scheme !== "never")
    place.at(".add_prefix_space").invalid(`false contradicts the prepend_scheme ${shown(scheme)}`);
  const split = place.at(".split").boolean(component["split"], true);
  return { type: "metaspace", replacement, prepend: scheme, split };
}

function escapeRegex(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|&\-#~]/g, "\\$&");
}
