// Candidates as text: a summary for the terminal, and the list of all for a file.

import type { CandidateRecord, TrainResult } from "../pipeline/train-result.ts";
import { plural } from "./analysis-heading.ts";
import { formatCount, formatShare } from "./format.ts";
import { bold, type ReportOptions } from "./style.ts";
import { languageTitle, textLine } from "./text-lines.ts";
import { renderTable } from "./text-table.ts";
import { spacedHex, visibleText } from "./visible-text.ts";

/** Tokens shown on the terminal. */
const SHOWN = 10;
/** Refused kinds of pairs shown. */
const SHOWN_REASONS = 4;

/** @param saved names of the files */
export function trainReport(result: TrainResult, saved: readonly string[], options: ReportOptions): string {
  const { base, languages, candidates, findings } = result;
  const blocks = [
    languages.map((text) => `${bold(languageTitle(text.language), options)}\n${textLine(text)}`).join("\n"),
    `${base.name}: ${formatCount(base.vocabSize)} ids; ${result.stopDetail}`,
    candidateTable(candidates.slice(0, SHOWN), options),
    [...savings(result), ...notes(result), ...findings].map((line) => `- ${line}`).join("\n"),
    ...(saved.length === 0 ? [] : [`saved: ${saved.join(", ")}`]),
  ];
  return `${blocks.filter((block) => block !== "").join("\n\n")}\n`;
}

/** All candidates, for eyes. */
export function candidateList(result: Omit<TrainResult, "run">): string {
  const { base, stopDetail, candidates, languages } = result;
  const heading = [
    `${base.name} (${base.source}), ${base.vocabSize} ids`,
    ...languages.map((text) => `${text.language.tag}: ${textLine(text)}`),
    stopDetail,
  ];
  return `${heading.map((line) => `# ${line}`).join("\n")}\n\n${candidateTable(candidates, { color: false })}\n`;
}

function candidateTable(candidates: readonly CandidateRecord[], options: ReportOptions): string {
  if (candidates.length === 0) return "";
  return renderTable(
    [
      { title: "id", align: "right" },
      { title: "count", align: "right" },
      { title: "base tokens", align: "right" },
      { title: "bytes", align: "right" },
      { title: "text", align: "left" },
    ],
    candidates.map(({ id, count, constituents, bytes, text }) => [
      String(id),
      formatCount(count),
      String(constituents.length),
      String(bytes.length / 2),
      text === undefined ? `‹${spacedHex(bytes)}›` : visibleText(text),
    ]),
    options,
  );
}

function savings({ languages }: TrainResult): string[] {
  return languages.map(({ language, tokensBefore, tokensAfter }) => {
    const saved = tokensBefore === 0 ? undefined : 1 - tokensAfter / tokensBefore;
    return `${language.name}: ${formatCount(tokensBefore)} → ${formatCount(tokensAfter)} tokens of the text it was learned from (${formatShare(saved)} saved; on other text less: vocab sweep)`;
  });
}

function notes({
  stones,
  revived,
  notIncluded,
  refused,
  protectedMerges,
  candidates,
}: TrainResult): string[] {
  const lines: string[] = [];
  const characters = candidates.filter(({ kind }) => kind === "character").length;
  if (characters > 0)
    lines.push(
      `${plural(characters, "character")} that the base ${candidates[0]?.score === undefined ? "spells in bytes" : "has no piece for"} became tokens`,
    );
  if (stones > 0) lines.push(`${plural(stones, "token")} stop inside a character: only steps to others`);
  if (revived.length > 0)
    lines.push(
      `${plural(revived.length, "token")} of the base are made by new merges, perhaps for the first time: ${revived
        .slice(0, SHOWN_REASONS)
        .map(({ id, token }) => `${id} ${visibleText(token)}`)
        .join(", ")}`,
    );
  for (const { word, reason } of notIncluded) lines.push(`not included: ${word} (${reason})`);
  const reasons = Object.entries(refused).sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  if (reasons.length > 0)
    lines.push(
      `pairs not joined: ${reasons
        .slice(0, SHOWN_REASONS)
        .map(([reason, times]) => `${formatCount(times)} ${reason}`)
        .join(", ")}`,
    );
  if (protectedMerges > 0) lines.push(`${plural(protectedMerges, "merge")} in the protected text`);
  return lines;
}
