// Verifies an artifact folder before it gets its name: what stands on disk is read again, nothing from memory is trusted.

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { VocabError } from "../errors.ts";
import { readVocabularyFile, type VocabularyFile } from "../expansion/vocabulary-file.ts";
import type { HubOptions } from "../io/hub-request.ts";
import type { Certificate } from "../verification/certificate.ts";
import type { Evidence } from "../verification/evidence.ts";
import type { Budgets } from "../verification/panel-budget.ts";
import { verifyExpansion } from "../verification/verify-expansion.ts";
import { panelTexts } from "./verification-texts.ts";

/** Faults named in the error; the rest stand in the certificate that nobody gets. */
const NAMED_FAULTS = 5;

export interface UnfinishedOptions {
  readonly panel?: readonly string[] | undefined;
  readonly budgets?: Budgets | undefined;
  readonly textField?: string | undefined;
  readonly seed?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly hub?: HubOptions | undefined;
}

/**
 * @param folder the unfinished one
 * @param tokenizer name of the tokenizer file in it, and the base's SentencePiece model where there is one beside
 * @throws VocabError `guarantee-failed`, naming each guarantee that does not hold
 */
export async function verifyUnfinished(
  folder: string,
  { name, baseModel }: { readonly name: string; readonly baseModel: VocabularyFile | undefined },
  evidence: Omit<Evidence, "expanded" | "plan" | "siblings" | "panel">,
  { panel, budgets, textField = "text", seed = 0, signal, hub }: UnfinishedOptions,
): Promise<Certificate> {
  const read = (entry: string) => readFile(join(folder, entry), "utf8");
  const names = (await readdir(folder)).filter((entry) => entry.endsWith(".json")).sort();
  const siblings: Record<string, unknown> = {};
  for (const sibling of names)
    if (sibling !== "tokenizer.json" && sibling !== "embedding-plan.json")
      siblings[sibling] = JSON.parse(await read(sibling));
  const certificate = await verifyExpansion(
    {
      ...evidence,
      // The folder's own place says nothing of what is in it.
      expanded: { source: name, file: readVocabularyFile(join(folder, name)) },
      ...(baseModel === undefined
        ? {}
        : {
            otherFormat: {
              base: baseModel,
              expanded: readVocabularyFile(join(folder, baseModel.name)),
            },
          }),
      plan: JSON.parse(await read("embedding-plan.json")),
      siblings,
      ...(panel === undefined ? {} : { panel: await panelTexts(panel, { textField, seed, signal, hub }) }),
    },
    { seed, signal, ...(budgets === undefined ? {} : { budgets }) },
  );
  requireGuarantees(certificate);
  return certificate;
}

function requireGuarantees({ ok, checks }: Certificate): void {
  if (ok) return;
  const failed = checks.filter((check) => !check.ok);
  const named = failed.slice(0, NAMED_FAULTS).map(({ id, detail }) => `${id}: ${detail}`);
  throw new VocabError(
    "guarantee-failed",
    `the expanded tokenizer does not hold what it promises, and was not written. ${named.join(". ")}`,
    {
      hint: failed.some(({ id }) => id === "G6")
        ? "--protect FILE… keeps new tokens out of a text"
        : undefined,
    },
  );
}
