import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Certificate } from "../../src/verification/certificate.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { byteLevelBase, ENGLISH, expandFor, PERSIAN } from "../verification/made-expansions.ts";
import { runFake } from "./fake-io.ts";

const folder = temporaryFolder();
const made = expandFor(byteLevelBase(), PERSIAN, 24);
const base = write("base/tokenizer.json", made.base);
const sound = write("sound/tokenizer.json", made.expanded);
const en = write("panel/en.txt", `${ENGLISH}\nthe other house\n`);
const fa = write("fa.txt", `${PERSIAN}\n`);

/** The 24 new merges stand before the old ones. */
const broken = write(
  "broken/tokenizer.json",
  JSON.stringify(JSON.parse(made.expanded), (key, value: unknown[]) =>
    key === "merges" ? [...value.slice(-24), ...value.slice(0, -24)] : value,
  ),
);

function write(path: string, text: string): string {
  const file = join(folder, path);
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, text);
  return file;
}

test("a sound expansion: a row for each guarantee, and exit code 0", async () => {
  const { code, stdout, stderr } = await runFake(["verify", sound, "--base", base, "--panel", en]);
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout).toMatch(
    /^verified: .*sound\/tokenizer\.json against .*base\/tokenizer\.json \(313 → 337 ids\)\n/,
  );
  expect(stdout).toMatch(/^ok {4}G1 {3}ids and special tokens kept$/m);
  expect(stdout).toMatch(/^en +2 +0 +\d+ +\d+ +0 % +0 %$/m);
  expect(stdout).toMatch(/^- G10 embedding plan: there is no embedding-plan\.json$/m);
});

test("the certificate as JSON", async () => {
  const run = await runFake(["verify", join(folder, "sound"), "--base", base, "--panel", en, "--json"]);
  const certificate = JSON.parse(run.stdout) as Certificate;
  expect(certificate).toMatchObject({ schema: "vocab.certificate/1", ok: true });
  expect(Object.keys(certificate.checks[0]!)).toEqual(["id", "ok", "detail", "figures"]);
});

test("a broken one: the guarantee by name, and exit code 1", async () => {
  const { code, stdout, stderr } = await runFake(["verify", broken, "--base", base, "--panel", en]);
  expect(code).toBe(1);
  expect(stdout).toMatch(/^NOT verified: G2, G3/);
  expect(stdout).toMatch(/^FAIL {2}G2 {3}merges kept, in order$/m);
  expect(stderr).toMatch(/^vocab: error: G2, G3.* do not hold\n {2}hint: docs\/verification\.md/);
});

test("training text and held-out text", async () => {
  const texts = ["--corpus", fa, "--held-out", fa, "--panel", en];
  const { code, stdout } = await runFake(["verify", sound, "--base", base, ...texts, "--json"]);
  const { checks } = JSON.parse(stdout) as Certificate;
  expect(code).toBe(1);
  expect(checks.filter(({ ok }) => !ok).map(({ id }) => id)).toEqual(["G11"]);
  expect(checks.find(({ id }) => id === "G4")!.figures).toMatchObject({ unused: 0 });
});

test("a base that is named in the plan but is not here, or not named at all", async () => {
  expect(await runFake(["verify", sound])).toMatchObject({ code: 2, stdout: "" });
  const planned = write("planned/tokenizer.json", made.expanded);
  write("planned/embedding-plan.json", JSON.stringify(made.plan));
  const { code, stderr } = await runFake(["verify", planned]);
  expect(code).toBe(2);
  expect(stderr).toContain('embedding-plan.json names the base "made", which is not here');
  const found = await runFake(["verify", planned, "--base", base, "--panel", en]);
  expect(found.stdout).toMatch(/^ok {4}G10 {2}embedding plan$/m);
});

test.each([
  [["--budget", "en"], "Expected a text and a percentage"],
  [["--budget", "en=200"], "Expected a text and a percentage"],
  [["--budget", "ur=1"], 'a budget for "ur", which is no text of the panel'],
  [["--held-out", "nowhere.txt"], "no such file: nowhere.txt"],
  [["--lang", "farsi"], 'unknown language tag "farsi"'],
])("wrong usage: %j", async (args, message) => {
  const { code, stdout, stderr } = await runFake(["verify", sound, "--base", base, "--panel", en, ...args]);
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toContain(message);
});

test("a budget", async () => {
  const ids = (args: readonly string[]) => runFake(["verify", sound, "--base", base, "--panel", fa, ...args]);
  expect((await ids([])).code).toBe(0);
  expect((await ids(["--budget", "fa=0"])).code).toBe(1);
  expect((await ids(["--budget", "fa=100"])).code).toBe(0);
});
