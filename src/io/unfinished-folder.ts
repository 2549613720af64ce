// A folder that appears whole or not at all is written beside its place under the name ".<name>.<process>.tmp", and only
// then given its name. What killed processes left there is found again by those names.

import { readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { isRunning } from "./running-process.ts";

/** Where this process writes the folder that is to be at `place`. */
export function unfinishedPath(place: string): string {
  return join(dirname(place), `.${basename(place)}.${process.pid}.tmp`);
}

/**
 * The unfinished folders of processes that no longer run. One that was killed between its last two steps had moved an earlier
 * folder aside: that gets its name back.
 */
export async function abandonedFolders(place: string): Promise<string[]> {
  const prefix = `.${basename(place)}.`;
  const found: string[] = [];
  for (const name of await readdir(dirname(place)).catch(() => [])) {
    const [, pid, earlier] = /^(\d+)\.tmp(\.earlier)?$/.exec(name.slice(prefix.length)) ?? [];
    if (!name.startsWith(prefix) || pid === undefined || isOther(Number(pid))) continue;
    const abandoned = join(dirname(place), name);
    if (earlier === undefined) found.push(abandoned);
    else if ((await stat(place).catch(() => undefined)) === undefined) await rename(abandoned, place);
    else await rm(abandoned, { recursive: true, force: true });
  }
  return found;
}

/** Gives the finished folder its name; one that has it is replaced, or stands when this fails. */
export async function giveName(unfinished: string, place: string): Promise<void> {
  const earlier = `${unfinished}.earlier`;
  const isThere = (await stat(place).catch(() => undefined)) !== undefined;
  if (isThere) await rename(place, earlier);
  try {
    await rename(unfinished, place);
  } catch (cause) {
    if (isThere) await rename(earlier, place);
    throw cause;
  }
  await rm(earlier, { recursive: true, force: true });
}

function isOther(pid: number): boolean {
  return pid !== process.pid && isRunning(pid);
}
