import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { madeLines } from "../pipeline/training-files.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { Random } from "../tokenizer/hostile-text.ts";
import { killCounts } from "./killed-counts.ts";

const folder = temporaryFolder();

// The same on real text, fifty times: test/oracles/kill-counts.ts.
test("a count that is killed at any moment goes on to the same bytes", async () => {
  mkdirSync(join(folder, "text"));
  for (let i = 0; i < 6; i++) {
    const text = madeLines(i, 20_000)
      .map((line, n) => `${line} ${i}-${n}`)
      .join("\n");
    const name = join(folder, "text", `${i}.txt`);
    if (i % 2 === 0) writeFileSync(name, text);
    else writeFileSync(`${name}.gz`, gzipSync(text));
  }
  const args = ["--lang", "fa", "--corpus", join(folder, "text", "*"), "--workers", "2"];
  const result = await killCounts(
    [...args, "--memory", "64M", "--checkpoint", "1M"],
    folder,
    6,
    new Random(1),
  );
  expect(result).toMatchObject({ kills: 6, different: 0 });
  expect(result.finished).toBeGreaterThan(0);
});
