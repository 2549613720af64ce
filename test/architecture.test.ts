import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

// The direction of imports: a folder imports itself and what stands in a row above its own. Folders of one row do not
// import each other. Single files at the top of src are rows of their own.
const ROWS: readonly (readonly string[])[] = [
  ["errors.ts", "version.ts", "wasm"],
  ["text", "io"],
  ["corpus", "tokenizer"],
  ["counting"],
  ["pre-tokens"],
  ["metrics", "training"],
  ["expansion"],
  ["embeddings"],
  ["artifacts"],
  ["verification"],
  ["workers"],
  ["counts"],
  ["pipeline"],
  ["reports"],
  ["index.ts"],
  ["cli"],
];

const SOURCE = join(import.meta.dirname, "../src");

function sourceFiles(): string[] {
  return readdirSync(SOURCE, { recursive: true, encoding: "utf8" })
    .map((file) => file.replaceAll("\\", "/"))
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".d.ts") && !file.startsWith("wasm/assembly/"));
}

function rowOf(file: string): number {
  return ROWS.findIndex((row) => row.includes(file.split("/")[0]!));
}

function importsOf(file: string): string[] {
  const text = readFileSync(join(SOURCE, file), "utf8");
  return [...text.matchAll(/(?:from|import\()\s*"(\.[^"]+)"/g)].map(([, path]) =>
    join(file, "..", path!).replaceAll("\\", "/"),
  );
}

test("every folder of src has its row", () => {
  expect(sourceFiles().filter((file) => rowOf(file) < 0)).toEqual([]);
});

test("imports point one way", () => {
  const wrong = sourceFiles().flatMap((file) =>
    importsOf(file)
      .filter((target) => !target.startsWith(".."))
      .filter((target) => {
        const isSameFolder = target.split("/")[0] === file.split("/")[0];
        return !isSameFolder && rowOf(target) >= rowOf(file);
      })
      .map((target) => `${file} → ${target}`),
  );
  expect(wrong).toEqual([]);
});

test("no barrels: only src/index.ts re-exports", () => {
  const barrels = sourceFiles().filter(
    (file) => file !== "index.ts" && /^export .* from /m.test(readFileSync(join(SOURCE, file), "utf8")),
  );
  expect(barrels).toEqual([]);
});

test("no file is longer than 300 lines, but for generated data", () => {
  const long = sourceFiles()
    .filter((file) => !file.endsWith("-data.ts"))
    .filter((file) => readFileSync(join(SOURCE, file), "utf8").split("\n").length > 301);
  expect(long).toEqual([]);
});
