// Parses a tokenizer.json (Hugging Face `tokenizers`) into a definition. A component that vocab lacks is refused with
// its place in the file. The format's own key names appear in the files parse-*.ts only.

import { VocabError } from "../errors.ts";
import type {
  AddedToken,
  DecoderStep,
  NormalizerStep,
  PreTokenizerStep,
  TokenizerDefinition,
} from "./definition.ts";
import { readCharsmap } from "./formats/charsmap.ts";
import { type JsonObject, JsonPlace, shown } from "./json-reader.ts";
import { type CutMerges, cutMerges } from "./merge-text.ts";
import { modelSize } from "./model-tokens.ts";
import { parseAddedTokens } from "./parse-added-tokens.ts";
import type { MergeText } from "./parse-bpe-model.ts";
import { parseModel } from "./parse-model.ts";
import {
  literalPattern,
  parseMetaspace,
  parsePreTokenizer,
  requireSupportedPattern,
} from "./parse-pre-tokenizer.ts";

/**
 * @param text contents of the file
 * @param file its name, for messages
 * @throws VocabError `tokenizer-invalid`, `tokenizer-unsupported` or `pattern-unsupported`, naming the place in the file
 */
export function parseTokenizerJson(text: string, file: string): TokenizerDefinition {
  const root = new JsonPlace(file);
  const cut = cutMerges(text);
  const json = root.object(parseJson(cut?.rest ?? text, file));
  const preTokenizers: PreTokenizerStep[] = [];
  const byteLevel = parsePreTokenizer(json["pre_tokenizer"], root.at(".pre_tokenizer"), preTokenizers);
  const normalizers: NormalizerStep[] = [];
  parseNormalizer(json["normalizer"], root.at(".normalizer"), normalizers);
  const decoders: DecoderStep[] = [];
  parseDecoder(json["decoder"], root.at(".decoder"), decoders);
  const model = parseModel(
    json["model"],
    root.at(".model"),
    byteLevel,
    cut && mergeText(text, cut, file),
    text,
  );
  const addedTokens = parseAddedTokens(json["added_tokens"] ?? [], root.at(".added_tokens"), {
    model,
    normalizers,
  });
  if (!knowsTextStart(normalizers, addedTokens) && preTokenizers.some(isPrependFirst))
    root.at(".pre_tokenizer").unsupported('Metaspace with prepend_scheme "first" after this normalizer');
  const vocabSize =
    modelSize(model) + addedTokens.filter((token) => !model.idOfToken.has(token.content)).length;
  return { addedTokens, normalizers, preTokenizers, model, decoders, vocabSize };
}

function mergeText(text: string, { start, end }: CutMerges, file: string): MergeText {
  return { text, start, end, parse: () => parseJson(text.slice(start, end), file) };
}

function isPrependFirst(step: PreTokenizerStep): boolean {
  return step.type === "metaspace" && step.prepend === "first";
}

// "first" asks whether a piece begins where the text begins. Ours and the reference's alignments can disagree on that
// for what is left of a character sequence after a part of it was replaced, stripped or matched as an added token.
function knowsTextStart(normalizers: readonly NormalizerStep[], addedTokens: readonly AddedToken[]): boolean {
  const moving = ["replace-matches", "remove", "space-ideographs"];
  if (normalizers.some((step) => moving.includes(step.type))) return false;
  if (normalizers.some((step) => step.type === "replace" && [...step.pattern].length > 1)) return false;
  if (!normalizers.some((step) => step.type === "unicode")) return true;
  return normalizers.length === 1 && !addedTokens.some((token) => token.normalized);
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

function parseNormalizer(value: unknown, place: JsonPlace, steps: NormalizerStep[]): void {
  if (value === null || value === undefined) return;
  const normalizer = place.object(value);
  const type = normalizer["type"];
  if (type === "Sequence") {
    const at = place.at(".normalizers");
    at.array(normalizer["normalizers"]).forEach((item, i) => {
      parseNormalizer(item, at.at(`[${i}]`), steps);
    });
  } else if (type === "BertNormalizer") steps.push(...parseBertNormalizer(normalizer, place));
  else steps.push(parseNormalizerStep(normalizer, place));
}

// The order in which the reference does it (tokenizers, src/normalizers/bert.rs).
function parseBertNormalizer(normalizer: JsonObject, place: JsonPlace): NormalizerStep[] {
  const option = (name: string, fallback: boolean) =>
    place.at(`.${name}`).boolean(normalizer[name], fallback);
  const lowercases = option("lowercase", true);
  const steps: NormalizerStep[] = [];
  if (option("clean_text", true))
    steps.push(
      { type: "remove", property: "BertControl" },
      { type: "replace-matches", pattern: { property: "White_Space", run: false }, content: " " },
    );
  if (option("handle_chinese_chars", true)) steps.push({ type: "space-ideographs" });
  if (option("strip_accents", lowercases))
    steps.push({ type: "unicode", form: "NFD" }, { type: "remove", property: "BertAccent" });
  if (lowercases) steps.push({ type: "lowercase" });
  return steps;
}

function parsePrecompiled(normalizer: JsonObject, place: JsonPlace): NormalizerStep {
  const blob = Buffer.from(place.string(normalizer["precompiled_charsmap"]), "base64");
  const charsmap = readCharsmap(blob, place.file, place.path);
  return charsmap === undefined
    ? place.invalid("expected a charsmap in base64, found nothing")
    : { type: "precompiled", charsmap };
}

function parseReplace(normalizer: JsonObject, place: JsonPlace): NormalizerStep {
  const at = place.at(".pattern");
  const pattern = at.object(normalizer["pattern"]);
  const content = place.at(".content").string(normalizer["content"]);
  if ("String" in pattern) return { type: "replace", pattern: literalPattern(normalizer, place), content };
  const regex = at.at(".Regex").string(pattern["Regex"]);
  requireSupportedPattern({ regex }, at);
  return { type: "replace-matches", pattern: { regex }, content };
}

function parseNormalizerStep(normalizer: JsonObject, place: JsonPlace): NormalizerStep {
  const type = normalizer["type"];
  switch (type) {
    case "NFC":
    case "NFD":
    case "NFKC":
    case "NFKD":
      return { type: "unicode", form: type };
    case "Replace":
      return parseReplace(normalizer, place);
    case "Precompiled":
      return parsePrecompiled(normalizer, place.at(".precompiled_charsmap"));
    case "Lowercase":
      return { type: "lowercase" };
    case "StripAccents":
      return { type: "remove", property: "StrippedAccent" };
    case "Prepend":
      return { type: "prepend", text: place.at(".prepend").string(normalizer["prepend"]) };
    case "Strip":
      return {
        type: "strip",
        left: place.at(".strip_left").boolean(normalizer["strip_left"]),
        right: place.at(".strip_right").boolean(normalizer["strip_right"]),
      };
    default:
      return place.at(".type").unsupported(`the normalizer ${shown(type)}`);
  }
}

function parseDecoder(value: unknown, place: JsonPlace, steps: DecoderStep[]): void {
  if (value === null || value === undefined) return;
  const decoder = place.object(value);
  if (decoder["type"] !== "Sequence") {
    steps.push(parseDecoderStep(decoder, place));
    return;
  }
  const at = place.at(".decoders");
  at.array(decoder["decoders"]).forEach((item, i) => {
    parseDecoder(item, at.at(`[${i}]`), steps);
  });
  // No decoder joins tokens by spaces; a sequence of none joins them by nothing, which is what Fuse does.
  if (steps.length === 0) steps.push({ type: "fuse" });
}

function parseDecoderStep(decoder: JsonObject, place: JsonPlace): DecoderStep {
  const type = decoder["type"];
  switch (type) {
    case "ByteLevel":
      return { type: "byte-level" };
    case "ByteFallback":
      return { type: "byte-fallback" };
    case "Fuse":
      return { type: "fuse" };
    case "Replace":
      return {
        type: "replace",
        pattern: literalPattern(decoder, place),
        content: place.at(".content").string(decoder["content"]),
      };
    case "Strip":
      return {
        type: "strip",
        content: place.at(".content").string(decoder["content"]),
        start: place.at(".start").id(decoder["start"]),
        stop: place.at(".stop").id(decoder["stop"]),
      };
    case "WordPiece":
      return {
        type: "wordpiece",
        prefix: place.at(".prefix").string(decoder["prefix"] ?? "##"),
        cleanUp: place.at(".cleanup").boolean(decoder["cleanup"], true),
      };
    case "Metaspace": {
      const { replacement, prepend } = parseMetaspace(decoder, place);
      return { type: "metaspace", replacement, dropFirst: prepend !== "never" };
    }
    default:
      return place.at(".type").unsupported(`the decoder ${shown(type)}`);
  }
}
