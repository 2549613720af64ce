// G11: training text and held-out text share no document.

import { type Check, checkOf } from "./certificate.ts";
import type { DocumentOverlap } from "./evidence.ts";

export function checkOverlap({
  trainingDocuments,
  heldOutDocuments,
  shared,
  example,
}: DocumentOverlap): Check {
  const which = example === undefined ? "" : `, for example the one with SHA-256 ${example}`;
  const faults =
    shared === 0
      ? []
      : [`${shared} different documents stand in the training text and in the held-out text${which}`];
  return checkOf(
    "G11",
    faults,
    `none of ${heldOutDocuments} held-out documents is among the ${trainingDocuments} of the training text (SHA-256 of their bytes)`,
    { trainingDocuments, heldOutDocuments, shared },
  );
}
