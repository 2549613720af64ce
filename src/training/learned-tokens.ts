// Writes down what a run learned: candidates with spelling, bytes, text and constituents, and the merges in order of rank.

import { isUtf8 } from "node:buffer";
import type { Candidate } from "./candidates.ts";
import type { Learned, StopReason } from "./learned.ts";
import type { Learner, Learning } from "./learner.ts";
import { listsAllSplits, withAllSplits } from "./piece-splits.ts";
import type { TrainingWords } from "./training-words.ts";
import { countTokens } from "./word-cells.ts";

export function describeLearned(
  words: TrainingWords,
  learner: Learner,
  add: number,
  notIncluded: Learned["notIncluded"],
): Learned {
  const { model } = words.base.definition;
  const candidates = learner.learnings.map((learning) => describeCandidate(learner, learning));
  const merges = listsAllSplits(model)
    ? withAllSplits(model, learner.firstId, candidates, learner.merges)
    : learner.merges;
  const stopped: StopReason = candidates.length >= add ? "budget" : "pairs";
  return {
    firstId: learner.firstId,
    candidates,
    merges,
    stopped,
    stopDetail: stopDetail(stopped, candidates.length, learner),
    stones: candidates.filter(({ kind }) => kind === "stone").length,
    revived: learner.revived,
    notIncluded,
    refused: learner.refused,
    protectedMerges: learner.protectedMerges,
    languages: learner.languages.map((weights, language) => {
      const { all, left } = learner.laidOut.tokens[language]!;
      const isChannel = learner.weights === learner.languages;
      const tokensAfter = isChannel
        ? all - learner.state.saved[language]!
        : left + countTokens(learner.laidOut, weights, learner.rules);
      return { tokensBefore: all, tokensAfter };
    }),
  };
}

function stopDetail(stopped: StopReason, learned: number, { minCount, refused }: Learner): string {
  if (stopped === "budget") return `learned ${learned}, as many as asked for`;
  const often = minCount === 1 ? "is left" : minCount === 2 ? "occurs twice" : `occurs ${minCount} times`;
  const others = Object.entries(refused).map(([reason, count]) => `${count} ${reason}`);
  const but = others.length === 0 ? "" : ` but those refused (${others.join(", ")})`;
  return `stopped after ${learned}: no pair ${often}${but}`;
}

function describeCandidate({ rules: { symbols } }: Learner, { symbol, kind, count }: Learning): Candidate {
  const { buffer, byteOffset, length } = symbols.bytesOf[symbol]!;
  const bytes = Buffer.from(buffer, byteOffset, length);
  return {
    token: symbols.tokenOf[symbol]!,
    bytes: bytes.toString("hex"),
    ...(isUtf8(bytes) ? { text: bytes.toString("utf8") } : {}),
    kind,
    constituents: symbols.constituentsOf[symbol]!,
    count,
  };
}
