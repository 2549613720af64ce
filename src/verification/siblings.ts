// Other files of a folder that name ids: they must not say anything else than tokenizer.json (part of G1).

import { shown } from "../tokenizer/json-reader.ts";
import { isRecord } from "./json-values.ts";
import { endOfIds, type Subject, tokenOfId } from "./subject.ts";

/** Classes of transformers that leave the pre-tokenizer of a file as it is written. */
const FAITHFUL_CLASSES: readonly unknown[] = ["PreTrainedTokenizerFast", "TokenizersBackend", undefined];

/**
 * @param siblings parsed JSON by file name
 * @param isRelaxed whether the pre-tokenizer is another than that of the base
 */
export function siblingFaults(
  expanded: Subject,
  siblings: Readonly<Record<string, unknown>>,
  isRelaxed: boolean,
): string[] {
  const config = siblings["tokenizer_config.json"];
  const decoder = isRecord(config) ? config["added_tokens_decoder"] : undefined;
  return [
    ...(isRelaxed && isRecord(config) ? classFaults(config["tokenizer_class"]) : []),
    ...decoderFaults(expanded, decoder),
    ...tokenIdFaults(expanded, "added_tokens.json", siblings["added_tokens.json"]),
    ...vocabularyFaults(expanded, siblings["vocab.json"]),
  ];
}

// For Qwen2Tokenizer, GemmaTokenizer and others transformers 5 builds the pre-tokenizer that the class has always had.
function classFaults(name: unknown): string[] {
  if (FAITHFUL_CLASSES.includes(name)) return [];
  return [
    `tokenizer_config.json: tokenizer_class ${shown(name)} may bring its own pre-tokenizer instead of the relaxed one; "PreTrainedTokenizerFast" keeps it`,
  ];
}

// {"151643": {"content": "<|endoftext|>", …}}: transformers adds what the tokenizer lacks.
function decoderFaults(expanded: Subject, decoder: unknown): string[] {
  if (!isRecord(decoder)) return [];
  return Object.entries(decoder).flatMap(([id, entry]) => {
    const content = isRecord(entry) ? entry["content"] : undefined;
    const token = tokenOfId(expanded.definition, Number(id));
    return content === token
      ? []
      : [
          `tokenizer_config.json: added_tokens_decoder[${shown(id)}] is ${shown(content)}, in tokenizer.json ${shown(token)}`,
        ];
  });
}

function tokenIdFaults(expanded: Subject, file: string, ids: unknown): string[] {
  if (!isRecord(ids)) return [];
  return Object.entries(ids)
    .filter(([token, id]) => tokenOfId(expanded.definition, Number(id)) !== token)
    .map(([token, id]) => {
      const other = tokenOfId(expanded.definition, Number(id));
      return `${file}: token ${shown(token)} has id ${shown(id)}, which in tokenizer.json is ${shown(other)}`;
    });
}

// The slow tokenizers read it, so a vocabulary of the old size would be another tokenizer.
function vocabularyFaults(expanded: Subject, vocabulary: unknown): string[] {
  if (!isRecord(vocabulary)) return [];
  const wrong = tokenIdFaults(expanded, "vocab.json", vocabulary);
  const listed = Object.keys(vocabulary).length;
  const tokens = endOfIds(expanded.definition);
  const modelTokens = expanded.definition.model.idOfToken.size;
  if (wrong.length > 0 || listed >= Math.min(tokens, modelTokens) || hasAllButAdded(expanded, vocabulary))
    return wrong;
  return [`vocab.json: ${listed} tokens, but model.vocab of tokenizer.json has ${modelTokens}`];
}

function hasAllButAdded({ definition }: Subject, vocabulary: Readonly<Record<string, unknown>>): boolean {
  const added = new Set(definition.addedTokens.map(({ content }) => content));
  return [...definition.model.idOfToken.keys()].every(
    (token) => added.has(token) || Object.hasOwn(vocabulary, token),
  );
}
