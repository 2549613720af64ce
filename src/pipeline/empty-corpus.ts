// The errors of a corpus without a document.

import type { FilterOutcome } from "../counting/filter-rules.ts";
import type { SkippedFile } from "../counts/counts-manifest.ts";
import { VocabError } from "../errors.ts";

/** What `--skip-bad-files` left is nothing. */
export function onlyBadFiles(skipped: readonly SkippedFile[]): VocabError {
  const [first] = skipped;
  const others = skipped.length > 1 ? `; ${skipped.length - 1} others` : "";
  return new VocabError(
    "empty-corpus",
    `the corpus is empty: bad files were skipped (${first!.reason}${others})`,
    { hint: "mend the files, or name others" },
  );
}

/** @param filtered what was left out */
export function emptyCorpus(names: readonly string[], filtered?: FilterOutcome | undefined): VocabError {
  const read = filtered?.read.documents ?? 0;
  if (read > 0)
    return new VocabError("empty-corpus", `the corpus is empty: all its ${read} documents are left out`, {
      hint: "check --script, --sample and --dedup",
    });
  const more = names.length > 3 ? ` and ${names.length - 3} more` : "";
  return new VocabError(
    "empty-corpus",
    `the corpus is empty: no document in ${names.slice(0, 3).join(", ")}${more}`,
    { hint: "check the files, --unit, --text-field and --on-invalid" },
  );
}
