// Saves candidates where people will look: JSON for machines, a list of the same name ending in .txt for eyes.

import { stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { VocabError } from "../errors.ts";
import { canonicalJson } from "../io/canonical-json.ts";
import { requireOutFolder, writeFilesAtomically } from "../io/write-files.ts";
import type { TrainResult } from "../pipeline/train-result.ts";
import { candidateList } from "./train-report.ts";

/**
 * Checks before a long run that the file can be written afterwards.
 * @throws VocabError `not-a-file`, `not-a-folder` (usage), `cannot-write`
 */
export async function requireCandidatesFile(path: string): Promise<void> {
  const entry = await stat(path).catch(() => undefined);
  if (entry?.isDirectory() === true || /[/\\]$/.test(path))
    throw new VocabError("not-a-file", `${path} is a folder, not a file to write`, {
      kind: "usage",
      hint: `--out ${join(path, "candidates.json")}`,
    });
  await requireOutFolder(dirname(path));
}

/** `run` is left out: the files are the same for the same inputs. @returns the names of the files */
export async function saveCandidates({ run: _, ...result }: TrainResult, path: string): Promise<string[]> {
  const list = `${path.replace(/\.json$/i, "")}.txt`;
  await writeFilesAtomically(dirname(path), {
    [basename(path)]: canonicalJson(result),
    [basename(list)]: candidateList(result),
  });
  return [path, list];
}
