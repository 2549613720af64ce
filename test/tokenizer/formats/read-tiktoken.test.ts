import { describe, expect, it } from "vitest";
import { readTiktokenRanks } from "../../../src/tokenizer/formats/read-tiktoken.ts";
import { Random } from "../hostile-text.ts";
import { damaged, randomBytes, refusal, unlike } from "./refusal.ts";

const read = (text: string | Uint8Array) => readTiktokenRanks(Buffer.from(text), "x.tiktoken");
const answer = (text: string | Uint8Array) => refusal(() => read(text));
const line = (token: string | Uint8Array, rank: number) => `${Buffer.from(token).toString("base64")} ${rank}`;

/** Lines 1 to 256: the single bytes, byte b with rank b. */
const BYTES = Array.from({ length: 256 }, (_, byte) => line(Uint8Array.of(byte), byte));
const rankFile = (...lines: readonly string[]) => `${[...BYTES, ...lines].join("\n")}\n`;

describe("readTiktokenRanks", () => {
  it("reads the tokens in order of rank, whatever the order of lines; ranks may leave gaps", () => {
    const tokens = read(rankFile(line("ab", 300), line("سلام", 256), line(Uint8Array.of(0xff, 0), 299)));
    expect(tokens.length).toBe(259);
    expect(tokens[65]).toEqual({ bytes: Uint8Array.of(65), rank: 65 });
    // U+0633 U+0644 U+0627 U+0645
    const salam = Uint8Array.of(0xd8, 0xb3, 0xd9, 0x84, 0xd8, 0xa7, 0xd9, 0x85);
    expect(tokens.slice(256)).toEqual([
      { bytes: salam, rank: 256 },
      { bytes: Uint8Array.of(0xff, 0), rank: 299 },
      { bytes: Uint8Array.of(97, 98), rank: 300 },
    ]);
  });

  it("takes CRLF, blank lines at the end, and no line end there", () => {
    const text = rankFile(line("ab", 256));
    const expected = read(text);
    expect(read(text.replaceAll("\n", "\r\n"))).toEqual(expected);
    expect(read(`${text}\n`)).toEqual(expected);
    expect(read(text.trimEnd())).toEqual(expected);
  });

  it("decodes base64 as Node does", () => {
    const random = new Random(41);
    const added = new Set(random.times(2000, () => Buffer.from(randomBytes(random, 40)).toString("base64")));
    const spellings = [...added].filter((text) => Buffer.from(text, "base64").length > 1);
    const tokens = read(rankFile(...spellings.map((text, i) => `${text} ${256 + i}`)));
    expect(tokens.slice(256).map(({ bytes }) => Buffer.from(bytes).toString("base64"))).toEqual(spellings);
  });

  it("reads 200,000 lines in a fraction of a second", () => {
    const lines = Array.from({ length: 200_000 }, (_, i) => line(`token ${i}`, 256 + i));
    const text = Buffer.from([...BYTES, ...lines].join("\n"));
    const start = performance.now();
    expect(read(text).length).toBe(200_256);
    // 0.13 s when measured; a quadratic search for equal tokens takes minutes.
    expect(performance.now() - start).toBeLessThan(2000);
  });
});

describe("a broken rank file", () => {
  it.each([
    ["nothing", "", "the whole file: no ranks"],
    ["blank lines", "\n\r\n", "the whole file: no ranks"],
    ["no space", rankFile("YWI="), "line 257: no space between token and rank"],
    ["a blank line inside", `${BYTES[0]}\n\n${BYTES[1]}\n`, "line 2: no space between token and rank"],
    ["no token", rankFile(" 256"), "line 257: no token before the space"],
    ["no rank", rankFile("YWI= "), "line 257: the rank is not an integer from 0 to 2147483647"],
    ["two spaces", rankFile("YWI=  256"), "line 257: the rank is not an integer"],
    ["something behind the rank", rankFile("YWI= 256 1"), "line 257: the rank is not an integer"],
    ["a negative rank", rankFile("YWI= -1"), "line 257: the rank is not an integer"],
    ["a rank with a fraction", rankFile("YWI= 256.0"), "line 257: the rank is not an integer"],
    ["a huge rank", rankFile("YWI= 2147483648"), "line 257: the rank is not an integer"],
    ["no padding", rankFile("YWI 256"), "line 257: the token is not base64"],
    ["padding inside", rankFile("YW==YW== 256"), "line 257: the token is not base64"],
    ["padding alone", rankFile("==== 256"), "line 257: the token is not base64"],
    ["a letter of base64url", rankFile("YW_= 256"), "line 257: the token is not base64"],
    ["bits that no byte takes", rankFile("YWJ= 256"), "line 257: the token is not base64"],
    ["a token twice", rankFile("YWI= 256", "YWI= 257"), "line 258: the token of line 257 again"],
    ["a rank twice", rankFile("YWI= 9"), "line 257: rank 9 is that of line 10 already"],
    ["a missing byte", BYTES.slice(0, 255).join("\n"), "the whole file: the byte 0xff has no rank"],
  ])("%s", (_, text, message) => {
    expect(answer(text)).toContain(`tokenizer-invalid x.tiktoken: ${message}`);
  });

  it("is refused wherever it is cut, but between the lines behind the single bytes", () => {
    const whole = Buffer.from(rankFile(line("ab", 256), line("abc", 257)));
    // "YWI= 256" and "YWJj 257" are 8 bytes and a line feed; 2 and 25 are ranks of single bytes.
    const [first, second] = [whole.length - 18, whole.length - 9];
    const sizes = Array.from(whole, (_, size) => size);
    const accepted = sizes.filter((size) => answer(whole.subarray(0, size)) === "accepted");
    expect(accepted).toEqual([first - 1, first, second - 1, second, whole.length - 1]);
  });

  it("of random bytes is refused; with bytes changed it is refused or read", () => {
    const random = new Random(42);
    const answers = random.times(10_000, () => answer(randomBytes(random)));
    expect(unlike(answers, /^tokenizer-invalid x\.tiktoken: /)).toEqual([]);
    const whole = Buffer.from(rankFile(line("abcdef", 256)));
    const changed = random.times(500, () => answer(damaged(whole, random)));
    expect(unlike(changed, /^(tokenizer-invalid x\.tiktoken: |accepted$)/)).toEqual([]);
  });
});
