// A certificate as text for the terminal: one row a guarantee, then the panel, then what could not be checked.

import type { Certificate, Check, Figure } from "../verification/certificate.ts";
import { formatCount } from "./format.ts";
import { bold, type ReportOptions } from "./style.ts";
import { renderTable } from "./text-table.ts";
import { visibleText } from "./visible-text.ts";

/** What each guarantee says, in a few words; docs/verification.md has the whole. */
const TITLES: Readonly<Record<Check["id"], string>> = {
  G1: "ids and special tokens kept",
  G2: "merges kept, in order",
  G3: "tokens only joined",
  G4: "new tokens reachable",
  G5: "text comes back",
  G6: "other text unchanged",
  G7: "within pre-tokens",
  G8: "formats agree",
  G9: "vocabulary in the model",
  G10: "embedding plan",
  G11: "held-out text apart",
  G12: "llama.cpp hash (informs)",
  G13: "relaxed pattern (informs)",
};

/** Columns of a line of detail. */
const WIDTH = 100;

export function certificateReport(certificate: Certificate, options: ReportOptions): string {
  const { base, expanded, checks, notChecked, ok } = certificate;
  const failed = checks.filter((check) => !check.ok);
  const verdict = ok ? "verified" : `NOT verified: ${failed.map(({ id }) => id).join(", ")}`;
  const sizes =
    expanded.vocabSize === undefined || base.vocabSize === undefined
      ? ""
      : ` (${formatCount(base.vocabSize)} → ${formatCount(expanded.vocabSize)} ids)`;
  const blocks = [
    `${bold(verdict, options)}: ${visibleText(expanded.source).replaceAll("␣", " ")} against ${visibleText(base.source).replaceAll("␣", " ")}${sizes}`,
    checks.map((check) => checkText(check, options)).join("\n"),
  ];
  const panel = panelTable(checks, options);
  if (panel !== undefined) blocks.push(panel);
  if (notChecked.length > 0)
    blocks.push(
      `not checked\n${notChecked.map(({ id, reason }) => `- ${id} ${TITLES[id]}: ${reason}`).join("\n")}`,
    );
  return `${blocks.join("\n\n")}\n`;
}

function checkText({ id, ok, detail }: Check, options: ReportOptions): string {
  const mark = ok ? "ok  " : bold("FAIL", options);
  return `${mark}  ${id.padEnd(3)}  ${TITLES[id]}\n${wrapped(detail)}`;
}

function wrapped(detail: string): string {
  const lines: string[] = [];
  let line = "";
  for (const word of detail.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line].map((text) => `           ${text}`).join("\n");
}

interface PanelFigures {
  readonly name: string;
  readonly documents: number;
  readonly changed: number;
  readonly tokensBefore: number;
  readonly tokensAfter: number;
  readonly budget?: number;
}

function panelTable(checks: readonly Check[], options: ReportOptions): string | undefined {
  const figures = checks.find(({ id }) => id === "G6")?.figures["texts"] as readonly Figure[] | undefined;
  if (figures === undefined || figures.length === 0) return undefined;
  const rows = (figures as unknown as readonly PanelFigures[]).map((text) => [
    text.name,
    formatCount(text.documents),
    formatCount(text.changed),
    formatCount(text.tokensBefore),
    formatCount(text.tokensAfter),
    difference(text),
    text.budget === undefined ? "" : `${100 * text.budget} %`,
  ]);
  const columns = ["text", "documents", "changed", "tokens before", "after", "difference", "budget"].map(
    (title, i) => ({ title, align: i === 0 ? ("left" as const) : ("right" as const) }),
  );
  return `${bold("G6 panel", options)}\n${renderTable(columns, rows, options)}`;
}

function difference({ tokensBefore, tokensAfter }: PanelFigures): string {
  if (tokensBefore === 0) return "n/a";
  const percent = 100 * (tokensAfter / tokensBefore - 1);
  return percent === 0 ? "0 %" : `${percent < 0 ? "−" : "+"}${Math.abs(percent).toFixed(1)} %`;
}
