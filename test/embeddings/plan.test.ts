import { describe, expect, test } from "vitest";
import { initialWeights, PLAN_METHODS } from "../../src/embeddings/methods.ts";
import { makePlan, type PlanOptions, planText } from "../../src/embeddings/plan.ts";
import { scriptRows } from "../../src/embeddings/script-rows.ts";
import { byteLevelBase, learnByHand, parse, spaceSymbolBase } from "../expansion/tiny-base.ts";

const definition = parse(JSON.stringify(byteLevelBase({ merges: [["a", "b"]] })));
const learned = learnByHand(definition, [
  ["ab", "c"],
  ["abc", "ab"],
]);
const [A_B, C] = [256, definition.model.idOfToken.get("c")!];

function options(parts: Partial<PlanOptions> = {}): PlanOptions {
  return {
    base: { tokenizer: "tiny", sha256: "0".repeat(64), vocabSize: 257, embeddingRows: null },
    target: { vocabSize: 259, embeddingRows: 259, padToMultipleOf: null },
    placement: "append",
    method: "mean",
    scriptIds: [],
    ...parts,
  };
}

describe("weights", () => {
  test("mean", () => {
    const mean = { ids: [A_B, C, A_B], weights: [1 / 3, 1 / 3, 1 / 3] };
    expect(initialWeights("mean", [A_B, C, A_B])).toEqual({ input: mean, output: mean });
  });

  test("last-first", () => {
    const { input, output } = initialWeights("last-first", [5, 6, 7]);
    expect(input).toEqual({ ids: [7], weights: [1] });
    expect(output).toEqual({ ids: [5, 6, 7], weights: [4 / 7, 2 / 7, 1 / 7] });
  });

  test("sum to 1 for any number of constituents", () => {
    for (const method of PLAN_METHODS)
      for (let n = 1; n <= 200; n++)
        for (const { weights } of Object.values(initialWeights(method, Array(n).fill(1)))) {
          const sum = weights.reduce((total, weight) => total + weight, 0);
          expect(Math.abs(sum - 1)).toBeLessThan(1e-12);
        }
  });
});

describe("the plan", () => {
  test("has one row a token, in order of ids, from its constituents", () => {
    const { rows } = makePlan(learned, options());
    expect(rows.map(({ id, token, bytes, input }) => [id, token, bytes, input.ids])).toEqual([
      [257, "abc", "616263", [A_B, C]],
      [258, "abcab", "6162636162", [A_B, C, A_B]],
    ]);
    expect(rows.every((row) => !("scale" in row))).toBe(true);
  });

  test("mean-median-norm names the rows whose norm is aimed at", () => {
    const { rows } = makePlan(learned, options({ method: "mean-median-norm", scriptIds: [1, 2, 3] }));
    expect(rows.map((row) => row.scale)).toEqual(Array(2).fill({ rule: "median-norm", ids: [1, 2, 3] }));
  });

  test("is written with one row a line, in the contract's order of keys, weights in full", () => {
    const plan = makePlan(learned, options());
    const text = planText(plan);
    expect(JSON.parse(text)).toEqual(plan);
    expect(Object.keys(JSON.parse(text))).toEqual([
      "schema",
      "base",
      "target",
      "method",
      "placement",
      "rows",
    ]);
    expect(text.split("\n").filter((line) => line.startsWith('    {"id":'))).toHaveLength(2);
    expect(text).toContain("0.3333333333333333");
    expect(
      text.startsWith('{\n  "schema": "vocab.embedding-plan/1",\n  "base": {\n    "tokenizer": "tiny",'),
    ).toBe(true);
    expect(JSON.parse(planText({ ...plan, rows: [] }))).toEqual({ ...plan, rows: [] });
  });
});

describe("rows of a script", () => {
  test("tokens of two letters or more, without added tokens", () => {
    const latin = scriptRows(definition, ["Latn"]);
    expect(latin).toEqual([A_B]);
    expect(scriptRows(definition, ["Arab"])).toEqual([]);
    expect(scriptRows(definition, ["Qaaa"])).toEqual([]);
    expect(scriptRows(parse(JSON.stringify(spaceSymbolBase())), ["Latn"])).toEqual([]);
  });

  test("at most 101, evenly spaced", () => {
    const letters = "abcdefghijklmnopqrstuvwxyz";
    const merges = [...letters].flatMap((a) => [...letters].map((b) => [a, b] as const));
    const ids = scriptRows(parse(JSON.stringify(byteLevelBase({ merges }))), ["Latn"]);
    expect(ids).toHaveLength(101);
    expect([ids[0], ids[100]]).toEqual([256, 256 + Math.floor((100 * 676) / 101)]);
  });
});
