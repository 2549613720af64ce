// The scripts for training in the artifact folder: the same files in the source tree, beside the built program and there.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { FolderFiles } from "./folder.ts";

const FOLDER = fileURLToPath(new URL("../../finetune", import.meta.url));

/** `finetune/README.md` and `finetune/*.py`. */
export function finetuneFiles(): FolderFiles {
  const names = readdirSync(FOLDER).filter((name) => name === "README.md" || name.endsWith(".py"));
  return Object.fromEntries(
    names.sort().map((name) => [`finetune/${name}`, readFileSync(join(FOLDER, name))]),
  );
}
