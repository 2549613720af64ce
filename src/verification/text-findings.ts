// Sends every text of a verification through both tokenizers, once.

import { setImmediate } from "node:timers/promises";
import type { TextSource, VerifyOptions } from "./evidence.ts";
import type { FormatAgreement } from "./formats-agree.ts";
import type { Subject } from "./subject.ts";
import { TextComparer, type TextComparison } from "./text-comparison.ts";

export interface TextFindings {
  readonly panel: readonly TextComparison[];
  /** The panel, the held-out text and the generated one. */
  readonly all: readonly TextComparison[];
  /** What the relaxed pattern alone makes of the panel and of the held-out text; empty where nothing was relaxed. */
  readonly patternAlone: readonly TextComparison[];
}

export interface ComparedTokenizers {
  readonly base: Subject;
  /** What the expansion is compared with: the base, or the base with a relaxed pattern. */
  readonly reference: Subject;
  readonly expanded: Subject;
  /** Is shown every document too. */
  readonly agreement?: FormatAgreement | undefined;
}

export interface ComparedTexts {
  readonly panel: readonly TextSource[];
  readonly heldOut: TextSource | undefined;
  readonly generated: Iterable<Uint8Array>;
}

/** Documents between two looks at the signal. */
const BATCH = 256;

export async function compareTexts(
  tokenizers: ComparedTokenizers,
  texts: ComparedTexts,
  options: VerifyOptions,
): Promise<TextFindings> {
  const panel: TextComparison[] = [];
  const others: TextComparison[] = [];
  const patternAlone: TextComparison[] = [];
  for (const text of texts.panel) panel.push(await compareText(tokenizers, text, patternAlone, options));
  if (texts.heldOut !== undefined)
    others.push(await compareText(tokenizers, texts.heldOut, patternAlone, options));
  const generated = { name: "generated", source: "generated", documents: texts.generated };
  others.push(await compareText(tokenizers, generated, undefined, options));
  return { panel, all: [...panel, ...others], patternAlone };
}

async function compareText(
  { base, reference, expanded, agreement }: ComparedTokenizers,
  { name, source, documents }: TextSource,
  patternAlone: TextComparison[] | undefined,
  { signal, onProgress }: VerifyOptions,
): Promise<TextComparison> {
  const comparer = new TextComparer(reference.tokenizer, expanded.tokenizer);
  const isRelaxed = patternAlone !== undefined && reference !== base;
  const pattern = isRelaxed ? new TextComparer(base.tokenizer, reference.tokenizer) : undefined;
  let count = 0;
  for await (const document of documents) {
    comparer.add(document);
    pattern?.add(document);
    agreement?.add(document);
    if (++count % BATCH !== 0) continue;
    onProgress?.({ step: "text", text: name, documents: count });
    await setImmediate();
    signal?.throwIfAborted();
  }
  if (pattern !== undefined) patternAlone?.push(pattern.result(name, source));
  return comparer.result(name, source);
}
