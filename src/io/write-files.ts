// Writes several files into a folder: all of them or none.

import { constants } from "node:fs";
import { access, rename, rm, rmdir, stat, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { VocabError } from "../errors.ts";
import { makeFolder } from "./make-folder.ts";

const HINT = "choose another --out folder, or make room";

/**
 * Checks before a long run that `folder` can be written to afterwards.
 * @throws VocabError `not-a-folder` (usage), `cannot-write`
 */
export async function requireOutFolder(folder: string): Promise<void> {
  for (let path = resolve(folder); ; path = dirname(path)) {
    const entry = await stat(path).catch((cause: NodeJS.ErrnoException) => {
      if (cause.code === "ENOENT" || cause.code === "ENOTDIR") return undefined;
      throw cannotWrite(folder, cause);
    });
    if (entry === undefined && path !== dirname(path)) continue;
    if (entry?.isDirectory() !== true)
      throw new VocabError("not-a-folder", `${path} is a file, not a folder to write into`, {
        kind: "usage",
        hint: HINT,
      });
    return access(path, constants.W_OK | constants.X_OK).catch((cause) => {
      throw cannotWrite(folder, cause);
    });
  }
}

/**
 * Writes each file under a temporary name, then gives all of them their names; folders are made as needed. A failure
 * leaves nothing behind that was not there before.
 * @param files content by name
 * @throws VocabError `cannot-write`
 */
export async function writeFilesAtomically(
  folder: string,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<void> {
  const places = Object.entries(files).map(([name, content]) => {
    const path = join(folder, name);
    return { path, temporary: `${path}.${process.pid}.tmp`, content };
  });
  let made: string | undefined;
  try {
    made = await makeFolder(folder);
    for (const { temporary, content } of places) await writeFile(temporary, content);
    for (const { path } of places) await requireReplaceable(path);
    for (const { path, temporary } of places) await rename(temporary, path);
  } catch (cause) {
    for (const { temporary } of places) await rm(temporary, { force: true }).catch(() => {});
    if (made !== undefined) await removeEmpty(resolve(folder), resolve(made));
    throw cannotWrite(folder, cause as Error);
  }
}

// A rename that cannot succeed must be known before the first one.
async function requireReplaceable(path: string): Promise<void> {
  const entry = await stat(path).catch(() => undefined);
  if (entry?.isDirectory() === true) throw new Error(`${path} is a folder`);
}

async function removeEmpty(folder: string, top: string): Promise<void> {
  for (let path = folder; path.startsWith(top); path = dirname(path)) {
    try {
      await rmdir(path);
    } catch {
      return;
    }
  }
}

function cannotWrite(folder: string, cause: Error): VocabError {
  return new VocabError("cannot-write", `${folder} cannot be written to: ${cause.message}`, {
    cause,
    hint: HINT,
  });
}
