// The program, on real tokenizers: the folder in the libraries that read it, the same bytes for any number of workers, and
// nothing left when it is stopped or the disk is full.

import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Tokenizer as HuggingFace } from "@huggingface/tokenizers";
import { beforeAll, describe, expect, test } from "vitest";
import { embeddedText } from "../../src/corpus/embedded-text.ts";
import { resolveLanguage } from "../../src/text/languages.ts";
import { normalize } from "../../src/text/normalize.ts";
import { findTokenizer, loadTokenizer } from "../../src/tokenizer/load-tokenizer.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { hostileLine, Random } from "../tokenizer/hostile-text.ts";
import { loadReference, referenceIds } from "../tokenizer/oracle.ts";
import { PROGRAM, runVocab } from "./run-vocab.ts";

const folder = temporaryFolder();
const LINES = ["fa", "en", "ar", "am", "ur", "hi", "te", "th", "zh", "ja"].flatMap(
  (tag) => embeddedText(resolveLanguage(tag)).documents,
);
const random = new Random(20_261_125);
const HOSTILE = random.times(1500, () => hostileLine(random));

interface Case {
  readonly base: string;
  readonly lang: string;
  readonly more?: readonly string[];
}

const CASES: readonly Case[] = [
  { base: "qwen3", lang: "fa" },
  { base: "llama3", lang: "am" },
  { base: "gemma3", lang: "te" },
  { base: "llama3", lang: "hi", more: ["--relax-pre-tokenizer", "marks"] },
];

describe.each(CASES)("$base for $lang $more", ({ base, lang, more = [] }) => {
  const out = join(folder, `${base}-${lang}`);
  let text = "";
  beforeAll(async () => {
    const args = ["expand", "--base", base, "--lang", lang, "--add", "200", "--out", out, ...more];
    const { code, stderr, stdout } = await runVocab(args);
    expect(stderr).toBe("");
    expect([code, stdout.includes("written: ")]).toEqual([0, true]);
    text = readFileSync(join(out, "tokenizer.json"), "utf8");
  });

  test("the reference library gives the ids of ours", async () => {
    const { tokenizer } = loadTokenizer(findTokenizer(out));
    const lines = [...LINES, ...HOSTILE];
    const expected = await referenceIds(loadReference(text), lines);
    expect(lines.filter((line, i) => tokenizer.encode(line).join() !== expected[i]!.join())).toEqual([]);
  });

  test("@huggingface/tokenizers gives them as well", () => {
    const { tokenizer } = loadTokenizer(findTokenizer(out));
    const config = JSON.parse(readFileSync(join(out, "tokenizer_config.json"), "utf8")) as object;
    const theirs = new HuggingFace(JSON.parse(text) as object, config);
    const lines = [...LINES, ...HOSTILE].filter((line) => line.normalize("NFC") === normalize(line, "NFC"));
    const encode = (line: string) => theirs.encode(line, { add_special_tokens: false }).ids;
    expect(lines.filter((line) => tokenizer.encode(line).join() !== encode(line).join())).toEqual([]);
  });

  test("no id of the base moves, and the next free one is the next", () => {
    const before = loadReference(readFileSync(findTokenizer(base).file, "utf8"));
    const after = loadReference(text);
    const size = before.getVocabSize();
    const moved = Array.from({ length: size }, (_, id) => id).filter(
      (id) => before.idToToken(id) !== after.idToToken(id),
    );
    expect(moved).toEqual([]);
    expect(after.getVocabSize()).toBe(size + 200);
    after.addTokens(["<tool>"]);
    expect(after.tokenToId("<tool>")).toBe(size + 200);
  });

  test("vocab verify finds nothing wrong with it", async () => {
    const { code, stdout } = await runVocab(["verify", out, "--lang", lang, "--json"]);
    expect([code, (JSON.parse(stdout) as { ok: boolean }).ok]).toEqual([0, true]);
  });
});

describe("a larger corpus", () => {
  const corpus = join(folder, "corpus.txt");
  const words = embeddedText(resolveLanguage("fa")).documents.flatMap((document) => document.split(" "));
  const line = () => random.times(12, () => random.pick(words)).join(" ");
  writeFileSync(corpus, `${random.times(40_000, line).join("\n")}\n`);
  const args = ["expand", "--base", "qwen3", "--lang", "fa", "--corpus", corpus, "--add", "300"];

  test("gives the same bytes for 1, 2 and 5 workers", async () => {
    for (const workers of ["1", "2", "5"]) {
      const out = join(folder, `workers-${workers}`);
      expect((await runVocab([...args, "--workers", workers, "--out", out])).code).toBe(0);
    }
    const one = contents(join(folder, "workers-1"));
    expect(contents(join(folder, "workers-2"))).toEqual(one);
    expect(contents(join(folder, "workers-5"))).toEqual(one);
  });

  test("gives the same bytes for counts in any order", async () => {
    const lines = readFileSync(corpus, "utf8").split("\n");
    const counts = await Promise.all(
      [lines.slice(0, 9000), lines.slice(9000)].map(async (part, i) => {
        const file = join(folder, `part-${i}.txt`);
        writeFileSync(file, part.join("\n"));
        const out = join(folder, `counts-${i}`);
        expect((await runVocab(["count", "--lang", "fa", "--corpus", file, "--out", out])).code).toBe(0);
        return out;
      }),
    );
    const common = ["expand", "--base", "qwen3", "--lang", "fa", "--add", "300", "--counts"];
    const outs = [join(folder, "order-1"), join(folder, "order-2")];
    expect((await runVocab([...common, ...counts, "--out", outs[0]!])).code).toBe(0);
    expect((await runVocab([...common, ...counts.reverse(), "--out", outs[1]!])).code).toBe(0);
    expect(contents(outs[1]!)).toEqual(contents(outs[0]!));
  });

  test("a full disk leaves nothing", () => {
    const place = join(folder, "full");
    mkdirSync(place);
    // No file may grow beyond 2 MB: tokenizer.json has 11.
    const command = `ulimit -f 2000; exec "${process.execPath}" "${PROGRAM}" ${args.join(" ")} --out ${place}/out`;
    const { status, stderr } = spawnSync("bash", ["-c", command], { encoding: "utf8" });
    expect([status, stderr]).toEqual([1, expect.stringContaining("cannot be written: EFBIG")]);
    expect(readdirSync(place)).toEqual([]);
  });

  test.each(["SIGINT", "SIGKILL"] as const)("stopped by %s it leaves no folder", async (signal) => {
    const place = join(folder, signal);
    mkdirSync(place);
    const { code } = await runVocab([...args, "--out", join(place, "out")], {
      onStart: (kill) => whenUnfinished(place, () => kill(signal)),
    });
    expect(code).toBe(signal === "SIGINT" ? 130 : null);
    expect(readdirSync(place).filter((name) => signal === "SIGINT" || !name.startsWith("."))).toEqual([]);
    expect((await runVocab([...args, "--out", join(place, "out")])).code).toBe(0);
    expect(readdirSync(place)).toEqual(["out"]);
  });
});

/** Acts once the unfinished folder has its tokenizer.json. */
function whenUnfinished(place: string, act: () => void): void {
  const timer = setInterval(() => {
    const [unfinished] = readdirSync(place);
    if (unfinished === undefined || !readdirSync(join(place, unfinished)).includes("embedding-plan.json"))
      return;
    clearInterval(timer);
    act();
  }, 5);
}

function contents(path: string): Record<string, string> {
  const names = readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    names.map((entry) => [
      join(entry.parentPath, entry.name).slice(path.length),
      readFileSync(join(entry.parentPath, entry.name), "latin1"),
    ]),
  );
}
