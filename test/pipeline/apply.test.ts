import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { type ApplyOptions, apply } from "../../src/pipeline/apply.ts";
import { writeSafetensors } from "../embeddings/safetensors/make-safetensors.ts";
import { readTensors, resized } from "../reference/apply.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import {
  foldersIn,
  HIDDEN,
  makeCheckpoint,
  makeExpansion,
  mean,
  planOf,
  type Shapes,
  TIED,
  VOCAB,
  writeFiles,
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

test.each(["F32", "F16", "BF16", "F64"])("%s, tied and untied, with a bias", async (dtype) => {
  const { tensors } = makeCheckpoint(folders.checkpoint, {
    "lm_head.bias": [dtype, VOCAB],
    "lm_head.weight": [dtype, VOCAB, HIDDEN],
    "model.embed_tokens.weight": [dtype, VOCAB, HIDDEN],
    "model.norm.weight": [dtype, HIDDEN],
  });
  const plan = planOf();
  makeExpansion(folders.expansion, plan);
  const result = await applied();
  expect(result.tied).toBe(false);
  expect(readTensors(outFile("model.safetensors"))).toEqual({
    "lm_head.bias": resized(tensors["lm_head.bias"]!, plan, "output", 23),
    "lm_head.weight": resized(tensors["lm_head.weight"]!, plan, "output", 23),
    "model.embed_tokens.weight": resized(tensors["model.embed_tokens.weight"]!, plan, "input", 23),
    "model.norm.weight": tensors["model.norm.weight"],
  });
  expect(result.rows).toEqual({ before: 20, after: 23, planned: 3, zero: 0 });
  expect(result.parameters).toEqual({ before: 2 * 120 + 20 + 6, added: 2 * 18 + 3 });
});

test("worked by hand: half of 1 and half of 2 is 1.5; three eighths of each decay", async () => {
  writeFiles(folders.checkpoint, { "config.json": '{"vocab_size": 2}' });
  const numbers = Buffer.from(Float32Array.of(1, -4, 2, 8).buffer);
  writeSafetensors(join(folders.checkpoint, "model.safetensors"), {
    "wte.weight": { dtype: "F32", shape: [2, 2], data: numbers },
  });
  const side = { ids: [0, 1], weights: [0.5, 0.5] };
  const plan = planOf({ rows: [[side, side]] });
  makeExpansion(folders.expansion, {
    ...plan,
    base: { ...plan.base, vocabSize: 2 },
    target: { vocabSize: 3, embeddingRows: null, padToMultipleOf: null },
    rows: [{ ...plan.rows[0], id: 2 }],
  });
  await applied();
  const { data } = readTensors(outFile("model.safetensors"))["wte.weight"]!;
  expect([0, 4, 8, 12, 16, 20].map((at) => Buffer.from(data).readFloatLE(at))).toEqual([1, -4, 2, 8, 1.5, 2]);
});

test.each(["F32", "F16", "BF16"])(
  "%s stretched to the median norm of an odd and an even number of rows",
  async (dtype) => {
    const { tensors } = makeCheckpoint(folders.checkpoint, {
      "model.embed_tokens.weight": [dtype, VOCAB, HIDDEN],
      "lm_head.weight": [dtype, VOCAB, HIDDEN],
      "lm_head.bias": [dtype, VOCAB],
    });
    for (const scaleIds of [
      [4, 5, 6],
      [4, 5, 6, 11],
    ]) {
      const plan = planOf({ scaleIds });
      makeExpansion(folders.expansion, plan);
      await applied();
      const found = readTensors(outFile("model.safetensors"));
      for (const [name, tensor] of Object.entries(tensors)) {
        const side = name.startsWith("lm_head") ? "output" : "input";
        expect(found[name]).toEqual(resized(tensor, plan, side, 23));
      }
    }
  },
);

test("learned vectors win, rounded once; ids without one follow the plan", async () => {
  const { tensors } = makeCheckpoint(folders.checkpoint, {
    "model.embed_tokens.weight": ["BF16", VOCAB, 2],
    "lm_head.weight": ["BF16", VOCAB, 2],
  });
  const plan = planOf({ more: { vectors: "learned.safetensors" } });
  makeExpansion(folders.expansion, plan);
  const learned = (values: readonly number[]) => Buffer.from(Float64Array.from(values).buffer);
  writeSafetensors(join(folders.expansion, "learned.safetensors"), {
    ids: { dtype: "I64", shape: [2], data: Buffer.from(BigInt64Array.of(22n, 20n).buffer) },
    input: { dtype: "F64", shape: [2, 2], data: learned([1 + 2 ** -8 + 2 ** -40, 3, -0.5, 0]) },
  });
  await applied();
  const found = readTensors(outFile("model.safetensors"));
  // Of the head nothing was learned.
  expect(found["lm_head.weight"]).toEqual(resized(tensors["lm_head.weight"]!, plan, "output", 23));
  const expected = resized(tensors["model.embed_tokens.weight"]!, plan, "input", 23);
  const data = Buffer.from(expected.data);
  [0xbf00, 0x0000].forEach((bits, i) => void data.writeUInt16LE(bits, 20 * 4 + 2 * i));
  [0x3f81, 0x4040].forEach((bits, i) => void data.writeUInt16LE(bits, 22 * 4 + 2 * i));
  expect(found["model.embed_tokens.weight"]).toEqual({ ...expected, data });
});

test("learned vectors that --vectors names win over those of the plan", async () => {
  makeCheckpoint(folders.checkpoint, { "model.embed_tokens.weight": ["F32", VOCAB, 2] });
  makeExpansion(folders.expansion, planOf({ more: { vectors: "learned.safetensors" } }));
  const learned = (value: number) => ({
    ids: { dtype: "I32", shape: [1], data: Buffer.from(Int32Array.of(21).buffer) },
    input: { dtype: "F32", shape: [1, 2], data: Buffer.from(Float32Array.of(value, value).buffer) },
  });
  writeSafetensors(join(folders.expansion, "learned.safetensors"), learned(1));
  const vectors = join(root, "others.safetensors");
  writeSafetensors(vectors, learned(2));
  const rowOf = () => {
    const { data } = readTensors(outFile("model.safetensors"))["model.embed_tokens.weight"]!;
    return Buffer.from(data).readFloatLE(21 * 8);
  };
  const named = await applied({ vectors });
  expect([rowOf(), named.plan.vectors]).toEqual([2, "others.safetensors"]);
  const ofPlan = await applied();
  expect([rowOf(), ofPlan.plan.vectors]).toEqual([1, "learned.safetensors"]);
  expect(ofPlan.plan.vectorsSha256).not.toBe(named.plan.vectorsSha256);
  // What one run has finished is not what the other needs.
  writeSafetensors(vectors, learned(3));
  await applied({ vectors });
  expect(rowOf()).toBe(3);
});

test("values that are not finite are counted", async () => {
  const { tensors } = makeCheckpoint(folders.checkpoint, TIED);
  const { data } = tensors["model.embed_tokens.weight"]!;
  Buffer.from(data.buffer, data.byteOffset).writeUInt16LE(0x7f80, 2 * HIDDEN * 7);
  writeSafetensors(join(folders.checkpoint, "model.safetensors"), tensors);
  makeExpansion(folders.expansion, planOf());
  expect((await applied()).findings).toEqual([
    "1 new rows of model.embed_tokens.weight hold values that are not finite, as rows of the base do",
  ]);
});

const padded = 26;
const shapes: Shapes = {
  "model.embed_tokens.weight": ["F16", padded, HIDDEN],
  "lm_head.weight": ["F16", padded, HIDDEN],
};
const config = { vocab_size: padded };

test.each(["append", "fill-padding"])(
  "%s into padding: no shape changes, the rest of the padding is kept",
  async (placement) => {
    const { tensors } = makeCheckpoint(folders.checkpoint, shapes, { config });
    const plan = planOf({ more: { placement } });
    makeExpansion(folders.expansion, plan);
    const result = await applied();
    expect(result.rows).toEqual({ before: 26, after: 26, planned: 3, zero: 0 });
    expect(result.config).toEqual([]);
    const found = readTensors(outFile("model.safetensors"))["lm_head.weight"]!;
    expect(found).toEqual(resized(tensors["lm_head.weight"]!, plan, "output", 26));
    expect(found.data.subarray(23 * 12)).toEqual(tensors["lm_head.weight"]!.data.subarray(23 * 12));
    expect(readFileSync(outFile("config.json"))).toEqual(
      readFileSync(join(folders.checkpoint, "config.json")),
    );
  },
);

test.each([
  [{ embeddingRows: 30 }, 30],
  [{ embeddingRows: 25 }, 26],
  [{ padToMultipleOf: 16 }, 32],
  [{ embeddingRows: 33, padToMultipleOf: 16 }, 48],
])("%j: %i rows, zeros where no token is", async (target, rowsAfter) => {
  const { tensors } = makeCheckpoint(folders.checkpoint, shapes, { config });
  const plan = planOf({ target });
  makeExpansion(folders.expansion, plan);
  const result = await applied();
  expect(result.rows).toEqual({ before: 26, after: rowsAfter, planned: 3, zero: rowsAfter - 26 });
  expect(readTensors(outFile("model.safetensors"))["lm_head.weight"]).toEqual(
    resized(tensors["lm_head.weight"]!, plan, "output", rowsAfter),
  );
  expect(outJson("config.json")).toEqual({ vocab_size: rowsAfter });
});

test("no new tokens: the same weights", async () => {
  makeCheckpoint(folders.checkpoint, TIED);
  makeExpansion(folders.expansion, planOf({ rows: [] }));
  await applied();
  expect(readTensors(outFile("model.safetensors"))).toEqual(
    readTensors(join(folders.checkpoint, "model.safetensors")),
  );
});

test("fill-padding never adds rows, and a matrix with fewer rows than ids is another model's", async () => {
  makeCheckpoint(folders.checkpoint, TIED);
  makeExpansion(folders.expansion, planOf({ more: { placement: "fill-padding" } }));
  await expect(applied()).rejects.toMatchObject({ code: "no-free-rows" });
  makeCheckpoint(folders.checkpoint, { "model.embed_tokens.weight": ["F32", VOCAB - 1, HIDDEN] });
  await expect(applied()).rejects.toMatchObject({
    code: "rows-too-few",
    message: '"model.embed_tokens.weight" has 19 rows, but the plan\'s base tiny has 20 ids',
  });
});

test("added tokens of the base may lack a row, as in the text models of Gemma 3; it is zero then", async () => {
  const { tensors } = makeCheckpoint(folders.checkpoint, {
    "model.embed_tokens.weight": ["BF16", VOCAB - 1, HIDDEN],
  });
  const plan = planOf({ rows: [[mean(1, 2, 3), mean(1, 2, 3)]] });
  const files = { "tokenizer.json": JSON.stringify({ added_tokens: [{ id: VOCAB - 1 }] }) };
  makeExpansion(folders.expansion, plan, files);
  const result = await applied();
  expect(result.rows).toEqual({ before: 19, after: 21, planned: 1, zero: 1 });
  expect(result.findings).toContain(
    "the matrix had no row for added tokens of the base (ids from 19, 1 in all); they have rows of zeros now",
  );
  expect(readTensors(outFile("model.safetensors"))).toEqual({
    "model.embed_tokens.weight": resized(tensors["model.embed_tokens.weight"]!, plan, "input", 21),
  });
  makeExpansion(folders.expansion, planOf(), files);
  await expect(applied(), "a part of a new token").rejects.toMatchObject({ code: "rows-too-few" });
  makeExpansion(folders.expansion, plan, files);
  rmSync(join(folders.checkpoint, "tokenizer.json"));
  await expect(applied(), "no tokenizer to compare").rejects.toMatchObject({ code: "rows-too-few" });
});

test("a model may lie in the expansion's folder, as its README has it", async () => {
  makeCheckpoint(folders.checkpoint, TIED);
  makeExpansion(folders.expansion, planOf());
  const out = join(folders.expansion, "RESIZED");
  expect((await applied({ out })).files.placed).toEqual(["tokenizer.json", "tokenizer_config.json"]);
});
