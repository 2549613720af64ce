// `evaluate` with programs that stand in for Python: what is asked of it, what becomes of its answers, and of its failures.

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { VocabError } from "../../src/errors.ts";
import { type EvaluateProgress, evaluate } from "../../src/pipeline/evaluate.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { fakeModel, fakePython } from "./fake-python.ts";

const root = temporaryFolder();
const scratch = join(root, "scratch");
const corpus = join(root, "text.txt");
const base = fakeModel(root, "base");
const expanded = fakeModel(root, "expanded");
const previous = process.env["TMPDIR"];

beforeAll(() => {
  mkdirSync(scratch);
  process.env["TMPDIR"] = scratch;
  writeFileSync(corpus, "abc\n\nab c\r\n");
});
afterAll(() => {
  if (previous === undefined) delete process.env["TMPDIR"];
  else process.env["TMPDIR"] = previous;
});

// 4 bits a byte; the expanded one 5 in the first document.
const GOOD = `score((text, i) => 4 * Buffer.byteLength(text) + (options.model.endsWith("expanded") && i === 0 ? 3 : 0));`;

function run(body: string, options: Parameters<typeof evaluate>[1] = {}, name = "python") {
  return evaluate([base, expanded], { corpus: [corpus], python: fakePython(root, name, body), ...options });
}

async function failure(body: string): Promise<VocabError> {
  const error: unknown = await run(body, {}, "failing").then(
    () => undefined,
    (thrown) => thrown,
  );
  expect(error).toBeInstanceOf(VocabError);
  expect(readdirSync(scratch)).toEqual([]);
  return error as VocabError;
}

test("bits and bytes of all documents, models against the first", async () => {
  const { run: record, ...result } = await run(GOOD);
  // "abc" 3 bytes, "ab c" 4 bytes: 28 bits, and 31.
  expect(result).toMatchObject({
    schema: "vocab.evaluation/1",
    corpus: { files: 1, documents: 2, bytes: 7, unit: "line", invalid: 0 },
    models: [
      {
        model: base,
        type: "llama",
        tokens: 4,
        bits: 28,
        bitsPerByte: 4,
        bitsPerToken: 7,
        bytesPerToken: 7 / 4,
      },
      { model: expanded, tokens: 4, bits: 31, bitsPerByte: 31 / 7 },
    ],
    differences: [{ model: expanded, baseline: base, ratio: 31 / 28 }],
  });
  expect(result.differences[0]!.bitsPerByte).toBeCloseTo(3 / 7, 14);
  expect(Object.keys(result)).toEqual(["schema", "language", "corpus", "models", "differences", "findings"]);
  // A space is none of the tiny tokenizer's.
  expect(result.models[0]!.unknownTokens).toBe(1);
  expect(result.findings[0]).toBe(`${expanded} needs more bits than ${base}: 0.4286 per byte (10.7 %)`);
  expect(result.findings[1]).toMatch(/1 of 4 tokens stand for text that its tokenizer does not know/);
  expect(result.findings.at(-1)).toMatch(/^2 documents are too few for an interval/);
  expect(record).toMatchObject({
    python: "3.11.7",
    torch: "2.0",
    threads: 1,
    modelMs: [expect.any(Number), expect.any(Number)],
  });
  expect(readdirSync(scratch)).toEqual([]);
});

test("intervals from 30 documents on, drawn in pairs", async () => {
  const texts = Array.from({ length: 40 }, (_, i) => "abc".repeat((i % 7) + 1));
  writeFileSync(join(root, "forty.txt"), texts.join("\n"));
  const body = `score((text, i) => (i % 5 + 1) * text.length + (options.model.endsWith("expanded") ? text.length : 0));`;
  const { models, differences } = await run(body, { corpus: [join(root, "forty.txt")] });
  expect(models[0]!.bitsPerByteInterval).toMatchObject({ level: 0.95, documents: 40 });
  expect(models[0]!.bitsPerByteInterval!.high - models[0]!.bitsPerByteInterval!.low).toBeGreaterThan(0.1);
  // One bit a byte more in every document.
  expect(differences[0]!.bitsPerByte).toBeCloseTo(1, 12);
  expect(differences[0]!.interval!.low).toBeCloseTo(1, 12);
  expect(differences[0]!.interval!.high).toBeCloseTo(1, 12);
});

test("what the script gets: a model each, options, and the documents as they are", async () => {
  const odd = ['"quoted" \\', "a\u2028b\u0085c", "سلام\u200cدنیا", "\u0000", "a\rb"];
  writeFileSync(join(root, "odd.txt"), odd.join("\n"));
  const seen = join(root, "seen.jsonl");
  const body = `fs.appendFileSync(${JSON.stringify(seen)}, JSON.stringify({ argv: process.argv.slice(2), documents }) + "\\n");\n${GOOD}`;
  await run(body, {
    corpus: [join(root, "odd.txt")],
    window: 256,
    stride: 64,
    batchTokens: 512,
    device: "cpu",
    dtype: "float32",
    startToken: "<s>",
    threads: 2,
  });
  const calls = readFileSync(seen, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(calls.map(({ argv }) => argv[3])).toEqual([`--model=${base}`, `--model=${expanded}`]);
  expect(calls[0].argv.slice(0, 2)).toEqual(["-X", "utf8"]);
  expect(existsSync(calls[0].argv[2])).toBe(true);
  expect(calls[0].argv.slice(5)).toEqual([
    "--window=256",
    "--stride=64",
    "--batch-tokens=512",
    "--device=cpu",
    "--dtype=float32",
    "--start-token=<s>",
    "--threads=2",
  ]);
  expect(calls[1].documents).toEqual(odd);
});

test("progress over all models", async () => {
  const states: EvaluateProgress[] = [];
  await run(`say({ progress: 5 });\n${GOOD}`, { onProgress: (state) => states.push(state) });
  expect(states).toEqual([
    { phase: "encoding" },
    { phase: "scoring", model: base, done: 0, of: 2, bytes: 0, totalBytes: 14 },
    { phase: "scoring", model: base, done: 0, of: 2, bytes: 5, totalBytes: 14 },
    { phase: "scoring", model: expanded, done: 1, of: 2, bytes: 7, totalBytes: 14 },
    { phase: "scoring", model: expanded, done: 1, of: 2, bytes: 12, totalBytes: 14 },
  ]);
});

describe("failures", () => {
  test("no Python", async () => {
    const error = await evaluate([base], { corpus: [corpus], python: join(root, "nothing") }).catch((e) => e);
    expect(error).toMatchObject({ code: "python-not-found", kind: "usage" });
    expect(error.hint).toContain("pip install torch transformers");
  });

  test("a Python without the packages", async () => {
    const error = await failure(
      `say({ error: { code: "missing-package", message: "torch transformers" } }); process.exit(1);`,
    );
    expect(error).toMatchObject({ code: "python-package-missing", kind: "usage" });
    expect(error.message).toMatch(/failing has no torch and no transformers$/);
    expect(error.hint).toMatch(/failing -m pip install torch transformers/);
  });

  test("an error that the script explains", async () => {
    const error = await failure(`say({ error: { code: "no-row", message: "id 9" } }); process.exit(1);`);
    expect([error.message, error.hint]).toEqual([`${base}: id 9`, expect.stringContaining("vocab apply")]);
  });

  test("a crash in the middle", async () => {
    const error = await failure(
      `say({ model: MODEL }); say(lineOf("abc", 0, 1)); console.error("Traceback\\nKeyError: 'x'"); process.exit(3);`,
    );
    expect(error.code).toBe("evaluator-crashed");
    expect(error.message).toMatch(
      /ended with code 3 while it evaluated .*base; it said: Traceback\nKeyError: 'x'$/s,
    );
  });

  test("killed by the system", async () => {
    const error = await failure(`say({ model: MODEL }); process.kill(process.pid, "SIGKILL");`);
    expect(error.message).toMatch(/was ended by SIGKILL/);
    expect(error.hint).toContain("memory");
  });
});

describe("lines that are not of the protocol", () => {
  test.each([
    ["no JSON", `console.log("Loading…");`],
    ["a number", "say(5);"],
    ["an unknown message", "say({ hello: 1 });"],
    ["a model without its facts", `say({ model: { type: "llama" } });`],
    ["bits that are none", `say({ model: MODEL }); say(lineOf("abc", 0, null));`],
    ["fewer bits than none", `say({ model: MODEL }); say(lineOf("abc", 0, -1));`],
    ["documents in another order", `say({ model: MODEL }); say(lineOf("ab c", 1, 4));`],
    ["an end before all documents", `say({ model: MODEL }); say(lineOf("abc", 0, 1)); say({ done: 2 });`],
    [
      "one document too many",
      `say({ model: MODEL }); documents.push("a"); documents.forEach((text, i) => say(lineOf(text, i, 1)));`,
    ],
    ["no end", `say({ model: MODEL }); documents.forEach((text, i) => say(lineOf(text, i, 1)));`],
    ["nothing", ""],
    ["no model", `documents.forEach((text, i) => say(lineOf(text, i, 1))); say({ done: 2 });`],
  ])("%s", async (_, body) => {
    expect((await failure(`${body}\nsetTimeout(() => {}, 50);`)).code).toBe("evaluator-protocol");
  });
});

describe("refusals", () => {
  test("tokens that are not ours: another number, and other ids", async () => {
    const more = await failure(`say({ model: MODEL }); say({ ...lineOf("abc", 0, 1), tokens: 2 });`);
    expect(more).toMatchObject({
      code: "tokens-differ",
      message: `${base}: document 1: transformers gives another number of tokens (2) than the tokenizer file (1)`,
    });
    const others = await failure(`say({ model: MODEL }); say({ ...lineOf("abc", 0, 1), crc: 7 });`);
    expect(others.message).toBe(
      `${base}: document 1: transformers gives other tokens than the tokenizer file, if as many (1)`,
    );
  });

  test("no text, no model", async () => {
    await expect(evaluate([base], { python: "true" })).rejects.toMatchObject({
      code: "no-corpus",
      kind: "usage",
    });
    await expect(evaluate([], { corpus: [corpus] })).rejects.toMatchObject({
      code: "no-model",
      kind: "usage",
    });
    await expect(evaluate([root], { corpus: [corpus] })).rejects.toMatchObject({
      code: "not-a-model",
      kind: "usage",
    });
  });
});

test("an interruption ends the program and leaves nothing", async () => {
  const started = join(root, "started");
  const body = `say({ model: MODEL }); fs.writeFileSync(${JSON.stringify(started)}, String(process.pid)); process.on("SIGTERM", () => {}); setInterval(() => {}, 1000);`;
  const controller = new AbortController();
  const running = run(body, { signal: controller.signal }, "waiting");
  while (!existsSync(started) || readFileSync(started, "utf8") === "")
    await new Promise((resolve) => setTimeout(resolve, 20));
  controller.abort();
  await expect(running).rejects.toThrow();
  expect(() => process.kill(Number(readFileSync(started, "utf8")), 0)).toThrow();
  expect(readdirSync(scratch)).toEqual([]);
});
