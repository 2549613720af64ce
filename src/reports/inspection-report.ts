// An inspection as text for the terminal: parts, merges in their order, and the tokens that are left.

import type { InspectedPart, InspectedSymbol, Inspection } from "../pipeline/inspect.ts";
import { formatCount } from "./format.ts";
import { bold, type ReportOptions } from "./style.ts";
import { renderTable } from "./text-table.ts";
import { isolated, spacedHex, visibleText } from "./visible-text.ts";

export function inspectionReport(inspection: Inspection, options: ReportOptions): string {
  const { name, text, bytes, characters, normalized, parts, tokens } = inspection;
  const cost = `${count(characters, "character")}, ${count(bytes, "byte")}, ${count(tokens.length, "token")}`;
  const blocks = [`${bold(name, options)}: ${shown(text)}: ${cost}`];
  if (normalized !== undefined) blocks.push(`normalized: ${shown(normalized)}`);
  blocks.push(...parts.map((part, i) => partText(part, i + 1, options)));
  if (tokens.length > 0) blocks.push(`${bold("tokens", options)}\n${tokensTable(inspection, options)}`);
  return `${blocks.join("\n\n")}\n`;
}

type PreToken = InspectedPart & { kind: "pre-token" };

function partText(part: InspectedPart, number: number, options: ReportOptions): string {
  if (part.kind === "added-token")
    return `${bold(`${number}. added token`, options)} ${shown(part.text)}: matched before everything else, id ${part.id}`;
  const title = `${bold(`${number}. pre-token`, options)} ${shown(part.text)}: ${count(part.tokens.length, "token")}`;
  const lines = [title, ...symbolLines(part), ...mergeLines(part, options)];
  return lines.join("\n");
}

function symbolLines({ symbols }: PreToken): string[] {
  if (symbols.length === 0) return ["   nothing: the model has no token for it"];
  if (symbols[0]!.kind === "whole")
    return [`   found whole in the vocabulary, before any merge (ignore_merges): id ${symbols[0]!.id}`];
  if (symbols.some(({ kind }) => kind === "chosen")) return chosenLines(symbols);
  const areBytes = symbols.every(({ kind }) => kind === "byte");
  const list = symbols.map((symbol) => (areBytes ? spacedHex(symbol.bytes) : symbolText(symbol))).join(" ");
  const lines = [
    `   starts as ${count(symbols.length, areBytes ? "byte" : "symbol")}: ${areBytes ? list : isolated(list)}`,
  ];
  if (symbols.some(({ kind }) => kind === "byte-fallback"))
    lines.push(
      "   byte fallback: characters that the vocabulary lacks are spelt in byte tokens, which never merge",
    );
  if (symbols.some(({ kind }) => kind === "unknown"))
    lines.push("   unknown: the vocabulary lacks a character and has no bytes to spell it");
  return lines;
}

// A model that is not BPE takes the whole pre-token at once.
function chosenLines(symbols: readonly InspectedSymbol[]): string[] {
  const scores = symbols.flatMap(({ score }) => (score === undefined ? [] : [score]));
  if (scores.length === 0) return ["   the longest tokens, from the left"];
  const sum = scores.reduce((total, score) => total + score, 0);
  const list = symbols.map((symbol) =>
    symbol.score === undefined ? symbolText(symbol) : `${symbolText(symbol)} (${symbol.score.toFixed(2)})`,
  );
  return [`   the pieces with the highest sum of scores, ${sum.toFixed(2)}: ${isolated(list.join(" "))}`];
}

function mergeLines({ symbols, merges }: PreToken, options: ReportOptions): string[] {
  if (symbols.some(({ kind }) => kind === "chosen")) return [];
  if (merges.length === 0) return symbols.length > 1 ? ["   no merge applies"] : [];
  const table = renderTable(
    [
      { title: "merge", align: "right" },
      { title: "rank", align: "right" },
      { title: "left", align: "left" },
      { title: "right", align: "left" },
      { title: "product", align: "left" },
    ],
    merges.map(({ rank, left, right, product }, i) => [
      String(i + 1),
      formatCount(rank),
      symbolText(left),
      symbolText(right),
      symbolText(product),
    ]),
    options,
  );
  return table.split("\n").map((line) => `   ${line}`);
}

function tokensTable({ tokens }: Inspection, options: ReportOptions): string {
  const notes = tokens.map(({ added, partial }) =>
    added ? "added token" : partial ? "part of a character" : "",
  );
  const columns = [
    { title: "id", align: "right" },
    { title: "text", align: "left" },
    { title: "bytes", align: "left" },
    { title: "note", align: "left" },
  ] as const;
  return renderTable(
    notes.every((note) => note === "") ? columns.slice(0, -1) : columns,
    tokens.map((token, i) => [String(token.id), symbolText(token), spacedHex(token.bytes), notes[i]!]),
    options,
  );
}

// Bytes that are no whole characters stand in angle brackets.
function symbolText({ text, bytes }: Pick<InspectedSymbol, "text" | "bytes">): string {
  return text === undefined ? `‹${spacedHex(bytes)}›` : visibleText(text);
}

function shown(text: string): string {
  return isolated(visibleText(text));
}

function count(n: number, unit: string): string {
  return `${formatCount(n)} ${unit}${n === 1 ? "" : "s"}`;
}
