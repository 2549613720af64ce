// `analyze` on files against its slow twin, which encodes every document by itself: the real tokenizers together and
// alone, every unit and word rule, and random tokenizers in groups, so that every way of reading and sharing occurs.

import { describe, expect, it } from "vitest";
import { canonicalJson } from "../../src/io/canonical-json.ts";
import { analyze } from "../../src/pipeline/analyze.ts";
import { planReading } from "../../src/tokenizer/safe-cuts.ts";
import { compareSplits } from "../../src/tokenizer/sharing.ts";
import type { Tokenizer } from "../../src/tokenizer/tokenizer.ts";
import { enableWasm } from "../../src/wasm/load-wasm.ts";
import { Random } from "../tokenizer/hostile-text.ts";
import { loadReference, referenceIds } from "../tokenizer/oracle.ts";
import { acceptedTokenizer } from "./accepted-tokenizer.ts";
import { hardDocument } from "./hard-documents.ts";
import { tokenizerGroup } from "./segmentable-tokenizers.ts";
import { expectTwin, jsonLines, tempFile } from "./twin.ts";

const REAL = ["qwen3", "llama3", "gemma3"];

describe("real tokenizers: analyze is its slow twin", () => {
  const random = new Random(31);
  const documents = random.times(1500, () => hardDocument(random, ["<|im_end|>", "<eos>", "<|eot_id|>"]));
  const lines = tempFile(`\ufeff${documents.join("\n")}`, ".txt");
  const returns = tempFile(documents.slice(0, 500).join("\r\n"), ".txt");
  const records = tempFile(jsonLines(documents.slice(500)), ".jsonl");
  const whole = random.times(60, () =>
    tempFile(
      random.times(8, () => hardDocument(random)).join(random.pick(["\n", "\r\n", "\n\n", "\n \n"])),
      ".txt",
    ),
  );

  it("together, by line, words by whitespace", async () => {
    await expectTwin({ corpus: [lines], tokenizers: REAL, words: "whitespace", seed: 3 });
  });

  it.each(REAL)("%s alone, by line with CRLF", async (name) => {
    await expectTwin({ corpus: [returns], tokenizers: [name], words: "whitespace" });
  });

  it("in another order, by record, words by UAX 29", async () => {
    await expectTwin({ corpus: [records], tokenizers: [...REAL].reverse(), words: "uax29" }, "th");
  });

  it("together, by file, words by whitespace", async () => {
    await expectTwin({ corpus: whole, tokenizers: REAL, words: "whitespace", unit: "file" });
  });

  it("together, by line and record mixed, without words", async () => {
    const { result } = await expectTwin({ corpus: [returns, records], tokenizers: REAL, words: "none" });
    expect(result.results[0]).not.toHaveProperty("fertilityInterval.low");
  });
});

const GROUPS = 60;
const DOCUMENTS = 120;

it(`${GROUPS} groups of random tokenizers: analyze is its slow twin, and its totals are the reference's`, async () => {
  const seen = new Map<string, number>();
  let tokenizers = 0;
  for (let seed = 0; seed < GROUPS; seed++) {
    enableWasm(seed % 2 === 0);
    tokenizers += await compareGroup(seed, seen);
  }
  enableWasm(true);
  console.log(`${tokenizers} random tokenizers in ${GROUPS} groups:`, Object.fromEntries([...seen].sort()));
  expect(tokenizers).toBeGreaterThanOrEqual(150);
  for (const way of [
    "plan documents",
    "plan pieces",
    "plan pieces, prepends",
    "plan pre-tokens",
    "sharing always",
    "sharing never",
    "sharing without some",
    "pieces after pre-tokens",
  ])
    expect(seen.get(way) ?? 0, way).toBeGreaterThanOrEqual(5);
});

/** Returns the number of tokenizers compared, and notes which plans and sharing relations there were. */
async function compareGroup(seed: number, seen: Map<string, number>): Promise<number> {
  const random = new Random(seed + 1000);
  const group = tokenizerGroup(random).map(acceptedTokenizer);
  noteWays(
    group.map(({ tokenizer }) => tokenizer),
    seen,
  );
  const likes = group.flatMap((one) => one.likes);
  const documents = random.times(DOCUMENTS, () => hardDocument(random, likes));
  const unit = random.pick(["line", "record", "file"] as const);
  const corpus =
    unit === "file"
      ? documents.slice(0, 40).map((document) => tempFile(document, ".txt"))
      : [unit === "line" ? tempFile(documents.join("\n"), ".txt") : tempFile(jsonLines(documents), ".jsonl")];
  const ids = group.map(({ json }) => tempFile(json, ".json"));
  const compared = await expectTwin({
    corpus,
    tokenizers: ids,
    words: random.pick(["whitespace", "whitespace", "uax29", "none"] as const),
    unit,
    seed,
  });
  for (const [t, { json }] of group.entries()) {
    const expected = await referenceIds(loadReference(json), compared.documents);
    const total = expected.reduce((sum, own) => sum + own.length, 0);
    expect(compared.result.results[t]!.tokens, `group ${seed}, tokenizer ${t}`).toBe(total);
  }
  return group.length;
}

function noteWays(group: readonly Tokenizer[], seen: Map<string, number>): void {
  const note = (way: string) => seen.set(way, (seen.get(way) ?? 0) + 1);
  const plans = group.map(({ definition }) => planReading(definition));
  for (const plan of plans)
    note(`plan ${plan.kind}${plan.kind === "pieces" && plan.prepends ? ", prepends" : ""}`);
  for (let i = 0; i < group.length; i++)
    for (let j = 0; j < i; j++) {
      if (plans[j]!.kind !== "pre-tokens") continue;
      if (plans[i]!.kind === "pieces") note("pieces after pre-tokens");
      if (plans[i]!.kind === "pre-tokens")
        note(sharing(compareSplits(group[i]!.splitter.splits, group[j]!.splitter.splits)));
    }
}

function sharing(agreement: number | undefined): string {
  if (agreement === undefined) return "sharing never";
  return agreement === 0 ? "sharing always" : "sharing without some";
}

describe("determinism", () => {
  it("the same bytes outside `run` for 1, 2 and 5 workers", async () => {
    const random = new Random(77);
    const megabytes = (count: number) => {
      const some = random.times(3000, () => hardDocument(random));
      const texts: string[] = [];
      for (let size = 0; size < count * 1e6; ) {
        const text = random.pick(some) + random.pick(some);
        texts.push(text);
        size += Buffer.byteLength(text) + 1;
      }
      return texts;
    };
    const corpus = [
      tempFile(megabytes(12).join("\n"), ".txt"),
      tempFile(megabytes(2).join("\r\n"), ".txt.gz"),
      tempFile(jsonLines(megabytes(2)), ".jsonl"),
      tempFile(jsonLines(megabytes(1)), ".jsonl.gz"),
      tempFile("", ".txt"),
    ];
    const outputs: string[] = [];
    for (const workers of [1, 2, 5]) {
      const { run, ...result } = await analyze("th", {
        corpus,
        tokenizers: REAL,
        words: "whitespace",
        workers,
      });
      expect(run.workers).toBe(workers);
      outputs.push(canonicalJson(result));
    }
    expect(outputs[1]).toBe(outputs[0]);
    expect(outputs[2]).toBe(outputs[0]);
  });
});
