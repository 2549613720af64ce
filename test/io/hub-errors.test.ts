import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const TOP = join(import.meta.dirname, "../..");

test("docs/hub.md lists the errors that there are, each with its exit code", () => {
  const sources = readdirSync(join(TOP, "src/io")).filter((file) => /^hub.*\.ts$/.test(file));
  const thrown: Record<string, string> = {};
  for (const file of sources)
    for (const error of readFileSync(join(TOP, "src/io", file), "utf8")
      .split("new VocabError(")
      .slice(1)) {
      const [, code = file] = /^\s*"([^"]+)"/.exec(error) ?? [];
      thrown[code] = error.split(";\n")[0]!.includes('kind: "usage"') ? "2" : "1";
    }
  const rows = readFileSync(join(TOP, "docs/hub.md"), "utf8").matchAll(/^\| `(hub-[a-z-]+)` \| (\d) \|/gm);
  expect(Object.fromEntries([...rows].map(([, code, exit]) => [code, exit]))).toEqual(thrown);
  expect(thrown).toMatchObject({ "hub-id": "2", "hub-access-denied": "1" });
});
