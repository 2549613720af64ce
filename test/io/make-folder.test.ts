import { existsSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeFolder } from "../../src/io/make-folder.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const top = temporaryFolder();
const newFolder = () => mkdtempSync(join(top, "case-"));

test("says which folder is the uppermost of those it made", async () => {
  const folder = newFolder();
  expect(await makeFolder(join(folder, "a/b/c"))).toBe(join(folder, "a"));
  expect(await makeFolder(join(folder, "a/b/d"))).toBe(join(folder, "a/b/d"));
  expect(await makeFolder(join(folder, "a/b"))).toBe(undefined);
  expect(existsSync(join(folder, "a/b/c"))).toBe(true);
});

test("several at once", async () => {
  const folder = newFolder();
  await Promise.all(["a/b/c", "a/b/d", "a/b", "a"].map((path) => makeFolder(join(folder, path))));
  expect(existsSync(join(folder, "a/b/d"))).toBe(true);
});

test("a link to a folder is one", async () => {
  const folder = newFolder();
  mkdirSync(join(folder, "real"));
  symlinkSync("real", join(folder, "link"));
  expect(await makeFolder(join(folder, "link"))).toBe(undefined);
  expect(await makeFolder(join(folder, "link/below"))).toBe(join(folder, "link/below"));
});

test("a file or a dead link in the way is an error", async () => {
  const folder = newFolder();
  writeFileSync(join(folder, "file"), "");
  symlinkSync("gone", join(folder, "dead"));
  await expect(makeFolder(join(folder, "file"))).rejects.toMatchObject({ code: "EEXIST" });
  await expect(makeFolder(join(folder, "file/below"))).rejects.toMatchObject({ code: "ENOTDIR" });
  await expect(makeFolder(join(folder, "dead/below"))).rejects.toMatchObject({ code: "EEXIST" });
});

// Node's own mkdir never comes back from there.
test.runIf(existsSync("/proc/self"))("where none can be made", { timeout: 5000 }, async () => {
  await expect(makeFolder("/proc/none/below")).rejects.toThrow();
});
