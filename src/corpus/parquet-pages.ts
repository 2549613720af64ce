// Reads the text of one row group of a parquet file, page by page, so that a row group of gigabytes is never held: a page
// has about a megabyte, and beside it stands the dictionary, if there is one.

import { gunzipSync } from "node:zlib";
import type { PageHeader } from "hyparquet";
import { VocabError } from "../errors.ts";
import { crc32 } from "../io/crc32.ts";
import { StoredBytes } from "../io/stored-bytes.ts";
import type { Hyparquet } from "./hyparquet.ts";
import { corruptParquet, type ParquetText, type RowGroup } from "./parquet-file.ts";
import { type Dictionary, readHybrid, readPlain, readStrings } from "./parquet-values.ts";

/** Headers have some bytes; with the largest and the smallest value of a page in them, more. */
const HEADER_BYTES = 1 << 14;
const MAX_HEADER_BYTES = 1 << 24;

interface Page {
  readonly header: PageHeader;
  /** Where it begins in the file. */
  readonly offset: number;
  /** As stored; valid until the next page is read. */
  readonly stored: Uint8Array;
}

/** The values of a page; null where a row has none. */
export type TextPage = readonly (Uint8Array | null)[];

/**
 * The bytes of a page are valid until the next one is asked for.
 * @param requireSize told how many bytes a page takes, before it is decompressed; throws where those are too many
 * @throws VocabError `corrupt-parquet` naming the row group
 */
export function* readTextPages(
  text: ParquetText,
  group: RowGroup,
  requireSize: (bytes: number) => void = () => {},
): Generator<TextPage> {
  const stored = new StoredBytes(text.file, undefined, group.start, group.end);
  try {
    let dictionary: Dictionary | undefined;
    for (let rows = 0; rows < group.rows; ) {
      const { position } = stored;
      const page = decoded(text, group, position, () => nextPage(text, group, stored, rows));
      requireSize(page.header.uncompressed_page_size);
      const values = decoded<TextPage>(text, group, position, () => {
        if (page.header.type !== "DICTIONARY_PAGE") return dataOf(text, group, page, dictionary);
        dictionary = dictionaryOf(text, group, page);
        return [];
      });
      rows += values.length;
      if (rows > group.rows) throw damaged(text, group, page.offset, "it has more rows than the row group");
      if (values.length > 0) yield values;
    }
  } finally {
    stored.close();
  }
}

function nextPage(text: ParquetText, group: RowGroup, stored: StoredBytes, rows: number): Page {
  const offset = stored.position;
  const left = group.end - offset;
  if (left <= 0)
    throw corruptParquet(
      text.path,
      `has ${rows} rows in row group ${group.index}; its footer says ${group.rows}`,
    );
  const { header, size } = readHeader(text.library, stored, left);
  const { compressed_page_size: bytes, uncompressed_page_size: plain } = header;
  if (!(bytes >= 0 && plain >= 0 && size + bytes <= left))
    throw new Error(`a page of ${bytes} bytes does not fit into the row group`);
  const page = stored.peek(size + bytes).subarray(size);
  if (page.length < bytes) throw new Error("the file ends in it");
  stored.skip(size + bytes);
  if (header.crc !== undefined && (header.crc | 0) !== crc32(page)) throw new Error("its checksum is wrong");
  return { header, offset, stored: page };
}

// How long a header is, is known when it has been read.
function readHeader(
  library: Hyparquet,
  stored: StoredBytes,
  left: number,
): { readonly header: PageHeader; readonly size: number } {
  for (let size = HEADER_BYTES; ; size *= 8) {
    const bytes = stored.peek(Math.min(size, left));
    const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 };
    try {
      const header = library.readHeader(reader);
      return { header, size: reader.offset };
    } catch (cause) {
      if (size >= left || size >= MAX_HEADER_BYTES) throw cause;
    }
  }
}

function dictionaryOf({ library }: ParquetText, { codec }: RowGroup, { header, stored }: Page): Dictionary {
  const { num_values: count, encoding } = header.dictionary_page_header!;
  if (encoding !== "PLAIN" && encoding !== "PLAIN_DICTIONARY")
    throw new Error(`the encoding ${encoding} is not known for dictionaries`);
  const bytes = decompress(library, codec, stored, header.uncompressed_page_size);
  return readPlain(bytes === stored ? bytes.slice() : bytes, count);
}

function dataOf(
  { library, definitionLevels }: ParquetText,
  { codec, rows }: RowGroup,
  { header, stored }: Page,
  dictionary: Dictionary | undefined,
): TextPage {
  const info = header.data_page_header ?? header.data_page_header_v2;
  if (info === undefined) {
    if (header.type === "INDEX_PAGE") return [];
    throw new Error("it has no header of data");
  }
  const count = info.num_values;
  if (!(count >= 0 && count <= rows))
    throw new Error(`it has ${count} values; the row group has ${rows} rows`);
  const { levels, bytes } =
    header.data_page_header_v2 === undefined
      ? splitFirst(
          decompress(library, codec, stored, header.uncompressed_page_size),
          header,
          definitionLevels > 0,
        )
      : splitSecond(library, stored, header, codec);
  if (definitionLevels === 0) return readStrings(library, bytes, info.encoding, count, dictionary);
  const width = 32 - Math.clz32(definitionLevels);
  const defined = readHybrid(levels, 0, levels.length, width, count);
  const present = defined.reduce((sum, level) => sum + (level === definitionLevels ? 1 : 0), 0);
  const values = readStrings(library, bytes, info.encoding, present, dictionary);
  let next = 0;
  return Array.from(defined, (level) => (level === definitionLevels ? values[next++]! : null));
}

interface SplitPage {
  readonly levels: Uint8Array;
  readonly bytes: Uint8Array;
}

// Version 1: all is compressed, and the levels say how long they are.
function splitFirst(page: Uint8Array, { data_page_header: info }: PageHeader, hasLevels: boolean): SplitPage {
  if (!hasLevels) return { levels: page.subarray(0, 0), bytes: page };
  if (info!.definition_level_encoding !== "RLE")
    throw new Error(`the encoding ${info!.definition_level_encoding} is not known for levels`);
  const end = 4 + new DataView(page.buffer, page.byteOffset, page.byteLength).getUint32(0, true);
  if (end > page.length) throw new Error("levels reach behind the page");
  return { levels: page.subarray(4, end), bytes: page.subarray(end) };
}

// Version 2: the levels stand before what is compressed.
function splitSecond(library: Hyparquet, stored: Uint8Array, header: PageHeader, codec: string): SplitPage {
  const {
    definition_levels_byte_length: levels,
    repetition_levels_byte_length: before,
    is_compressed,
  } = header.data_page_header_v2!;
  const start = before + levels;
  const size = header.uncompressed_page_size - start;
  if (!(before >= 0 && levels >= 0 && start <= stored.length && size >= 0))
    throw new Error("levels reach behind the page");
  const body = stored.subarray(start);
  const isPlain = is_compressed === false || size === 0;
  return {
    levels: stored.subarray(before, start),
    bytes: isPlain ? body.subarray(0, size) : decompress(library, codec, body, size),
  };
}

function decompress(library: Hyparquet, codec: string, stored: Uint8Array, size: number): Uint8Array {
  const bytes = decompressAny(library, codec, stored, size);
  if (bytes.length !== size) throw new Error(`it should give ${size} bytes and gives ${bytes.length}`);
  return bytes;
}

function decompressAny(library: Hyparquet, codec: string, stored: Uint8Array, size: number): Uint8Array {
  if (codec === "UNCOMPRESSED") return stored;
  // Node's own is faster, and looks at the checksum.
  if (codec === "GZIP") return gunzipSync(stored, { maxOutputLength: Math.max(1, size) });
  const decompressor = library.decompressors[codec];
  if (decompressor === undefined) throw new Error(`the compression ${codec} is not known`);
  return decompressor(stored, size);
}

function decoded<T>(text: ParquetText, group: RowGroup, offset: number, decode: () => T): T {
  try {
    return decode();
  } catch (cause) {
    if (cause instanceof VocabError) throw cause;
    throw damaged(text, group, offset, (cause as Error).message, cause);
  }
}

function damaged(
  { path }: ParquetText,
  { index }: RowGroup,
  offset: number,
  what: string,
  cause?: unknown,
): VocabError {
  return corruptParquet(
    path,
    `is damaged in row group ${index}, in the page at byte ${offset} (${what})`,
    cause,
  );
}
