import { closeSync, ftruncateSync, mkdirSync, openSync, writeFileSync, writeSync } from "node:fs";
import { join as joinPath } from "node:path";
import { describe, expect, it } from "vitest";
import { readGgufMetadata } from "../../../src/tokenizer/formats/read-gguf.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { Random } from "../hostile-text.ts";
import { GgufWriter, join, type Pair } from "./gguf-writer.ts";
import { damaged, randomBytes, refusal, unlike } from "./refusal.ts";

const read = (bytes: Uint8Array) => readGgufMetadata(bytes, "x.gguf");
const answer = (bytes: Uint8Array) => refusal(() => read(bytes));
const folder = temporaryFolder();

/** One pair of each type of values; types by their numbers in the specification. */
function allTypes(to: GgufWriter): readonly Pair[] {
  const f32 = (value: number) => to.number(4, (view, le) => view.setFloat32(0, value, le));
  return [
    { key: "general.architecture", type: 8, value: to.string("llama") },
    { key: "u8", type: 0, value: Uint8Array.of(200) },
    { key: "i8", type: 1, value: Uint8Array.of(0xff) },
    { key: "u16", type: 2, value: to.number(2, (view, le) => view.setUint16(0, 60_000, le)) },
    { key: "i16", type: 3, value: to.number(2, (view, le) => view.setInt16(0, -2, le)) },
    { key: "u32", type: 4, value: to.u32(4_000_000_000) },
    { key: "i32", type: 5, value: to.number(4, (view, le) => view.setInt32(0, -3, le)) },
    { key: "f32", type: 6, value: f32(-0.5) },
    { key: "yes", type: 7, value: Uint8Array.of(1) },
    { key: "u64", type: 10, value: to.u64(2n ** 64n - 1n) },
    { key: "i64", type: 11, value: to.number(8, (view, le) => view.setBigInt64(0, -4n, le)) },
    { key: "f64", type: 12, value: to.number(8, (view, le) => view.setFloat64(0, 0.1, le)) },
    {
      key: "tokenizer.ggml.tokens",
      type: 9,
      value: to.array(8, [to.string("<unk>"), to.string("▁سلام"), to.string("")]),
    },
    { key: "tokenizer.ggml.scores", type: 9, value: to.array(6, [f32(0), f32(-1.5), f32(-2)]) },
    { key: "tokenizer.ggml.token_type", type: 9, value: to.array(5, [to.u32(2), to.u32(1), to.u32(1)]) },
    { key: "tokenizer.ggml.precompiled_charsmap", type: 9, value: to.array(0, [Uint8Array.of(1, 255)], 2) },
    { key: "flags", type: 9, value: to.array(7, [Uint8Array.of(1), Uint8Array.of(0)]) },
    { key: "none", type: 9, value: to.array(4, []) },
  ];
}

const EXPECTED = [
  ["general.architecture", "llama"],
  ["u8", 200],
  ["i8", -1],
  ["u16", 60_000],
  ["i16", -2],
  ["u32", 4_000_000_000],
  ["i32", -3],
  ["f32", -0.5],
  ["yes", true],
  ["u64", 2n ** 64n - 1n],
  ["i64", -4n],
  ["f64", 0.1],
  ["tokenizer.ggml.tokens", ["<unk>", "▁سلام", ""]],
  ["tokenizer.ggml.scores", Float32Array.of(0, -1.5, -2)],
  ["tokenizer.ggml.token_type", Int32Array.of(2, 1, 1)],
  ["tokenizer.ggml.precompiled_charsmap", Uint8Array.of(1, 255)],
  ["flags", [true, false]],
  ["none", new Uint32Array(0)],
];

describe("readGgufMetadata", () => {
  it.each([true, false])("reads all types of values (little-endian: %s)", (littleEndian) => {
    const to = new GgufWriter(littleEndian);
    const { version, isBigEndian, values } = read(to.file(allTypes(to)));
    expect(version).toBe(3);
    expect(isBigEndian).toBe(!littleEndian);
    expect([...values]).toEqual(EXPECTED);
  });

  it("reads version 2, and stops before the tensors", () => {
    const to = new GgufWriter();
    const file = join(to.file(allTypes(to), { version: 2, tensors: 5 }), Uint8Array.of(1, 2, 3));
    expect(read(file).values.size).toBe(EXPECTED.length);
  });

  it("reads the same from a path, across the borders of what is read at a time", () => {
    const to = new GgufWriter();
    const texts = Array.from({ length: 60_000 }, (_, i) => `token ${i}`.repeat(1 + (i % 3)));
    const tokens = to.array(
      8,
      texts.map((text) => to.string(text)),
    );
    const pairs = [{ key: "tokens", type: 9, value: tokens }, ...allTypes(to)];
    const path = joinPath(folder, "long.gguf");
    writeFileSync(path, to.file(pairs));
    const { values } = readGgufMetadata(path, "long.gguf");
    expect(values.get("tokens")).toEqual(texts);
    expect([...values].slice(1)).toEqual(EXPECTED);
  });

  it("reads no tensors: a file of 64 GB takes no time", () => {
    const to = new GgufWriter();
    const path = joinPath(folder, "large.gguf");
    const descriptor = openSync(path, "w");
    writeSync(descriptor, to.file(allTypes(to), { tensors: 300 }));
    ftruncateSync(descriptor, 64 * 2 ** 30);
    closeSync(descriptor);
    const start = performance.now();
    expect(readGgufMetadata(path, "large.gguf").values.size).toBe(EXPECTED.length);
    expect(performance.now() - start).toBeLessThan(1000);
  });

  it("says so when a file cannot be read", () => {
    mkdirSync(joinPath(folder, "folder.gguf"));
    for (const name of ["missing.gguf", "folder.gguf"])
      expect(refusal(() => readGgufMetadata(joinPath(folder, name), name))).toMatch(
        new RegExp(`^(unreadable ${name} cannot be read|tokenizer-invalid ${name}: byte 0)`),
      );
  });
});

const to = new GgufWriter();
const only = (type: number, value: Uint8Array) => to.file([{ key: "k", type, value }]);

// The header has 24 bytes, and the value of "k" begins at 24 + 8 + 1 + 4 = 37.
const BROKEN: readonly (readonly [string, Uint8Array, string])[] = [
  ["nothing", Uint8Array.of(), "byte 0 (the magic): 4 bytes are announced, but 0 are left"],
  ["another magic", Buffer.from("GGML0000"), 'byte 0 (the magic): does not begin with "GGUF"'],
  [
    "keys without end",
    to.file([], { count: 2 ** 50 }),
    "byte 16 (the number of keys): 15762598695796736 bytes are announced, but 0 are left up to byte 24",
  ],
  [
    "an empty key",
    to.file([{ key: "", type: 10, value: to.u64(1) }]),
    "byte 24 (key 0): a key has 1 to 65535 bytes, not 0",
  ],
  [
    "a key of 2³² bytes",
    join(to.file([], { count: 1 }), to.u64(2 ** 32), new Uint8Array(20)),
    "byte 24 (key 0): a key has 1 to 65535 bytes, not 4294967296",
  ],
  [
    "a long key with a line end, twice",
    to.file(
      Array.from({ length: 2 }, () => ({ key: `\n${"k".repeat(1000)}`, type: 7, value: Uint8Array.of(1) })),
    ),
    `byte 1038 (\\n${"k".repeat(79)}…): the key stands twice`,
  ],
  [
    "a key twice",
    to.file([
      { key: "k", type: 4, value: to.u32(1) },
      { key: "k", type: 4, value: to.u32(1) },
    ]),
    "byte 41 (k): the key stands twice",
  ],
  ["an unknown type", only(13, to.u32(1)), "byte 37 (k): no type of values has the number 13"],
  ["an unknown type of items", only(9, to.array(99, [])), "byte 41 (k): no type of values has the number 99"],
  ["a boolean of 2", only(7, Uint8Array.of(2)), "byte 37 (k): 2 is neither true (1) nor false (0)"],
  [
    "a string of 2⁶⁴ − 1 bytes",
    only(8, to.u64(2n ** 64n - 1n)),
    "byte 45 (k): 18446744073709552000 bytes are announced, but 0 are left",
  ],
  [
    "strings without end",
    only(9, to.array(8, [], 2n ** 60n)),
    "byte 41 (k): 9223372036854776000 bytes are announced, but",
  ],
  [
    "numbers without end",
    only(9, to.array(12, [to.u64(0)], 3)),
    "byte 41 (k): 24 bytes are announced, but 8 are left up to byte 57",
  ],
  [
    "invalid UTF-8",
    only(8, to.string(Uint8Array.of(0x61, 0xff))),
    "byte 45 (k): the text is not valid UTF-8",
  ],
  [
    "invalid UTF-8 in an array",
    only(9, to.array(8, [to.string("a"), to.string(Uint8Array.of(0xc3))])),
    "byte 66 (k[1]): the text is not valid UTF-8",
  ],
];

describe("a broken GGUF file", () => {
  it.each(BROKEN)("%s", (_, bytes, message) => {
    expect(answer(bytes)).toContain(`tokenizer-invalid x.gguf: ${message}`);
  });

  it.each([
    ["version 1", to.file([], { version: 1 }), "byte 4 (the version): version 1 of GGUF is not supported"],
    ["version 4", to.file([], { version: 4 }), "byte 4 (the version): version 4 of GGUF is not supported"],
    ["an array of arrays", only(9, to.array(9, [])), "byte 41 (k): an array of arrays is not supported"],
  ])("that asks for what we do not have: %s", (_, bytes, message) => {
    expect(answer(bytes)).toBe(`tokenizer-unsupported x.gguf: ${message}`);
  });

  it("is refused wherever it is cut, from memory and from a path", () => {
    const whole = to.file(allTypes(to));
    const path = joinPath(folder, "cut.gguf");
    for (let size = 0; size < whole.length; size++) {
      const cut = whole.subarray(0, size);
      expect(answer(cut), `the first ${size} bytes`).toMatch(/^tokenizer-invalid x\.gguf: /);
      if (size % 8 !== 0) continue;
      writeFileSync(path, cut);
      expect(refusal(() => readGgufMetadata(path, "x.gguf"))).toBe(answer(cut));
    }
  });

  it("does not read on for ever where the file is as large as its counts promise", () => {
    const path = joinPath(folder, "endless.gguf");
    const descriptor = openSync(path, "w");
    writeSync(descriptor, only(9, to.array(8, [], 2 ** 31)));
    ftruncateSync(descriptor, 64 * 2 ** 30);
    closeSync(descriptor);
    expect(refusal(() => readGgufMetadata(path, "x.gguf"))).toMatch(
      /^tokenizer-invalid x\.gguf: byte 41 \(k\): 17179869184 bytes are announced, but \d+ are left up to byte 134217728/,
    );
  });

  it("of random bytes is refused; with bytes changed it is refused or read", () => {
    const random = new Random(71);
    const header = to.file([], { count: 1 });
    const whole = to.file(allTypes(to));
    const answers = random.times(10_000, () => answer(randomBytes(random)));
    expect(unlike(answers, /^tokenizer-invalid x\.gguf: /)).toEqual([]);
    const pairs = random.times(10_000, () => answer(join(header, randomBytes(random))));
    expect(unlike(pairs, /^(tokenizer-invalid x\.gguf: |accepted$)/)).toEqual([]);
    const changed = random.times(10_000, () => answer(damaged(whole, random)));
    expect(unlike(changed, /^(tokenizer-(invalid|unsupported) x\.gguf: |accepted$)/)).toEqual([]);
  });
});
