// What a folder of counts holds, as the twin in test/reference/segments.ts has it.

import { countsOf } from "../../src/counts/counts-folder.ts";
import { blocksOfTable, type CountedLanguage, type CountsTable } from "../../src/counts/counts-table.ts";
import { resolveLanguage } from "../../src/text/languages.ts";
import { toMap } from "../counting/scan-text.ts";

/** @throws when a segment stands twice */
export async function mapOfTable(table: CountsTable): Promise<Map<string, number>> {
  const map = new Map<string, number>();
  for await (const block of blocksOfTable(table))
    for (const [segment, count] of toMap(block)) {
      if (map.has(segment)) throw new Error(`${segment} stands twice`);
      map.set(segment, count);
    }
  return map;
}

/** Counts of one language. */
export async function countedOf(folders: readonly string[], tag = "fa"): Promise<CountedLanguage> {
  return (await countsOf(folders, [resolveLanguage(tag)]))[0]!;
}
