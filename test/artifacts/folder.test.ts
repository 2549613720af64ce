import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { requireReplaceable, writeArtifactFolder } from "../../src/artifacts/folder.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const folder = temporaryFolder();
const PLAN = '{\n  "schema": "vocab.embedding-plan/1"\n}\n';
const CERTIFICATE = '{\n  "schema": "vocab.certificate/1"\n}\n';

function place(name: string): string {
  mkdirSync(join(folder, name));
  return join(folder, name, "out");
}

function write(out: string, mark: string): Promise<void> {
  const files = { "tokenizer.json": mark, "embedding-plan.json": PLAN, "finetune/resize_embeddings.py": "x" };
  return writeArtifactFolder(out, files, async () => ({ "certificate.json": CERTIFICATE }));
}

test("appears with all files", async () => {
  const out = place("new");
  await write(out, "1");
  expect(readdirSync(out).sort()).toEqual([
    "certificate.json",
    "embedding-plan.json",
    "finetune",
    "tokenizer.json",
  ]);
  expect(readdirSync(join(out, ".."))).toEqual(["out"]);
});

test("ours is replaced whole, an empty folder is filled", async () => {
  const out = place("again");
  mkdirSync(out);
  await write(out, "1");
  await writeArtifactFolder(out, { "tokenizer.json": "2", "embedding-plan.json": PLAN }, async () => ({
    "certificate.json": CERTIFICATE,
  }));
  expect(readdirSync(out).sort()).toEqual(["certificate.json", "embedding-plan.json", "tokenizer.json"]);
  expect(readFileSync(join(out, "tokenizer.json"), "utf8")).toBe("2");
  expect(readdirSync(join(out, ".."))).toEqual(["out"]);
});

describe("refused, and left as it is", () => {
  test("a folder of someone else's, a file", async () => {
    const out = place("foreign");
    mkdirSync(out);
    writeFileSync(join(out, "tokenizer.json"), "theirs");
    await expect(requireReplaceable(out)).rejects.toThrow("a folder that vocab did not make");
    await expect(write(out, "1")).rejects.toMatchObject({ code: "not-our-folder", kind: "usage" });
    expect(readFileSync(join(out, "tokenizer.json"), "utf8")).toBe("theirs");
    const file = `${out}.txt`;
    writeFileSync(file, "theirs");
    await expect(requireReplaceable(file)).rejects.toThrow("is a file");
    expect(readdirSync(join(out, "..")).sort()).toEqual(["out", "out.txt"]);
  });

  test("ours with something of the user's in it", async () => {
    const out = place("mixed");
    await write(out, "1");
    writeFileSync(join(out, "model.safetensors"), "weights");
    await expect(write(out, "2")).rejects.toThrow("other files in it (model.safetensors)");
    expect(readFileSync(join(out, "tokenizer.json"), "utf8")).toBe("1");
  });

  test("a place below a file", async () => {
    const file = join(folder, "file");
    writeFileSync(file, "");
    await expect(requireReplaceable(join(file, "out"))).rejects.toMatchObject({ code: "not-a-folder" });
  });
});

test("what fails on the way leaves nothing, and an earlier folder stands", async () => {
  const out = place("failing");
  const fail = () =>
    writeArtifactFolder(out, { "tokenizer.json": "2" }, async (unfinished) => {
      expect(existsSync(join(unfinished, "tokenizer.json"))).toBe(true);
      throw new Error("G2 does not hold");
    });
  await expect(fail()).rejects.toThrow("G2 does not hold");
  expect(readdirSync(join(out, ".."))).toEqual([]);
  await write(out, "1");
  await expect(fail()).rejects.toThrow("G2 does not hold");
  expect(readFileSync(join(out, "tokenizer.json"), "utf8")).toBe("1");
  expect(readdirSync(join(out, ".."))).toEqual(["out"]);
});

describe("what killed processes left", () => {
  // No process has this number: Linux has fewer than 2²².
  const pid = 2 ** 22 + 7;

  test("is cleared away", async () => {
    const out = place("abandoned");
    mkdirSync(join(out, "..", `.out.${pid}.tmp`));
    mkdirSync(join(out, "..", `.out.${pid}.tmp.earlier`));
    mkdirSync(join(out, "..", ".other.1.tmp"));
    await write(out, "1");
    expect(readdirSync(join(out, "..")).sort()).toEqual([".other.1.tmp", "out"]);
  });

  test("an earlier folder that was moved aside gets its name back when nothing replaces it", async () => {
    const out = place("aside");
    await write(out, "1");
    renameSync(out, join(out, "..", `.out.${pid}.tmp.earlier`));
    const fail = writeArtifactFolder(out, {}, () => Promise.reject(new Error("no")));
    await expect(fail).rejects.toThrow("no");
    expect(readFileSync(join(out, "tokenizer.json"), "utf8")).toBe("1");
    expect(readdirSync(join(out, ".."))).toEqual(["out"]);
  });
});

test("a file that cannot be written leaves nothing", async () => {
  const out = place("unwritable");
  const files = { a: "a", "a/b": "a file cannot have files in it" };
  await expect(writeArtifactFolder(out, files, async () => ({}))).rejects.toMatchObject({
    code: "cannot-write",
  });
  expect(readdirSync(join(out, ".."))).toEqual([]);
});
