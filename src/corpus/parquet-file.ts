// Opens a parquet file: finds the column of the text, and where the pages of each row group lie. The footer is read by
// hyparquet; parquet-pages.ts reads the pages.

import { statSync } from "node:fs";
import type { FileMetaData, SchemaElement, SchemaTree } from "hyparquet";
import { VocabError } from "../errors.ts";
import { type FileToRead, isRemote, openBytes, pathOf } from "../io/stored-file.ts";
import { type Hyparquet, loadHyparquet } from "./hyparquet.ts";

/** The text of a file, as its footer describes it. */
export interface ParquetText {
  readonly library: Hyparquet;
  readonly file: FileToRead;
  readonly path: string;
  /** Whether a row may have none. */
  readonly definitionLevels: number;
  readonly groups: readonly RowGroup[];
}

export interface RowGroup {
  /** From 0, as other programs number them. */
  readonly index: number;
  /** Number of the first row in the file. */
  readonly firstRow: number;
  readonly rows: number;
  /** Where the pages of the text lie in the file. */
  readonly start: number;
  readonly end: number;
  readonly codec: string;
}

const MAGIC = "PAR1";

/**
 * @param size of the file when the corpus was listed
 * @throws VocabError `corrupt-parquet`, `no-text-field` naming the columns, `file-changed`, `unreadable`
 */
export async function openParquet(file: FileToRead, size: number, textField: string): Promise<ParquetText> {
  const path = pathOf(file);
  requireSize(file, size);
  try {
    return await textOf(file, path, size, textField);
  } catch (cause) {
    if (cause instanceof VocabError) throw cause;
    // hyparquet takes a damaged footer as it is: what it should have is missing.
    throw corruptParquet(path, `has a damaged footer (${(cause as Error).message})`, cause);
  }
}

// A file of a hub is that of its commit.
function requireSize(file: FileToRead, size: number): void {
  const path = pathOf(file);
  if (isRemote(file) || statSync(path, { throwIfNoEntry: false })?.size === size) return;
  // Says why, where it cannot be read.
  openBytes(file).close();
  throw new VocabError("file-changed", `${path} has another size than when the corpus was listed`, {
    hint: "run again when nothing writes to the file",
  });
}

async function textOf(file: FileToRead, path: string, size: number, textField: string): Promise<ParquetText> {
  const library = await loadHyparquet();
  const metadata = await readFooter(library, file, path, size);
  const column = findColumn(path, library.schemaOf(metadata), textField);
  const groups = rowGroups(path, size, metadata, column.name);
  return { library, file, path, definitionLevels: column.levels, groups };
}

async function readFooter(
  library: Hyparquet,
  file: FileToRead,
  path: string,
  size: number,
): Promise<FileMetaData> {
  const slice = (start: number, end = size): ArrayBuffer => {
    const bytes = new Uint8Array(end - start);
    const source = openBytes(file, start, end);
    try {
      for (let at = 0; at < bytes.length; ) {
        const read = source.read(bytes.subarray(at), bytes.length - at, start + at);
        if (read === 0) throw corruptParquet(path, `ends before byte ${start + at}`);
        at += read;
      }
    } finally {
      source.close();
    }
    return bytes.buffer;
  };
  if (size < 12) throw corruptParquet(path, `of ${size} bytes is too short`);
  const isMagic = (at: number) => Buffer.from(slice(at, at + 4)).toString("latin1") === MAGIC;
  if (!isMagic(0))
    throw corruptParquet(path, "does not begin as parquet does (encrypted footers are not read)");
  if (!isMagic(size - 4)) throw corruptParquet(path, "does not end as parquet does: it is cut off, or none");
  return library.readFooter(size, slice);
}

interface Leaf {
  /** "meta.text" */
  readonly name: string;
  readonly element: SchemaElement;
  /** How many of its parents and itself may be missing. */
  readonly levels: number;
  readonly isList: boolean;
}

function findColumn(path: string, schema: SchemaTree, field: string): Leaf {
  const leaves = leavesOf(schema);
  const column = leaves.find(({ name }) => name === field);
  if (column !== undefined && isText(column)) return column;
  const what =
    column === undefined
      ? `has no column ${JSON.stringify(field)}`
      : `: the column ${JSON.stringify(field)} is no string but ${column.isList ? "a list" : typeName(column.element)}`;
  const texts = leaves.filter(isText).map(({ name }) => name);
  const all = leaves.map(({ name, element }) => `${name} (${typeName(element)})`);
  throw new VocabError(
    "no-text-field",
    `${path}${column === undefined ? " " : ""}${what}; it has: ${shorten(all)}`,
    {
      hint: `name the column with --text-field; those of strings: ${shorten(texts)}`,
    },
  );
}

function leavesOf(schema: SchemaTree): Leaf[] {
  const leaves: Leaf[] = [];
  const visit = ({ element, children, path: names }: SchemaTree, levels: number, isList: boolean): void => {
    const mayBeMissing = names.length > 0 && element.repetition_type !== "REQUIRED" ? 1 : 0;
    const own = { levels: levels + mayBeMissing, isList: isList || element.repetition_type === "REPEATED" };
    if (children.length === 0) leaves.push({ name: names.join("."), element, ...own });
    for (const child of children) visit(child, own.levels, own.isList);
  };
  visit(schema, 0, false);
  return leaves;
}

// Some writers, of old, mark strings in no way.
function isText({ element, isList }: Leaf): boolean {
  const { type, converted_type, logical_type } = element;
  const isMarked = converted_type !== undefined || logical_type !== undefined;
  return (
    type === "BYTE_ARRAY" &&
    !isList &&
    (!isMarked || converted_type === "UTF8" || logical_type?.type === "STRING")
  );
}

function typeName({ type, converted_type, logical_type }: SchemaElement): string {
  const name = logical_type?.type ?? converted_type ?? type ?? "none";
  return name === "UTF8" ? "string" : name.toLowerCase();
}

function shorten(names: readonly string[]): string {
  if (names.length === 0) return "none";
  return names.length <= 20
    ? names.join(", ")
    : `${names.slice(0, 20).join(", ")} and ${names.length - 20} more`;
}

function rowGroups(path: string, size: number, metadata: FileMetaData, column: string): RowGroup[] {
  let firstRow = 0;
  const groups = metadata.row_groups.map((group, index): RowGroup => {
    const chunk = group.columns.find(({ meta_data }) => meta_data?.path_in_schema.join(".") === column);
    const data = chunk?.meta_data;
    if (data === undefined || chunk?.file_path !== undefined)
      throw corruptParquet(path, `has no pages of ${JSON.stringify(column)} in row group ${index}`);
    const rows = Number(group.num_rows);
    const start = Number(data.dictionary_page_offset || data.data_page_offset);
    const end = start + Number(data.total_compressed_size);
    if (!(rows >= 0) || (rows > 0 && (start < 4 || end > size || !(start < end))))
      throw corruptParquet(
        path,
        `says of row group ${index} that it lies at bytes ${start} to ${end} of ${size}`,
      );
    firstRow += rows;
    return { index, firstRow: firstRow - rows, rows, start, end, codec: data.codec };
  });
  if (firstRow !== Number(metadata.num_rows))
    throw corruptParquet(path, `says that it has ${metadata.num_rows} rows, its row groups have ${firstRow}`);
  return groups.filter(({ rows }) => rows > 0);
}

export function corruptParquet(path: string, what: string, cause?: unknown): VocabError {
  return new VocabError("corrupt-parquet", `${path} ${what}`, {
    cause,
    hint: "fetch or write the file again",
  });
}
