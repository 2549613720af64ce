// The special tokens that a post-processor puts around one text (tokenizers, src/processors/template.rs).

import { isRecord } from "./json-values.ts";

/** The ids with the special tokens around them; undefined when the post-processor is of a kind not known here. */
export function withSpecialTokens(postProcessor: unknown, ids: readonly number[]): number[] | undefined {
  if (postProcessor === null || postProcessor === undefined) return [...ids];
  if (!isRecord(postProcessor)) return undefined;
  switch (postProcessor["type"]) {
    case "ByteLevel":
      return [...ids];
    case "Sequence": {
      const steps = postProcessor["processors"];
      if (!Array.isArray(steps)) return undefined;
      return steps.reduce<number[] | undefined>(
        (all, step) => (all === undefined ? undefined : withSpecialTokens(step, all)),
        [...ids],
      );
    }
    case "TemplateProcessing":
      return applyTemplate(postProcessor, ids);
    default:
      return undefined;
  }
}

// {"single": [{"SpecialToken": {"id": "<s>"}}, {"Sequence": {"id": "A"}}], "special_tokens": {"<s>": {"ids": [1]}}}
function applyTemplate(
  { single, special_tokens: specials }: Readonly<Record<string, unknown>>,
  ids: readonly number[],
): number[] | undefined {
  if (!Array.isArray(single) || !isRecord(specials)) return undefined;
  const out: number[] = [];
  for (const piece of single) {
    if (!isRecord(piece)) return undefined;
    if (isRecord(piece["Sequence"])) out.push(...ids);
    else {
      const name = isRecord(piece["SpecialToken"]) ? piece["SpecialToken"]["id"] : undefined;
      const special = typeof name === "string" ? specials[name] : undefined;
      if (!isRecord(special) || !Array.isArray(special["ids"])) return undefined;
      out.push(...(special["ids"] as number[]));
    }
  }
  return out;
}
