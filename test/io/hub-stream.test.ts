import { expect, test } from "vitest";
import type { RemoteFile } from "../../src/io/hub-api.ts";
import type { HubOptions } from "../../src/io/hub-request.ts";
import { hubBytes } from "../../src/io/hub-stream.ts";
import { COMMIT, hubFixture, noise, TOKENIZER, withToken } from "./hub-fixture.ts";
import { type Fault, type Hold, sha256, status } from "./hub-server.ts";

const REPO = "datasets/org/name";
const fixture = hubFixture(REPO);
const CONTENT = TOKENIZER.content;
const SIZE = CONTENT.length;
const FILE: RemoteFile = {
  repo: REPO,
  commit: COMMIT,
  name: "tokenizer.json",
  size: SIZE,
  hash: sha256(CONTENT),
};
const storage = () => fixture.hub.seen.filter(({ host }) => host === "storage");

async function read(
  { start = 0, end = SIZE, file = FILE }: { start?: number; end?: number; file?: RemoteFile } = {},
  options: HubOptions = fixture.options,
  onChunk: (total: number) => void = () => {},
): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let total = 0;
  for await (const chunk of hubBytes(file, start, end, options)) {
    chunks.push(chunk.slice());
    total += chunk.length;
    onChunk(total);
  }
  return Buffer.concat(chunks);
}

/** Cuts the next `times` transfers after so many bytes of each. */
function cutAfter(bytes: number, times: number): (total: number) => void {
  const holds: Hold[] = [];
  for (let i = 0; i < times; i++)
    void fixture.hub.holdAfter("tokenizer.json?signature", bytes).then((hold) => holds.push(hold));
  let done = 0;
  return (total) => {
    if (done === times || total < bytes * (done + 1)) return;
    holds[done++]!.cut();
  };
}

test("a whole file, and a part of it", async () => {
  expect((await read()).equals(CONTENT)).toBe(true);
  expect((await read({ start: 1000, end: 5000 })).equals(CONTENT.subarray(1000, 5000))).toBe(true);
  expect((await read({ start: SIZE - 8, end: 2 * SIZE })).equals(CONTENT.subarray(SIZE - 8))).toBe(true);
  expect(storage().map(({ range }) => range)).toEqual([
    undefined,
    "bytes=1000-4999",
    `bytes=${SIZE - 8}-${SIZE - 1}`,
  ]);
});

test("a transfer that breaks goes on where it stopped, as often as it brings something", async () => {
  const bytes = await read({}, fixture.options, cutAfter(10_000, 8));
  expect(bytes.equals(CONTENT)).toBe(true);
  expect(storage().map(({ range }) => range)).toEqual([
    undefined,
    ...[1, 2, 3, 4, 5, 6, 7, 8].map((i) => `bytes=${i}0000-${SIZE - 1}`),
  ]);
  expect(fixture.waits).toEqual(Array.from({ length: 8 }, () => 1000));
});

test("a part is asked for again from where it broke, to its own end", async () => {
  const bytes = await read({ start: 5000, end: 45_000 }, fixture.options, cutAfter(10_000, 1));
  expect(bytes.equals(CONTENT.subarray(5000, 45_000))).toBe(true);
  expect(storage().at(-1)!.range).toBe("bytes=15000-44999");
});

test("a server that only ever breaks is given up", async () => {
  const cut: Fault = (_, response) => {
    response.destroy();
    return true;
  };
  fixture.hub.fail("tokenizer.json?signature", cut);
  await expect(read()).rejects.toMatchObject({ code: "hub-unreachable" });
});

test("429 and 503 are waited for", async () => {
  fixture.hub.fail("?signature", status(429, { "retry-after": "3" }), 1);
  fixture.hub.fail("?signature", status(503), 1);
  expect((await read()).equals(CONTENT)).toBe(true);
  expect(fixture.waits).toEqual([3000, 2000]);
});

test.each([
  ["a file that is gone", status(404), "hub-file-not-found"],
  ["a file that needs a token", status(401), "hub-access-denied"],
  ["a file that the token is not enough for", status(403), "hub-access-denied"],
])("%s", async (_, fault, code) => {
  fixture.hub.fail("/resolve/", fault);
  await expect(read({}, withToken(fixture))).rejects.toMatchObject({ code });
});

test("the token stays with the hub", async () => {
  await read({}, withToken(fixture));
  expect(fixture.hub.seen.map(({ host, authorization }) => [host, authorization])).toEqual([
    ["hub", "Bearer hf_secret"],
    ["storage", undefined],
  ]);
});

function send(code: number, body: Buffer, headers: Readonly<Record<string, string>> = {}): Fault {
  return (_, response) => {
    response.writeHead(code, headers).end(body);
    return true;
  };
}

const PART = { start: 100, end: 200 };
const WHOLE = {};
test.each<[string, Fault, { start?: number; end?: number }, string, string]>([
  [
    "a file that is shorter",
    send(200, CONTENT.subarray(1), { "content-length": `${SIZE - 1}` }),
    WHOLE,
    "hub-file-corrupt",
    "99999 bytes",
  ],
  [
    "a file that is longer",
    send(200, Buffer.concat([CONTENT, noise(1)]), { "content-length": `${SIZE + 1}` }),
    WHOLE,
    "hub-file-corrupt",
    "100001 bytes",
  ],
  [
    "a file that is longer and does not say so",
    send(200, Buffer.concat([CONTENT, noise(1)])),
    WHOLE,
    "hub-file-corrupt",
    "more than",
  ],
  ["other contents of the same size", send(200, noise(SIZE, 7)), WHOLE, "hub-file-corrupt", "its hash"],
  [
    "the part of a longer file",
    send(206, CONTENT.subarray(100, 200), { "content-range": `bytes 100-199/${SIZE + 1}` }),
    PART,
    "hub-file-corrupt",
    "100001 bytes",
  ],
  [
    "another part",
    send(206, CONTENT.subarray(0, 100), { "content-range": `bytes 0-99/${SIZE}` }),
    PART,
    "hub-no-ranges",
    "from byte 100 on",
  ],
  ["no part but all", send(200, CONTENT), PART, "hub-no-ranges", "status 200"],
  ["a refusal of the range", send(416, Buffer.alloc(0)), PART, "hub-no-ranges", "status 416"],
  [
    "more than the part",
    send(206, CONTENT.subarray(100, 300), { "content-range": `bytes 100-199/${SIZE}` }),
    PART,
    "hub-file-corrupt",
    "more than",
  ],
])("%s is refused", async (_, fault, range, code, why) => {
  fixture.hub.fail("?signature", fault);
  await expect(read(range)).rejects.toMatchObject({ code, message: expect.stringContaining(why) });
});

test("contents that change while they are read are refused", async () => {
  const cut = cutAfter(40_000, 1);
  await expect(
    read({}, fixture.options, (total) => {
      fixture.hub.fail(
        "?signature",
        send(206, CONTENT.subarray(40_000), {
          "content-range": `bytes 40000-${SIZE - 1}/${SIZE}`,
          etag: '"other"',
        }),
      );
      cut(total);
    }),
  ).rejects.toMatchObject({ code: "hub-file-corrupt", message: expect.stringContaining("changed while") });
});

test("the beginning of a file from a server without ranges", async () => {
  fixture.hub.fail("?signature", send(200, CONTENT), 1);
  expect((await read({ start: 0, end: 4 })).equals(CONTENT.subarray(0, 4))).toBe(true);
});

test("who stops reading lets the connection go", async () => {
  for await (const chunk of hubBytes(FILE, 0, SIZE, fixture.options)) {
    expect(chunk.length).toBeGreaterThan(0);
    break;
  }
  expect(storage().length).toBe(1);
});
