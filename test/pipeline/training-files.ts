// Text and bases in files, for the tests of count, train and sweep. All of it is made here.

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { BYTE_CHARACTERS } from "../../src/text/byte-alphabet.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { Random } from "../tokenizer/hostile-text.ts";

/** A byte-level BPE tokenizer.json without merges but for "Ø§" (ا); as small as one can be. */
export const BYTE_BASE = JSON.stringify({
  version: "1.0",
  added_tokens: [{ id: 257, content: "<x>", normalized: false, special: true }],
  pre_tokenizer: { type: "ByteLevel", add_prefix_space: false, use_regex: true },
  decoder: { type: "ByteLevel" },
  model: {
    type: "BPE",
    vocab: Object.fromEntries([...BYTE_CHARACTERS, "Ø§"].map((token, id) => [token, id])),
    merges: [["Ø", "§"]],
  },
});

/** Lines of made-up words of the letters, some frequent, some lines equal. */
export function madeLines(seed: number, lines: number, letters = "ابپتدرسشکلمنوهی"): string[] {
  const random = new Random(seed);
  const words = random.times(200, () =>
    random.times(random.integer(1, 7), () => random.pick([...letters])).join(""),
  );
  const word = () => words[Math.floor(200 * random.next() ** 3)]!;
  return random.times(lines, () =>
    random.chance(0.1) ? words[0]! : random.times(random.integer(1, 12), word).join(" "),
  );
}

/** A folder of the test file, and a function that writes files into it. */
export function testFiles(): { readonly folder: string; write(name: string, text: string): string } {
  const folder = temporaryFolder();
  return {
    folder,
    write: (name, text) => {
      const path = join(folder, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
      return path;
    },
  };
}
