// G12: llama.cpp knows a pre-tokenizer by a hash of the ids of one fixed text (conversion/base.py, `get_vocab_base_pre`).
// An expansion with tokens for that text has a new hash, and the converter refuses it until a line is added.

import { createHash } from "node:crypto";
import { isByteLevel } from "../tokenizer/require-bpe.ts";
import type { Check } from "./certificate.ts";
import { LLAMA_CPP_NAMES } from "./llama-cpp-names.ts";
import { withSpecialTokens } from "./post-processor.ts";
import type { Subject } from "./subject.ts";

/** The text of convert_hf_to_gguf_update.py (CHK_TXT). Its first emoji is joined by U+200D. */
const CHECK_TEXT =
  "\n \n\n \n\n\n \t \t\t \t\n  \n   \n    \n     \n🚀 (normal) 😶\u200d🌫️ (multiple emojis concatenated) ✅ 🦙🦙 " +
  "3 33 333 3333 33333 333333 3333333 33333333 3.3 3..3 3...3 កាន់តែពិសេសអាច😁 ?我想在apple工作1314151天～ " +
  "------======= нещо на Български ''''''```````\"\"\"\"......!!!!!!?????? I've been 'told he's there, 'RE you sure? " +
  "'M not sure I'll make it, 'D you like some tea? We'Ve a'lL";

/**
 * @param reference what the expansion is compared with: the base, or the base with a relaxed pre-tokenizer
 */
export function checkLlamaCppHash(base: Subject, reference: Subject, expanded: Subject): Check {
  if (!isByteLevel(base.definition.model))
    return inform("llama.cpp looks at this hash for byte-level tokenizers only, not for this base");
  const before = preTokenizerHash(base);
  const after = preTokenizerHash(expanded);
  if (before === undefined || after === undefined)
    return inform("not computed: the post-processor is of a kind that vocab does not implement");
  const name = LLAMA_CPP_NAMES.get(before);
  const known = name === undefined ? " (which llama.cpp's converter does not know)" : ` ("${name}")`;
  const figures = { before, after, changed: before !== after, ...(name === undefined ? {} : { name }) };
  if (reference !== base)
    return {
      ...inform(
        `llama.cpp has no pre-tokenizer for the relaxed pattern: under the base's name it would cut words with marks elsewhere, and its ids would differ`,
      ),
      figures,
    };
  if (before === after) return { ...inform(`the hash is that of the base, ${before}${known}`), figures };
  const line = `if chkhsh == "${after}": res = "${name ?? "…"}"`;
  const what = name === undefined ? ", with the name of a pre-tokenizer that cuts as the base does" : "";
  const detail = `the hash is ${after}, of the base ${before}${known}: llama.cpp's converter needs the line \`${line}\` in get_vocab_base_pre${what}`;
  return { ...inform(detail), figures: { ...figures, line } };
}

/** `sha256(str(tokenizer.encode(text)))`, with special tokens; a list of Python: "[1, 2]". */
export function preTokenizerHash({ tokenizer, json }: Subject): string | undefined {
  const ids = withSpecialTokens(json["post_processor"], tokenizer.encode(CHECK_TEXT));
  return (
    ids &&
    createHash("sha256")
      .update(`[${ids.join(", ")}]`)
      .digest("hex")
  );
}

function inform(detail: string): Check {
  return { id: "G12", ok: true, detail, figures: {} };
}
