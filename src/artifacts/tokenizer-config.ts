// tokenizer_config.json of the expanded tokenizer: the base's own, but for the class that reads tokenizer.json.

import { VocabError } from "../errors.ts";
import { applyEdits, type TextEdit } from "../expansion/json-edits.ts";
import { findValue, forEachChild, type JsonChild } from "../tokenizer/json-text.ts";

/**
 * The class that takes all from tokenizer.json. transformers 5 builds the pre-tokenizer anew for `Qwen2Tokenizer`,
 * `GemmaTokenizer` and others, and a relaxed pattern would be lost.
 */
const TOKENIZER_CLASS = "PreTrainedTokenizerFast";

/**
 * @param text of the base's file, if it has one
 * @throws VocabError `tokenizer-invalid` when it is not a JSON object
 */
export function expandedTokenizerConfig(text: string | undefined): string {
  if (text === undefined) return `${JSON.stringify({ tokenizer_class: TOKENIZER_CLASS }, null, 2)}\n`;
  requireObject(text);
  // Code of the base's own would be loaded in place of that class.
  const own = memberAt(text, "auto_map");
  const rest = own === undefined ? text : applyEdits(text, [removal(text, own)]);
  const value = JSON.stringify(TOKENIZER_CLASS);
  const place = findValue(rest, ["tokenizer_class"]);
  return applyEdits(rest, [place === undefined ? newMember(rest, value) : { ...place, insert: value }]);
}

function requireObject(text: string): void {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new VocabError("tokenizer-invalid", "tokenizer_config.json: not valid JSON", { cause });
  }
  if (typeof json !== "object" || json === null || Array.isArray(json))
    throw new VocabError("tokenizer-invalid", "tokenizer_config.json: expected an object");
}

function newMember(text: string, value: string): TextEdit {
  const open = text.indexOf("{") + 1;
  const space = /^\s*/.exec(text.slice(open))![0];
  const isEmpty = text[open + space.length] === "}";
  const insert = `${isEmpty ? "" : space}"tokenizer_class": ${value}${isEmpty ? "" : ","}`;
  return { start: open, end: open, insert };
}

function memberAt(text: string, name: string): JsonChild | undefined {
  let found: JsonChild | undefined;
  forEachChild(text, text.indexOf("{"), (child) => {
    if (text.slice(child.key!.start, child.key!.end) === JSON.stringify(name)) found = child;
  });
  return found;
}

// With the comma behind the member, or before it where it is the last.
function removal(text: string, { key, end }: JsonChild): TextEdit {
  const behind = /^\s*,\s*/.exec(text.slice(end));
  if (behind !== null) return { start: key!.start, end: end + behind[0].length, insert: "" };
  const before = /,?\s*$/.exec(text.slice(0, key!.start))!;
  return { start: before.index, end, insert: "" };
}
