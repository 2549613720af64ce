import { expect, it } from "vitest";
import { findTwins } from "../../../src/tokenizer/formats/find-twins.ts";
import { Random } from "../hostile-text.ts";

it("finds the first item that equals an earlier one", () => {
  const items = ["a", "b", "ab", "b", "a"].map((text) => Buffer.from(text));
  expect(findTwins(items)).toEqual({ first: 1, second: 3 });
  expect(findTwins(items.slice(0, 3))).toBeUndefined();
  expect(findTwins([])).toBeUndefined();
});

it("tells empty items and lengths apart", () => {
  expect(findTwins([Uint8Array.of(), Uint8Array.of(0), Uint8Array.of(0, 0)])).toBeUndefined();
  expect(findTwins([Uint8Array.of(), Uint8Array.of(0), Uint8Array.of()])).toEqual({ first: 0, second: 2 });
});

it("agrees with a map of strings on random lists", () => {
  const random = new Random(51);
  for (let run = 0; run < 500; run++) {
    const items = random.times(random.integer(0, 60), () =>
      Uint8Array.from(random.times(random.integer(1, 2), () => random.integer(0, 60))),
    );
    const texts = items.map((bytes) => bytes.join());
    const second = texts.findIndex((text, i) => texts.indexOf(text) < i);
    const expected = second < 0 ? undefined : { first: texts.indexOf(texts[second]!), second };
    expect(findTwins(items)).toEqual(expected);
  }
});

it("takes no quadratic time for items whose hashes collide", () => {
  const items = Array.from({ length: 100_000 }, (_, i) => Buffer.from(`item ${i}`));
  const collide = () => 5;
  const start = performance.now();
  expect(findTwins(items, collide)).toBeUndefined();
  expect(findTwins([...items, items[7]!], collide)).toEqual({ first: 7, second: 100_000 });
  // 0.1 s when measured; comparing all with all takes a minute.
  expect(performance.now() - start).toBeLessThan(4000);
});
