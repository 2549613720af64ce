import { ftruncateSync, openSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { headerBytes, placeTensors } from "../../../src/embeddings/safetensors/layout.ts";
import { readSafetensors } from "../../../src/embeddings/safetensors/read-header.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { safetensorsBytes } from "./make-safetensors.ts";

const folder = temporaryFolder();
const file = join(folder, "model.safetensors");

const TENSORS = {
  __metadata__: { format: "pt" },
  "embed.weight": { dtype: "F16", shape: [2, 3], data_offsets: [0, 12] },
  "norm.weight": { dtype: "F32", shape: [1], data_offsets: [12, 16] },
};

function read(bytes: Uint8Array) {
  writeFileSync(file, bytes);
  return readSafetensors(file);
}

test("names, formats, shapes and places", async () => {
  const { tensors, metadata, dataStart, bytes } = await read(safetensorsBytes(TENSORS, Buffer.alloc(16)));
  expect(metadata).toEqual({ format: "pt" });
  expect(tensors).toEqual([
    { name: "embed.weight", dtype: "F16", shape: [2, 3], start: 0, end: 12 },
    { name: "norm.weight", dtype: "F32", shape: [1], start: 12, end: 16 },
  ]);
  expect(bytes - dataStart).toBe(16);
});

test("scalars, empty tensors, formats of half a byte, formats that nobody knows yet, spaces behind the header", async () => {
  const header = {
    scalar: { dtype: "I64", shape: [], data_offsets: [0, 8] },
    empty: { dtype: "BF16", shape: [0, 7], data_offsets: [8, 8] },
    half: { dtype: "F4", shape: [3, 2], data_offsets: [8, 11] },
    new: { dtype: "Q3_X", shape: [5], data_offsets: [11, 13] },
    __proto__x: { dtype: "U8", shape: [1], data_offsets: [13, 14] },
  };
  const text = `${JSON.stringify(header).replace("__proto__x", "__proto__")}   `;
  const { tensors } = await read(safetensorsBytes(text, Buffer.alloc(14)));
  expect(tensors.map(({ name }) => name)).toEqual(["scalar", "empty", "half", "new", "__proto__"]);
});

const u8 = (start: number, end: number) => ({
  dtype: "U8",
  shape: [end - start],
  data_offsets: [start, end],
});

const WRONG: readonly (readonly [name: string, bytes: Buffer, message: RegExp])[] = [
  ["an empty file", Buffer.alloc(0), /0 bytes are too few/],
  ["a length that lies", safetensorsBytes("{}", undefined, 3n), /a header of 3 bytes, but only 2 follow/],
  [
    "a length of more than 2⁵³",
    safetensorsBytes("{}", undefined, 2n ** 64n - 1n),
    /a header of 18446744073709551615 bytes; the format/,
  ],
  ["a header that is not JSON", safetensorsBytes("{,}"), /the header is not valid JSON/],
  ["a header that is a list", safetensorsBytes("[]"), /does not begin with \{/],
  ["a header that is not UTF-8", Buffer.from("\x02\0\0\0\0\0\0\0{\xff", "latin1"), /not valid UTF-8/],
  [
    "a tensor twice",
    safetensorsBytes(
      `{"a":${JSON.stringify(u8(0, 1))},"\\u0061":${JSON.stringify(u8(0, 1))}}`,
      Buffer.alloc(1),
    ),
    /tensor "a" stands twice/,
  ],
  [
    "a field twice",
    safetensorsBytes('{"a":{"dtype":"U8","shape":[1],"shape":[1],"data_offsets":[0,1]}}', Buffer.alloc(1)),
    /"a" has "shape" twice/,
  ],
  [
    "an unknown field",
    safetensorsBytes({ a: { ...u8(0, 1), scale: 2 } }, Buffer.alloc(1)),
    /unknown field "scale"/,
  ],
  ["no object", safetensorsBytes({ a: 3 }), /tensor "a": expected an object/],
  ["no dtype", safetensorsBytes({ a: { shape: [], data_offsets: [0, 0] } }), /tensor "a": dtype/],
  ["a negative size", safetensorsBytes({ a: { ...u8(0, 1), shape: [-1] } }), /tensor "a": shape/],
  ["a fraction", safetensorsBytes({ a: { ...u8(0, 1), shape: [0.5] } }), /tensor "a": shape/],
  [
    "offsets the wrong way round",
    safetensorsBytes({ a: { ...u8(0, 1), data_offsets: [1, 0] } }),
    /not two whole/,
  ],
  [
    "three offsets",
    safetensorsBytes({ a: { ...u8(0, 1), data_offsets: [0, 1, 2] } }),
    /not two whole numbers/,
  ],
  [
    "bytes that do not fit the shape",
    safetensorsBytes({ a: { dtype: "BF16", shape: [2, 3], data_offsets: [0, 11] } }, Buffer.alloc(11)),
    /tensor "a": BF16 of shape \[2, 3\] does not take the 11 bytes/,
  ],
  [
    "a shape whose product overflows",
    safetensorsBytes({ a: { dtype: "U8", shape: [2 ** 40, 2 ** 40], data_offsets: [0, 0] } }),
    /tensor "a": U8 of shape/,
  ],
  ["an end behind the file", safetensorsBytes({ a: u8(0, 2) }, Buffer.alloc(1)), /tensor "a" ends at byte 2/],
  [
    "an overlap",
    safetensorsBytes({ a: u8(0, 2), b: u8(1, 3) }, Buffer.alloc(3)),
    /"a" and "b" overlap at byte 1/,
  ],
  ["a hole", safetensorsBytes({ a: u8(0, 1), b: u8(2, 3) }, Buffer.alloc(3)), /bytes 1 to 2, before "b"/],
  ["bytes behind the last tensor", safetensorsBytes({ a: u8(0, 1) }, Buffer.alloc(3)), /2 bytes follow/],
  [
    "metadata of numbers",
    safetensorsBytes({ __metadata__: { a: 1 } }),
    /__metadata__ is not an object of str/,
  ],
];

describe("refuses, naming the file", () => {
  test.each(WRONG)("%s", async (_, bytes, message) => {
    await expect(read(bytes)).rejects.toMatchObject({
      code: "safetensors-invalid",
      message: expect.stringMatching(message),
    });
    await expect(read(bytes)).rejects.toThrow(file);
  });

  test("a header above 100 MB, without reading it", async () => {
    const large = join(folder, "large.safetensors");
    writeFileSync(large, safetensorsBytes("{", undefined, 100_000_001n));
    truncateSync(large, 100_001_000);
    await expect(readSafetensors(large)).rejects.toThrow("a header of 100000001 bytes; the format allows");
    ftruncateSync(openSync(large, "r+"), 0);
  });

  test("a file cut at any byte", async () => {
    const bytes = safetensorsBytes(TENSORS, Buffer.alloc(16));
    for (let size = 0; size < bytes.length; size++)
      await expect(read(bytes.subarray(0, size))).rejects.toMatchObject({ code: "safetensors-invalid" });
  });

  test("what is not there, and a folder", async () => {
    await expect(readSafetensors(join(folder, "none"))).rejects.toMatchObject({ code: "unreadable" });
    await expect(readSafetensors(folder)).rejects.toMatchObject({ code: "unreadable" });
  });
});

describe("a new file", () => {
  test("is read as it was placed", async () => {
    const placed = placeTensors([
      { name: "b", dtype: "F32", shape: [2], bytes: 8 },
      { name: "__proto__", dtype: "F16", shape: [1], bytes: 2 },
      { name: "7", dtype: "U8", shape: [], bytes: 1 },
    ]);
    expect(placed.map(({ start, end }) => [start, end])).toEqual([
      [0, 8],
      [8, 10],
      [10, 11],
    ]);
    const header = headerBytes(placed, { note: "é" });
    expect(header.length % 8).toBe(0);
    const { tensors, metadata } = await read(Buffer.concat([header, Buffer.alloc(11)]));
    expect(metadata).toEqual({ note: "é" });
    expect([...tensors].sort((a, b) => a.start - b.start)).toEqual(placed);
  });

  test("has every tensor at a multiple of its elements' size", () => {
    const placed = placeTensors([
      { name: "half", dtype: "F16", shape: [3], bytes: 6 },
      { name: "whole", dtype: "F32", shape: [1], bytes: 4 },
    ]);
    expect(placed.map(({ name, start }) => [name, start])).toEqual([
      ["whole", 0],
      ["half", 4],
    ]);
  });
});
