// The verb on a base of 256 bytes: in seconds, with every file of the folder looked at.

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { embeddedText } from "../../src/corpus/embedded-text.ts";
import { type ExpandOptions, expand } from "../../src/pipeline/expand.ts";
import { train } from "../../src/pipeline/train.ts";
import { resolveLanguage } from "../../src/text/languages.ts";
import { findTokenizer, loadTokenizer } from "../../src/tokenizer/load-tokenizer.ts";
import { byteLevelBase } from "../expansion/tiny-base.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const folder = temporaryFolder();
const base = join(folder, "base");

function text(lang: string): readonly string[] {
  return embeddedText(resolveLanguage(lang)).documents;
}

function write(name: string, content: string | readonly string[]): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === "string" ? content : `${content.join("\n")}\n`);
  return path;
}

mkdirSync(base);
write("base/tokenizer.json", JSON.stringify(byteLevelBase({ added: ["<|end|>"] }), null, 2));
write(
  "base/tokenizer_config.json",
  '{\n  "tokenizer_class": "Qwen2Tokenizer",\n  "eos_token": "<|end|>"\n}\n',
);
write("base/special_tokens_map.json", '{"eos_token": "<|end|>"}');
write("base/vocab.json", "{}");
write("base/config.json", '{"vocab_size": 300}');
const persian = write("fa.txt", text("fa"));
const hindi = write("hi.txt", text("hi"));

function options(out: string, more: Partial<ExpandOptions> = {}): ExpandOptions {
  return { base, out: join(folder, out), corpus: [persian], add: 100, ...more };
}

function read(out: string, name: string): string {
  return readFileSync(join(folder, out, name), "utf8");
}

describe("the folder", () => {
  let result: Awaited<ReturnType<typeof expand>>;
  beforeAll(async () => {
    result = await expand("fa", options("folder", { holdOut: 0 }));
  });

  test("holds what a model needs, and nothing stale", () => {
    expect(readdirSync(join(folder, "folder")).sort()).toEqual([
      "README.md",
      "certificate.json",
      "embedding-plan.json",
      "finetune",
      "new-tokens.tsv",
      "special_tokens_map.json",
      "tokenizer.json",
      "tokenizer_config.json",
    ]);
    expect(JSON.parse(read("folder", "tokenizer_config.json"))).toEqual({
      tokenizer_class: "PreTrainedTokenizerFast",
      eos_token: "<|end|>",
    });
    expect(read("folder", "README.md")).toContain(
      "left out, since they hold the base's vocabulary: `vocab.json`",
    );
    expect(readdirSync(folder).filter((name) => name.includes(".tmp"))).toEqual([]);
  });

  test("has the scripts for training, each that the model card and their README name among them", () => {
    const scripts = readdirSync(join(folder, "folder/finetune"));
    const named = [read("folder", "README.md"), read("folder", "finetune/README.md")].flatMap(
      (page) => page.match(/\b[a-z_]+\.py\b/g) ?? [],
    );
    const ours = named.filter((name) => !["convert_hf_to_gguf.py", "base.py"].includes(name));
    expect(ours).toContain("train_continual.py");
    expect(scripts).toEqual(expect.arrayContaining([...new Set(ours)]));
    expect(scripts.filter((name) => name !== "README.md" && !name.endsWith(".py"))).toEqual([]);
  });

  test("the base's text stands unchanged before and behind the additions", () => {
    const before = read("base", "tokenizer.json").split("\n");
    const after = read("folder", "tokenizer.json").split("\n");
    const rest = after.filter((line) => before.includes(line) || before.includes(line.replace(/,$/, "")));
    expect(rest.length).toBeGreaterThanOrEqual(before.length - 1);
    expect(after.length - before.length).toBeGreaterThan(100);
  });

  test("counts in new-tokens.tsv are those of the corpus under the expanded tokenizer", () => {
    const { tokenizer } = loadTokenizer(findTokenizer(join(folder, "folder")));
    const uses = new Map<number, number>();
    for (const document of text("fa"))
      for (const id of tokenizer.encode(document)) uses.set(id, (uses.get(id) ?? 0) + 1);
    const rows = read("folder", "new-tokens.tsv").trimEnd().split("\n").slice(1);
    const expected = Array.from({ length: 100 }, (_, k) => `${257 + k} ${uses.get(257 + k) ?? 0}`);
    expect(rows.map((row) => `${row.split("\t")[0]} ${row.split("\t")[4]}`)).toEqual(expected);
    const total = [...uses.values()].reduce((sum, times) => sum + times, 0);
    expect(result.texts[0]!.training.tokens[1]).toBe(total);
  });

  test("the result, the certificate and the plan agree", () => {
    expect(result.certificate.ok).toBe(true);
    expect(JSON.parse(read("folder", "certificate.json"))).toMatchObject({ ok: true });
    const plan = JSON.parse(read("folder", "embedding-plan.json"));
    expect(plan.base).toMatchObject({ tokenizer: base, vocabSize: 257, embeddingRows: 300 });
    expect(plan.target).toEqual({ vocabSize: 357, embeddingRows: 357, padToMultipleOf: null });
    expect(plan.rows).toHaveLength(100);
    expect(result.added).toMatchObject({ tokens: 100, firstId: 257 });
  });
});

describe("another run", () => {
  test("replaces the folder with the same bytes for the same input", async () => {
    const names = [
      "tokenizer.json",
      "embedding-plan.json",
      "new-tokens.tsv",
      "certificate.json",
      "README.md",
    ];
    const before = names.map((name) => read("folder", name));
    await expand("fa", options("folder", { holdOut: 0, workers: 2 }));
    expect(names.map((name) => read("folder", name))).toEqual(before);
    await expand("fa", options("elsewhere", { holdOut: 0 }));
    expect(names.map((name) => read("elsewhere", name))).toEqual(before);
  });
});

test("a part of the corpus is held out unless it is told otherwise", async () => {
  const { texts, certificate } = await expand("fa", options("held-out", { holdOut: 4 }));
  expect(texts[0]!.heldOut!.documents + texts[0]!.training.documents).toBe(text("fa").length);
  expect(certificate.checks.find(({ id }) => id === "G11")).toMatchObject({ ok: true });
  expect(texts[0]!.heldOut).toMatchObject({ every: 4, seed: 0 });
});

test("padding is filled, and refused before anything is read when it does not suffice", async () => {
  const filled = await expand("fa", options("filled", { placement: "fill-padding", add: 43 }));
  expect(filled.target).toEqual({ vocabSize: 300, embeddingRows: 300, padToMultipleOf: null });
  const missing = { placement: "fill-padding", add: 44, corpus: [join(folder, "missing.txt")] } as const;
  await expect(expand("fa", options("filled-2", missing))).rejects.toMatchObject({
    code: "no-free-rows",
    kind: "usage",
  });
  expect(existsSync(join(folder, "filled-2"))).toBe(false);
});

test("a guarantee that fails leaves nothing, and says which", async () => {
  const panel = write("en.txt", text("fa").slice(0, 5));
  await expect(expand("fa", options("failing", { panel: [panel] }))).rejects.toMatchObject({
    code: "guarantee-failed",
    message: expect.stringContaining("G6"),
  });
  expect(readdirSync(folder).filter((name) => name.includes("failing"))).toEqual([]);
});

test("words with marks: the floor falls, and the certificate says what the pattern alone does", async () => {
  const plain = await expand("hi", options("hindi", { corpus: [hindi], holdOut: 0 }));
  const relaxed = await expand(
    "hi",
    options("marks", { corpus: [hindi], holdOut: 0, relaxPreTokenizer: "marks" }),
  );
  expect(plain.certificate.checks.some(({ id }) => id === "G13")).toBe(false);
  expect(relaxed.certificate.checks.some(({ id }) => id === "G13")).toBe(true);
  const [before, after] = relaxed.texts[0]!.training.floor!;
  expect(after).toBeLessThan(before);
  expect(read("marks", "tokenizer.json")).toContain("[\\\\p{L}\\\\p{M}]+|");
});

test("candidates of vocab train give the same tokenizer, or a prefix of it", async () => {
  const { run: _, ...file } = await train("fa", { base, corpus: [persian], holdOut: 0, add: 100 });
  const candidates = write("candidates.json", JSON.stringify(file));
  await expand("fa", options("candidates", { candidates, add: undefined, holdOut: 0 }));
  expect(read("candidates", "tokenizer.json")).toBe(read("folder", "tokenizer.json"));
  const few = await expand("fa", { base, out: join(folder, "few"), candidates, add: 10 });
  expect([few.added.tokens, few.texts.length]).toEqual([10, 0]);
  expect(read("few", "new-tokens.tsv").split("\n")[1]!.split("\t")[4]).toBe("");
});

test("several languages share the new ids", async () => {
  const corpus = [`fa=${persian}`, `hi=${hindi}`];
  const { languages, texts } = await expand(["fa", "hi"], options("two", { corpus, balance: "parity" }));
  expect(languages.map(({ tag }) => tag)).toEqual(["fa", "hi"]);
  for (const { training } of texts) expect(training.tokens[1]).toBeLessThan(training.tokens[0]);
});

describe("wrong requests", () => {
  test.each<[string, Partial<ExpandOptions>, string]>([
    ["no tokens", { add: 0 }, "add-out-of-range"],
    ["no number", { add: undefined }, "add-missing"],
    ["fewer rows than tokens", { embeddingRows: 100 }, "rows-out-of-range"],
    ["text of another script", { corpus: [hindi] }, "wrong-script"],
    ["a base that is not known", { base: "qwen33" }, "unknown-tokenizer"],
    ["candidates that are none", { candidates: persian }, "candidates-invalid"],
  ])("%s", async (_, more, code) => {
    await expect(expand("fa", options("wrong", more))).rejects.toMatchObject({ code });
    expect(existsSync(join(folder, "wrong"))).toBe(false);
  });

  test("a folder of someone else's", async () => {
    await expect(expand("fa", { ...options("x"), out: base })).rejects.toMatchObject({
      code: "not-our-folder",
    });
  });
});
