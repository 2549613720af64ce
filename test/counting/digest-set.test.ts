import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { DigestSet, digestOf } from "../../src/counting/digest-set.ts";

test("a digest is the first half of a SHA-256", () => {
  const expected = createHash("sha256").update("سلام").digest("hex").slice(0, 32);
  expect(digestOf(Buffer.from("سلام")).toString("hex")).toBe(expected);
});

test("says which digests are new, as a Set does", () => {
  const set = new DigestSet();
  const twin = new Set<string>();
  for (let i = 0; i < 60_000; i++) {
    const digest = digestOf(Buffer.from(String((i * 7919) % 40_000)));
    const key = digest.toString("hex");
    expect(set.add(digest)).toBe(!twin.has(key));
    twin.add(key);
  }
  expect(set.size).toBe(twin.size);
});

test("digests that differ in one word, and one of zeros", () => {
  const set = new DigestSet();
  const digests = [0, 4, 8, 12].map((at) => {
    const digest = Buffer.alloc(16);
    digest[at + 3] = 9;
    return digest;
  });
  const all = [Buffer.alloc(16), ...digests];
  for (const digest of all) expect(set.add(digest)).toBe(true);
  for (const digest of all) expect(set.add(digest)).toBe(false);
});
