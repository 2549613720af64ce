import { expect, it } from "vitest";
import { ByteStringTable } from "../../src/counting/byte-string-table.ts";
import { BLANK, PreTokenSpaces } from "../../src/metrics/pre-token-spaces.ts";

function spacesOf(texts: readonly string[]): PreTokenSpaces {
  const table = new ByteStringTable();
  const spaces = new PreTokenSpaces(table);
  for (const text of texts) {
    const bytes = Buffer.from(`${text}\0\0\0\0`);
    table.intern(bytes, new DataView(bytes.buffer, bytes.byteOffset), 0, bytes.length - 4);
    spaces.makeRoom();
  }
  return spaces;
}

it.each([
  ["a b", 0],
  [" a", 1],
  [" \u0301", 1],
  ["  a", 2],
  ["\ta", 1],
  ["\u00a0é", 2],
  [" \u3000中", 4],
  ["\u200bx", 0],
  ["¡", 0],
  [" ", BLANK],
  ["\n\u2028", BLANK],
  [" ".repeat(300), BLANK],
])("%j begins with %d bytes of white space", (text, expected) => {
  expect(spacesOf([text]).bytes[0]).toBe(expected);
});

it("more than a byte counts", () => {
  const spaces = spacesOf([`${" ".repeat(300)}a`, " b"]);
  expect(spaces.of(0)).toBe(300);
  expect(spaces.of(1)).toBe(1);
});
