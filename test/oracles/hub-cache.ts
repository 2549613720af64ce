// Compares our cache of a hub with that of Python's huggingface_hub: both download the same repository from a server on
// this machine, the two folders must be the same, and each must find what the other has downloaded.
//
//   npx tsx test/oracles/hub-cache.ts        (VOCAB_PYTHON names the Python; default .venv/bin/python)

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { lstatSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { furtherHubFiles, hubFile } from "../../src/io/hub.ts";
import { HubServer } from "../io/hub-server.ts";

const SCRIPT = fileURLToPath(new URL("./hub-cache.py", import.meta.url));
const REPO = "org/name";
const COMMIT = "0123456789abcdef0123456789abcdef01234567";
const NAMES = ["tokenizer.json", "tokenizer_config.json", "original/tokenizer.model", "no.jinja"];
const HERE = NAMES.slice(0, 3);

interface Answer {
  readonly version: string;
  readonly files: Readonly<Record<string, unknown>>;
  readonly warnings: readonly string[];
  readonly repos: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

const top = mkdtempSync(join(tmpdir(), "vocab-hub-"));
const ours = join(top, "ours");
const theirs = join(top, "theirs");
const server = await HubServer.start(REPO);
try {
  server.commit(COMMIT, {
    "tokenizer.json": { content: Buffer.alloc(300_000, "abc"), large: true },
    "tokenizer_config.json": { content: Buffer.from("{}\n") },
    "original/tokenizer.model": { content: Buffer.from("model"), large: true },
  });
  server.branches.set("refs/pr/1", COMMIT);
  await compare();
} finally {
  await server.close();
  rmSync(top, { recursive: true });
}

async function compare(): Promise<void> {
  for (const revision of ["main", "refs/pr/1"]) {
    await downloadHere(revision);
    await python("download", theirs, revision);
  }
  assert.deepEqual(tree(join(ours, "models--org--name")), tree(join(theirs, "models--org--name")));
  server.seen.length = 0;

  const snapshot = join(ours, "models--org--name", "snapshots", COMMIT);
  for (const revision of ["main", "refs/pr/1", COMMIT]) {
    const answer = await python("look-up", ours, revision);
    const paths = HERE.map((name) => [name, { loaded: join(snapshot, name), local: join(snapshot, name) }]);
    assert.deepEqual(answer.files, {
      ...Object.fromEntries(paths),
      "no.jinja": { loaded: "absent", local: null },
    });
    assert.deepEqual(answer.warnings, []);
    assert.deepEqual(answer.repos, { [REPO]: { [COMMIT]: ["main", "refs/pr/1"] } });
    if (revision === COMMIT) console.log(`huggingface_hub ${answer.version} finds what we downloaded`);
  }

  for (const revision of ["main", "refs/pr/1", COMMIT]) {
    const options = { environment: { endpoint: server.endpoint, cacheFolder: theirs, offline: true } };
    const file = await hubFile(`hf:${REPO}@${revision}`, ["no.jinja", "tokenizer.json"], options);
    const further = await furtherHubFiles(file, NAMES.slice(1), options);
    const found = [file, ...further].map(({ path }) => path);
    assert.deepEqual(
      found,
      HERE.map((name) => join(theirs, "models--org--name", "snapshots", COMMIT, name)),
    );
  }
  assert.deepEqual(server.seen, [], "no request was to be made");
  console.log(
    "we find what huggingface_hub downloaded; both caches are the same, name by name and link by link",
  );
}

async function downloadHere(revision: string): Promise<void> {
  const options = { environment: { endpoint: server.endpoint, cacheFolder: ours, offline: false } };
  const file = await hubFile(`hf:${REPO}@${revision}`, ["tokenizer.json"], options);
  await furtherHubFiles(file, NAMES.slice(1), options);
}

async function python(task: string, cache: string, revision: string): Promise<Answer> {
  const program = process.env["VOCAB_PYTHON"] ?? ".venv/bin/python";
  const env = {
    PATH: process.env["PATH"],
    HF_HUB_CACHE: cache,
    HF_HOME: top,
    HF_ENDPOINT: server.endpoint,
    HF_HUB_DISABLE_PROGRESS_BARS: "1",
    ...(task === "look-up" ? { HF_HUB_OFFLINE: "1" } : {}),
  };
  const { stdout } = await promisify(execFile)(program, [SCRIPT, task, REPO, revision, ...NAMES], { env });
  return JSON.parse(stdout) as Answer;
}

/** Every file under a folder with its contents, every link with its target. */
function tree(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
  const files = entries.map((name) => [name, join(folder, name), lstatSync(join(folder, name))] as const);
  return Object.fromEntries(
    files
      .filter(([, , entry]) => !entry.isDirectory())
      .map(([name, path, entry]) => [
        name,
        entry.isSymbolicLink() ? `→ ${readlinkSync(path)}` : readFileSync(path, "latin1"),
      ]),
  );
}
