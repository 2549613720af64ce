import { readFileSync } from "node:fs";
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

const FAMILIES: readonly (readonly [
  name: string,
  config: unknown,
  shapes: Shapes,
  found: readonly string[],
])[] = [
  [
    "GPT-2",
    { model_type: "gpt2" },
    { "wte.weight": ["F32", VOCAB, HIDDEN], "wpe.weight": ["F32", VOCAB, HIDDEN] },
    ["wte.weight"],
  ],
  [
    "GPT-2 with its head's name",
    { model_type: "gpt2" },
    {
      "transformer.wte.weight": ["F32", VOCAB, HIDDEN],
      "transformer.h.0.mlp.c_fc.weight": ["F32", HIDDEN, VOCAB],
    },
    ["transformer.wte.weight"],
  ],
  [
    "GPT-NeoX",
    { model_type: "gpt_neox", tie_word_embeddings: false },
    { "embed_out.weight": ["F16", VOCAB, HIDDEN], "gpt_neox.embed_in.weight": ["F16", VOCAB, HIDDEN] },
    ["gpt_neox.embed_in.weight", "embed_out.weight"],
  ],
  [
    "Gemma 3 with images",
    { model_type: "gemma3", text_config: { hidden_size: HIDDEN } },
    {
      "language_model.model.embed_tokens.weight": ["BF16", VOCAB, HIDDEN],
      "vision_tower.vision_model.embeddings.patch_embedding.weight": ["BF16", VOCAB, HIDDEN],
    },
    ["language_model.model.embed_tokens.weight"],
  ],
  [
    "Qwen 2 VL",
    { model_type: "qwen2_vl", vocab_size: VOCAB, tie_word_embeddings: false },
    {
      "lm_head.weight": ["BF16", VOCAB, HIDDEN],
      "model.language_model.embed_tokens.weight": ["BF16", VOCAB, HIDDEN],
    },
    ["model.language_model.embed_tokens.weight", "lm_head.weight"],
  ],
  [
    "InternLM 2",
    { model_type: "internlm2", tie_word_embeddings: false },
    {
      "model.tok_embeddings.weight": ["F16", VOCAB, HIDDEN],
      "model.layers.0.output.weight": ["F16", VOCAB, HIDDEN - 1],
      "output.weight": ["F16", VOCAB, HIDDEN],
    },
    ["model.tok_embeddings.weight", "output.weight"],
  ],
  [
    "one of two models by its rows",
    { text_config: { vocab_size: VOCAB } },
    {
      "thinker.model.embed_tokens.weight": ["F16", VOCAB, HIDDEN],
      "talker.model.embed_tokens.weight": ["F16", 9, HIDDEN],
    },
    ["thinker.model.embed_tokens.weight"],
  ],
];

test.each(FAMILIES)("%s", async (_, config, shapes, [embedding, head]) => {
  makeCheckpoint(folders.checkpoint, shapes, { config });
  makeExpansion(folders.expansion, planOf());
  const { tensors } = await applied({ dryRun: true });
  const expected = [
    { name: embedding, role: "embedding", weights: "input", shapeAfter: [23, HIDDEN] },
    ...(head === undefined
      ? []
      : [{ name: head, role: "head", weights: "output", shapeAfter: [23, HIDDEN] }]),
  ];
  expect(tensors).toEqual(expected.map((tensor) => expect.objectContaining(tensor)));
});

test("a head that is stored although it is tied follows the embedding matrix, and its bias too", async () => {
  const { tensors } = makeCheckpoint(folders.checkpoint, {
    "lm_head.bias": ["F16", VOCAB],
    "lm_head.weight": ["F16", VOCAB, HIDDEN],
    "model.embed_tokens.weight": ["F16", VOCAB, HIDDEN],
  });
  const same: typeof tensors = { ...tensors, "lm_head.weight": tensors["model.embed_tokens.weight"]! };
  writeSafetensors(join(folders.checkpoint, "model.safetensors"), same);
  const plan = planOf();
  makeExpansion(folders.expansion, plan);
  const result = await applied();
  expect(result.tied).toBe(true);
  expect(result.parameters).toEqual({ before: 140, added: 21 });
  const found = readTensors(outFile("model.safetensors"));
  expect(found["lm_head.weight"]).toEqual(resized(same["model.embed_tokens.weight"]!, plan, "input", 23));
  expect(found["lm_head.bias"]).toEqual(resized(same["lm_head.bias"]!, plan, "input", 23));
});

test("config.json says tied, and the matrices differ: both get rows of their own, and it is said", async () => {
  makeCheckpoint(
    folders.checkpoint,
    { "lm_head.weight": ["F16", VOCAB, HIDDEN], "model.embed_tokens.weight": ["F16", VOCAB, HIDDEN] },
    { config: { vocab_size: VOCAB, tie_word_embeddings: true } },
  );
  makeExpansion(folders.expansion, planOf());
  const { tied, findings } = await applied({ dryRun: true });
  expect(tied).toBe(false);
  expect(findings[0]).toMatch(/^config.json says that the head is tied, but lm_head.weight differs/);
});

const unclear: readonly (readonly [name: string, config: unknown, shapes: Shapes, message: RegExp])[] = [
  [
    "two embedding matrices",
    { vocab_size: VOCAB },
    { "a.embed_tokens.weight": ["F16", VOCAB, HIDDEN], "b.embed_tokens.weight": ["BF16", VOCAB, 5] },
    /several tensors.*: a\.embed_tokens\.weight \[20, 6\] F16; b\.embed_tokens\.weight \[20, 5\] BF16$/,
  ],
  [
    "no known name",
    { model_type: "new", vocab_size: VOCAB },
    { "net.table.weight": ["F16", VOCAB, HIDDEN], "net.mlp.weight": ["F16", 99, HIDDEN] },
    /no tensor of the model \(new\) has a known name of an embedding matrix: net\.table\.weight \[20, 6\] F16$/,
  ],
  [
    "a head that should be there",
    { vocab_size: VOCAB, tie_word_embeddings: false, architectures: ["NewForCausalLM"] },
    { "model.embed_tokens.weight": ["F16", VOCAB, HIDDEN], "model.predict.weight": ["F16", VOCAB, HIDDEN] },
    /tie_word_embeddings is false.*model\.predict\.weight \[20, 6\] F16$/,
  ],
  [
    "a head of another size",
    { vocab_size: VOCAB },
    { "model.embed_tokens.weight": ["F16", VOCAB, HIDDEN], "lm_head.weight": ["F16", VOCAB + 1, HIDDEN] },
    /the head does not have the 20 rows of "model\.embed_tokens\.weight": lm_head\.weight \[21, 6\]/,
  ],
  [
    "layers that predict further tokens",
    { vocab_size: VOCAB },
    {
      "lm_head.weight": ["BF16", VOCAB, HIDDEN],
      "model.embed_tokens.weight": ["BF16", VOCAB, HIDDEN],
      "model.layers.61.embed_tokens.weight": ["BF16", VOCAB, HIDDEN],
      "model.layers.61.shared_head.head.weight": ["BF16", VOCAB, HIDDEN],
    },
    /other tensors look like.*model\.layers\.61\.shared_head\.head\.weight/,
  ],
];
test.each(unclear)("%s: asks, with the candidates", async (_, config, shapes, message) => {
  makeCheckpoint(folders.checkpoint, shapes, { config });
  makeExpansion(folders.expansion, planOf());
  const error = { code: "tensor-ambiguous", message: expect.stringMatching(message) };
  await expect(applied()).rejects.toMatchObject(error);
  const names = Object.keys(shapes).filter((name) => shapes[name]![1] === VOCAB);
  const { tensors } = await applied({ embedding: [names[0]!], head: names.slice(1), dryRun: true });
  expect(tensors.map(({ name }) => name)).toEqual(names);
});

test("a name that no tensor has, and one of one dimension", async () => {
  makeCheckpoint(folders.checkpoint, TIED);
  makeExpansion(folders.expansion, planOf());
  await expect(applied({ embedding: ["nothing"] })).rejects.toThrow(
    /^--embedding nothing: no tensor has this name:/,
  );
  await expect(applied({ head: ["model.norm.weight"] })).rejects.toThrow(/it has the shape \[6\]/);
});

test("a quantized matrix is refused by name", async () => {
  makeCheckpoint(folders.checkpoint, { "model.embed_tokens.weight": ["I8", VOCAB, HIDDEN] });
  makeExpansion(folders.expansion, planOf());
  await expect(applied()).rejects.toMatchObject({ code: "tensor-not-numbers" });
});

const cases: readonly (readonly [name: string, before: string, after: string])[] = [
  [
    "all else keeps its bytes",
    '{"a":1.50,\t"vocab_size" : 20, "b": 1e400}',
    '{"a":1.50,\t"vocab_size" : 23, "b": 1e400}',
  ],
  ["where the class knew", '{"model_type": "gpt2"}', '{"model_type": "gpt2","vocab_size": 23}'],
  [
    "one level down, where the class knew (Gemma 3)",
    '{"text_config": {"hidden_size": 6}}',
    '{"text_config": {"hidden_size": 6,"vocab_size": 23}}',
  ],
  [
    "both levels",
    '{"vocab_size": 20, "text_config": {"vocab_size": 20}}',
    '{"vocab_size": 23, "text_config": {"vocab_size": 23}}',
  ],
  [
    "not the outer one of something else (LLaVA)",
    '{"vocab_size": 7, "text_config": {"vocab_size": 20}}',
    '{"vocab_size": 7, "text_config": {"vocab_size": 23}}',
  ],
  ["what had been wrong", '{"vocab_size": 19}', '{"vocab_size": 23}'],
];
test.each(cases)("%s", async (_, before, after) => {
  makeCheckpoint(folders.checkpoint, TIED, { files: { "config.json": before } });
  makeExpansion(folders.expansion, planOf());
  await applied();
  expect(readFileSync(outFile("config.json"), "utf8")).toBe(after);
});
