import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  cachedCommit,
  cachedFile,
  placeInSnapshot,
  rememberAbsent,
  rememberCommit,
  repoFolder,
  requireFileName,
} from "../../src/io/hub-cache.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const top = temporaryFolder();
const COMMIT = "a".repeat(40);

function folderWithBlob(): { folder: string; blob: string } {
  const folder = mkdtempSync(join(top, "models--"));
  const blob = join(folder, "blobs", "b");
  mkdirSync(join(folder, "blobs"));
  writeFileSync(blob, "text");
  return { folder, blob };
}

test("the folder of a repository", () => {
  expect(repoFolder("/cache", "org/name")).toBe(join("/cache", "models--org--name"));
  expect(repoFolder("/cache", "gpt2")).toBe(join("/cache", "models--gpt2"));
});

test("where the system has no symbolic links, the snapshot holds a copy", async () => {
  const { folder, blob } = folderWithBlob();
  const none = () => Promise.reject(Object.assign(new Error("not permitted"), { code: "EPERM" }));
  const path = await placeInSnapshot({ folder, commit: COMMIT, name: "a.json" }, blob, none);
  expect(lstatSync(path).isFile()).toBe(true);
  expect(readFileSync(path, "utf8")).toBe("text");
  expect(readdirSync(join(folder, "snapshots", COMMIT))).toEqual(["a.json"]);
});

test("a file that is there already is replaced, by two at once too", async () => {
  const { folder, blob } = folderWithBlob();
  const place = { folder, commit: COMMIT, name: "a.json" };
  await Promise.all([placeInSnapshot(place, blob), placeInSnapshot(place, blob)]);
  expect(readdirSync(join(folder, "snapshots", COMMIT))).toEqual(["a.json"]);
  expect(readFileSync((await cachedFile(place))!, "utf8")).toBe("text");
});

test.each(["", "main", `${COMMIT}0`, "../../etc"])("a reference that holds %j is none", async (content) => {
  const { folder } = folderWithBlob();
  mkdirSync(join(folder, "refs"));
  writeFileSync(join(folder, "refs", "main"), content);
  expect(await cachedCommit(folder, "main")).toBeUndefined();
});

test("a line end after the commit of a reference does not matter", async () => {
  const { folder } = folderWithBlob();
  await rememberCommit(folder, "main", `${COMMIT}`);
  writeFileSync(join(folder, "refs", "main"), `${COMMIT}\n`);
  expect(await cachedCommit(folder, "main")).toBe(COMMIT);
});

test("a full commit has no reference to itself", async () => {
  const { folder } = folderWithBlob();
  await rememberCommit(folder, COMMIT, COMMIT);
  expect(readdirSync(folder)).toEqual(["blobs"]);
});

test("notes that cannot be written are no errors", async () => {
  const file = join(folderWithBlob().blob);
  await rememberCommit(file, "main", COMMIT);
  await rememberAbsent({ folder: file, commit: COMMIT, name: "a.json" });
  expect(readFileSync(file, "utf8")).toBe("text");
});

test.each(["../x", "a/../../x", "/etc/passwd", "a//b", "./a", "a\\..\\b", "C:x", "", "a\0b"])(
  "the file name %j is refused",
  async (name) => {
    const error = expect.objectContaining({ code: "hub-file-name" });
    expect(() => requireFileName(name)).toThrow(error);
    await expect(cachedFile({ folder: top, commit: COMMIT, name })).rejects.toEqual(error);
  },
);

test("a cache that cannot be read is an error, not an empty one", async () => {
  const folder = "\0";
  await expect(cachedCommit(folder, "main")).rejects.toMatchObject({ code: "hub-cache" });
});
