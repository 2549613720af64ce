// Lists of words in files, one a line: what `--include` and `--exclude` name.

import { isUtf8 } from "node:buffer";
import { readFile } from "node:fs/promises";
import { VocabError } from "../errors.ts";

/**
 * The words of all files, in order; white space around them and empty lines are dropped.
 * @throws VocabError `no-match` (usage), `unreadable`, `invalid-utf8`, `not-a-word`
 */
export async function readWordLists(paths: readonly string[]): Promise<string[]> {
  const lists = await Promise.all(paths.map(readWordList));
  return lists.flat();
}

async function readWordList(path: string): Promise<string[]> {
  const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT")
      throw new VocabError("no-match", `no such file: ${path}`, {
        kind: "usage",
        cause,
        hint: "check the path",
      });
    throw new VocabError("unreadable", `${path} cannot be read: ${cause.message}`, { cause });
  });
  if (!isUtf8(bytes))
    throw new VocabError("invalid-utf8", `${path} is not UTF-8`, { hint: "convert it: iconv -f … -t UTF-8" });
  const lines = bytes
    .toString("utf8")
    .replace(/^\ufeff/, "")
    .split(/\r?\n/);
  return lines.flatMap((line, i) => {
    const word = line.trim();
    if (word === "") return [];
    if (!/\s/.test(word)) return [word];
    throw new VocabError("not-a-word", `${path}, line ${i + 1}: ${JSON.stringify(word)} is not one word`, {
      hint: "one word a line: no token reaches over white space",
    });
  });
}
