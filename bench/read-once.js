// One measured reading of a file in a fresh process, for bench/readers.ts: prints one line of JSON. `library`: the library
// alone, as its own README has it; `reader`: vocab's reader, its text thrown away; `counting`: the file counted.

import { createReadStream } from "node:fs";
import { createRequire } from "node:module";
import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";

const [mode, path, textField] = process.argv.slice(2);
const require = createRequire(import.meta.url);
const PIECE = 256 * 1024;

function built(name) {
  return import(new URL(`../dist/${name}.js`, import.meta.url).href);
}

async function sum(stream) {
  let bytes = 0;
  for await (const piece of stream) bytes += piece.length;
  return bytes;
}

const source = () => createReadStream(path, { highWaterMark: PIECE });

const LIBRARIES = {
  none: () => sum(source()),
  gzip: () => sum(source().pipe(createGunzip({ chunkSize: PIECE }))),
  // A stream of the old kind, which cannot be iterated.
  bzip2: () =>
    new Promise((resolve, reject) => {
      let bytes = 0;
      const stream = source().pipe(require("unbzip2-stream")());
      stream.on("data", (piece) => {
        bytes += piece.length;
      });
      stream.on("end", () => resolve(bytes)).on("error", reject);
    }),
  xz: () => {
    const { XzReadableStream } = require("xz-decompress");
    return sum(new XzReadableStream(Readable.toWeb(source())));
  },
  zstd: async () => {
    const { Decompress } = await import("fzstd");
    let bytes = 0;
    const decoder = new Decompress((piece) => {
      bytes += piece.length;
    });
    for await (const piece of source()) decoder.push(piece);
    decoder.push(new Uint8Array(0), true);
    return bytes;
  },
};

async function readParquet() {
  const { asyncBufferFromFile, parquetMetadataAsync, parquetRead } = await import("hyparquet");
  const { compressors } = await import("hyparquet-compressors");
  const file = await asyncBufferFromFile(path);
  const metadata = await parquetMetadataAsync(file);
  let bytes = 0;
  let rowStart = 0;
  for (const group of metadata.row_groups) {
    const rowEnd = rowStart + Number(group.num_rows);
    const options = { file, metadata, columns: [textField], rowStart, rowEnd, compressors, utf8: false };
    await parquetRead({
      ...options,
      onComplete: (rows) => {
        for (const [text] of rows) bytes += Buffer.byteLength(text);
      },
    });
    rowStart = rowEnd;
  }
  return bytes;
}

async function readWithVocab(file) {
  let bytes = 0;
  if (file.format === "parquet") {
    const { openParquet } = await built("corpus/parquet-file");
    const { readTextPages } = await built("corpus/parquet-pages");
    const text = await openParquet(path, file.size, textField);
    for (const group of text.groups)
      for (const page of readTextPages(text, group)) for (const value of page) bytes += value?.length ?? 0;
    return bytes;
  }
  let room = new Uint8Array(1 << 20);
  const reserve = (size) => {
    if (room.length < size) room = new Uint8Array(size);
    return room;
  };
  const take = (size) => {
    bytes += size;
    return true;
  };
  if (file.compression === undefined) {
    const { readRange } = await built("io/read-chunks");
    readRange(path, 0, file.size, reserve, take);
  } else {
    const { readCompressed } = await built("io/read-compressed");
    await readCompressed(path, file.compression, reserve, take);
  }
  return bytes;
}

async function count(file) {
  const { countCorpus } = await built("pipeline/count-corpus");
  const read = { unit: "line", textField, onInvalid: "error", maxDocumentBytes: 2 ** 28 };
  const options = { read, workers: 1, seed: 0, sampleSize: 0, onBlock: () => {} };
  return (await countCorpus([file], options)).documents;
}

await built("cli/engine-flags");
const { findCorpusFiles } = await built("corpus/files");
const [file] = await findCorpusFiles([path]);
const before = process.cpuUsage();
const run = {
  library: () => (file.format === "parquet" ? readParquet() : LIBRARIES[file.compression ?? "none"]()),
  reader: () => readWithVocab(file),
  counting: () => count(file),
}[mode];
const result = await run();
const { user, system } = process.cpuUsage(before);
console.log(
  JSON.stringify({ result, cpuMs: (user + system) / 1000, peakRssMb: process.resourceUsage().maxRSS / 1024 }),
);
