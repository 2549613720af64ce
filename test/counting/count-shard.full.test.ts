import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { CHUNK_BYTES } from "../../src/io/read-chunks.ts";
import { countSlowly, documentsSlowly } from "../reference/segments.ts";
import { decodeSlowly } from "../reference/utf8.ts";
import { Random } from "../tokenizer/hostile-text.ts";
import { countFile, failureOf, writeTemp } from "./count-file.ts";
import { hostileText } from "./hostile-pieces.ts";

const FILE = { unit: "file" } as const;
const REPLACE = { onInvalid: "replace" } as const;
const SKIP = { onInvalid: "skip" } as const;

function latin1(text: string): Buffer {
  return Buffer.from(text, "latin1");
}

describe("documents of text files", () => {
  test.each<[string, string[], string[]]>([
    ["", [], []],
    ["\n\r\n\n", [], ["\n\r\n\n"]],
    ["a\nb", ["a", "b"], ["a\nb"]],
    ["a\r\n\r\nb\r", ["a", "b\r"], ["a\r\n\r\nb\r"]],
    ["\ufeffa\n\ufeffb", ["a", "\ufeffb"], ["a\n\ufeffb"]],
    ["\ufeff", [], []],
    ["\ufeff\ufeff", ["\ufeff"], ["\ufeff"]],
    ["\ufeff\n\ufeff", ["\ufeff"], ["\n\ufeff"]],
    ["a\u0085b\u2028c\vd\fe", ["a\u0085b\u2028c\vd\fe"], ["a\u0085b\u2028c\vd\fe"]],
    ["\0\na\0b", ["\0", "a\0b"], ["\0\na\0b"]],
    ["  \n", ["  "], ["  \n"]],
  ])("%j", async (text, lines, whole) => {
    for (const onInvalid of ["error", "replace", "skip"] as const) {
      const plain = writeTemp("a.txt", text);
      const gzip = writeTemp("b.txt.gz", gzipSync(text));
      for (const path of [plain, gzip]) {
        expect((await countFile(path, { onInvalid })).documents).toEqual(lines);
        expect((await countFile(path, { onInvalid, ...FILE })).documents).toEqual(whole);
      }
    }
  });

  test.each(["error", "replace", "skip"] as const)(
    "as the slow twin, larger than a piece, %s",
    async (onInvalid) => {
      const random = new Random(1);
      const text = random.times(12, () => `${hostileText(random, 700)}\n${"لام ".repeat(9000)}`).join("");
      const bytes = Buffer.from(text);
      expect(bytes.length).toBeGreaterThan(2 * CHUNK_BYTES);
      const paths = [writeTemp("c.txt", text), writeTemp("c.txt.gz", gzipSync(text))];
      for (const path of paths) {
        for (const unit of ["line", "file"] as const) {
          const documents = documentsSlowly(text, unit === "line");
          const counted = await countFile(path, { unit, onInvalid, maxDocumentBytes: 1 << 23 });
          expect(counted.documents).toEqual(documents);
          expect(counted.counts).toEqual(countSlowly(documents));
        }
      }
    },
  );
});

describe("invalid UTF-8", () => {
  // Each with the byte where the first ill-formed sequence begins, and what --on-invalid replace makes of it.
  const CASES: [string, Buffer, number, string[], number][] = [
    ["at the start", latin1("\xffa\nb"), 0, ["\ufffda", "b"], 1],
    ["behind a mark", latin1("\xef\xbb\xbf\xff\n"), 3, ["\ufffd"], 1],
    ["inside", latin1("ab\nc\xe9d e\nf"), 4, ["ab", "c\ufffdd e", "f"], 1],
    ["at the very end", latin1("ab\nc\xd8"), 4, ["ab", "c\ufffd"], 1],
    ["three bytes of four at the end", latin1("ab\n\xf0\x9f\x98"), 3, ["ab", "\ufffd"], 1],
    ["before a line end", latin1("a\xe4\xb8\r\nb"), 1, ["a\ufffd", "b"], 1],
    ["an overlong line end", latin1("a\xc0\x8ab"), 1, ["a\ufffd\ufffdb"], 2],
    ["a surrogate", latin1("\xed\xa0\x80"), 0, ["\ufffd\ufffd\ufffd"], 3],
    ["half a mark", latin1("\xef\xbb"), 0, ["\ufffd"], 1],
    ["a U+FFFD beside it", latin1("\xef\xbf\xbd\xff"), 3, ["\ufffd\ufffd"], 1],
  ];

  test.each(CASES)("%s", async (_, bytes, at, replaced, count) => {
    for (const name of ["a.txt", "a.txt.gz"]) {
      const path = writeTemp(name, name.endsWith("gz") ? gzipSync(bytes) : bytes);
      const message = `invalid-utf8: ${name}: invalid UTF-8 at byte ${at}`;
      expect(await failureOf(path)).toBe(message);
      expect(await failureOf(path, FILE)).toBe(message);
      const lines = await countFile(path, REPLACE);
      expect([lines.documents, lines.invalid]).toEqual([replaced, count]);
      expect((await countFile(path, { ...REPLACE, ...FILE })).invalid).toBe(count);
      const valid = replaced.filter((line) => !line.includes("\ufffd"));
      const rest = await countFile(path, SKIP);
      expect([rest.documents, rest.invalid]).toEqual([valid, 1]);
      const none = await countFile(path, { ...SKIP, ...FILE });
      expect([none.documents, none.invalid]).toEqual([[], 1]);
    }
  });

  test.each([-3, -2, -1, 0, 1])("at a border between pieces, %d", async (shift) => {
    const before = `${"x".repeat(CHUNK_BYTES + shift - 2)}\n`;
    for (const wrong of ["\xff", "\xd8", "\xe4\xb8", "\xf0\x9f\x98"]) {
      const path = writeTemp("a.txt", latin1(`${before}y${wrong}z\nend`));
      expect(await failureOf(path, FILE)).toBe(
        `invalid-utf8: a.txt: invalid UTF-8 at byte ${before.length + 1}`,
      );
      expect(await failureOf(path)).toBe(`invalid-utf8: a.txt: invalid UTF-8 at byte ${before.length + 1}`);
      const { invalid, offsets } = await countFile(path, REPLACE);
      expect([invalid, offsets.length]).toEqual([1, 3]);
      expect((await countFile(path, { ...SKIP, ...FILE })).invalid).toBe(1);
    }
  });

  test("whole characters at a border between pieces are valid", async () => {
    for (let shift = 0; shift < 4; shift++) {
      const text = `${"x".repeat(CHUNK_BYTES - 100 - shift)}\n${"😀".repeat(50)}`;
      expect((await countFile(writeTemp("a.txt", text))).counts).toEqual(countSlowly(text.split("\n")));
    }
  });
});

describe("replaced", () => {
  test("the same text and true places, for hostile bytes", async () => {
    const random = new Random(3);
    for (let round = 0; round < 20; round++) {
      const parts = random.times(40, () =>
        random.chance(0.2) ? Buffer.from([random.integer(0x80, 0xff)]) : Buffer.from(hostileText(random, 3)),
      );
      const bytes = Buffer.concat([Buffer.from("\n"), ...parts]);
      const { text, invalid } = decodeSlowly(bytes);
      for (const [name, stored] of [["a.txt", bytes] as const, ["a.txt.gz", gzipSync(bytes)] as const]) {
        const counted = await countFile(writeTemp(name, stored), REPLACE);
        expect(counted.documents).toEqual(documentsSlowly(text, true));
        expect(counted.invalid).toBe(invalid.length);
        expect(counted.offsets).toEqual(lineOffsets(bytes));
      }
    }
  });
});

/** Where the lines that are not empty begin. */
function lineOffsets(bytes: Buffer): number[] {
  const offsets: number[] = [];
  let at = 0;
  for (const line of bytes.toString("latin1").split("\n")) {
    const isEmpty = line === "" || (line === "\r" && at + 1 < bytes.length);
    if (!isEmpty) offsets.push(at);
    at += line.length + 1;
  }
  return offsets;
}

describe("UTF-16", () => {
  test.each(["\xff\xfea\0\n\0", "\xfe\xff\0a\0\n", "\xff\xfe", "\xfe\xff"])("%j is named", async (text) => {
    for (const name of ["a.txt", "a.jsonl", "a.txt.gz", "a.jsonl.gz"]) {
      const path = writeTemp(name, name.endsWith("gz") ? gzipSync(latin1(text)) : latin1(text));
      for (const onInvalid of ["error", "replace", "skip"] as const)
        for (const unit of ["line", "file"] as const)
          expect(await failureOf(path, { onInvalid, unit })).toBe(`utf-16: ${name} is UTF-16, not UTF-8`);
    }
  });
});

describe("a document above the limit", () => {
  const LIMIT = { maxDocumentBytes: 10 };

  test.each(["error", "replace", "skip"] as const)("by its place, %s", async (onInvalid) => {
    for (const end of ["", "\n", "\r\n", "\nmore", "x".repeat(2 * CHUNK_BYTES)]) {
      for (const [name, stored] of [["a.txt", (t: string) => t] as const, ["a.txt.gz", gzipSync] as const]) {
        const path = writeTemp(name, stored(`ab\r\n\n${"س".repeat(5)}x${end}`));
        expect(await failureOf(path, { ...LIMIT, onInvalid })).toMatch(
          new RegExp(`^document-too-large: ${name}: the (document|line) at byte 5 is larger than 10 bytes$`),
        );
        expect(await failureOf(path, { ...LIMIT, ...FILE, onInvalid })).toBe(
          `document-too-large: ${name}: the document at byte 0 is larger than 10 bytes`,
        );
      }
    }
    const exact = writeTemp("b.txt", `\ufeff${"س".repeat(5)}\r\n${"y".repeat(10)}\n${"z".repeat(10)}`);
    expect((await countFile(exact, { ...LIMIT, onInvalid })).documents.length).toBe(3);
    const whole = writeTemp("c.txt", "\ufeff12345678\r\n");
    expect((await countFile(whole, { ...LIMIT, ...FILE, onInvalid })).documents).toEqual(["12345678\r\n"]);
  });

  test("in JSON lines the text counts, not its spelling", async () => {
    const path = writeTemp(
      "a.jsonl",
      `{"text": "${"\\u0061".repeat(10)}", "more": "0123456789"}\n{"text":"01234567890"}`,
    );
    expect(await failureOf(path, LIMIT)).toBe(
      "document-too-large: a.jsonl: the document at byte 95 is larger than 10 bytes",
    );
    expect((await countFile(path, { maxDocumentBytes: 11 })).documents).toEqual([
      "a".repeat(10),
      "01234567890",
    ]);
  });

  test("in JSON lines a line that never ends is refused before it fills the memory", async () => {
    const path = writeTemp("a.jsonl", `{"text":"a"}\n{"text":"${"x".repeat(4 * CHUNK_BYTES)}`);
    expect(await failureOf(path, LIMIT)).toBe(
      `document-too-large: a.jsonl: the line at byte 13 is larger than ${80 + CHUNK_BYTES} bytes`,
    );
  });
});

test("one read of a file tells its bytes once, also when it is looked through first", async () => {
  for (const text of ["valid", "\xff"]) {
    const path = writeTemp("a.txt", latin1(text));
    let bytes = 0;
    await countFile(path, {
      ...SKIP,
      ...FILE,
      onBytes: (count) => {
        bytes += count;
      },
    });
    expect(bytes).toBe(text === "valid" ? 5 : 0);
  }
});
