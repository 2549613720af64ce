import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { furtherHubFiles, hubFile, hubSource } from "../../src/io/hub.ts";
import { COMMIT, CONFIG, hubFixture, NEXT_COMMIT, noise, offline, REPO, TOKENIZER } from "./hub-fixture.ts";
import { gitHash, sha256, status } from "./hub-server.ts";

const fixture = hubFixture();
const ID = `hf:${REPO}`;
const TOKENIZER_HASH = sha256(TOKENIZER.content);
const hashOf = (path: string) => sha256(readFileSync(path));

test("the first candidate that the repository has is downloaded, and named with its commit", async () => {
  const file = await hubFile(ID, ["tokenizer.model", "tokenizer.json"], fixture.options);
  expect(file).toEqual({
    path: join(fixture.folder, "snapshots", COMMIT, "tokenizer.json"),
    repo: REPO,
    commit: COMMIT,
    name: "tokenizer.json",
  });
  expect(hashOf(file.path)).toBe(TOKENIZER_HASH);
  expect(hubSource(file)).toBe(`hf:org/name@${COMMIT}/tokenizer.json`);
});

test("the order of candidates decides, not that of the hub", async () => {
  const both = ["tokenizer_config.json", "tokenizer.json"];
  expect((await hubFile(ID, both, fixture.options)).name).toBe("tokenizer_config.json");
  expect(fixture.hub.log.filter((line) => line.includes("tokenizer.json"))).toEqual([]);
});

test("the cache has the layout of Python's huggingface_hub", async () => {
  const file = await hubFile(ID, ["tokenizer.model", "tokenizer.json"], fixture.options);
  await furtherHubFiles(file, ["tokenizer_config.json"], fixture.options);
  const { folder } = fixture;
  expect(readdirSync(fixture.cache)).toEqual(["models--org--name"]);
  expect(readdirSync(folder).sort()).toEqual([".no_exist", "blobs", "refs", "snapshots"]);
  expect(readFileSync(join(folder, "refs", "main"), "utf8")).toBe(COMMIT);
  // Large files by SHA-256, small ones by git's SHA-1.
  const blobs = [gitHash(CONFIG.content), TOKENIZER_HASH].sort();
  expect(readdirSync(join(folder, "blobs")).sort()).toEqual(blobs);
  expect(readlinkSync(join(folder, "snapshots", COMMIT, "tokenizer.json"))).toBe(
    join("..", "..", "blobs", TOKENIZER_HASH),
  );
  expect(readFileSync(join(folder, ".no_exist", COMMIT, "tokenizer.model"), "utf8")).toBe("");
});

test("a file in a folder of the repository, of a revision with a slash", async () => {
  fixture.hub.commit(NEXT_COMMIT, { "original/a b.model": CONFIG }, "refs/pr/1");
  const file = await hubFile(`${ID}@refs/pr/1`, ["original/a b.model"], fixture.options);
  expect(fixture.hub.seen.map(({ path }) => path)).toContain(
    `/${REPO}/resolve/${NEXT_COMMIT}/original/a%20b.model`,
  );
  expect(readFileSync(file.path)).toEqual(CONFIG.content);
  expect(readlinkSync(file.path)).toBe(join("..", "..", "..", "blobs", gitHash(CONFIG.content)));
  expect(readFileSync(join(fixture.folder, "refs", "refs", "pr", "1"), "utf8")).toBe(NEXT_COMMIT);
});

test("what is cached costs one question for a branch, none for a full commit", async () => {
  await hubFile(ID, ["tokenizer.json"], fixture.options);
  fixture.hub.seen.length = 0;
  await hubFile(ID, ["tokenizer.json"], fixture.options);
  expect(fixture.hub.log).toEqual(["GET revision main"]);
  // What stands behind a file that is there does not matter.
  await hubFile(`${ID}@${COMMIT}`, ["tokenizer.json", "tokenizer_config.json"], fixture.options);
  expect(fixture.hub.log).toEqual(["GET revision main"]);
});

test("a branch that moved: its new commit, the reference too, the old snapshot stays", async () => {
  const old = await hubFile(ID, ["tokenizer.json"], fixture.options);
  fixture.hub.commit(NEXT_COMMIT, { "tokenizer.json": { content: noise(500, 2) } });
  const file = await hubFile(ID, ["tokenizer.json"], fixture.options);
  expect(file.commit).toBe(NEXT_COMMIT);
  expect(readFileSync(file.path)).toEqual(noise(500, 2));
  expect(hashOf(old.path)).toBe(TOKENIZER_HASH);
  expect(readFileSync(join(fixture.folder, "refs", "main"), "utf8")).toBe(NEXT_COMMIT);
  expect(readdirSync(join(fixture.folder, "refs"))).toEqual(["main"]);
});

test("a new commit that cannot be downloaded leaves the old one for offline use", async () => {
  await hubFile(ID, ["tokenizer.json"], fixture.options);
  fixture.hub.commit(NEXT_COMMIT, { "tokenizer.json": { content: noise(500, 2) } });
  fixture.hub.fail("/resolve/", status(500));
  await expect(hubFile(ID, ["tokenizer.json"], fixture.options)).rejects.toMatchObject({
    code: "hub-unavailable",
  });
  expect((await hubFile(ID, ["tokenizer.json"], offline(fixture))).commit).toBe(COMMIT);
});

test("offline, what is cached is used and nothing is asked", async () => {
  const file = await hubFile(ID, ["tokenizer.json"], fixture.options);
  fixture.hub.seen.length = 0;
  expect(await hubFile(ID, ["tokenizer.model", "tokenizer.json"], offline(fixture))).toEqual(file);
  expect(await furtherHubFiles(file, ["tokenizer_config.json"], offline(fixture))).toEqual([]);
  expect(fixture.hub.seen).toEqual([]);
});

test.each([
  [ID, `hf:org/name@main is not in the cache`],
  [`${ID}@${COMMIT}`, `hf:org/name@${COMMIT}, tokenizer.json, is not in the cache`],
])("offline and not cached: %s", async (id, message) => {
  await expect(hubFile(id, ["tokenizer.json"], offline(fixture))).rejects.toMatchObject({
    code: "hub-offline",
    kind: "input",
    message: `${message} ${fixture.cache}, and HF_HUB_OFFLINE is set`,
    hint: expect.stringContaining("without HF_HUB_OFFLINE"),
  });
  expect(fixture.hub.seen).toEqual([]);
});

test("a cached file is not taken in place of one that is preferred", async () => {
  await hubFile(`${ID}@${COMMIT}`, ["tokenizer_config.json"], fixture.options);
  const names = ["tokenizer.json", "tokenizer_config.json"];
  expect((await hubFile(`${ID}@${COMMIT}`, names, fixture.options)).name).toBe("tokenizer.json");
});

test("that a preferred file is absent is asked once", async () => {
  const names = ["tokenizer.model", "tokenizer.json"];
  await hubFile(`${ID}@${COMMIT}`, names, fixture.options);
  fixture.hub.seen.length = 0;
  expect((await hubFile(`${ID}@${COMMIT}`, names, fixture.options)).name).toBe("tokenizer.json");
  expect(fixture.hub.seen).toEqual([]);
});

test("further files are of the same commit, absent ones are left out, all in one question", async () => {
  const file = await hubFile(ID, ["tokenizer.json"], fixture.options);
  fixture.hub.commit(NEXT_COMMIT, {});
  fixture.hub.seen.length = 0;
  const names = ["special_tokens_map.json", "tokenizer_config.json", "chat_template.jinja"];
  const further = await furtherHubFiles(file, names, fixture.options);
  expect(further.map(({ name, commit }) => [name, commit])).toEqual([["tokenizer_config.json", COMMIT]]);
  expect(readFileSync(further[0]!.path)).toEqual(CONFIG.content);
  expect(fixture.hub.log).toEqual([
    "POST paths-info",
    "GET resolve tokenizer_config.json",
    "GET cache tokenizer_config.json",
  ]);
  expect(await furtherHubFiles(file, names, fixture.options)).toEqual(further);
  expect(fixture.hub.seen).toHaveLength(3);
});

test("a repository without any of the files", async () => {
  await expect(hubFile(ID, ["a.json", "b.model"], fixture.options)).rejects.toMatchObject({
    code: "hub-file-not-found",
    kind: "usage",
    message: "hf:org/name@main has no a.json, b.model",
  });
});

// The tree that hf_hub_download of huggingface_hub 2.4.0 leaves, but for its locks; made by hand.
test("what Python has downloaded is used: offline by branch, online by commit, without a request", async () => {
  const { folder } = fixture;
  for (const part of ["refs", "blobs", `snapshots/${COMMIT}`])
    mkdirSync(join(folder, part), { recursive: true });
  writeFileSync(join(folder, "refs", "v1"), COMMIT);
  writeFileSync(join(folder, "blobs", TOKENIZER_HASH), TOKENIZER.content);
  const path = join(folder, "snapshots", COMMIT, "tokenizer.json");
  symlinkSync(`../../blobs/${TOKENIZER_HASH}`, path);
  expect(await hubFile(`${ID}@v1`, ["tokenizer.json"], offline(fixture))).toMatchObject({
    path,
    commit: COMMIT,
  });
  expect(await hubFile(`${ID}@${COMMIT}`, ["tokenizer.json"], fixture.options)).toMatchObject({ path });
  expect(fixture.hub.seen).toEqual([]);
});

test("contents that another commit has brought are not brought again", async () => {
  await hubFile(ID, ["tokenizer.json"], fixture.options);
  fixture.hub.commit(NEXT_COMMIT, { "tokenizer.json": TOKENIZER });
  fixture.hub.seen.length = 0;
  const file = await hubFile(ID, ["tokenizer.json"], fixture.options);
  expect(fixture.hub.log).toEqual(["GET revision main", "POST paths-info"]);
  expect(hashOf(file.path)).toBe(TOKENIZER_HASH);
});

test.each([
  ["damaged", () => Buffer.concat([TOKENIZER.content.subarray(1), Buffer.from("x")])],
  ["cut short", () => TOKENIZER.content.subarray(1)],
])("contents in the cache that are %s are replaced", async (_, content) => {
  const blob = join(fixture.folder, "blobs", TOKENIZER_HASH);
  mkdirSync(join(fixture.folder, "blobs"), { recursive: true });
  writeFileSync(blob, content());
  const file = await hubFile(ID, ["tokenizer.json"], fixture.options);
  expect(hashOf(file.path)).toBe(TOKENIZER_HASH);
});

test("a link whose contents were removed is not a cached file, and is made anew", async () => {
  const { path } = await hubFile(ID, ["tokenizer.json"], fixture.options);
  rmSync(join(fixture.folder, "blobs"), { recursive: true });
  expect([existsSync(path), lstatSync(path).isSymbolicLink()]).toEqual([false, true]);
  await hubFile(ID, ["tokenizer.json"], fixture.options);
  expect(hashOf(path)).toBe(TOKENIZER_HASH);
});

test("an id that is none of a hub's is refused before anything else", async () => {
  await expect(hubFile("qwen3", ["tokenizer.json"], fixture.options)).rejects.toMatchObject({
    code: "hub-id",
    kind: "usage",
  });
});
