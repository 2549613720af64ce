// Bits of every document under one model: what the script says, held against what we know of the text.

import { VocabError } from "../errors.ts";
import type { EncodedDocuments } from "./evaluation-text.ts";
import { type EvaluatorSettings, runEvaluator } from "./evaluator.ts";
import { type DocumentMessage, type ModelMessage, notUnderstood } from "./evaluator-messages.ts";

export interface ModelBits {
  /** The folder as typed. */
  readonly model: string;
  readonly facts: ModelMessage;
  /** Of each document. */
  readonly bits: Float64Array;
  readonly durationMs: number;
}

export interface ScoringRequest {
  readonly settings: EvaluatorSettings;
  readonly python: string;
  /** File of one JSON string a line. */
  readonly documents: string;
  /** The same documents as we encode them. */
  readonly encoded: EncodedDocuments;
  /** Told how many bytes of documents have been scored since it was last told. */
  readonly onBytes: (bytes: number) => void;
  readonly signal?: AbortSignal | undefined;
}

/** @throws VocabError `tokens-differ`, and as `runEvaluator` */
export async function scoreModel(model: string, request: ScoringRequest): Promise<ModelBits> {
  const { encoded, settings, python, documents, signal } = request;
  const start = performance.now();
  const count = encoded.tokens.length;
  const bits = new Float64Array(count);
  let facts: ModelMessage | undefined;
  let next = 0;
  await runEvaluator({ ...settings, python, model, documents, signal }, (message) => {
    switch (message.kind) {
      case "model":
        facts = message;
        return;
      case "progress":
        return request.onBytes(message.bytes);
      case "document":
        if (message.document !== next || next >= count) throw notUnderstood(JSON.stringify(message));
        requireSameTokens(model, message, encoded);
        bits[next++] = message.bits;
        return;
      case "done":
        if (message.documents !== count || next !== count) throw notUnderstood(JSON.stringify(message));
    }
  });
  if (facts === undefined) throw notUnderstood("(no line about the model)");
  return { model, facts, bits, durationMs: Math.round(performance.now() - start) };
}

// Bits of other tokens than those that users are told of would be compared with nothing.
function requireSameTokens(model: string, message: DocumentMessage, encoded: EncodedDocuments): void {
  const { document, tokens, crc } = message;
  const ours = encoded.tokens[document]!;
  if (tokens === ours && crc === encoded.crcs[document]) return;
  const what =
    tokens === ours
      ? `other tokens than the tokenizer file, if as many (${ours})`
      : `another number of tokens (${tokens}) than the tokenizer file (${ours})`;
  throw new VocabError("tokens-differ", `${model}: document ${document + 1}: transformers gives ${what}`, {
    hint: "tokenizer_config.json may name a tokenizer_class that rebuilds the tokenizer (PreTrainedTokenizerFast keeps the file's own), or another file of the folder contradicts it",
  });
}
