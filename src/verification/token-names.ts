// How certificates name tokens.

import { isUtf8 } from "node:buffer";
import { shown } from "../tokenizer/json-reader.ts";
import { modelTokenBytes } from "../tokenizer/model-tokens.ts";
import type { TrainableDefinition } from "../tokenizer/require-bpe.ts";
import { tokenOfId } from "./subject.ts";

/** `151669 "Ġسلام" (" سلام")`: the id, the token as the model spells it and, where that differs, its text. */
export function nameOfId(definition: TrainableDefinition, id: number): string {
  const token = tokenOfId(definition, id);
  if (token === undefined) return `${id} (no token)`;
  const bytes = modelTokenBytes(definition.model, token);
  const text = isUtf8(bytes) ? shown(Buffer.from(bytes).toString("utf8")) : hexOf(bytes);
  return text === shown(token) ? `${id} ${text}` : `${id} ${shown(token)} (${text})`;
}

function hexOf(bytes: Uint8Array): string {
  return `bytes ${Buffer.from(bytes).toString("hex")}`;
}

/** Whether the token's bytes are whole characters. */
export function isWhole(definition: TrainableDefinition, id: number): boolean {
  const token = tokenOfId(definition, id);
  return token === undefined || isUtf8(modelTokenBytes(definition.model, token));
}
