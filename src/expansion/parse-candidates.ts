// Reads learned tokens from a file of `vocab train` (docs/candidates.md): its shape here, its sense in fit.ts.

import { VocabError } from "../errors.ts";
import { JsonPlace, shown } from "../tokenizer/json-reader.ts";
import type { Candidate, LearnedTokens } from "../training/candidates.ts";

export interface CandidateFile {
  readonly learned: LearnedTokens;
  /** SHA-256 of the tokenizer.json that they were learned for. */
  readonly baseSha256: string | undefined;
  /** Tokens of the base that the merges make. */
  readonly revived: number;
}

const SCHEMA = "vocab.candidates/1";
const KINDS = ["token", "stone", "character"] as const;

/**
 * @param file name, for messages
 * @throws VocabError `candidates-invalid`, naming the place in the file
 */
export function parseCandidates(text: string, file: string): CandidateFile {
  try {
    return parseFile(JSON.parse(text), new JsonPlace(file));
  } catch (cause) {
    if (cause instanceof SyntaxError) throw invalid(`${file}: not valid JSON`, cause);
    if (cause instanceof VocabError) throw invalid(cause.message, cause);
    throw cause;
  }
}

function parseFile(value: unknown, root: JsonPlace): CandidateFile {
  const json = root.object(value);
  if (json["schema"] !== SCHEMA)
    root.at(".schema").invalid(`expected "${SCHEMA}", found ${shown(json["schema"])}`);
  const base = root.at(".base").object(json["base"]);
  const candidatesAt = root.at(".candidates");
  const candidates = candidatesAt
    .array(json["candidates"])
    .map((item, k) => parseCandidate(item, candidatesAt.at(`[${k}]`)));
  const mergesAt = root.at(".merges");
  const merges = mergesAt
    .array(json["merges"])
    .map((item, rank) => parseMerge(item, mergesAt.at(`[${rank}]`)));
  const { sha256 } = base;
  return {
    learned: { firstId: root.at(".base.firstId").id(base["firstId"]), candidates, merges },
    baseSha256: typeof sha256 === "string" ? sha256 : undefined,
    revived: Array.isArray(json["revived"]) ? json["revived"].length : 0,
  };
}

function parseCandidate(value: unknown, at: JsonPlace): Candidate {
  const json = at.object(value);
  const kind = KINDS.find((known) => known === json["kind"]);
  if (kind === undefined)
    at.at(".kind").invalid(`expected ${KINDS.join(", ")}, found ${shown(json["kind"])}`);
  const bytes = at.at(".bytes").string(json["bytes"]);
  if (!/^(?:[0-9a-f]{2})+$/.test(bytes)) at.at(".bytes").invalid("expected bytes in hexadecimal");
  const text = json["text"] === undefined ? {} : { text: at.at(".text").string(json["text"]) };
  const ids = at.at(".constituents");
  const count = json["count"];
  const score = json["score"];
  if (score !== undefined && typeof score !== "number")
    at.at(".score").invalid(`expected a number, found ${shown(score)}`);
  return {
    token: at.at(".token").string(json["token"]),
    bytes,
    ...text,
    kind: kind as Candidate["kind"],
    constituents: ids.array(json["constituents"]).map((id, i) => ids.at(`[${i}]`).id(id)),
    count: typeof count === "number" ? count : 0,
    ...(typeof score === "number" ? { score } : {}),
  };
}

function parseMerge(value: unknown, at: JsonPlace): LearnedTokens["merges"][number] {
  const ids = at.array(value).map((id) => at.id(id));
  if (ids.length !== 3) at.invalid("expected three ids: left, right, product");
  return ids as unknown as LearnedTokens["merges"][number];
}

function invalid(message: string, cause: unknown): VocabError {
  return new VocabError("candidates-invalid", message, {
    cause,
    hint: "give the JSON file that `vocab train --out` wrote",
  });
}
