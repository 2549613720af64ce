// The text of a training run in words: what was learned from, what was held out.

import type { AnalysisResult } from "../pipeline/analysis-result.ts";
import type { TextRecord } from "../pipeline/train-result.ts";
import { nativeName, scriptName } from "../text/display-names.ts";
import { filesText, plural } from "./analysis-heading.ts";
import { formatBytes } from "./format.ts";
import { isolated } from "./visible-text.ts";

/** "Persian (فارسی) · fa · Arabic script" */
export function languageTitle({ tag, name, script }: Omit<AnalysisResult["language"], "direction">): string {
  const own = nativeName(tag);
  const named = own === undefined || own === name ? name : `${name} (${isolated(own)})`;
  return `${named} · ${tag} · ${scriptName(script) ?? script} script`;
}

/** "1 file: 914,903 documents, 112.3 MiB; held out: 18,665 documents (1 in 50), 2.3 MiB" */
export function textLine({ corpus, heldOut }: TextRecord): string {
  const origin = corpus.source === undefined ? filesText(corpus.files) : `embedded text ${corpus.source}`;
  const learned = `${origin}: ${plural(corpus.documents, "document")}, ${formatBytes(corpus.bytes)}`;
  if (heldOut.from === "none") return `${learned}; nothing held out`;
  const how = heldOut.from === "files" ? "in files of its own" : `1 in ${heldOut.every}`;
  return `${learned}; held out: ${plural(heldOut.documents, "document")} (${how}), ${formatBytes(heldOut.bytes)}`;
}
