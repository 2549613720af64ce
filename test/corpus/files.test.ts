import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { findCorpusFiles } from "../../src/corpus/files.ts";
import { VocabError } from "../../src/errors.ts";

const POINTER = `version https://git-lfs.github.com/spec/v1
oid sha256:${"4d7a".repeat(16)}
size 12345
`;

const root = mkdtempSync(join(tmpdir(), "vocab-files-"));
let folder = root;
let count = 0;
afterAll(() => rmSync(root, { recursive: true }));
beforeEach(() => {
  folder = join(root, String(count++));
  mkdirSync(folder);
});

function write(...names: string[]): void {
  for (const name of names) {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), name);
  }
}

async function found(...globs: string[]): Promise<string[]> {
  const files = await findCorpusFiles(globs.map((glob) => `${folder}/${glob}`));
  return files.map(({ path }) => path.replace(`${folder}/`, ""));
}

async function failure(...globs: string[]): Promise<string> {
  const error = await found(...globs).then(String, (reason: unknown) => reason);
  if (!(error instanceof VocabError)) throw new Error(`no VocabError: ${error}`);
  return `${error.kind} ${error.code}: ${error.message.replaceAll(`${folder}/`, "")}`;
}

describe("found", () => {
  test("sorted by code units, each with its format and size", async () => {
    write(
      "b.txt",
      "B.TXT",
      "ä.jsonl",
      "sub/c.jsonl.gz",
      "a.txt.gz",
      "no.md",
      ".hidden.txt",
      "d.conllu",
      "d.CONLLU.gz",
    );
    const files = await findCorpusFiles([`${folder}/**/*`]);
    expect(
      files.map(({ path, format, compression, size }) => [
        path.slice(folder.length + 1),
        format,
        compression,
        size,
      ]),
    ).toEqual([
      ["B.TXT", "txt", undefined, 5],
      ["a.txt.gz", "txt", "gzip", 8],
      ["b.txt", "txt", undefined, 5],
      ["d.CONLLU.gz", "conllu", "gzip", 11],
      ["d.conllu", "conllu", undefined, 8],
      ["sub/c.jsonl.gz", "jsonl", "gzip", 14],
      ["ä.jsonl", "jsonl", undefined, 8],
    ]);
  });

  test("once, whatever number of globs and names reach it", async () => {
    write("a.txt", "b.txt", "data/c.txt");
    symlinkSync("a.txt", join(folder, "z.txt"));
    symlinkSync("../b.txt", join(folder, "data/0.txt"));
    expect(await found("*.txt", "a.txt", "./a.txt", "**/*.txt", "z.txt")).toEqual([
      "./a.txt",
      "b.txt",
      "data/c.txt",
    ]);
    expect(await found("z.txt")).toEqual(["z.txt"]);
    expect(await found("{a,b}.txt", "[ab].txt")).toEqual(["a.txt", "b.txt"]);
  });

  test("names with glob characters, taken as they are", async () => {
    const names = ["a[1].txt", "b*.txt", "c{x,y}.txt", "d?.txt", "e(1).txt", "!f.txt", "g h.txt", "سلام.txt"];
    write(...names, "bx.txt");
    for (const name of names) expect(await found(name)).toEqual([name]);
    expect((await found("*.txt")).length).toBe(9);
  });

  test("links to folders are not gone into, loops end", async () => {
    write("a/b.txt", "other/c.txt");
    symlinkSync("..", join(folder, "a/loop"));
    symlinkSync("../other", join(folder, "a/other"));
    expect(await found("a/**/*.txt")).toEqual(["a/b.txt"]);
    expect(await found("a/other/*.txt")).toEqual(["a/other/c.txt"]); // named by the user
  });

  test("folders whose names end like files are not files", async () => {
    write("a.txt/b.txt");
    expect(await found("**/*.txt")).toEqual(["a.txt/b.txt"]);
  });
});

describe("what cannot be read, where it is asked for", () => {
  async function sorted(...globs: string[]): Promise<{ readonly files: string[]; readonly bad: string[] }> {
    const bad: string[] = [];
    const found = await findCorpusFiles(
      globs.map((glob) => `${folder}/${glob}`),
      undefined,
      ({ path, reason }) => bad.push(`${path}: ${reason}`.replaceAll(`${folder}/`, "")),
    );
    return { files: found.map(({ path }) => path.replace(`${folder}/`, "")), bad };
  }

  test.each([["*.txt"], ["a.txt", "circle.txt", "nowhere.txt", "lfs.txt"]])(
    "is named with its reason: %s …",
    async (...globs) => {
      write("a.txt");
      symlinkSync("circle.txt", join(folder, "circle.txt"));
      symlinkSync("gone", join(folder, "nowhere.txt"));
      writeFileSync(join(folder, "lfs.txt"), POINTER);
      expect(await sorted(...globs)).toEqual({
        files: ["a.txt"],
        bad: [
          "circle.txt: circle.txt cannot be read: its symbolic links lead in a circle",
          "lfs.txt: lfs.txt is a pointer of Git LFS, not the file that it stands for",
          "nowhere.txt: nowhere.txt cannot be read: a symbolic link that leads nowhere, or the file was just removed",
        ],
      });
    },
  );

  // Who may do everything is refused nothing.
  test.skipIf(process.getuid?.() === 0)("permission denied", async () => {
    write("a.txt", "b.txt");
    chmodSync(join(folder, "b.txt"), 0);
    expect(await sorted("*.txt")).toEqual({
      files: ["a.txt"],
      bad: ["b.txt: b.txt cannot be read: permission denied"],
    });
    expect(await failure("*.txt")).toBe("input unreadable: b.txt cannot be read: permission denied");
  });

  test("a name that is a mistake is still one", async () => {
    write("a.txt", "c.md", "sub/e.txt");
    for (const glob of ["none.txt", "none/*.txt", "c.md", "sub"])
      await expect(sorted("a.txt", glob)).rejects.toMatchObject({ kind: "usage" });
  });
});

describe("a pointer of Git LFS", () => {
  test.each(["a.txt", "a.jsonl.gz", "a.parquet"])("%s is refused, with what to do", async (name) => {
    writeFileSync(join(folder, name), POINTER);
    await expect(findCorpusFiles([join(folder, name)])).rejects.toMatchObject({
      code: "git-lfs-pointer",
      kind: "input",
      hint: expect.stringContaining("git lfs pull"),
    });
  });

  test("is not every text that speaks of one", async () => {
    writeFileSync(join(folder, "a.txt"), ` ${POINTER}`);
    writeFileSync(join(folder, "b.txt"), POINTER.repeat(10));
    expect(await found("*.txt")).toEqual(["a.txt", "b.txt"]);
  });
});

describe("refused", () => {
  test.each<[string, string]>([
    ["none.txt", "usage no-match: no such file: none.txt"],
    ["a.txt/b.txt", "usage no-match: no such file: a.txt/b.txt"],
    ["none/*.txt", "usage no-match: no file matches none/*.txt"],
    [
      "*.md",
      "usage no-match: no file with an ending of .txt, .jsonl, .warc.wet, .wet, .conllu (as they are or with .gz, ",
    ],
    ["c.md", "usage unsupported-format: c.md: unknown format"],
    ["d.gz", "usage unsupported-format: d.gz: unknown format"],
    ["sub", "usage not-a-file: sub is a folder"],
    ["sub/", "usage not-a-file: sub/ is a folder"],
    ["circle.txt", "input unreadable: circle.txt cannot be read: its symbolic links lead in a circle"],
    ["nowhere.txt", "usage no-match: no such file: nowhere.txt"],
    ["circ*.txt", "input unreadable: circle.txt cannot be read: its symbolic links lead in a circle"],
    ["no*.txt", "input unreadable: nowhere.txt cannot be read: a symbolic link that leads nowhere"],
  ])("%s", async (glob, message) => {
    write("a.txt", "c.md", "d.gz", "sub/e.txt");
    symlinkSync("circle.txt", join(folder, "circle.txt"));
    symlinkSync("gone", join(folder, "nowhere.txt"));
    expect((await failure(glob)).startsWith(message)).toBe(true);
    expect(await failure("a.txt", glob)).toBe(await failure(glob));
  });

  test("a device, by its name", async () => {
    symlinkSync("/dev/null", join(folder, "null.txt"));
    expect(await failure("null.txt")).toBe("usage not-a-file: null.txt is not a regular file");
  });

  test("a name too long for the system, an empty name", async () => {
    expect(await failure(`${"x".repeat(5000)}.txt`)).toMatch(/^usage no-match/);
    await expect(findCorpusFiles([""])).rejects.toThrow(VocabError);
  });
});
