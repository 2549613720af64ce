// Where a file says one thing and the library loads another, our reading of it is held against the library itself.

import { expect, it } from "vitest";
import { openSubject, tokenOfId } from "../../src/verification/subject.ts";
import { hostileLine, Random } from "../tokenizer/hostile-text.ts";
import { loadReference, referenceIds } from "../tokenizer/oracle.ts";
import { FAULTS, type Kind, type Scene, type TokenizerParts } from "./faults.ts";
import { jsonFile } from "./json-file.ts";
import { byteLevelBase, expandFor, fallbackBase, PERSIAN } from "./made-expansions.ts";

const random = new Random(5);
const LINES = [
  PERSIAN,
  "the <|begin|> house<|end|>",
  "<bos>the<pad>",
  ...random.times(200, () => hostileLine(random)),
];

const CASES = (["byte-level", "byte-fallback"] as const).flatMap((kind) =>
  FAULTS.filter(({ only }) => only === undefined || only === kind).map((fault) => ({ kind, fault })),
);

it.each(CASES)("$kind: $fault.name", async ({ kind, fault }) => {
  const json = changed(kind, fault.change);
  const reference = tryLoad(json);
  const subject = openSubject(jsonFile("faulty", json));
  if (reference === undefined) {
    expect(subject.faults.join()).toMatch(/the library refuses the file/);
    return;
  }
  const { definition, tokenizer } = subject;
  // Two tokens with one id cannot be told apart in a definition; of two in model.vocab the library itself decodes either.
  if (subject.faults.some((text) => text.includes("belongs to two tokens"))) return;
  for (let id = 0; id < definition.vocabSize + 40; id++)
    expect([id, reference.idToToken(id) ?? undefined]).toEqual([id, tokenOfId(definition, id)]);
  if (subject.faults.some((text) => text.includes("is also that of"))) return;
  const ids = await referenceIds(reference, LINES);
  LINES.forEach((line, i) => {
    expect([line, tokenizer.encode(line)]).toEqual([line, ids[i]]);
  });
});

function changed(kind: Kind, change: (scene: Scene) => void): string {
  const made = expandFor(kind === "byte-level" ? byteLevelBase() : fallbackBase(), PERSIAN, 24);
  const base = JSON.parse(made.base) as TokenizerParts;
  const scene: Scene = {
    base,
    expanded: JSON.parse(made.expanded) as TokenizerParts,
    plan: structuredClone(made.plan) as Scene["plan"],
    baseMerges: base.model.merges.length,
    firstId: made.learned.firstId,
  };
  change(scene);
  return JSON.stringify(scene.expanded);
}

function tryLoad(json: string) {
  try {
    return loadReference(json);
  } catch {
    return undefined;
  }
}
