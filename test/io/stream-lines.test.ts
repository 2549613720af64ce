import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { streamLines } from "../../src/io/stream-lines.ts";

async function batches(pieces: readonly string[]): Promise<string[][]> {
  const input = Readable.from(pieces.map((piece) => Buffer.from(piece)));
  const all: string[][] = [];
  for await (const batch of streamLines(
    input,
    ({ bytes, number, offset }) => `${number}@${offset}:${Buffer.from(bytes)}`,
  ))
    all.push(batch);
  return all;
}

test("the lines that a piece completes come when it does", async () => {
  expect(await batches(["a\nb", "c", "\n\r\n", "d"])).toEqual([["1@0:a"], ["2@2:bc", "3@5:"], ["4@7:d"]]);
});

test("a line end that is cut in two is one; a lone CR is text", async () => {
  expect(await batches(["a\r", "\nb\rc\r"])).toEqual([["1@0:a"], ["2@3:b\rc\r"]]);
});

test("nothing is no line; a line end is an empty one", async () => {
  expect(await batches([])).toEqual([]);
  expect(await batches([""])).toEqual([]);
  expect(await batches(["\n"])).toEqual([["1@0:"]]);
});

test("any division into pieces gives the same lines", async () => {
  const text = "سلام\n\nدنیا\r\nx\ny";
  const whole = (await batches([text])).flat();
  for (let at = 0; at <= text.length; at++)
    expect((await batches([text.slice(0, at), text.slice(at)])).flat()).toEqual(whole);
});
