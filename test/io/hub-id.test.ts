import { expect, test } from "vitest";
import { isCommit, parseHubId } from "../../src/io/hub-id.ts";

const COMMIT = "0123456789abcdef0123456789abcdef01234567";

test.each([
  ["hf:Qwen/Qwen3-0.6B", "Qwen/Qwen3-0.6B", "main"],
  ["hf:gpt2", "gpt2", "main"],
  ["hf:_org/name.v1_x@v1.0", "_org/name.v1_x", "v1.0"],
  ["hf:org/name@refs/pr/1", "org/name", "refs/pr/1"],
  ["hf:org/name@user@home", "org/name", "user@home"],
  [`hf:org/name@${COMMIT}`, "org/name", COMMIT],
  [`hf:${"a".repeat(96)}/b`, `${"a".repeat(96)}/b`, "main"],
])("%s", (id, repo, revision) => {
  expect(parseHubId(id)).toEqual({ repo, revision });
});

test.each(["qwen3", "HF:org/name", "./hf:org/name", ""])("%j is not for a hub", (id) => {
  expect(parseHubId(id)).toBeUndefined();
});

test.each([
  "hf:",
  "hf:org/",
  "hf:/name",
  "hf:org/name/file",
  "hf:../name",
  "hf:org/..",
  "hf:org/-name",
  "hf:org/name.",
  "hf:org/a--b",
  "hf:org/a..b",
  "hf:org/name.git",
  "hf:org/naïve",
  "hf:org/na me",
  `hf:org/${"a".repeat(97)}`,
  "hf:org/name\n",
  "hf:org\\name",
  "hf:org/name@",
  "hf:org/name@../../x",
  "hf:org/name@a/../b",
  "hf:org/name@/main",
  "hf:org/name@main/",
  "hf:org/name@a//b",
  "hf:org/name@.hidden",
  "hf:org/name@a/.b",
  "hf:org/name@a\\b",
  "hf:org/name@C:x",
  "hf:org/name@a b",
  "hf:org/name@a\n",
  "hf:org/name@a.lock",
  "hf:org/name@-x",
  `hf:org/name@${"a".repeat(201)}`,
  `hf:org/name@${COMMIT}/tokenizer.json`,
])("%j is refused", (id) => {
  expect(() => parseHubId(id)).toThrow(expect.objectContaining({ code: "hub-id", kind: "usage" }));
});

test("only forty small hexadecimal digits are a commit", () => {
  const others = [COMMIT.slice(1), `${COMMIT}0`, COMMIT.toUpperCase(), `${COMMIT.slice(1)}g`];
  expect([COMMIT, ...others].map(isCommit)).toEqual([true, false, false, false, false]);
});
