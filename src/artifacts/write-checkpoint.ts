// The new checkpoint folder appears whole or not at all: written beside its place, file by file with a journal, then given its
// name. A killed run leaves an unfinished folder of another name, which the next one goes on with or clears away.

import { mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { VocabError } from "../errors.ts";
import { makeFolder } from "../io/make-folder.ts";
import { abandonedFolders, giveName, unfinishedPath } from "../io/unfinished-folder.ts";
import { requireOutFolder } from "../io/write-files.ts";
import { ApplyJournal, JOURNAL_FILE, type JournalEntry } from "./apply-journal.ts";
import { listFiles, MARKER_FILE } from "./checkpoint-files.ts";

/** A file of the new folder. */
export interface FileTask {
  readonly name: string;
  readonly bytes: number;
  /** Writes it under a path where nothing is. */
  readonly write: (path: string) => Promise<JournalEntry["notFinite"]>;
}

export interface CheckpointContents {
  /** Hash of all that the files are a function of. */
  readonly inputs: string;
  readonly tasks: readonly FileTask[];
  /** Called when all is written, before the folder gets its name; throws when an input has changed meanwhile. */
  readonly check: () => Promise<void>;
  /** What MARKER_FILE holds. */
  readonly marker: (entries: readonly JournalEntry[]) => string;
}

export interface WriteCheckpointOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told of files that an earlier run had finished. */
  readonly onResumed?: ((bytes: number) => void) | undefined;
}

/**
 * Checks that `out` may be written: it does not exist, is empty, or is as an earlier run left it.
 * @throws VocabError `not-our-folder`, `not-a-folder` (usage), `cannot-write`
 */
export async function requireOurCheckpoint(out: string): Promise<void> {
  await requireOutFolder(dirname(resolve(out)));
  const entry = await stat(out).catch(() => undefined);
  if (entry === undefined) return;
  if (!entry.isDirectory()) throw refusal(out, "a file");
  const found = await listFiles(out);
  if (found.length === 0) return;
  const expected = await markedFiles(out);
  if (expected === undefined) throw refusal(out, "a folder that vocab apply did not make");
  const changed = found.find(({ name, bytes }) => name !== MARKER_FILE && expected[name] !== bytes);
  if (changed !== undefined)
    throw refusal(out, `a folder that was changed since vocab apply made it (${changed.name})`);
}

/** @throws VocabError `cannot-write`, `disk-full`, `unreadable`, and what the tasks throw */
export async function writeCheckpoint(
  out: string,
  contents: CheckpointContents,
  options: WriteCheckpointOptions,
): Promise<JournalEntry[]> {
  const place = resolve(out);
  const unfinished = unfinishedPath(place);
  const isExpected = (cause: unknown) => cause instanceof VocabError || options.signal?.aborted === true;
  // What cannot be claimed may be another's, and is left alone.
  const journal = await claim(place, unfinished, contents.inputs).catch((cause) => {
    throw isExpected(cause) ? cause : ioError(out, cause);
  });
  try {
    const entries: JournalEntry[] = [];
    for (const task of contents.tasks) {
      options.signal?.throwIfAborted();
      entries.push(await carryOut(task, unfinished, journal, options));
    }
    await contents.check();
    await writeFile(join(unfinished, MARKER_FILE), contents.marker(entries));
    await rm(join(unfinished, JOURNAL_FILE));
    // Another process may have made something there in the meantime.
    await requireOurCheckpoint(out);
    options.signal?.throwIfAborted();
    await giveName(unfinished, place);
    return entries;
  } catch (cause) {
    await rm(unfinished, { recursive: true, force: true });
    throw isExpected(cause) ? cause : ioError(out, cause);
  }
}

// Takes over what a killed run left for the same inputs. A rename has one winner, should two runs want it.
async function claim(place: string, unfinished: string, inputs: string): Promise<ApplyJournal> {
  await makeFolder(dirname(place));
  let journal: ApplyJournal | undefined;
  for (const abandoned of await abandonedFolders(place)) {
    if (await ApplyJournal.isForeign(abandoned)) continue;
    const isUseful = journal === undefined && (await ApplyJournal.resume(abandoned, inputs)) !== undefined;
    if (!isUseful) await rm(abandoned, { recursive: true, force: true });
    else if (abandoned === unfinished || (await isRenamed(abandoned, unfinished)))
      journal = await ApplyJournal.resume(unfinished, inputs);
  }
  if (journal !== undefined) return journal;
  await mkdir(unfinished);
  return await ApplyJournal.begin(unfinished, inputs);
}

async function isRenamed(from: string, to: string): Promise<boolean> {
  return await rename(from, to).then(
    () => true,
    () => false,
  );
}

async function carryOut(
  { name, bytes, write }: FileTask,
  folder: string,
  journal: ApplyJournal,
  { onResumed }: WriteCheckpointOptions,
): Promise<JournalEntry> {
  const finished = await journal.entryOf(name);
  if (finished?.bytes === bytes) {
    onResumed?.(bytes);
    return finished;
  }
  const path = join(folder, name);
  await makeFolder(dirname(path));
  await rm(path, { force: true });
  const notFinite = await write(path);
  const { size } = await stat(path);
  if (size !== bytes) throw new Error(`${name} has ${size} bytes, expected ${bytes}`);
  const entry = { file: name, bytes, notFinite };
  await journal.add(entry);
  return entry;
}

/** Sizes by name, as the folder's own record has them; undefined where it is none of ours. */
async function markedFiles(folder: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  const text = await readFile(join(folder, MARKER_FILE), "utf8").catch(() => "");
  try {
    const { schema, files } = JSON.parse(text) as { readonly schema?: unknown; readonly files?: unknown };
    const isOurs = schema === "vocab.application/1" && typeof files === "object" && files !== null;
    return isOurs ? (files as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}

function refusal(out: string, what: string): VocabError {
  return new VocabError("not-our-folder", `--out ${out} is ${what}: it would be overwritten`, {
    kind: "usage",
    hint: "name a folder that does not exist yet",
  });
}

// What the system says of files; anything else is a bug of ours and stays what it is.
function ioError(out: string, cause: unknown): unknown {
  const { code, syscall, message } = cause as NodeJS.ErrnoException;
  if (code === undefined && !(cause instanceof RangeError)) return cause;
  if (code === "ENOSPC" || code === "EDQUOT")
    return new VocabError("disk-full", `--out ${out}: there is no room left on its disk; nothing was kept`, {
      cause,
      hint: "make room (--dry-run says how much is needed), or choose a folder on another disk",
    });
  if (syscall === "read" || cause instanceof RangeError)
    return new VocabError("unreadable", `the checkpoint cannot be read: ${message}`, {
      cause,
      hint: "check its disk, and that nothing else writes to it",
    });
  return new VocabError("cannot-write", `${out} cannot be written: ${message}`, {
    cause,
    hint: "choose another --out folder, or make room",
  });
}
