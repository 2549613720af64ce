// Languages as a table for the terminal.

import type { LanguageList } from "../pipeline/languages.ts";
import { formatBytes, formatCount } from "./format.ts";
import type { ReportOptions } from "./style.ts";
import { renderTable } from "./text-table.ts";

export function languagesReport({ languages }: LanguageList, options: ReportOptions): string {
  const table = renderTable(
    [
      { title: "tag", align: "left" },
      { title: "name", align: "left" },
      { title: "script", align: "left" },
      { title: "direction", align: "left" },
      { title: "words", align: "left" },
      { title: "embedded text", align: "right" },
      { title: "own name", align: "left" },
    ],
    languages.map(({ tag, name, nativeName, script, scriptName, direction, wordRule, embedded }) => [
      tag,
      name,
      scriptName ?? script,
      direction,
      wordRule,
      embedded === undefined ? "" : formatBytes(embedded.htmlBytes),
      nativeName ?? "",
    ]),
    options,
  );
  const embedded = languages.filter((language) => language.embedded !== undefined).length;
  return `${table}\n\n${formatCount(languages.length)} languages, ${formatCount(embedded)} with an embedded text (size as HTML)\n`;
}
