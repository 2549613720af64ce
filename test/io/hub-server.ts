// A small Hugging Face hub on this machine, for tests: the requests that vocab and Python's huggingface_hub make, with a
// second server on another port for large files, and faults to order.

import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface SeenRequest {
  readonly host: "hub" | "storage";
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  readonly range: string | undefined;
  readonly ifRange: string | undefined;
}

export interface StoredFile {
  readonly content: Buffer;
  /** Large files lie on the other server and are known by SHA-256. */
  readonly large?: boolean;
}

/** Answers a request in place of the hub; false leaves it to the hub. */
export type Fault = (request: IncomingMessage, response: ServerResponse) => boolean | Promise<boolean>;

export interface Hold {
  /** Breaks the connection. */
  cut(): void;
  /** Sends the rest. */
  release(): void;
}

export const sha256 = (content: Buffer) => createHash("sha256").update(content).digest("hex");
export const gitHash = (content: Buffer) =>
  createHash("sha1").update(`blob ${content.length}\0`).update(content).digest("hex");

export class HubServer {
  readonly seen: SeenRequest[] = [];
  readonly commits = new Map<string, Readonly<Record<string, StoredFile>>>();
  readonly branches = new Map<string, string>();
  /** Entries of a page of the tree. */
  pageEntries = 2;
  private readonly repo: string;
  /** "models/org/name" or "datasets/org/name" */
  private readonly apiRepo: string;
  private readonly faults: { part: string; fault: Fault; left: number }[] = [];
  private readonly holds: { part: string; bytes: number; hold: (rest: Hold) => void }[] = [];
  private readonly hub: Server;
  private readonly storage: Server;

  private constructor(repo: string) {
    this.repo = repo;
    this.apiRepo = repo.startsWith("datasets/") ? repo : `models/${repo}`;
    this.hub = createServer((request, response) => void this.answer("hub", request, response));
    this.storage = createServer((request, response) => void this.answer("storage", request, response));
  }

  static async start(repo: string): Promise<HubServer> {
    const server = new HubServer(repo);
    for (const part of [server.hub, server.storage])
      await new Promise<void>((resolve) => part.listen(0, "127.0.0.1", resolve));
    return server;
  }

  async close(): Promise<void> {
    for (const part of [this.hub, this.storage]) {
      part.closeAllConnections();
      await new Promise((resolve) => part.close(resolve));
    }
  }

  get endpoint(): string {
    return addressOf(this.hub);
  }

  get storageAddress(): string {
    return addressOf(this.storage);
  }

  /** What was asked, short: "POST paths-info", "GET resolve tokenizer.json", "storage tokenizer.json". */
  get log(): string[] {
    return this.seen.map(({ host, method, path }) => {
      const name = path.split("/").at(-1)!.split("?")[0]!;
      if (host === "storage") return `storage ${name}`;
      if (path.includes("/paths-info/")) return `${method} paths-info`;
      if (path.includes("/tree/")) return `${method} tree ${decodeURIComponent(path.split("/tree/")[1]!)}`;
      if (path.includes("/revision/")) return `${method} revision ${decodeURIComponent(name)}`;
      return `${method} ${path.includes("/resolve-cache/") ? "cache" : "resolve"} ${name}`;
    });
  }

  /** A commit of the repository, and the branch that has it from now on. */
  commit(hash: string, files: Readonly<Record<string, StoredFile>>, branch = "main"): void {
    this.commits.set(hash, files);
    this.branches.set(branch, hash);
  }

  /** Answers the next requests whose path has `part` in it with `fault`. */
  fail(part: string, fault: Fault, times = Number.POSITIVE_INFINITY): void {
    this.faults.push({ part, fault, left: times });
  }

  /** The next body at such a path stops after `bytes` bytes and stays open until the test says what happens. */
  holdAfter(part: string, bytes: number): Promise<Hold> {
    return new Promise((hold) => this.holds.push({ part, bytes, hold }));
  }

  private async answer(
    host: SeenRequest["host"],
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const { method = "", url: path = "", headers } = request;
    const { authorization, range, "if-range": ifRange } = headers;
    this.seen.push({ host, method, path, authorization, range, ifRange: ifRange as string | undefined });
    const ordered = this.faults.find(({ part, left }) => left > 0 && path.includes(part));
    if (ordered !== undefined && (await ordered.fault(request, response))) {
      ordered.left--;
      return;
    }
    if (host === "storage") return this.sendStored(request, response);
    const [, ask, revision = ""] =
      new RegExp(`^/api/${this.apiRepo}/(revision|paths-info|tree)/([^/?]+)`).exec(path) ?? [];
    if (ask === "tree") return this.sendTree(decodeURIComponent(revision), path, response);
    if (ask === "revision") return this.sendRevision(decodeURIComponent(revision), response);
    if (ask === "paths-info") return this.sendPaths(decodeURIComponent(revision), request, response);
    return this.sendFile(request, response);
  }

  private commitOf(revision: string): string | undefined {
    return this.commits.has(revision) ? revision : this.branches.get(revision);
  }

  private sendRevision(revision: string, response: ServerResponse): void {
    const sha = this.commitOf(revision);
    if (sha === undefined) return refuse(response, 404, "RevisionNotFound");
    sendJson(response, { _id: "1", id: this.repo, sha, lastModified: "2026-01-01T00:00:00.000Z" });
  }

  private async sendPaths(
    revision: string,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const files = this.commits.get(this.commitOf(revision) ?? "");
    if (files === undefined) return refuse(response, 404, "RevisionNotFound");
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { paths } = JSON.parse(Buffer.concat(chunks).toString("utf8")) as { paths: string[] };
    const found = paths.filter((path) => files[path] !== undefined);
    sendJson(
      response,
      found.map((path) => pathInfo(path, files[path]!)),
    );
  }

  // In pages, each of which says where the next one is.
  private sendTree(revision: string, path: string, response: ServerResponse): void {
    const files = this.commits.get(this.commitOf(revision) ?? "");
    if (files === undefined) return refuse(response, 404, "RevisionNotFound");
    const url = new URL(path, this.endpoint);
    const folder = decodeURIComponent(url.pathname.split(`/tree/${revision}`)[1]!.slice(1));
    const inside = Object.keys(files).filter((name) => folder === "" || name.startsWith(`${folder}/`));
    if (inside.length === 0) return refuse(response, 404, "EntryNotFound");
    const folders = inside.flatMap((name) => {
      const parts = name.split("/").slice(0, -1);
      return parts.map((_, i) => parts.slice(0, i + 1).join("/"));
    });
    const entries = [
      ...[...new Set(folders)].map((name) => ({
        type: "directory",
        path: name,
        size: 0,
        oid: "0".repeat(40),
      })),
      ...inside.map((name) => pathInfo(name, files[name]!)),
    ];
    const from = Number(url.searchParams.get("cursor") ?? 0);
    const to = from + this.pageEntries;
    url.searchParams.set("cursor", String(to));
    sendJson(
      response,
      entries.slice(from, to),
      to < entries.length ? { link: `<${url.href}>; rel="next"` } : {},
    );
  }

  // Small files by a relative redirect, large ones by a redirect to the other server, as the real hub does it.
  private sendFile(request: IncomingMessage, response: ServerResponse): void {
    const [, kind, revision = "", name = ""] =
      new RegExp(`^/(?:api/)?(resolve-cache/${this.apiRepo}|${this.repo}/resolve)/([^/]+)/(.+)$`).exec(
        request.url!,
      ) ?? [];
    if (kind === undefined) return refuse(response, 404, "RepoNotFound");
    const commit = this.commitOf(decodeURIComponent(revision));
    if (commit === undefined) return refuse(response, 404, "RevisionNotFound");
    const file = this.commits.get(commit)![decodeURIComponent(name)];
    if (file === undefined) return refuse(response, 404, "EntryNotFound", { "x-repo-commit": commit });
    if (kind.startsWith("resolve-cache"))
      return this.sendBody(request, response, file.content, {
        etag: `"${gitHash(file.content)}"`,
        "x-repo-commit": commit,
      });
    response.writeHead(file.large === true ? 302 : 307, {
      location:
        file.large === true
          ? `${this.storageAddress}/${commit}/${name}?signature=1`
          : `/api/resolve-cache/${this.apiRepo}/${commit}/${name}`,
      "x-repo-commit": commit,
      "x-linked-size": file.content.length,
      "x-linked-etag": `"${file.large === true ? sha256(file.content) : gitHash(file.content)}"`,
    });
    response.end();
  }

  private sendStored(request: IncomingMessage, response: ServerResponse): void {
    const [, commit = "", name = ""] = /^\/([^/]+)\/([^?]+)/.exec(request.url!) ?? [];
    const { content } = this.commits.get(commit)![decodeURIComponent(name)]!;
    this.sendBody(request, response, content, { etag: `"storage-${sha256(content).slice(0, 8)}"` });
  }

  private sendBody(
    request: IncomingMessage,
    response: ServerResponse,
    content: Buffer,
    headers: { etag: string; [name: string]: string },
  ): void {
    const [range, from, to] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "") ?? [];
    const ifRange = request.headers["if-range"];
    const isPart = range !== undefined && (ifRange === undefined || ifRange === headers.etag);
    const start = isPart ? Number(from) : 0;
    const end = isPart && to !== "" ? Math.min(Number(to) + 1, content.length) : content.length;
    const body = content.subarray(start, end);
    response.writeHead(isPart ? 206 : 200, {
      ...headers,
      "accept-ranges": "bytes",
      "content-length": body.length,
      ...(isPart ? { "content-range": `bytes ${start}-${end - 1}/${content.length}` } : {}),
    });
    const at = this.holds.findIndex(({ part }) => request.url!.includes(part));
    if (request.method === "HEAD" || at < 0) return void response.end(body);
    const [{ bytes, hold }] = this.holds.splice(at, 1) as [(typeof this.holds)[number]];
    response.write(body.subarray(0, bytes));
    hold({ cut: () => response.destroy(), release: () => response.end(body.subarray(bytes)) });
  }
}

/** A fault: a status, with the hub's word for it where it has one. */
export function status(code: number, headers: Readonly<Record<string, string>> = {}): Fault {
  return (_, response) => {
    response.writeHead(code, headers).end("refused");
    return true;
  };
}

/** A fault: an answer of any text. */
export function answer(text: string, headers: Readonly<Record<string, string>> = {}): Fault {
  return (_, response) => {
    response.writeHead(200, headers).end(text);
    return true;
  };
}

function pathInfo(path: string, { content, large }: StoredFile): object {
  const lfs = { oid: sha256(content), size: content.length, pointerSize: 130 };
  return {
    type: "file",
    path,
    size: content.length,
    oid: gitHash(content),
    ...(large === true ? { lfs } : {}),
  };
}

function sendJson(
  response: ServerResponse,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(200, { "content-type": "application/json", ...headers }).end(JSON.stringify(value));
}

function refuse(
  response: ServerResponse,
  code: number,
  word: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(code, { "x-error-code": word, ...headers }).end();
}

function addressOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
