import { expect, test } from "vitest";
import { parseDatasetPath } from "../../src/io/hub-dataset-id.ts";
import { listDataset, remoteName } from "../../src/io/hub-tree.ts";
import { COMMIT, hubFixture, NEXT_COMMIT, noise, offline, withToken } from "./hub-fixture.ts";
import { answer, gitHash, sha256, status } from "./hub-server.ts";

const REPO = "datasets/org/name";
const fixture = hubFixture(REPO);
const FILES = {
  "README.md": { content: Buffer.from("# a") },
  "data/fa/0.txt": { content: noise(10) },
  "data/fa/1.txt": { content: noise(20), large: true },
  "data/fa/more/2.txt": { content: noise(30) },
  "data/en/0.txt": { content: noise(40) },
};
const list = (path: string, options = fixture.options) => {
  fixture.hub.commit(NEXT_COMMIT, FILES);
  return listDataset(`hf://${path}`, options);
};
const names = async (path: string) => (await list(path)).map(({ name }) => name);

test("a glob is asked of the folder above it, page by page, at the commit of the branch", async () => {
  const files = await list(`${REPO}/data/fa/*.txt`);
  const at = { repo: REPO, commit: NEXT_COMMIT };
  expect(files).toEqual([
    { ...at, name: "data/fa/0.txt", size: 10, hash: gitHash(FILES["data/fa/0.txt"].content) },
    { ...at, name: "data/fa/1.txt", size: 20, hash: sha256(FILES["data/fa/1.txt"].content) },
  ]);
  expect(remoteName(files[0]!)).toBe(`hf://${REPO}@${NEXT_COMMIT}/data/fa/0.txt`);
  const page = `GET tree ${NEXT_COMMIT}/data/fa?recursive=true&expand=false`;
  expect(fixture.hub.log).toEqual(["GET revision main", page, `${page}&cursor=2`, `${page}&cursor=4`]);
});

test("globs over folders, one file, another commit", async () => {
  expect(await names(`${REPO}/data/**/*.txt`)).toEqual([
    "data/en/0.txt",
    "data/fa/0.txt",
    "data/fa/1.txt",
    "data/fa/more/2.txt",
  ]);
  expect(await names(`${REPO}/data/en/0.txt`)).toEqual(["data/en/0.txt"]);
  expect(await names(`${REPO}/*.txt`)).toEqual([]);
  const seen = fixture.hub.seen.length;
  expect(await names(`${REPO}@${COMMIT}/*.json`)).toEqual(["tokenizer.json", "tokenizer_config.json"]);
  expect(fixture.hub.seen.slice(seen).some(({ path }) => path.includes("/revision/"))).toBe(false);
});

test("the names of pages may be those of the hub that a mirror copies", async () => {
  const page = JSON.stringify([{ type: "file", path: "data/en/0.txt", size: 1, oid: "0".repeat(40) }]);
  const next = `https://huggingface.co/api/${REPO}/tree/${NEXT_COMMIT}/data?cursor=5`;
  fixture.hub.fail("/tree/", answer(page, { link: `<${next}>; rel="next"` }), 1);
  const files = await list(`${REPO}/data/fa/more/*`);
  expect(files.map(({ name }) => name)).toEqual(["data/fa/more/2.txt"]);
});

test.each([
  ["hf://models/org/name/a.txt", "hf://datasets/org/name"],
  ["hf://datasets/org/a.txt", "no path"],
  ["hf://datasets/org/name", "no path"],
  ["hf://datasets/org/name/", "no path"],
  ["hf://datasets/org/na me/a.txt", "org/name"],
  ["hf://datasets/org/name@/a.txt", "revision"],
  ["hf://datasets/org/name@a..b/a.txt", "revision"],
  ["hf://datasets/org/name@%/a.txt", "%"],
  ["hf://datasets/org/name/a[.txt", "no glob"],
])("%s is refused", async (text, why) => {
  await expect(listDataset(text, fixture.options)).rejects.toMatchObject({ code: "hub-id", kind: "usage" });
  await expect(listDataset(text, fixture.options)).rejects.toThrow(why);
  expect(fixture.hub.seen).toEqual([]);
});

test("revisions with a slash", () => {
  const path = "default/train/0.parquet";
  const of = (revision: string) => parseDatasetPath(`hf://${REPO}@${revision}/${path}`);
  expect(of("refs/convert/parquet")).toEqual({ repo: REPO, revision: "refs/convert/parquet", path });
  expect(of("refs/pr/12").revision).toBe("refs/pr/12");
  expect(of("my%2Fbranch").revision).toBe("my/branch");
  expect(of("v1")).toEqual({ repo: REPO, revision: "v1", path });
});

test("refusals name the dataset as it is typed", async () => {
  const failing = async (path: string, options = fixture.options) =>
    list(path, options).catch((error: unknown) => error);
  expect(await failing(`${REPO}/none/*.txt`)).toMatchObject({
    code: "hub-file-not-found",
    message: `hf://${REPO}@main has no none`,
  });
  expect(await failing(`${REPO}/data/fa`)).toMatchObject({
    code: "hub-file-not-found",
    hint: expect.stringContaining("data/fa/**"),
  });
  expect(await failing(`${REPO}@v9/*.txt`)).toMatchObject({ code: "hub-revision-not-found" });
  expect(await failing("datasets/org/other/*.txt")).toMatchObject({ code: "hub-repo-not-found" });
  expect(await failing(`${REPO}/*`, offline(fixture))).toMatchObject({
    code: "hub-offline",
    hint: expect.stringContaining("hf download"),
  });
  fixture.hub.fail("/tree/", status(401), 1);
  expect(await failing(`${REPO}/*`)).toMatchObject({
    code: "hub-access-denied",
    message: `access to hf://${REPO} was denied (status 401): no token was sent`,
    hint: expect.stringContaining(`/${REPO}, then set HF_TOKEN`),
  });
});

test("a limit of requests is waited for, and the token goes to the hub", async () => {
  fixture.hub.fail("/tree/", status(429, { "retry-after": "7" }), 1);
  await list(`${REPO}/data/en/*`, withToken(fixture));
  expect(fixture.waits).toEqual([7000]);
  expect(fixture.hub.seen.every(({ authorization }) => authorization === "Bearer hf_secret")).toBe(true);
});

test("answers that are none", async () => {
  fixture.hub.fail("/tree/", answer("<html>"), 1);
  await expect(list(`${REPO}/*`)).rejects.toMatchObject({ code: "hub-answer" });
  fixture.hub.fail(
    "/tree/",
    answer(JSON.stringify([{ type: "file", path: "a.txt", size: -1, oid: "0" }])),
    1,
  );
  await expect(list(`${REPO}/*`)).rejects.toMatchObject({ code: "hub-answer" });
});
