// The number of workers changes nothing: counts, candidates and sweeps of a corpus that is read by several threads.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { canonicalJson } from "../../src/io/canonical-json.ts";
import { count } from "../../src/pipeline/count.ts";
import { sweep } from "../../src/pipeline/sweep.ts";
import { train } from "../../src/pipeline/train.ts";
import { BYTE_BASE, madeLines, testFiles } from "./training-files.ts";

const { folder, write } = testFiles();
const base = write("base.json", BYTE_BASE);
// Above what one thread reads alone, in several shards, with long segments; equal lines in all of them.
const lines = madeLines(1, 150_000).map((line, i) =>
  i % 100 === 0 ? `${line} ${"ยาว".repeat(40 + (i % 7))}` : line,
);
const corpus = [
  write("a.txt", lines.slice(0, 90_000).join("\n")),
  write("b.txt", lines.slice(80_000).join("\n")),
  write("c.txt", lines.slice(0, 5000).join("\n")),
];
const heldOut = [write("held-out.txt", [...lines.slice(100, 900), ...madeLines(2, 20_000)].join("\n"))];
const withoutRun = ({ run: _, ...result }: { readonly run: unknown }) => canonicalJson(result);

it("1, 2 and 5 workers", async () => {
  const runs: unknown[] = [];
  for (const workers of [1, 2, 5]) {
    const out = join(folder, `counts-${workers}`);
    await count("fa", { corpus, out, workers });
    const files = readdirSync(out).map((name) => readFileSync(join(out, name), "base64"));
    const trained = withoutRun(await train("fa", { base, corpus, add: 300, workers }));
    const fromCounts = withoutRun(await train("fa", { base, counts: [out], add: 300, workers }));
    expect(fromCounts.replace('"from": "counts"', '"from": "rule"')).toBe(trained);
    const swept = withoutRun(await sweep("fa", { base, corpus, heldOut, max: 300, workers }));
    runs.push([files, trained, swept]);
  }
  expect(runs[1]).toEqual(runs[0]);
  expect(runs[2]).toEqual(runs[0]);
}, 300_000);
