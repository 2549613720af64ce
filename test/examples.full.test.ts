// The examples print what they say they print.

import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const FOLDER = join(import.meta.dirname, "../examples");
const { FORCE_COLOR: _, NO_COLOR: __, ...env } = process.env;

test.each(readdirSync(FOLDER).filter((name) => name.endsWith(".js")))("%s", (name) => {
  const path = join(FOLDER, name);
  const [, comment] = /\n\/\/ Prints:\n((?:\/\/.*\n)+)$/.exec(readFileSync(path, "utf8")) ?? [];
  const expected = comment?.replace(/^\/\/ ?/gm, "");
  const { status, stdout, stderr } = spawnSync(process.execPath, [path], { env, encoding: "utf8" });
  expect([status, stderr]).toEqual([0, ""]);
  expect(stdout).toBe(expected);
});
