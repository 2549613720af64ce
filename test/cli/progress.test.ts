import { expect, test } from "vitest";
import { ProgressLine, progressText } from "../../src/cli/progress.ts";
import { CollectingStream } from "./fake-io.ts";

const MIB = 2 ** 20;

test("percent, bytes, rate and the time that is left", () => {
  const state = { phase: "counting", bytes: 50 * MIB, totalBytes: 200 * MIB } as const;
  expect(progressText(state, 2000)).toBe("counting  25 %  50.0 MiB of 200.0 MiB  26.2 MB/s  ETA 6.0 s");
});

test("no estimate in the first second, none from nothing read", () => {
  const state = { phase: "counting", bytes: MIB, totalBytes: 2 * MIB } as const;
  expect(progressText(state, 999)).toBe("counting  50 %  1.0 MiB of 2.0 MiB  1.0 MB/s");
  expect(progressText({ ...state, bytes: 0 }, 5000)).toBe("counting   0 %  0 B of 2.0 MiB  0.0 MB/s");
});

test("a file that grows never passes 100 %", () => {
  const state = { phase: "counting", bytes: 3 * MIB, totalBytes: 2 * MIB } as const;
  expect(progressText(state, 1000)).toBe("counting 100 %  2.0 MiB of 2.0 MiB  3.1 MB/s  ETA 0 ms");
});

test("languages: the one that is measured, and the time that is left", () => {
  const state = {
    phase: "comparing",
    language: "Persian",
    done: 1,
    of: 1204,
    bytes: 1,
    totalBytes: 4,
  } as const;
  expect(progressText(state, 2000)).toBe("comparing  25 %  2 of 1,204: Persian  ETA 6.0 s");
  expect(progressText(state, 999)).toBe("comparing  25 %  2 of 1,204: Persian");
  expect(progressText({ ...state, bytes: 0 }, 2000)).toBe("comparing   0 %  2 of 1,204: Persian");
});

test("one line, rewritten, and erased at the end", () => {
  const stream = new CollectingStream(true);
  let now = 100;
  const line = new ProgressLine(stream, () => now);
  now = 1100;
  line.show({ phase: "counting", bytes: MIB, totalBytes: 2 * MIB });
  line.show({ phase: "measuring", bytes: 2 * MIB, totalBytes: 2 * MIB });
  line.clear();
  line.clear();
  expect(stream.text.split("\r\u001b[K")).toEqual([
    "",
    "counting  50 %  1.0 MiB of 2.0 MiB  1.0 MB/s  ETA 1.0 s",
    "measuring the distinct segments under each tokenizer",
    "",
  ]);
});

test("a line is never as wide as the terminal", () => {
  const stream = Object.assign(new CollectingStream(true), { columns: 20 });
  new ProgressLine(stream, () => 0).show({ phase: "measuring", bytes: 1, totalBytes: 1 });
  expect(stream.text).toBe("\r\u001b[Kmeasuring the disti");
});

test("a terminal that does not know its width is taken for 80 columns wide", () => {
  const stream = Object.assign(new CollectingStream(true), { columns: 0 });
  new ProgressLine(stream, () => 0).show({ phase: "measuring", bytes: 1, totalBytes: 1 });
  expect(stream.text).toBe("\r\u001b[Kmeasuring the distinct segments under each tokenizer");
});

test("silent where stderr is no terminal", () => {
  const stream = new CollectingStream(false);
  const line = new ProgressLine(stream, () => 0);
  line.show({ phase: "counting", bytes: 1, totalBytes: 2 });
  line.clear();
  expect(stream.text).toBe("");
});
