import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  documentBytes,
  seedNumber,
  textWordRule,
  tokenizerIds,
  wordRule,
  workerCount,
} from "../../src/cli/option-parsers.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const folder = temporaryFolder();

test("sizes take suffixes of 1024", () => {
  const sizes = ["1", "65536", "64K", "64M", "64MiB", "1g", "1GB"];
  expect(sizes.map(documentBytes)).toEqual([1, 65536, 65536, 2 ** 26, 2 ** 26, 2 ** 30, 2 ** 30]);
});

test.each(["0", "", "-1", "1.5M", "2G", "64T", "M", "1e6", "1073741825"])("no size: %j", (typed) => {
  expect(() => documentBytes(typed)).toThrow("Expected bytes from 1 to 1G");
});

test("numbers stay in their range", () => {
  expect(workerCount("1")).toBe(1);
  expect(workerCount("256")).toBe(256);
  expect(seedNumber("9007199254740991")).toBe(Number.MAX_SAFE_INTEGER);
  for (const typed of ["0", "257", "two", "2.0", " 2", ""])
    expect(() => workerCount(typed)).toThrow("Expected a whole number from 1 to 256");
  for (const typed of ["-1", "9007199254740992", "1e3"])
    expect(() => seedNumber(typed)).toThrow("Expected a whole number from 0 to 9007199254740991");
});

test("lists of tokenizers add up, and paths may hold commas", () => {
  const path = join(folder, "a,b.json");
  writeFileSync(path, "{}");
  expect(tokenizerIds("qwen3,llama3", undefined)).toEqual(["qwen3", "llama3"]);
  expect(tokenizerIds("gemma3", ["qwen3"])).toEqual(["qwen3", "gemma3"]);
  expect(tokenizerIds(path, undefined)).toEqual([path]);
  expect(tokenizerIds(`qwen3,${path},gemma3`, undefined)).toEqual(["qwen3", path, "gemma3"]);
  expect(tokenizerIds("qwen3, gemma3,,", undefined)).toEqual(["qwen3", "gemma3"]);
});

test("gold words are refused with the reason", () => {
  const rules = ["whitespace", "uax29", "gold", "none"];
  expect(rules.map(wordRule)).toEqual(rules);
  expect(() => wordRule("letters")).toThrow("Allowed choices are whitespace, uax29, gold, none.");
  expect(["whitespace", "uax29", "none"].map(textWordRule)).toEqual(["whitespace", "uax29", "none"]);
  expect(() => textWordRule("gold")).toThrow("vocab analyze");
  expect(() => textWordRule("letters")).toThrow("Allowed choices are whitespace, uax29, none.");
});
