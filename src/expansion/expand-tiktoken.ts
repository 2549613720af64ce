// Appends learned tokens to a tiktoken rank file. Rank and id are one number: the new ranks follow the highest id, which
// may be a special token's.

import type { LearnedTokens } from "../training/candidates.ts";

export function expandTiktoken(bytes: Uint8Array, { firstId, candidates }: LearnedTokens): Uint8Array {
  const text = Buffer.from(bytes)
    .toString("latin1")
    .replace(/[\r\n]+$/, "");
  const lines = candidates.map(
    (candidate, k) => `${Buffer.from(candidate.bytes, "hex").toString("base64")} ${firstId + k}\n`,
  );
  return Buffer.from(`${text}\n${lines.join("")}`, "latin1");
}
