import { expect, test } from "vitest";
import { newTokensTable } from "../../src/artifacts/new-tokens.ts";
import type { Candidate } from "../../src/training/candidates.ts";

test("one line a token: tabs, line ends and backslashes escaped, no text inside a character", () => {
  const candidate = (text: string | undefined, bytes: string): Candidate => ({
    token: "t",
    bytes,
    ...(text === undefined ? {} : { text }),
    kind: "token",
    constituents: [3, 1],
    count: 9,
  });
  const candidates = [
    candidate(" ab", "206162"),
    candidate("\t\\\r\n", "095c0d0a"),
    candidate(undefined, "d8"),
  ];
  const uses = (id: number) => (id === 12 ? undefined : id * 2);
  expect(newTokensTable({ firstId: 10, candidates, merges: [] }, uses)).toBe(
    "id\ttext\tbytes\tconstituents\tcount\n10\t ab\t206162\t3 1\t20\n11\t\\t\\\\\\r\\n\t095c0d0a\t3 1\t22\n12\t\td8\t3 1\t\n",
  );
});
