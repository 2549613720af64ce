import type { IncomingHttpHeaders } from "node:http";
import { expect, test } from "vitest";
import { hubFile } from "../../src/io/hub.ts";
import type { HubOptions } from "../../src/io/hub-request.ts";
import { version } from "../../src/version.ts";
import { COMMIT, hubFixture, REPO, withToken } from "./hub-fixture.ts";
import { type Fault, status } from "./hub-server.ts";

const fixture = hubFixture();
const ask = (options: HubOptions = fixture.options, revision = "main") =>
  hubFile(`hf:${REPO}@${revision}`, ["tokenizer.json"], options);
const at = (part: Partial<HubOptions["environment"]>): HubOptions => ({
  ...fixture.options,
  environment: { ...fixture.options.environment, ...part },
});

test("the token goes to the endpoint alone", async () => {
  await ask(withToken(fixture));
  const sent = fixture.hub.seen.map(({ host, authorization }) => [host, authorization]);
  expect(sent).toEqual([
    ["hub", "Bearer hf_secret"],
    ["hub", "Bearer hf_secret"],
    ["hub", "Bearer hf_secret"],
    ["storage", undefined],
  ]);
});

test("without a token none is sent; the program gives its name, and files are asked for as they are", async () => {
  const headers: IncomingHttpHeaders[] = [];
  fixture.hub.fail("/", (request) => {
    headers.push(request.headers);
    return false;
  });
  await ask();
  expect(headers.map(({ authorization }) => authorization)).toEqual(Array(4).fill(undefined));
  expect(new Set(headers.map((each) => each["user-agent"]))).toEqual(new Set([`vocab/${version}`]));
  expect(headers.map((each) => each["accept-encoding"]).slice(2)).toEqual(["identity", "identity"]);
});

test("a token that can be none is not sent and not quoted", async () => {
  const error = await ask(withToken(fixture, "hf_se cret\u00e9")).catch((cause) => cause);
  expect(error).toMatchObject({ code: "hub-token", kind: "usage" });
  expect(`${error.message} ${error.hint} ${error.cause}`).not.toContain("cret");
  expect(fixture.hub.seen).toEqual([]);
});

test.each<[number, Record<string, string>, string | undefined, string]>([
  [401, { "x-error-code": "GatedRepo" }, undefined, "no token was sent"],
  [403, { "x-error-code": "GatedRepo" }, "hf_x", "the token that was sent is not enough"],
  [401, {}, undefined, "no token was sent"],
  [
    403,
    { "x-error-message": `wait ${"x".repeat(300)}` },
    "hf_x",
    `the token that was sent is not enough; the hub says "wait ${"x".repeat(195)}"`,
  ],
])("access denied: %d %j", async (code, headers, token, who) => {
  fixture.hub.fail("/resolve/", status(code, headers));
  const { endpoint } = fixture.hub;
  await expect(ask(at(token === undefined ? {} : { token }))).rejects.toMatchObject({
    code: "hub-access-denied",
    kind: "input",
    message: `access to hf:org/name was denied (status ${code}): ${who}`,
    hint: `accept the licence at ${endpoint}/org/name, then set HF_TOKEN to a token of the same account (${endpoint}/settings/tokens)`,
  });
});

const COMMIT_QUESTION = "/revision/";
const FILES_QUESTION = "/paths-info/";
test.each<[string, string, string, Fault, string, string]>([
  [
    "repository",
    "main",
    COMMIT_QUESTION,
    status(404, { "x-error-code": "RepoNotFound" }),
    "hub-repo-not-found",
    "has no repository org/name, or it is private",
  ],
  [
    "repository, as seen without a token",
    "main",
    COMMIT_QUESTION,
    status(401, { "x-error-code": "RepoNotFound" }),
    "hub-repo-not-found",
    "has no repository org/name, or it is private",
  ],
  [
    "repository, without a word",
    "main",
    COMMIT_QUESTION,
    status(404),
    "hub-repo-not-found",
    "has no repository org/name",
  ],
  ["revision", "v9", "nothing", status(404), "hub-revision-not-found", 'hf:org/name has no revision "v9"'],
  [
    "branch main",
    "main",
    COMMIT_QUESTION,
    status(404, { "x-error-code": "RevisionNotFound" }),
    "hub-revision-not-found",
    'hf:org/name has no revision "main"',
  ],
  [
    "revision, without a word",
    "v9",
    COMMIT_QUESTION,
    status(404),
    "hub-revision-not-found",
    'no revision "v9"',
  ],
  [
    "commit",
    "9".repeat(40),
    "nothing",
    status(404),
    "hub-revision-not-found",
    `no revision "${"9".repeat(40)}"`,
  ],
  [
    "file",
    "main",
    "/resolve/",
    status(404, { "x-error-code": "EntryNotFound" }),
    "hub-file-not-found",
    `hf:org/name@${COMMIT} has no tokenizer.json`,
  ],
  ["file, without a word", "main", "/resolve/", status(404), "hub-file-not-found", "has no tokenizer.json"],
])("not found: %s", async (_, revision, part, fault, code, message) => {
  fixture.hub.fail(part, fault);
  await expect(ask(fixture.options, revision)).rejects.toMatchObject({
    code,
    kind: "usage",
    message: expect.stringContaining(message),
  });
  expect(fixture.waits).toEqual([]);
});

test("429: the hub's own time is waited for, then it goes on", async () => {
  fixture.hub.fail(COMMIT_QUESTION, status(429, { "retry-after": "7" }), 1);
  await ask();
  expect(fixture.waits).toEqual([7000]);
});

test("429: the time may stand in the hub's own header", async () => {
  fixture.hub.fail(COMMIT_QUESTION, status(429, { ratelimit: '"api";r=0;t=55' }), 1);
  fixture.hub.fail(FILES_QUESTION, status(503, { ratelimit: '"api";r=0;t=55' }), 1);
  await ask();
  expect(fixture.waits).toEqual([55_000, 1000]);
});

test("a time to wait may be a date", async () => {
  const date = new Date(Date.now() + 20_000).toUTCString();
  fixture.hub.fail(COMMIT_QUESTION, status(503, { "retry-after": date }), 1);
  await ask();
  expect(fixture.waits[0]).toBeGreaterThan(10_000);
  expect(fixture.waits[0]).toBeLessThanOrEqual(20_000);
});

test("429 with a time that is too long is an error at once", async () => {
  fixture.hub.fail(COMMIT_QUESTION, status(429, { "retry-after": "3600" }));
  await expect(ask()).rejects.toMatchObject({
    code: "hub-rate-limited",
    hint: expect.stringContaining("try again in 3600 s"),
  });
  expect([fixture.hub.seen.length, fixture.waits]).toEqual([1, []]);
});

test.each([500, 502, 503, 504])("%d may pass", async (code) => {
  fixture.hub.fail(FILES_QUESTION, status(code), 2);
  await ask();
  expect(fixture.waits).toEqual([1000, 2000]);
});

test("500 that stays is an error after six attempts", async () => {
  fixture.hub.fail("/resolve/", status(500));
  await expect(ask()).rejects.toMatchObject({
    code: "hub-unavailable",
    message: expect.stringMatching(
      /^hf:org\/name: 127\.0\.0\.1:\d+ does not work at the moment \(status 500\)$/,
    ),
    hint: expect.stringContaining("HF_HUB_OFFLINE=1"),
  });
  expect(fixture.waits).toEqual([1000, 2000, 4000, 8000, 8000]);
});

test("a connection that breaks before the answer is made again", async () => {
  fixture.hub.fail(
    COMMIT_QUESTION,
    (request) => {
      request.socket.destroy();
      return true;
    },
    1,
  );
  await ask();
  expect(fixture.waits).toEqual([1000]);
});

test("no connection at all is an error at once", async () => {
  await fixture.hub.close();
  await expect(ask()).rejects.toMatchObject({
    code: "hub-unreachable",
    message: expect.stringMatching(/^hf:org\/name: no connection to http:.*: connect ECONNREFUSED/),
    hint: expect.stringContaining("HF_HUB_OFFLINE=1 uses what is in the cache"),
  });
  expect(fixture.waits).toEqual([]);
});

test("a hub that never answers is not waited for without end", async () => {
  fixture.hub.fail(COMMIT_QUESTION, () => true);
  await expect(ask({ ...fixture.options, patienceMs: 20 })).rejects.toMatchObject({
    code: "hub-unreachable",
    message: expect.stringContaining("no answer within 0.02 s"),
  });
  expect(fixture.hub.seen).toHaveLength(6);
});

test("an interruption ends the wait between attempts with its reason", async () => {
  const controller = new AbortController();
  const reason = new Error("stop");
  fixture.hub.fail(COMMIT_QUESTION, (request, response) => {
    setTimeout(() => controller.abort(reason), 20);
    return status(500)(request, response);
  });
  const { sleep: _, ...options } = fixture.options;
  await expect(ask({ ...options, signal: controller.signal })).rejects.toBe(reason);
  await expect(ask({ ...options, signal: controller.signal })).rejects.toBe(reason);
  expect(fixture.hub.seen).toHaveLength(1);
});

// The real hub answers so for gpt2, which is openai-community/gpt2 today.
test("a repository with a new name: relative redirects keep method, body and token", async () => {
  for (const part of ["/api/models/gpt2/", "/gpt2/resolve/"])
    fixture.hub.fail(part, (request, response) => {
      response.writeHead(307, { location: request.url!.replace("gpt2", REPO) }).end();
      return true;
    });
  const file = await hubFile("hf:gpt2", ["tokenizer.json"], withToken(fixture));
  expect(file).toMatchObject({ repo: "gpt2", commit: COMMIT });
  expect(file.path).toContain("models--gpt2");
  const hub = fixture.hub.seen.filter(({ host }) => host === "hub");
  expect(new Set(hub.map(({ authorization }) => authorization))).toEqual(new Set(["Bearer hf_secret"]));
});

test.each<[string, string | undefined, string]>([
  ["without an end", "/again/revision/", "more than 10 redirects"],
  ["to nowhere", undefined, "redirects to nowhere"],
  ["to a file", "file:///etc/passwd", "redirects to file://"],
  ["with a user name", "http://user:word@127.0.0.1/", "redirects to http://127.0.0.1"],
])("redirects %s", async (_, location, message) => {
  fixture.hub.fail(COMMIT_QUESTION, status(302, location === undefined ? {} : { location }));
  await expect(ask()).rejects.toMatchObject({
    code: "hub-answer",
    message: expect.stringContaining(message),
  });
});

test("no redirect leads from https to http; a fetch of the caller's own is used", async () => {
  const asked: string[] = [];
  const own: typeof fetch = async (url) => {
    asked.push(String(url));
    return new Response(null, { status: 302, headers: { location: "http://hub.example/x" } });
  };
  const options = { ...at({ endpoint: "https://hub.example", token: "hf_x" }), fetch: own };
  await expect(ask(options)).rejects.toMatchObject({ code: "hub-answer" });
  expect(asked).toEqual([
    expect.stringMatching(/^https:\/\/hub\.example\/api\/models\/org\/name\/revision\/main/),
  ]);
});

test.each(["hub.example", "ftp://hub.example", "https://user:word@hub.example", "https://hub.example?x"])(
  "the endpoint %s is refused and not quoted",
  async (endpoint) => {
    const error = await ask(at({ endpoint })).catch((cause) => cause);
    expect(error).toMatchObject({ code: "hub-endpoint", kind: "usage" });
    expect(error.message).not.toContain("hub.example");
  },
);

test.each([401, 403, 404])("%d of a storage server says nothing about the repository", async (code) => {
  fixture.hub.fail("signature", status(code));
  await expect(ask()).rejects.toMatchObject({
    code: "hub-answer",
    message: `hf:org/name: not an answer of a hub: ${new URL(fixture.hub.storageAddress).host} answered with status ${code}`,
  });
});

test.each([
  [503, "hub-unavailable"],
  [429, "hub-rate-limited"],
])("%d of a storage server is what it is", async (code, error) => {
  fixture.hub.fail("signature", status(code));
  await expect(ask()).rejects.toMatchObject({ code: error });
  expect(fixture.waits).toHaveLength(5);
});

test("a mirror that redirects to a hub passes on that a repository is gated", async () => {
  fixture.hub.fail("signature", status(401, { "x-error-code": "GatedRepo" }));
  await expect(ask()).rejects.toMatchObject({ code: "hub-access-denied" });
});

test("other statuses are no answers of a hub", async () => {
  fixture.hub.fail(COMMIT_QUESTION, status(418));
  await expect(ask()).rejects.toMatchObject({
    code: "hub-answer",
    message: expect.stringContaining("answered with status 418"),
  });
});
