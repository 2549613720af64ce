import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readBaseFiles } from "../../src/artifacts/base-files.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const folder = temporaryFolder();

function base(name: string, files: Readonly<Record<string, string | Uint8Array>>): string {
  mkdirSync(join(folder, name));
  for (const [file, content] of Object.entries(files)) writeFileSync(join(folder, name, file), content);
  return join(folder, name, "tokenizer.json");
}

test("takes what belongs to the tokenizer, and says what it leaves out", () => {
  const file = base("full", {
    "tokenizer.json": "{}",
    "tokenizer_config.json": '{"a": 1}',
    "special_tokens_map.json": "{}",
    "chat_template.jinja": "{{ messages }}",
    "generation_config.json": "{}",
    "config.json": '{"vocab_size": 128}',
    "vocab.json": "{}",
    "merges.txt": "",
    "model.safetensors": "weights",
  });
  const files = readBaseFiles(file);
  expect(files.vocabulary).toEqual({ format: "tokenizer.json", name: "tokenizer.json", text: "{}" });
  expect(files.tokenizerConfig).toBe('{"a": 1}');
  expect(Object.keys(files.copied)).toEqual([
    "special_tokens_map.json",
    "chat_template.jinja",
    "generation_config.json",
  ]);
  expect(files.leftOut).toEqual(["vocab.json", "merges.txt"]);
  expect(files.embeddingRows).toBe(128);
});

test("a lone file, and a file of another name, have no neighbours", () => {
  const alone = readBaseFiles(base("alone", { "tokenizer.json": "{}" }));
  expect(alone).toEqual({
    vocabulary: { format: "tokenizer.json", name: "tokenizer.json", text: "{}" },
    copied: {},
    leftOut: [],
  });
  const other = base("other", { "tokenizer_config.json": "{}", "qwen.json": "{}" }).replace(
    "tokenizer",
    "qwen",
  );
  expect(readBaseFiles(other)).toEqual({
    vocabulary: { format: "tokenizer.json", name: "tokenizer.json", text: "{}" },
    copied: {},
    leftOut: [],
  });
});

test("rows of a model for text and images stand one level down", () => {
  const config = '{"text_config": {"vocab_size": 262208}}';
  expect(readBaseFiles(base("image", { "tokenizer.json": "{}", "config.json": config })).embeddingRows).toBe(
    262_208,
  );
});

test("damaged files are named", () => {
  expect(() => readBaseFiles(base("bytes", { "tokenizer.json": Buffer.from([0x7b, 0xff]) }))).toThrow(
    "tokenizer.json: not valid UTF-8",
  );
  expect(() => readBaseFiles(base("config", { "tokenizer.json": "{}", "config.json": "{" }))).toThrow(
    "config.json: not valid JSON",
  );
});
