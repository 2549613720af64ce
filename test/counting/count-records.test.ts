import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { Random } from "../tokenizer/hostile-text.ts";
import { countFile, failureOf, writeTemp } from "./count-file.ts";
import { hostileText } from "./hostile-pieces.ts";

const REPLACE = { onInvalid: "replace" } as const;
const SKIP = { onInvalid: "skip" } as const;

test("records are documents, line ends in their text included", async () => {
  const lines = [
    '\ufeff{"text":"a\\r\\nb"}',
    '{"id":1,"text":" c"}\r',
    "",
    "\r",
    '{"text":""}',
    '{"text":"\\u0000"}',
  ];
  for (const end of ["", "\n"]) {
    const text = lines.join("\n") + end;
    for (const [name, stored] of [["a.jsonl", text] as const, ["a.jsonl.gz", gzipSync(text)] as const]) {
      const counted = await countFile(writeTemp(name, stored));
      expect(counted.documents).toEqual(["a\r\nb", " c", "\0"]);
      expect(counted.offsets).toEqual([3, 21, 58]);
    }
  }
});

test("any text passes through JSON", async () => {
  const random = new Random(1);
  const texts = random.times(500, () => hostileText(random, 10)).filter((text) => text !== "");
  const records = texts.map((text) => JSON.stringify({ id: 1, text }).replace(/[^\x20-\x7e]/g, escapeSome));
  const { documents } = await countFile(writeTemp("a.jsonl", records.join("\r\n")));
  expect(documents).toEqual(texts);
});

function escapeSome(unit: string): string {
  const code = unit.charCodeAt(0);
  return code < 0xd800 && code % 2 === 0 ? `\\u${code.toString(16).padStart(4, "0")}` : unit;
}

test("another field", async () => {
  const path = writeTemp("a.jsonl", '{"text":"no","متن":"بله"}\n{"__proto__":"x","متن":"y"}');
  expect((await countFile(path, { textField: "متن" })).documents).toEqual(["بله", "y"]);
});

test("a field of a field", async () => {
  const lines = ['{"a":{"b.c":"x","b":{"c":"no"}},"a.b":1}', '{"a.b.c":"y","a":{}}', '{"a":{"b":{"c":"z"}}}'];
  const { documents } = await countFile(writeTemp("a.jsonl", lines.join("\n")), { textField: "a.b.c" });
  expect(documents).toEqual(["x", "y", "z"]);
  const missing = 'no-text-field: a.jsonl: the record at byte 0 has no field "a.b.c"; it has: a';
  for (const a of ["null", '"b"', '{"b":null}', "[]", "{}"])
    expect(await failureOf(writeTemp("a.jsonl", `{"a":${a}}`), { textField: "a.b.c" })).toBe(missing);
});

describe("what is no record", () => {
  const GOOD = '{"text":"é"}\n';
  test.each<[string, string]>([
    ["{", "invalid-json: a.jsonl: the line at byte 14 is not valid JSON"],
    ["{'text': 1}", "invalid-json: a.jsonl: the line at byte 14 is not valid JSON"],
    ['{"text":"a"}{"text":"b"}', "invalid-json: a.jsonl: the line at byte 14 is not valid JSON"],
    ['{"text":"a\tb"}', "invalid-json: a.jsonl: the line at byte 14 is not valid JSON"],
    ["\0", "invalid-json: a.jsonl: the line at byte 14 is not valid JSON"],
    ["[1]", "no-text-field: a.jsonl: the record at byte 14 is not an object"],
    ["null", "no-text-field: a.jsonl: the record at byte 14 is not an object"],
    ['"text"', "no-text-field: a.jsonl: the record at byte 14 is not an object"],
    [
      '{"id":1,"body":""}',
      'no-text-field: a.jsonl: the record at byte 14 has no field "text"; it has: id, body',
    ],
    ["{}", 'no-text-field: a.jsonl: the record at byte 14 has no field "text"; it has: none'],
    ['{"text":null}', 'no-text-field: a.jsonl: the record at byte 14: the field "text" is not a string'],
    ['{"text":["a"]}', 'no-text-field: a.jsonl: the record at byte 14: the field "text" is not a string'],
  ])("%s", async (line, message) => {
    for (const onInvalid of ["error", "replace", "skip"] as const)
      for (const end of ["", "\n", `\r\n${GOOD}`])
        expect(
          (await failureOf(writeTemp("a.jsonl", GOOD + line + end), { onInvalid })).startsWith(message),
        ).toBe(true);
  });
});

describe("invalid text", () => {
  const lines = (wrong: string) => Buffer.from(`{"text":"a"}\n{"text":"${wrong}"}\n{"text":"c"}\n`, "latin1");

  test.each<[string, string, number]>([
    ["x\xff", "x\ufffd", 1],
    ["\xed\xa0\x80", "\ufffd\ufffd\ufffd", 3],
    ["\xd8", "\ufffd", 1],
  ])("UTF-8 %j", async (wrong, replaced, count) => {
    const path = writeTemp("a.jsonl", lines(wrong));
    const at = 22 + wrong.search(/[^x]/);
    expect(await failureOf(path)).toBe(`invalid-utf8: a.jsonl: invalid UTF-8 at byte ${at}`);
    const all = await countFile(path, REPLACE);
    expect([all.documents, all.invalid, all.offsets]).toEqual([
      ["a", replaced, "c"],
      count,
      [0, 13, 25 + wrong.length],
    ]);
    const rest = await countFile(path, SKIP);
    expect([rest.documents, rest.invalid]).toEqual([["a", "c"], 1]);
  });

  test.each<[string, string, number]>([
    ["\\ud800", "\ufffd", 1],
    ["\\udc00\\ud800x", "\ufffd\ufffdx", 2],
    ["\\ud83d\\ude00\\ud83d", "😀\ufffd", 1],
  ])("lone surrogates %j", async (wrong, replaced, count) => {
    const path = writeTemp("a.jsonl", lines(wrong));
    expect(await failureOf(path)).toBe(
      'invalid-utf8: a.jsonl: the record at byte 13 has a lone surrogate in "text"',
    );
    const all = await countFile(path, REPLACE);
    expect([all.documents, all.invalid]).toEqual([["a", replaced, "c"], count]);
    const rest = await countFile(path, SKIP);
    expect([rest.documents, rest.invalid]).toEqual([["a", "c"], 1]);
  });

  test("surrogate pairs are no lone surrogates", async () => {
    const { documents, invalid } = await countFile(writeTemp("a.jsonl", lines("\\ud83d\\ude00")), REPLACE);
    expect([documents, invalid]).toEqual([["a", "😀", "c"], 0]);
  });
});
