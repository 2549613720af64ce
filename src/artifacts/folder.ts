// The artifact folder appears whole or not at all: it is written beside its place under another name, completed, and only
// then given its name.

import { readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { VocabError } from "../errors.ts";
import { makeFolder } from "../io/make-folder.ts";
import { abandonedFolders, giveName, unfinishedPath } from "../io/unfinished-folder.ts";
import { requireOutFolder } from "../io/write-files.ts";

/** Contents by name; names may have folders in them ("finetune/resize_embeddings.py"). */
export type FolderFiles = Readonly<Record<string, string | Uint8Array>>;

/** What any version of vocab may write at the top of an artifact folder. */
const OUR_FILES: ReadonlySet<string> = new Set([
  "tokenizer.json",
  "tokenizer_config.json",
  "special_tokens_map.json",
  "chat_template.jinja",
  "chat_template.json",
  "generation_config.json",
  "tokenizer.model",
  "embedding-plan.json",
  "new-tokens.tsv",
  "certificate.json",
  "finetune",
  "README.md",
  "report.html",
]);

/**
 * Checks before a long run that `out` may be written: it does not exist, is empty, or is an artifact folder of ours with
 * nothing else in it.
 * @throws VocabError `not-our-folder` (usage), `not-a-folder`, `cannot-write`
 */
export async function requireReplaceable(out: string): Promise<void> {
  await requireOutFolder(dirname(resolve(out)));
  const entry = await stat(out).catch(() => undefined);
  if (entry === undefined) return;
  if (!entry.isDirectory()) throw refusal(out, "a file");
  const names = await readdir(out);
  if (names.length === 0) return;
  const foreign = names.filter((name) => !OUR_FILES.has(name) && !/\.tiktoken(\.json)?$/.test(name));
  if (!(await isOurs(out))) throw refusal(out, "a folder that vocab did not make");
  if (foreign.length > 0) throw refusal(out, `a folder with other files in it (${foreign[0]})`);
}

/**
 * Writes `files` beside `out`, lets `complete` check them there and say what else belongs to them, and then gives the
 * folder its name; an earlier one of ours is replaced. When anything fails, nothing is left and the earlier one stands.
 * @param complete gets the path of the unfinished folder
 * @throws VocabError `cannot-write`, and what `complete` throws
 */
export async function writeArtifactFolder(
  out: string,
  files: FolderFiles,
  complete: (unfinished: string) => Promise<FolderFiles>,
): Promise<void> {
  const place = resolve(out);
  const unfinished = unfinishedPath(place);
  try {
    for (const abandoned of await abandonedFolders(place))
      await rm(abandoned, { recursive: true, force: true });
    await writeAll(unfinished, files, out);
    await writeAll(unfinished, await complete(unfinished), out);
    // Another process may have made something there in the meantime.
    await requireReplaceable(out);
    await moveInto(unfinished, place, out);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

async function isOurs(folder: string): Promise<boolean> {
  const schemas = await Promise.all(
    ["embedding-plan.json", "certificate.json"].map(async (name) => {
      const text = await readFile(join(folder, name), "utf8").catch(() => "");
      return /^\{\s*"schema":\s*"(vocab\.[a-z-]+\/\d+)"/.exec(text)?.[1];
    }),
  );
  return schemas.every((schema) => schema !== undefined);
}

async function writeAll(folder: string, files: FolderFiles, out: string): Promise<void> {
  try {
    for (const [name, content] of Object.entries(files)) {
      await makeFolder(dirname(join(folder, name)));
      await writeFile(join(folder, name), content);
    }
  } catch (cause) {
    throw cannotWrite(out, cause as Error);
  }
}

async function moveInto(unfinished: string, place: string, out: string): Promise<void> {
  try {
    await giveName(unfinished, place);
  } catch (cause) {
    throw cannotWrite(out, cause as Error);
  }
}

function refusal(out: string, what: string): VocabError {
  return new VocabError("not-our-folder", `--out ${out} is ${what}: it would be overwritten`, {
    kind: "usage",
    hint: "name a folder that does not exist yet",
  });
}

function cannotWrite(out: string, cause: Error): VocabError {
  return new VocabError("cannot-write", `${out} cannot be written: ${cause.message}`, {
    cause,
    hint: "choose another --out folder, or make room",
  });
}
