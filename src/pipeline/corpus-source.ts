// Chooses the text of a measurement: the user's files, the files under corpora/<lang>/, or the embedded text.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import fastGlob from "fast-glob";
import { type EmbeddedText, embeddedText } from "../corpus/embedded-text.ts";
import {
  byCodeUnits,
  type CorpusFile,
  findCorpusFiles,
  holdsRecords,
  type UnreadableFile,
} from "../corpus/files.ts";
import { CORPUS_ENDINGS } from "../corpus/text-formats.ts";
import type { DocumentUnit } from "../counting/count-shard.ts";
import { VocabError } from "../errors.ts";
import type { HubOptions } from "../io/hub-request.ts";
import type { Language } from "../text/languages.ts";

export type CorpusSource =
  | { readonly kind: "files"; readonly files: readonly CorpusFile[]; readonly unit: DocumentUnit }
  | { readonly kind: "embedded"; readonly text: EmbeddedText; readonly stored: Buffer };

export interface CorpusChoice {
  readonly corpus: readonly string[];
  readonly unit: DocumentUnit | undefined;
  /** Folder that `corpora/<lang>/` is looked for in. */
  readonly folder: string;
  /** What globs that begin with `hf://` are asked of. */
  readonly hub: HubOptions | undefined;
  /** Is told what cannot be read. Default: that is an error. */
  readonly onUnreadable?: ((file: UnreadableFile) => void) | undefined;
}

/** @throws VocabError `no-match`, `no-embedded-text`, … */
export async function chooseCorpus(language: Language, choice: CorpusChoice): Promise<CorpusSource> {
  const globs = choice.corpus.length > 0 ? choice.corpus : await ownCorpus(language, choice.folder);
  if (globs.length === 0) {
    const text = embeddedText(language);
    return { kind: "embedded", text, stored: readFileSync(text.file) };
  }
  return await namedCorpus(globs, choice.unit, choice.hub, choice.onUnreadable);
}

/** @throws VocabError `no-match`, `wrong-unit`, … */
export async function namedCorpus(
  globs: readonly string[],
  unit: DocumentUnit | undefined,
  hub?: HubOptions,
  onUnreadable?: (file: UnreadableFile) => void,
): Promise<CorpusSource & { kind: "files" }> {
  const files = await findCorpusFiles(globs, hub, onUnreadable);
  return { kind: "files", files, unit: unitOf(files, unit) };
}

async function ownCorpus(language: Language, folder: string): Promise<string[]> {
  const base = fastGlob.escapePath(join(folder, "corpora", language.tag).replaceAll("\\", "/"));
  const glob = `${base}/**/*{${CORPUS_ENDINGS.join(",")}}`;
  const found = await fastGlob(glob, { followSymbolicLinks: false });
  return found.length > 0 ? [glob] : [];
}

/** The repositories on a hub that files are of, with their commits, sorted; undefined where there are none. */
export function hubSources(files: readonly CorpusFile[]): readonly string[] | undefined {
  const sources = files.flatMap(({ remote }) =>
    remote === undefined ? [] : [`hf://${remote.file.repo}@${remote.file.commit}`],
  );
  return sources.length === 0 ? undefined : [...new Set(sources)].sort(byCodeUnits);
}

export function noCorpus({ tag, name }: Language): VocabError {
  return new VocabError("no-corpus", `no text of ${name} is named`, {
    kind: "usage",
    hint: `--corpus FILE…, or put text files under corpora/${tag}/`,
  });
}

// Records and sentences of treebanks are documents by themselves; --unit says what a text file's documents are.
function unitOf(files: readonly CorpusFile[], unit: DocumentUnit | undefined): DocumentUnit {
  const allRecords = files.every(holdsRecords);
  if (unit === undefined) return allRecords ? "record" : "line";
  if (unit === "record" && !allRecords) {
    const text = files.find((file) => !holdsRecords(file))!;
    throw new VocabError(
      "wrong-unit",
      `--unit record: ${text.path} is not a .jsonl or .conllu file or another with records`,
      {
        kind: "usage",
        hint: "use --unit line or --unit file",
      },
    );
  }
  return unit;
}
