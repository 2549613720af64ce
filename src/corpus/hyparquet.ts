// The parts of hyparquet that read footers and headers, and decompress pages. Loaded when the first parquet file is opened:
// few corpora need them, and loading takes some 40 ms.

import type { FileMetaData, PageHeader, SchemaTree } from "hyparquet";

/** As hyparquet has it: bytes, and where to read on. */
export interface DataReader {
  view: DataView;
  offset: number;
}

export interface Hyparquet {
  readFooter(size: number, slice: (start: number, end?: number) => ArrayBuffer): Promise<FileMetaData>;
  schemaOf(metadata: FileMetaData): SchemaTree;
  readHeader(reader: DataReader): PageHeader;
  readDeltaLengths(reader: DataReader, count: number, values: Uint8Array[]): void;
  readDeltas(reader: DataReader, count: number, values: Uint8Array[]): void;
  /** By name of the compression. */
  readonly decompressors: Readonly<Record<string, (stored: Uint8Array, size: number) => Uint8Array>>;
}

export async function loadHyparquet(): Promise<Hyparquet> {
  const [main, column, delta, { compressors }] = await Promise.all([
    import("hyparquet"),
    import("hyparquet/src/column.js"),
    import("hyparquet/src/delta.js"),
    import("hyparquet-compressors"),
  ]);
  return {
    readFooter: (size, slice) =>
      main.parquetMetadataAsync({ byteLength: size, slice }, { geoparquet: false }),
    schemaOf: main.parquetSchema,
    readHeader: column.parquetHeader,
    readDeltaLengths: delta.deltaLengthByteArray,
    readDeltas: delta.deltaByteArray,
    decompressors: compressors as Hyparquet["decompressors"],
  };
}
