import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { requireOutFolder, writeFilesAtomically } from "../../src/io/write-files.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const top = temporaryFolder();
const newFolder = () => mkdtempSync(join(top, "case-"));

test("all files are written, over old ones, in folders that are made", async () => {
  const folder = join(newFolder(), "a", "b");
  await writeFilesAtomically(folder, { "x.json": "1", "y.md": Uint8Array.of(0x32) });
  await writeFilesAtomically(folder, { "x.json": "3" });
  expect(readdirSync(folder).sort()).toEqual(["x.json", "y.md"]);
  expect(readFileSync(join(folder, "x.json"), "utf8")).toBe("3");
});

test("when one cannot be written, none is", async () => {
  const folder = newFolder();
  mkdirSync(join(folder, "y.md"));
  writeFileSync(join(folder, "x.json"), "old");
  await expect(writeFilesAtomically(folder, { "x.json": "new", "y.md": "new" })).rejects.toMatchObject({
    code: "cannot-write",
    kind: "input",
  });
  expect(readdirSync(folder).sort()).toEqual(["x.json", "y.md"]);
  expect(readFileSync(join(folder, "x.json"), "utf8")).toBe("old");
});

test("folders made for a write that fails are removed", async () => {
  const parent = newFolder();
  const name = "n".repeat(300);
  await expect(writeFilesAtomically(join(parent, "a", "b"), { [name]: "1" })).rejects.toThrow();
  expect(readdirSync(parent)).toEqual([]);
});

test("a folder to write into exists or can be made", async () => {
  const folder = newFolder();
  const file = join(folder, "file");
  writeFileSync(file, "");
  await requireOutFolder(folder);
  await requireOutFolder(join(folder, "new", "er"));
  await expect(requireOutFolder(file)).rejects.toMatchObject({ code: "not-a-folder", kind: "usage" });
  await expect(requireOutFolder(join(file, "below"))).rejects.toMatchObject({ code: "not-a-folder" });
});
