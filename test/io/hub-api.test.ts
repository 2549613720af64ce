import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { hubFile } from "../../src/io/hub.ts";
import { COMMIT, hubFixture, REPO } from "./hub-fixture.ts";
import { answer, sha256 } from "./hub-server.ts";

const fixture = hubFixture();
const COMMIT_QUESTION = "/revision/";
const FILES_QUESTION = "/paths-info/";
const ask = (options = fixture.options) => hubFile(`hf:${REPO}`, ["tokenizer.json"], options);

test.each([
  ["a page", "<html>log in</html>"],
  ["no commit", '{"sha": "main"}'],
  ["a commit that is a path", `{"sha": "${"../".repeat(13)}a"}`],
  ["a commit that is a list", `{"sha": ["${COMMIT}"]}`],
  ["nothing", "null"],
])("hostile answers for the commit: %s", async (_, text) => {
  fixture.hub.fail(COMMIT_QUESTION, answer(text));
  await expect(ask()).rejects.toMatchObject({ code: "hub-answer" });
  expect(existsSync(fixture.folder)).toBe(false);
});

test("an answer without end is not read to its end", async () => {
  fixture.hub.fail(COMMIT_QUESTION, answer(`"${"x".repeat(2 ** 22)}"`));
  await expect(ask()).rejects.toMatchObject({
    code: "hub-answer",
    message: expect.stringContaining("it is longer than 4194304 bytes"),
  });
});

const HASH = sha256(Buffer.from(""));
const entry = (changes: object) =>
  JSON.stringify([{ type: "file", path: "tokenizer.json", size: 1, oid: "a".repeat(40), ...changes }]);
test.each([
  ["a page", "<html>", "hub-answer"],
  ["no list", "{}", "hub-answer"],
  ["a list of nothing", "[null]", "hub-answer"],
  ["a path out of the folder", entry({ path: "../tokenizer.json" }), "hub-answer"],
  ["a file that was not asked for", entry({ path: "other.json" }), "hub-answer"],
  ["no hash", entry({ oid: undefined }), "hub-answer"],
  ["a hash that is a path", entry({ oid: `../${"a".repeat(37)}` }), "hub-answer"],
  ["a hash that is a list", entry({ oid: Array(40).fill("a") }), "hub-answer"],
  ["a short hash of a large file", entry({ lfs: { oid: "a".repeat(40), size: 1 } }), "hub-answer"],
  ["a size below nothing", entry({ size: -1 }), "hub-answer"],
  ["a size that is text", entry({ size: "1" }), "hub-answer"],
  ["gigabytes", entry({ size: 2 ** 31 + 1 }), "hub-file-too-large"],
  ["gigabytes of a large file", entry({ lfs: { oid: HASH, size: 2 ** 40 } }), "hub-file-too-large"],
])("hostile answers about files: %s", async (_, text, code) => {
  fixture.hub.fail(FILES_QUESTION, answer(text));
  await expect(ask()).rejects.toMatchObject({ code });
  expect(fixture.hub.log).toEqual(["GET revision main", "POST paths-info"]);
  expect(existsSync(fixture.folder)).toBe(false);
});

test("a folder of the name is no file", async () => {
  fixture.hub.fail(FILES_QUESTION, answer(entry({ type: "directory" })));
  await expect(ask()).rejects.toMatchObject({ code: "hub-file-not-found" });
});

test("the limit for files can be lowered", async () => {
  await expect(ask({ ...fixture.options, maxFileBytes: 99_999 })).rejects.toMatchObject({
    code: "hub-file-too-large",
    message: `hf:org/name@${COMMIT}/tokenizer.json has 100000 bytes; files above 99999 bytes are refused`,
  });
});
