import { expect, test } from "vitest";
import { globFolder, isPathGlob, pathMatcher } from "../../src/io/path-glob.ts";

test.each([
  ["data/*.parquet", "data/a.parquet", true],
  ["data/*.parquet", "data/b/a.parquet", false],
  ["data/*.parquet", "data/.a.parquet", false],
  ["data/**/*.parquet", "data/a.parquet", true],
  ["data/**/*.parquet", "data/b/c/a.parquet", true],
  ["data/**/*.parquet", "data/.git/a.parquet", false],
  ["**", "a/b/c.txt", true],
  ["**/train/*", "fa/train/0.txt", true],
  ["a.txt", "abtxt", false],
  ["data/000?.txt", "data/0001.txt", true],
  ["data/000?.txt", "data/000/.txt", false],
  ["[a-c]*.txt", "b1.txt", true],
  ["[!a-c]*.txt", "b1.txt", false],
  ["[!a-c]x", "/x", false],
  ["{fa,ckb}/*.txt", "ckb/1.txt", true],
  ["{fa,ckb}/*.txt", "en/1.txt", false],
  ["{fa*,c?b}/x", "fas_Arab/x", true],
  ["lang=fa/*.txt", "lang=fa/1.txt", true],
  ["a+(b)$/*", "a+(b)$/c", true],
  [".hidden/*", ".hidden/a", true],
])("%s takes %s: %s", (glob, path, isMatch) => {
  expect(pathMatcher(glob)!(path)).toBe(isMatch);
});

test("a bracket that does not close is no glob", () => {
  for (const glob of ["a[b", "a{b", "[z-a]"]) expect(pathMatcher(glob)).toBeUndefined();
});

test("the folder above the first pattern", () => {
  expect(globFolder("data/fa/*.parquet")).toBe("data/fa");
  expect(globFolder("*.txt")).toBe("");
  expect(globFolder("data/a.txt")).toBe("data");
  expect(globFolder("data/{fa,en}/x/*.txt")).toBe("data");
  expect(isPathGlob("a/b.txt")).toBe(false);
});
