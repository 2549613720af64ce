// The verb `count` from counts: folders that several machines made, as one.

import { rm } from "node:fs/promises";
import { join } from "node:path";
import { countsOf, readCounts } from "../counts/counts-folder.ts";
import type { CountedLanguage } from "../counts/counts-table.ts";
import { publishCounts, writeTables } from "../counts/write-counts.ts";
import { VocabError } from "../errors.ts";
import { makeFolder } from "../io/make-folder.ts";
import { requireOutFolder } from "../io/write-files.ts";
import { resolveLanguage } from "../text/languages.ts";
import type { CountOptions, CountResult } from "./count.ts";
import { startRun } from "./run-record.ts";
import { ScriptShare, scriptFinding } from "./script-share.ts";

/** What belongs to the text, and is settled once it is counted. */
const TEXT_OPTIONS = [
  ["corpus", "--corpus"],
  ["unit", "--unit"],
  ["textField", "--text-field"],
  ["onInvalid", "--on-invalid"],
  ["maxDocumentBytes", "--max-document-bytes"],
  ["holdOut", "--hold-out"],
  ["seed", "--seed"],
  ["dedup", "--dedup"],
  ["sample", "--sample"],
  ["script", "--script"],
  ["normalize", "--normalize"],
  ["orthography", "--orthography"],
  ["skipBadFiles", "--skip-bad-files"],
] as const satisfies readonly (readonly [keyof CountOptions, string])[];

/**
 * Adds folders of counts up to one, in the present format.
 * @param lang BCP 47 tag; undefined: that of the counts
 * @throws VocabError `counts-differ`, `counts-overlap`, … naming the folders and the option
 */
export async function mergeCountFolders(
  lang: string | undefined,
  folders: readonly string[],
  options: CountOptions,
): Promise<CountResult> {
  const run = startRun();
  refuseTextOptions(options);
  await requireOutFolder(options.out);
  const counted = await countsInOneLanguage(lang, folders);
  if (counted.training.dropped !== undefined && (options.minCount ?? 1) > 1)
    throw new VocabError(
      "counts-filtered",
      `${folders[0]} was counted with --min-count ${counted.training.dropped.minCount} already`,
      { hint: "leave --min-count out, or count the text again without it" },
    );
  const { training, heldOutCounts, ...rest } = counted;
  const language = resolveLanguage(counted.language.tag);
  const script = new ScriptShare([language.script]);
  const work = join(options.out, `.merging.${process.pid}`);
  try {
    await makeFolder(work);
    const { segments } = await writeTables(work, {
      training: training.open(),
      heldOut: heldOutCounts.open(),
      minCount: options.minCount,
      onTraining: (block) => script.add(block),
      signal: options.signal,
    });
    const stored = { ...segments.training, dropped: segments.training.dropped ?? training.dropped };
    const manifest = { ...rest, segments: { ...segments, training: stored } };
    await publishCounts(options.out, work, manifest);
    const finding = scriptFinding(language, script.share);
    return {
      ...manifest,
      findings: finding === undefined ? [] : [finding],
      run: run.end(rest.corpus.bytes, 1),
    };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

function refuseTextOptions(options: CountOptions): void {
  const given = TEXT_OPTIONS.find(([key]) => options[key] !== undefined);
  if (given === undefined) return;
  throw new VocabError("two-texts", `${given[1]} is of a text that is read, and --counts have been read`, {
    kind: "usage",
    hint: "give --corpus or --counts; several folders of counts are added up as they are",
  });
}

async function countsInOneLanguage(
  lang: string | undefined,
  folders: readonly string[],
): Promise<CountedLanguage> {
  if (lang !== undefined) return (await countsOf(folders, [resolveLanguage(lang)]))[0]!;
  const counts = await readCounts(folders);
  if (counts.size === 1) return [...counts.values()][0]!;
  throw new VocabError("counts-language", `the counts are of ${[...counts.keys()].join(" and ")}`, {
    kind: "usage",
    hint: "add up the folders of one language at a time",
  });
}
