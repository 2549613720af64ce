// The known tokenizers: each against itself, and with mistakes that were really made.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { findTokenizer } from "../../src/tokenizer/load-tokenizer.ts";
import { preTokenizerHash } from "../../src/verification/llama-cpp-hash.ts";
import { openSubject } from "../../src/verification/subject.ts";
import { verifyExpansion } from "../../src/verification/verify-expansion.ts";
import type { TokenizerParts } from "./faults.ts";
import { jsonFile } from "./json-file.ts";

function textOf(name: string): string {
  return readFileSync(findTokenizer(name).file, "utf8");
}

async function failures(name: string, change: (parts: TokenizerParts) => void) {
  const text = textOf(name);
  const parts = JSON.parse(text) as TokenizerParts;
  change(parts);
  const { checks } = await verifyExpansion(
    { base: jsonFile(name, text), expanded: jsonFile("changed", JSON.stringify(parts)) },
    { generated: 200 },
  );
  return Object.fromEntries(checks.filter(({ ok }) => !ok).map(({ id, detail }) => [id, detail]));
}

/** As `expand` does it, so that new entries move nothing. */
function enterAddedTokens({ added_tokens: tokens, model }: TokenizerParts): void {
  for (const { content, id } of tokens) model.vocab[content] = id;
}

describe.each(["qwen3", "llama3", "gemma3"])("%s", (name) => {
  it("passes against itself", async () => {
    expect(await failures(name, () => {})).toEqual({});
  });
});

it("Qwen 3: entries in model.vocab alone move <|endoftext|> from 151643 to 151646", async () => {
  const { G1 } = await failures("qwen3", ({ model }) => {
    ["ĠزÙħÛĮÙĨÙĩ", "ĠاÙĨدازÙĩ", "ĠبرÙĨاÙħÙĩ"].forEach((token, i) => {
      model.vocab[token] = 151_643 + i;
    });
  });
  expect(G1).toMatch(/^token "<\|endoftext\|>" of id 151643 has moved to id 151646; /);
  expect(G1).toContain('"<|endoftext|>": the file says id 151643, the library loads it with id 151646');
});

it("Llama 3: a token without a merge is found whole by ignore_merges, and is unreachable all the same", async () => {
  const found = await failures("llama3", (parts) => {
    enterAddedTokens(parts);
    parts.model.vocab["Ġabcxyzw"] = 128_256;
  });
  expect(found["G4"]).toMatch(
    /^token 128256 "Ġabcxyzw" \(" abcxyzw"\) is unreachable: its bytes become \d+ /,
  );
});

it("Gemma 3: byte tokens merged into a character", async () => {
  const found = await failures("gemma3", (parts) => {
    enterAddedTokens(parts);
    parts.model.vocab["<0xE1><0x8D>"] = 262_145;
    parts.model.merges.push(["<0xE1>", "<0x8D>"]);
  });
  expect(found["G5"]).toMatch(/^merges\[514906\] joins byte tokens/);
});

describe("llama.cpp's hash", () => {
  it("is the registered one of Qwen 2", () => {
    expect(preTokenizerHash(openSubject(jsonFile("qwen3", textOf("qwen3"))))).toBe(
      "e636dc30a262dcc0d8c323492e32ae2b70728f4df7dfe9737d9f920a282b8aea",
    );
  });
  it("is the registered one of Llama 3, once its file puts <|begin_of_text|> before a text", () => {
    const parts = JSON.parse(textOf("llama3")) as TokenizerParts;
    parts.post_processor = {
      type: "TemplateProcessing",
      single: [{ SpecialToken: { id: "<|begin_of_text|>" } }, { Sequence: { id: "A" } }],
      special_tokens: { "<|begin_of_text|>": { ids: [128_000] } },
    };
    expect(preTokenizerHash(openSubject(jsonFile("llama3", JSON.stringify(parts))))).toBe(
      "0ef9807a4087ebef797fc749390439009c3b9eda9ad1a097abbe738f486c01e5",
    );
  });
});
