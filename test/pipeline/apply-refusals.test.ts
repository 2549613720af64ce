import { createHash } from "node:crypto";
import { readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { type ApplyOptions, apply } from "../../src/pipeline/apply.ts";
import { writeSafetensors } from "../embeddings/safetensors/make-safetensors.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import {
  foldersIn,
  HIDDEN,
  makeCheckpoint,
  makeExpansion,
  mean,
  planOf,
  randomTensor,
  TIED,
  writeFiles,
} from "./apply-fixture.ts";

const root = temporaryFolder();
let run = 0;
let folders = foldersIn("");

beforeEach(() => {
  folders = foldersIn(join(root, String(run++)));
  makeCheckpoint(folders.checkpoint, TIED);
  makeExpansion(folders.expansion, planOf());
});

function applied(options: Partial<ApplyOptions> = {}) {
  return apply({ ...folders, ...options });
}

test("a checkpoint with another tokenizer, naming both", async () => {
  writeFileSync(join(folders.checkpoint, "tokenizer.json"), "{}");
  const error = {
    code: "other-base",
    message: expect.stringMatching(
      /tokenizer\.json has the SHA-256 44136f\w+, but the plan is for the base tiny, which has/,
    ),
  };
  await expect(applied()).rejects.toMatchObject(error);
  writeFileSync(
    join(folders.checkpoint, "tokenizer.json"),
    readFileSync(join(folders.expansion, "tokenizer.json")),
  );
  await expect(applied()).rejects.toThrow(/is the expanded tokenizer already/);
});

test("an --out folder that is not ours, or is not what it was", async () => {
  writeFiles(folders.out, { "model.safetensors": "mine" });
  const refusal = { code: "not-our-folder", kind: "usage" };
  await expect(applied()).rejects.toMatchObject(refusal);
  await expect(applied({ dryRun: true })).rejects.toMatchObject(refusal);
  const out = `${folders.out}-2`;
  await applied({ out });
  await applied({ out });
  writeFileSync(join(out, "training-notes.txt"), "mine");
  await expect(applied({ out })).rejects.toMatchObject({
    ...refusal,
    message: expect.stringMatching(/training-notes/),
  });
  expect(readFileSync(join(out, "training-notes.txt"), "utf8")).toBe("mine");
});

test("the base's folder and folders in it, by any name", async () => {
  for (const place of [folders.checkpoint, folders.expansion, join(folders.checkpoint, "new/deep")])
    await expect(applied({ out: place })).rejects.toMatchObject({ code: "not-our-folder" });
  symlinkSync(folders.checkpoint, `${folders.out}-link`);
  await expect(applied({ out: join(`${folders.out}-link`, "new") })).rejects.toMatchObject({
    code: "not-our-folder",
  });
  // Lies beside, though its name begins with dots.
  await applied({ out: join(folders.checkpoint, "..", "..out") });
});

test.each([
  ["not JSON", "{", /embedding-plan\.json: not valid JSON/],
  ["another schema", { schema: "vocab.embedding-plan/2" }, /expected the schema vocab\.embedding-plan\/1/],
  ["an id twice", { rows: [planOf().rows[0], planOf().rows[0]] }, /rows: id 20 has two rows/],
  ["an id without a row", { rows: [planOf().rows[0], planOf().rows[2]] }, /rows: id 21 has no row/],
  [
    "an id of the base",
    { rows: [{ ...planOf().rows[0], id: 3 }] },
    /rows\[0\]\.id: 3 is not a new id: those are 20 to 22/,
  ],
  [
    "rows that end too early",
    { rows: planOf().rows.slice(0, 2) },
    /the last id is 21, but target\.vocabSize is 23/,
  ],
  [
    "a constituent that is new",
    { rows: [{ ...planOf().rows[0], input: mean(20) }] },
    /rows\[0\]\.input\.ids: 20 is not a base id/,
  ],
  ["no constituents", { rows: [{ ...planOf().rows[0], input: mean() }] }, /expected a list of base ids/],
  [
    "weights that are not one",
    { rows: [{ ...planOf().rows[0], output: { ids: [1], weights: [0.9] } }] },
    /output\.weights: sum to 0\.9/,
  ],
  [
    "too few weights",
    { rows: [{ ...planOf().rows[0], output: { ids: [1, 2], weights: [1] } }] },
    /2 ids, but 1 weights/,
  ],
  [
    "another scale",
    { rows: [{ ...planOf().rows[0], scale: { rule: "max", ids: [1] } }] },
    /scale\.rule: expected "median-norm", found "max"/,
  ],
  ["vectors elsewhere", { vectors: "../x.safetensors" }, /vectors: expected the name of a file beside it/],
] as const)("a plan with %s", async (_, parts, message) => {
  const text = typeof parts === "string" ? parts : JSON.stringify({ ...planOf(), ...parts });
  writeFileSync(join(folders.expansion, "embedding-plan.json"), text);
  await expect(applied()).rejects.toMatchObject({
    code: "plan-invalid",
    message: expect.stringMatching(message),
  });
});

const index = (weightMap: unknown) => ({
  "model.safetensors.index.json": JSON.stringify({ weight_map: weightMap }),
});
test.each([
  [
    "an index of a file that is missing",
    index({ "model.norm.weight": "b.safetensors" }),
    /there is model\.safetensors, but/,
  ],
  [
    "an index of a tensor that its file lacks",
    index({ lost: "model.safetensors" }),
    /tensor "lost" should be in model\.safetensors, which does not have it/,
  ],
  [
    "an index that leads elsewhere",
    index({ a: "../model.safetensors" }),
    /tensor "a" is in "\.\.\/model\.safetensors", not/,
  ],
  ["an index of nothing", index({}), /weight_map is empty/],
  ["a config.json that is a list", { "config.json": "[]" }, /config\.json: not valid JSON/],
])("%s", async (_, files, message) => {
  writeFiles(folders.checkpoint, files);
  await expect(applied()).rejects.toMatchObject({
    code: "checkpoint-invalid",
    message: expect.stringMatching(message),
  });
});

test("a missing file of several, and a tensor that two of them have", async () => {
  const shards = join(folders.checkpoint, "shards");
  makeCheckpoint(shards, TIED, { shards: [Object.keys(TIED)] });
  writeFiles(shards, index({ "model.norm.weight": "gone.safetensors" }));
  await expect(applied({ checkpoint: shards })).rejects.toThrow(/gone\.safetensors is missing/);
  const tensors = { "model.norm.weight": randomTensor("F32", [HIDDEN], 1) };
  writeSafetensors(join(shards, "a.safetensors"), tensors);
  writeSafetensors(join(shards, "b.safetensors"), { ...tensors, other: tensors["model.norm.weight"] });
  writeFiles(shards, index({ "model.norm.weight": "a.safetensors", other: "b.safetensors" }));
  await expect(applied({ checkpoint: shards })).rejects.toThrow(
    /tensor "model\.norm\.weight" is in a\.safetensors and in b\.safetensors/,
  );
});

test("learned vectors that do not fit", async () => {
  const write = (ids: readonly number[], columns: number) =>
    writeSafetensors(join(folders.expansion, "v.safetensors"), {
      ids: { dtype: "I32", shape: [ids.length], data: Buffer.from(Int32Array.from(ids).buffer) },
      input: randomTensor("F32", [ids.length, columns], 1),
    });
  writeFileSync(
    join(folders.expansion, "embedding-plan.json"),
    JSON.stringify(planOf({ more: { vectors: "v.safetensors" } })),
  );
  await expect(applied()).rejects.toMatchObject({ code: "unreadable" });
  for (const [ids, columns, message] of [
    [[19], HIDDEN, /ids\[0\]: the plan has no row for 19/],
    [[20, 20], HIDDEN, /ids\[1\]: 20 stands twice/],
    [[20], HIDDEN + 1, /input has 7 columns, but model\.embed_tokens\.weight has 6/],
  ] as const) {
    write(ids, columns);
    await expect(applied()).rejects.toMatchObject({
      code: "vectors-invalid",
      message: expect.stringMatching(message),
    });
  }
});

test("vectors that say for which tokens they were learned", async () => {
  const plan = planOf();
  const rows = plan.rows.map((row, i) => ({ ...row, bytes: `d8b${i}` }));
  writeFileSync(join(folders.expansion, "embedding-plan.json"), JSON.stringify({ ...plan, rows }));
  const vectors = join(folders.expansion, "v.safetensors");
  const tensors = {
    ids: { dtype: "I32", shape: [1], data: Buffer.from(Int32Array.of(21).buffer) },
    input: randomTensor("F32", [1, HIDDEN], 1),
  };
  const write = (text: string) => {
    const hash = createHash("sha256").update(text).digest("hex");
    writeSafetensors(vectors, tensors, { vocab_new_tokens_sha256: hash });
  };
  write("20 d8b0\n21 d8b1\n22 d8b3\n");
  await expect(applied({ vectors })).rejects.toMatchObject({
    code: "vectors-invalid",
    message: expect.stringMatching(/learned for other tokens than those of the plan/),
  });
  write("20 d8b0\n21 d8b1\n22 d8b2\n");
  expect((await applied({ vectors })).plan.vectors).toBe("v.safetensors");
});

test("folders that are not there", async () => {
  await expect(applied({ checkpoint: join(root, "none") })).rejects.toMatchObject({
    code: "not-a-folder",
    kind: "usage",
  });
  await expect(applied({ expansion: join(root, "none") })).rejects.toMatchObject({
    code: "not-a-folder",
    kind: "usage",
  });
  await expect(applied({ expansion: folders.checkpoint })).rejects.toMatchObject({ code: "unreadable" });
});
