import { describe, expect, it } from "vitest";
import {
  addedParameters,
  decidingModel,
  kneeOf,
  modelCosts,
  recommend,
} from "../../src/pipeline/sweep-choice.ts";
import { sweepSteps } from "../../src/pipeline/sweep-grid.ts";

const points = (...entries: [count: number, tokens: number, usedShare?: number][]) =>
  entries.map(([count, tokens, usedShare]) => ({
    count,
    tokens,
    usedShare: count === 0 ? undefined : (usedShare ?? 1),
  }));

it("steps", () => {
  expect(sweepSteps(0)).toEqual([0]);
  expect(sweepSteps(1)).toEqual([0, 1]);
  expect(sweepSteps(12)).toEqual([0, 1, 2, 3, 5, 7, 10, 12]);
  expect(sweepSteps(1000)).toEqual([0, 5, 7, 10, 15, 20, 30, 50, 70, 100, 150, 200, 300, 500, 700, 1000]);
  expect(sweepSteps(8000).slice(0, 4)).toEqual([0, 50, 70, 100]);
});

// 1000 tokens less 400 at the last step. Shares of the savings less shares of the tokens: 0, 0.5 − 0.1, 0.8 − 0.5, 0.
it("the knee is furthest above the line", () => {
  expect(kneeOf(points([0, 1000], [10, 800], [50, 680], [100, 600]))).toBe(10);
  expect(kneeOf(points([0, 1000], [10, 960], [50, 600], [100, 600]))).toBe(50);
  expect(kneeOf(points([0, 1000], [50, 900], [100, 800]))).toBe(0);
  expect(kneeOf(points([0, 1000], [10, 1000]))).toBeUndefined();
  expect(kneeOf(points([0, 1000]))).toBeUndefined();
});

describe("cost", () => {
  it("is tokens times parameters, one row or two for each new token", () => {
    expect(addedParameters({ hiddenSize: 1024, tied: true }, 1000)).toBe(1_024_000);
    expect(addedParameters({ hiddenSize: 4096, tied: false }, 1000)).toBe(8_192_000);
    const [small] = modelCosts("qwen3", points([0, 1000], [1000, 900]));
    expect(small).toMatchObject({ name: "Qwen3-0.6B", best: 1000 });
    expect(small!.costs).toEqual([1, 0.9 * (1 + 1_024_000 / 0.596e9)]);
    expect(modelCosts("my/tokenizer.json", points([0, 1]))).toEqual([]);
  });

  it("the smallest model decides, or the one that is named", () => {
    const costs = modelCosts("llama3", points([0, 1000], [1000, 900]));
    expect(decidingModel(costs, undefined)!.name).toBe("Llama-3.2-1B");
    expect(decidingModel(costs, "llama-3.1-8b")!.name).toBe("Llama-3.1-8B");
    expect(decidingModel([], undefined)).toBeUndefined();
    expect(() => decidingModel(costs, "8B")).toThrow("unknown model of this tokenizer: 8B");
  });
});

describe("recommended", () => {
  const choose = (tokenizer: string, ...entries: Parameters<typeof points>) => {
    const steps = points(...entries);
    return recommend(steps, decidingModel(modelCosts(tokenizer, steps), undefined));
  };

  // 100,000 rows of 1,024 make Qwen3-0.6B 17 % larger: more than the last step saves.
  it("the step of least cost", () => {
    expect(choose("qwen3", [0, 1000], [1000, 700], [100_000, 690])).toEqual({
      count: 1000,
      saved: 1 - 0.7,
      reason: "held-out tokens × parameters of Qwen3-0.6B are least there",
    });
  });

  it("at the last step, says that more may pay", () => {
    expect(choose("qwen3", [0, 1000], [1000, 700]).reason).toContain("try a larger --max");
  });

  it("no further than new tokens are used", () => {
    expect(choose("qwen3", [0, 1000], [100, 800, 0.9], [1000, 700, 0.7])).toMatchObject({
      count: 100,
      reason: "of more tokens, less than 80 % occur in the held-out text",
    });
    expect(choose("qwen3", [0, 1000], [100, 800, 0.5])).toMatchObject({ count: 0 });
  });

  it("the knee where no model is known", () => {
    expect(choose("x.json", [0, 1000], [10, 800], [50, 680], [100, 600])).toMatchObject({ count: 10 });
  });

  it("0 where it does not pay", () => {
    expect(choose("qwen3", [0, 1000], [50, 999], [100, 995]).reason).toBe(
      "do not expand: 100 tokens would save 0.5 % of the tokens",
    );
    expect(choose("qwen3", [0, 1000], [100_000, 980])).toEqual({
      count: 0,
      saved: 0,
      reason: "do not expand: each step makes Qwen3-0.6B cost more than it saves",
    });
    expect(choose("qwen3", [0, 1000])).toMatchObject({ count: 0, saved: 0 });
  });
});
