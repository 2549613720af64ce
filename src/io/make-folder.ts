// Makes a folder and those above it. The `recursive` of Node's mkdir never ends where the folder above is there and refuses
// with "no such file", as /proc does (seen with Node 20.20).

import { mkdir, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";

/** Returns the uppermost folder that was made; undefined when all were there. */
export async function makeFolder(path: string): Promise<string | undefined> {
  const folder = resolve(path);
  try {
    return await makeOne(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT" || folder === dirname(folder)) throw error;
  }
  const above = await makeFolder(dirname(folder));
  const made = await makeOne(folder);
  return above ?? made;
}

async function makeOne(folder: string): Promise<string | undefined> {
  try {
    await mkdir(folder);
    return folder;
  } catch (error) {
    const isFolder = (await stat(folder).catch(() => undefined))?.isDirectory() === true;
    if (isFolder) return undefined;
    throw error;
  }
}
