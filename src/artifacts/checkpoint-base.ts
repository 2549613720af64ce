// Whether a checkpoint has the tokenizer that a plan was made for. Ids of another one mean other tokens, and the rows would
// be sums of the wrong ones.

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { VocabError } from "../errors.ts";
import { isTokenizerFile } from "./checkpoint-files.ts";

/** Files that alone are a whole tokenizer. */
const WHOLE = /^(tokenizer\.json|tokenizer\.model|tekken\.json|spiece\.model|[^/]+\.tiktoken)$/;

export interface PlanBase {
  readonly tokenizer: string;
  readonly sha256: string;
}

/**
 * @returns the file of the checkpoint that is the base's; undefined where it has none to compare
 * @throws VocabError `other-base`
 */
export async function requireSameBase(
  base: PlanBase,
  checkpoint: string,
  expansion: string,
): Promise<string | undefined> {
  const ofExpansion = (await readdir(expansion)).filter((name) => WHOLE.test(name));
  const kinds = new Set(ofExpansion.map(kindOf));
  const names = (await readdir(checkpoint)).filter((name) => WHOLE.test(name) && isTokenizerFile(name));
  // A file of a kind that the expansion does not have says nothing: its base was another kind.
  const comparable = names.filter((name) => kinds.size === 0 || kinds.has(kindOf(name))).sort();
  const hashes = new Map<string, string>();
  for (const name of comparable) hashes.set(name, await sha256Of(join(checkpoint, name)));
  const same = comparable.find((name) => hashes.get(name) === base.sha256);
  if (same !== undefined || comparable.length === 0) return same;
  const named = comparable.find((name) => name === "tokenizer.json") ?? comparable[0]!;
  const found = hashes.get(named)!;
  const isApplied = ofExpansion.includes(named) && (await sha256Of(join(expansion, named))) === found;
  throw new VocabError(
    "other-base",
    isApplied
      ? `${join(checkpoint, named)} is the expanded tokenizer already (SHA-256 ${found}), not the plan's base ${base.tokenizer} (${base.sha256})`
      : `${join(checkpoint, named)} has the SHA-256 ${found}, but the plan is for the base ${base.tokenizer}, which has ${base.sha256}`,
    {
      hint: isApplied
        ? "name the checkpoint of the base model"
        : `expand the tokenizer of this checkpoint: vocab expand --base ${join(checkpoint, named)} …`,
    },
  );
}

export async function sha256Of(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash).catch((cause: Error) => {
    throw new VocabError("unreadable", `${path} cannot be read: ${cause.message}`, { cause });
  });
  return hash.digest("hex");
}

// "x.tiktoken" → "tiktoken"
function kindOf(name: string): string {
  return name.endsWith(".tiktoken") ? "tiktoken" : name;
}
