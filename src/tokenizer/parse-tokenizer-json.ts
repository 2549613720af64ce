// Parses a tokenizer.json (Hugging Face `tokenizers`) into a definition. Every component that is not implemented is
// refused with its place in the file. The format's own key names appear here and in parse-model.ts only.

import { VocabError } from "../errors.ts";
import type {
  AddedToken,
  DecoderStep,
  NormalizerStep,
  PreTokenizerStep,
  SplitBehavior,
  TokenizerDefinition,
  UnicodeForm,
} from "./definition.ts";
import { type JsonObject, JsonPlace } from "./json-reader.ts";
import { parseBpeModel } from "./parse-model.ts";

/** The pattern that ByteLevel uses by itself (tokenizers, src/pre_tokenizers/byte_level.rs). */
const GPT2_PATTERN = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

const BEHAVIORS: readonly string[] = [
  "Removed",
  "Isolated",
  "MergedWithPrevious",
  "MergedWithNext",
  "Contiguous",
];

/**
 * @param text contents of the file
 * @param file its name, for messages
 * @throws VocabError `tokenizer-invalid` or `tokenizer-unsupported`, naming the place in the file
 */
export function parseTokenizerJson(text: string, file: string): TokenizerDefinition {
  const root = new JsonPlace(file);
  const json = root.object(parseJson(text, file));
  const preTokenizers: PreTokenizerStep[] = [];
  const byteLevel = parsePreTokenizer(json["pre_tokenizer"], root.at(".pre_tokenizer"), preTokenizers);
  const normalizers: NormalizerStep[] = [];
  parseNormalizer(json["normalizer"], root.at(".normalizer"), normalizers);
  const decoders: DecoderStep[] = [];
  parseDecoder(json["decoder"], root.at(".decoder"), decoders);
  const model = parseBpeModel(json["model"], root.at(".model"), byteLevel);
  const addedTokens = parseAddedTokens(json["added_tokens"] ?? [], root.at(".added_tokens"), model.idOfToken);
  const vocabSize =
    model.idOfToken.size + addedTokens.filter((token) => !model.idOfToken.has(token.content)).length;
  return { addedTokens, normalizers, preTokenizers, model, decoders, vocabSize };
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new VocabError(
      "tokenizer-invalid",
      `${file}: not valid JSON (${(cause as Error).message.slice(0, 120)})`,
      {
        cause,
        hint: "give a tokenizer.json file or the folder that holds one",
      },
    );
  }
}

// The reference library takes the id of an added token from model.vocab, else numbers it upwards from the vocabulary's
// size, whatever the file says. A file that says something else would be read differently there: it is refused.
function parseAddedTokens(
  value: unknown,
  place: JsonPlace,
  idOfToken: ReadonlyMap<string, number>,
): AddedToken[] {
  let nextId = idOfToken.size;
  const contents = new Set<string>();
  const byId = new Map<number, string>();
  return place.array(value).map((entry, index) => {
    const at = place.at(`[${index}]`);
    const token = parseAddedToken(at.object(entry), at);
    if (token.content === "") at.invalid("the token is empty");
    if (contents.has(token.content)) at.invalid(`token ${JSON.stringify(token.content)} stands twice`);
    if (byId.has(token.id))
      at.invalid(
        `id ${token.id} belongs to two tokens, ${JSON.stringify(byId.get(token.id))} and ${JSON.stringify(token.content)}`,
      );
    contents.add(token.content);
    byId.set(token.id, token.content);
    const expected = idOfToken.get(token.content) ?? nextId;
    if (!idOfToken.has(token.content)) nextId++;
    if (token.id !== expected) {
      at.invalid(
        `token ${JSON.stringify(token.content)} has id ${token.id}, but the tokenizers library would number it ${expected}`,
        "enter the token in model.vocab at its own id",
      );
    }
    return token;
  });
}

function parseAddedToken(entry: JsonObject, at: JsonPlace): AddedToken {
  const special = at.at(".special").boolean(entry["special"], false);
  return {
    id: at.at(".id").id(entry["id"]),
    content: at.at(".content").string(entry["content"]),
    singleWord: at.at(".single_word").boolean(entry["single_word"], false),
    lstrip: at.at(".lstrip").boolean(entry["lstrip"], false),
    rstrip: at.at(".rstrip").boolean(entry["rstrip"], false),
    normalized: at.at(".normalized").boolean(entry["normalized"], !special),
    special,
  };
}

function parseNormalizer(value: unknown, place: JsonPlace, steps: NormalizerStep[]): void {
  if (value === null || value === undefined) return;
  const normalizer = place.object(value);
  const type = normalizer["type"];
  if (type === "Sequence") {
    const at = place.at(".normalizers");
    at.array(normalizer["normalizers"]).forEach((item, i) => {
      parseNormalizer(item, at.at(`[${i}]`), steps);
    });
  } else if (type === "NFC" || type === "NFD" || type === "NFKC" || type === "NFKD") {
    steps.push({ type: "unicode", form: type satisfies UnicodeForm });
  } else if (type === "Replace") {
    steps.push({
      type: "replace",
      pattern: literalPattern(normalizer, place),
      content: place.at(".content").string(normalizer["content"]),
    });
  } else if (type === "Prepend") {
    steps.push({ type: "prepend", text: place.at(".prepend").string(normalizer["prepend"]) });
  } else if (type === "Strip") {
    steps.push({
      type: "strip",
      left: place.at(".strip_left").boolean(normalizer["strip_left"]),
      right: place.at(".strip_right").boolean(normalizer["strip_right"]),
    });
  } else place.at(".type").unsupported(`the normalizer ${JSON.stringify(type ?? null)}`);
}

function literalPattern(component: JsonObject, place: JsonPlace): string {
  const at = place.at(".pattern");
  const pattern = at.object(component["pattern"]);
  if (!("String" in pattern))
    at.unsupported(`the pattern ${JSON.stringify(pattern).slice(0, 80)} in place of a String`);
  const text = at.at(".String").string(pattern["String"]);
  if (text === "") at.at(".String").invalid("the pattern is empty");
  return text;
}

/** Appends the steps; returns whether the text ends in the byte-level alphabet. */
function parsePreTokenizer(value: unknown, place: JsonPlace, steps: PreTokenizerStep[]): boolean {
  if (value === null || value === undefined) return false;
  const component = place.object(value);
  switch (component["type"]) {
    case "Sequence": {
      const at = place.at(".pretokenizers");
      let byteLevel = false;
      at.array(component["pretokenizers"]).forEach((item, i) => {
        if (byteLevel) at.at(`[${i}]`).unsupported("a pre-tokenizer after ByteLevel");
        byteLevel = parsePreTokenizer(item, at.at(`[${i}]`), steps);
      });
      return byteLevel;
    }
    case "ByteLevel":
      if (place.at(".add_prefix_space").boolean(component["add_prefix_space"], true))
        steps.push({ type: "prefix-space" });
      if (place.at(".use_regex").boolean(component["use_regex"], true))
        steps.push({ type: "split", pattern: { regex: GPT2_PATTERN }, behavior: "Isolated", invert: false });
      return true;
    case "Split":
      steps.push(parseSplit(component, place));
      return false;
    case "Digits":
      steps.push(
        splitAt(
          "Numeric",
          !place.at(".individual_digits").boolean(component["individual_digits"], false),
          "Isolated",
        ),
      );
      return false;
    case "Metaspace":
      steps.push(parseMetaspace(component, place));
      return false;
    case "WhitespaceSplit":
      steps.push(splitAt("White_Space", false, "Removed"));
      return false;
    case "Punctuation":
      steps.push(splitAt("Punctuation", false, parseBehavior(component["behavior"] ?? "Isolated", place)));
      return false;
    default:
      return place.at(".type").unsupported(`the pre-tokenizer ${JSON.stringify(component["type"] ?? null)}`);
  }
}

function splitAt(property: string, run: boolean, behavior: SplitBehavior): PreTokenizerStep {
  return { type: "split", pattern: { property, run }, behavior, invert: false };
}

function parseSplit(component: JsonObject, place: JsonPlace): PreTokenizerStep {
  const at = place.at(".pattern");
  const pattern = at.object(component["pattern"]);
  const regex =
    "String" in pattern
      ? escapeRegex(literalPattern(component, place))
      : at.at(".Regex").string(pattern["Regex"]);
  return {
    type: "split",
    pattern: { regex },
    behavior: parseBehavior(component["behavior"], place),
    invert: place.at(".invert").boolean(component["invert"], false),
  };
}

function parseBehavior(value: unknown, place: JsonPlace): SplitBehavior {
  const behavior = place.at(".behavior").string(value);
  if (!BEHAVIORS.includes(behavior))
    place.at(".behavior").unsupported(`the behavior ${JSON.stringify(behavior)}`);
  return behavior as SplitBehavior;
}

function parseMetaspace(component: JsonObject, place: JsonPlace): PreTokenizerStep {
  const replacement = place.at(".replacement").string(component["replacement"]);
  if ([...replacement].length !== 1) place.at(".replacement").invalid("expected one character");
  const scheme =
    component["prepend_scheme"] ?? (component["add_prefix_space"] === false ? "never" : "always");
  if (scheme !== "always" && scheme !== "first" && scheme !== "never")
    place.at(".prepend_scheme").unsupported(`the scheme ${JSON.stringify(scheme)}`);
  const split = place.at(".split").boolean(component["split"], true);
  return { type: "metaspace", replacement, prepend: scheme as "always" | "first" | "never", split };
}

function escapeRegex(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|&\-#~]/g, "\\$&");
}

function parseDecoder(value: unknown, place: JsonPlace, steps: DecoderStep[]): void {
  if (value === null || value === undefined) return;
  const decoder = place.object(value);
  const type = decoder["type"];
  if (type === "Sequence") {
    const at = place.at(".decoders");
    at.array(decoder["decoders"]).forEach((item, i) => {
      parseDecoder(item, at.at(`[${i}]`), steps);
    });
  } else if (type === "ByteLevel") steps.push({ type: "byte-level" });
  else if (type === "ByteFallback") steps.push({ type: "byte-fallback" });
  else if (type === "Fuse") steps.push({ type: "fuse" });
  else if (type === "Replace")
    steps.push({
      type: "replace",
      pattern: literalPattern(decoder, place),
      content: place.at(".content").string(decoder["content"]),
    });
  else if (type === "Strip") {
    const at = (key: string) => place.at(`.${key}`).id(decoder[key]);
    steps.push({
      type: "strip",
      content: place.at(".content").string(decoder["content"]),
      start: at("start"),
      stop: at("stop"),
    });
  } else if (type === "Metaspace") {
    const metaspace = parseMetaspace(decoder, place);
    if (metaspace.type === "metaspace")
      steps.push({
        type: "metaspace",
        replacement: metaspace.replacement,
        dropFirst: metaspace.prepend !== "never",
      });
  } else place.at(".type").unsupported(`the decoder ${JSON.stringify(type ?? null)}`);
}
