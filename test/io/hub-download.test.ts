import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { hubFile } from "../../src/io/hub.ts";
import type { HubOptions, HubProgress } from "../../src/io/hub-request.ts";
import { COMMIT, hubFixture, noise, REPO, TOKENIZER, whenArrived } from "./hub-fixture.ts";
import { type Fault, type Hold, sha256 } from "./hub-server.ts";

const fixture = hubFixture();
const ID = `hf:${REPO}@${COMMIT}`;
const SIZE = TOKENIZER.content.length;
const STORED = "tokenizer.json?signature";
const download = (options: HubOptions = fixture.options) => hubFile(ID, ["tokenizer.json"], options);
const hashOf = (path: string) => sha256(readFileSync(path));
const blobs = () =>
  existsSync(join(fixture.folder, "blobs")) ? readdirSync(join(fixture.folder, "blobs")) : [];
const storage = () => fixture.hub.seen.filter(({ host }) => host === "storage");

/** A download whose first transfer breaks after 40,000 bytes have come to the disk. */
async function cutDownload(options: HubOptions = fixture.options): Promise<string> {
  let hold: Hold | undefined;
  void fixture.hub.holdAfter(STORED, 40_000).then((held) => {
    hold = held;
  });
  const onProgress = whenArrived(40_000, () => hold!.cut());
  return (await download({ ...options, onProgress })).path;
}

/** A fault of the storage server: the content, or other content, from where it likes. */
function send(status: number, body: Buffer, headers: Readonly<Record<string, string>>): Fault {
  return (_, response) => {
    response.writeHead(status, headers).end(body);
    return true;
  };
}

test("a transfer that breaks goes on where it stopped", async () => {
  const path = await cutDownload();
  expect(hashOf(path)).toBe(sha256(TOKENIZER.content));
  const etag = `"storage-${sha256(TOKENIZER.content).slice(0, 8)}"`;
  expect(storage().map(({ range, ifRange }) => [range, ifRange])).toEqual([
    [undefined, undefined],
    ["bytes=40000-", etag],
  ]);
  expect(fixture.waits).toEqual([1000]);
  expect(blobs()).toEqual([sha256(TOKENIZER.content)]);
});

test("progress goes up to the size of the file", async () => {
  const seen: HubProgress[] = [];
  await download({ ...fixture.options, onProgress: (progress) => void seen.push(progress) });
  expect(seen.at(-1)).toEqual({ name: "tokenizer.json", bytes: SIZE, totalBytes: SIZE });
});

// Each answers the request for the rest, and the download has to begin anew and come out right.
test.each<[string, Fault]>([
  ["the file has another tag by now", send(200, TOKENIZER.content, { etag: '"other"' })],
  ["the server knows no ranges", send(200, TOKENIZER.content, {})],
  [
    "the server sends another part",
    send(206, TOKENIZER.content.subarray(30_000), {
      etag: `"storage-${sha256(TOKENIZER.content).slice(0, 8)}"`,
      "content-range": `bytes 30000-${SIZE - 1}/${SIZE}`,
    }),
  ],
  [
    "the server sends all of it, and says it is a part",
    send(200, TOKENIZER.content, {
      etag: `"storage-${sha256(TOKENIZER.content).slice(0, 8)}"`,
      "content-range": `bytes 40000-${SIZE - 1}/${SIZE}`,
    }),
  ],
  [
    "the server sends a part of another file",
    send(206, noise(SIZE, 2).subarray(40_000), {
      etag: '"other"',
      "content-range": `bytes 40000-${SIZE - 1}/${SIZE}`,
    }),
  ],
  ["the server refuses the range", send(416, Buffer.alloc(0), {})],
])("a transfer that breaks begins anew when %s", async (_, fault) => {
  const answer: Fault = (request, response) =>
    request.headers.range === undefined ? false : fault(request, response);
  fixture.hub.fail(STORED, answer, 1);
  expect(hashOf(await cutDownload())).toBe(sha256(TOKENIZER.content));
  expect(storage()[1]?.range).toBe("bytes=40000-");
});

test("a weak tag does not allow to go on", async () => {
  const half: Fault = (_, response) => {
    response.writeHead(200, { etag: 'W/"weak"', "content-length": SIZE });
    response.write(TOKENIZER.content.subarray(0, 40_000));
    setTimeout(() => response.destroy(), 30);
    return true;
  };
  fixture.hub.fail(STORED, half, 1);
  expect(hashOf((await download()).path)).toBe(sha256(TOKENIZER.content));
  expect(storage().map(({ range }) => range)).toEqual([undefined, undefined]);
});

test("transfers that always break end in an error, after six attempts, with nothing left", async () => {
  fixture.hub.fail(STORED, (_, response) => {
    response.writeHead(200, { "content-length": SIZE });
    response.write("x");
    setTimeout(() => response.destroy(), 5);
    return true;
  });
  await expect(download()).rejects.toMatchObject({
    code: "hub-unreachable",
    message: expect.stringContaining("hf:org/name, file tokenizer.json: no connection to"),
    hint: expect.stringContaining("HF_HUB_OFFLINE=1"),
  });
  expect(storage()).toHaveLength(6);
  expect(fixture.waits).toEqual([1000, 2000, 4000, 8000, 8000]);
  expect(blobs()).toEqual([]);
});

test.each<[string, Buffer, string]>([
  ["other bytes", noise(SIZE, 2), "its hash is"],
  ["bytes too few", TOKENIZER.content.subarray(1), `it has ${SIZE - 1} bytes, expected ${SIZE}`],
  ["bytes too many", Buffer.concat([TOKENIZER.content, Buffer.from("x")]), "it goes on after"],
])("%s are refused, and nothing is left", async (_, body, why) => {
  fixture.hub.fail(STORED, send(200, body, {}));
  await expect(download()).rejects.toMatchObject({
    code: "hub-file-corrupt",
    message: expect.stringContaining(`hf:org/name@${COMMIT}/tokenizer.json arrived damaged: ${why}`),
  });
  expect(storage()).toHaveLength(1);
  expect(blobs()).toEqual([]);
  expect(existsSync(join(fixture.folder, "snapshots"))).toBe(false);
});

test("small files are checked by the hash that git gives them", async () => {
  fixture.hub.fail("/resolve-cache/", send(200, Buffer.from('{"a": 2}\n'), {}));
  await expect(hubFile(ID, ["tokenizer_config.json"], fixture.options)).rejects.toMatchObject({
    code: "hub-file-corrupt",
  });
});

test("an empty file", async () => {
  fixture.hub.commit(COMMIT, { "tokenizer.json": { content: Buffer.alloc(0) } });
  expect(readFileSync((await download()).path)).toHaveLength(0);
});

test("two downloads at once do not harm each other", async () => {
  const held = fixture.hub.holdAfter(STORED, 50_000);
  const slow = download();
  const hold = await held;
  expect(blobs()).toEqual([expect.stringMatching(/^[0-9a-f]{64}\.[0-9a-f]{8}\.incomplete$/)]);
  const { path } = await download();
  expect(hashOf(path)).toBe(sha256(TOKENIZER.content));
  hold.release();
  expect((await slow).path).toBe(path);
  expect(hashOf(path)).toBe(sha256(TOKENIZER.content));
  expect(blobs()).toEqual([sha256(TOKENIZER.content)]);
});

test("an interruption ends a transfer with its reason, and nothing is left", async () => {
  const controller = new AbortController();
  const reason = new Error("stop");
  void fixture.hub.holdAfter(STORED, 50_000);
  const onProgress = whenArrived(1, () => controller.abort(reason));
  await expect(download({ ...fixture.options, signal: controller.signal, onProgress })).rejects.toBe(reason);
  expect(fixture.waits).toEqual([]);
  expect(blobs()).toEqual([]);
});

test("a server that falls silent in the middle is left, and the transfer goes on", async () => {
  void fixture.hub.holdAfter(STORED, 40_000);
  const { path } = await download({ ...fixture.options, patienceMs: 100 });
  expect(hashOf(path)).toBe(sha256(TOKENIZER.content));
  expect(storage()[1]?.range).toBe("bytes=40000-");
});

test("a cache that cannot be written to is named", async () => {
  mkdirSync(fixture.folder);
  writeFileSync(join(fixture.folder, "blobs"), "");
  await expect(download()).rejects.toMatchObject({
    code: "hub-cache",
    message: expect.stringContaining(`${fixture.folder} cannot be written to`),
    hint: expect.stringContaining("HF_HUB_CACHE"),
  });
});

test.skipIf(process.getuid?.() === 0)("a cache that may only be read serves what it has", async () => {
  const { path } = await hubFile(`hf:${REPO}`, ["tokenizer.json"], fixture.options);
  for (const part of ["refs", "blobs", "."]) chmodSync(join(fixture.folder, part), 0o500);
  fixture.hub.branches.set("v2", COMMIT);
  expect((await hubFile(`hf:${REPO}@v2`, ["tokenizer.json"], fixture.options)).path).toBe(path);
  for (const part of [".", "refs", "blobs"]) chmodSync(join(fixture.folder, part), 0o700);
});
