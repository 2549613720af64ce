import { existsSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { type ApplyOptions, apply } from "../../src/pipeline/apply.ts";
import { readTensors, resized } from "../reference/apply.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import {
  contentsOf,
  foldersIn,
  HIDDEN,
  makeCheckpoint,
  makeExpansion,
  planOf,
  type Shapes,
  TIED,
  VOCAB,
} from "./apply-fixture.ts";

const root = temporaryFolder();
let run = 0;
let folders = foldersIn("");

beforeEach(() => {
  folders = foldersIn(join(root, String(run++)));
});

function applied(options: Partial<ApplyOptions> = {}) {
  return apply({ ...folders, ...options });
}

const outFile = (name: string) => join(folders.out, name);
const outJson = (name: string) => JSON.parse(readFileSync(outFile(name), "utf8")) as Record<string, unknown>;

test("several files of weights and an index", async () => {
  const { tensors } = makeCheckpoint(
    folders.checkpoint,
    { ...TIED, "lm_head.weight": ["BF16", VOCAB, HIDDEN] },
    {
      shards: [
        ["model.embed_tokens.weight"],
        ["model.layers.0.mlp.down_proj.weight", "model.norm.weight"],
        ["lm_head.weight"],
      ],
    },
  );
  const plan = planOf();
  makeExpansion(folders.expansion, plan);
  const result = await applied();
  const shard = (k: number) => `model-0000${k}-of-00003.safetensors`;
  expect(result.files.changed).toEqual([shard(1), shard(3), "model.safetensors.index.json", "config.json"]);
  expect(readTensors(outFile(shard(3)))["lm_head.weight"]).toEqual(
    resized(tensors["lm_head.weight"]!, plan, "output", 23),
  );
  expect(readFileSync(outFile(shard(2)))).toEqual(readFileSync(join(folders.checkpoint, shard(2))));
  const before = JSON.parse(readFileSync(join(folders.checkpoint, "model.safetensors.index.json"), "utf8"));
  expect(outJson("model.safetensors.index.json")).toEqual({
    ...before,
    metadata: { total_size: before.metadata.total_size + 2 * 3 * HIDDEN * 2 },
  });
});

test("the expansion's tokenizer replaces the base's; stale files and other weights are left out; the rest is copied", async () => {
  makeCheckpoint(folders.checkpoint, TIED, {
    files: {
      "vocab.json": "stale",
      "merges.txt": "stale",
      "tokenizer.model": "stale",
      "pytorch_model.bin": "old weights",
      ".cache/huggingface/x.lock": "",
      "chat_template.jinja": "of the base",
      "generation_config.json": "of the base",
      "special_tokens_map.json": "of the base",
      "preprocessor_config.json": "kept",
      "code/modeling.py": "kept",
    },
  });
  symlinkSync(join(folders.checkpoint, "code"), join(folders.checkpoint, "code/circle"));
  makeExpansion(folders.expansion, planOf(), {
    "generation_config.json": "of the expansion",
    "finetune/x.py": "",
  });
  const before = contentsOf(folders.checkpoint);
  const result = await applied();
  expect(contentsOf(folders.checkpoint)).toEqual(before);
  const after = contentsOf(folders.out);
  expect(Object.keys(after)).toEqual([
    "chat_template.jinja",
    "code/modeling.py",
    "config.json",
    "generation_config.json",
    "model.safetensors",
    "preprocessor_config.json",
    "special_tokens_map.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "vocab-application.json",
  ]);
  expect(after["generation_config.json"]!.toString()).toBe("of the expansion");
  expect(after["chat_template.jinja"]!.toString()).toBe("of the base");
  expect(after["tokenizer.json"]).toEqual(readFileSync(join(folders.expansion, "tokenizer.json")));
  expect(result.files.leftOut).toEqual([
    ".cache/",
    "code/circle/",
    "merges.txt",
    "pytorch_model.bin",
    "tokenizer.model",
    "vocab.json",
  ]);
});

test("tensors keep their bytes and the multiples that readers rely on, whatever a matrix of odd size puts before them", async () => {
  const shapes: Shapes = {
    "model.embed_tokens.weight": ["F16", VOCAB, 3],
    counts: ["I64", 2],
    flags: ["BOOL", 3],
    "model.norm.weight": ["F32", 3],
  };
  const { tensors } = makeCheckpoint(folders.checkpoint, shapes);
  makeExpansion(folders.expansion, planOf());
  await applied();
  const path = outFile("model.safetensors");
  expect(readTensors(path)).toEqual({
    ...tensors,
    "model.embed_tokens.weight": resized(tensors["model.embed_tokens.weight"]!, planOf(), "input", 23),
  });
  const bytes = readFileSync(path);
  const header = JSON.parse(bytes.toString("utf8", 8, 8 + Number(bytes.readBigUInt64LE()))) as Record<
    string,
    { data_offsets: [number, number] }
  >;
  expect(header["__metadata__"]).toEqual({ format: "pt" });
  expect([header["counts"]!.data_offsets[0] % 8, header["model.norm.weight"]!.data_offsets[0] % 4]).toEqual([
    0, 0,
  ]);
});

test("the same inputs give the same folder", async () => {
  makeCheckpoint(folders.checkpoint, TIED);
  makeExpansion(folders.expansion, planOf());
  await applied();
  const first = contentsOf(folders.out);
  await applied();
  expect(contentsOf(folders.out)).toEqual(first);
  const other = `${folders.out}-2`;
  await applied({ out: other });
  expect(contentsOf(other)).toEqual(first);
});

test("a dry run says the same and writes nothing", async () => {
  makeCheckpoint(folders.checkpoint, TIED);
  makeExpansion(folders.expansion, planOf());
  const { run: _, ...dry } = await applied({ dryRun: true });
  expect(existsSync(folders.out)).toBe(false);
  const { run: __, ...wet } = await applied();
  expect(wet).toEqual({ ...dry, dryRun: false });
  expect(dry).toMatchObject({ schema: "vocab.application/1", comparedTokenizer: "tokenizer.json" });
  expect(readdirSync(join(folders.out, ".."))).toEqual(["base", "expansion", "out"]);
});
