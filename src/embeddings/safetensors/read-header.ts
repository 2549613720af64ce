// Opens a safetensors file: eight bytes that say how long the header is, the header, the data.

import { type FileHandle, open } from "node:fs/promises";
import { VocabError } from "../../errors.ts";
import { type Header, invalid, parseHeader } from "./header.ts";

export interface SafetensorsFile extends Header {
  readonly path: string;
  /** Where the data begins. */
  readonly dataStart: number;
  /** Size of the file. */
  readonly bytes: number;
  /** As it stands in the file. */
  readonly headerText: string;
}

const LENGTH_BYTES = 8;

/** Defined by the format's own library (`MAX_HEADER_SIZE`). */
export const MAX_HEADER_BYTES = 100_000_000;

/** @throws VocabError `safetensors-invalid`, `unreadable` */
export async function readSafetensors(path: string): Promise<SafetensorsFile> {
  const file = await open(path, "r").catch((cause: Error) => {
    throw unreadable(path, cause);
  });
  try {
    const entry = await file.stat();
    if (!entry.isFile()) throw unreadable(path, new Error("not a file"));
    const headerBytes = await headerLength(file, path, entry.size);
    const dataStart = LENGTH_BYTES + headerBytes;
    const headerText = utf8(await readExactly(file, path, LENGTH_BYTES, headerBytes), path);
    if (!headerText.startsWith("{")) throw invalid(path, "the header does not begin with {");
    const header = parseHeader(headerText, path, entry.size - dataStart);
    return { path, dataStart, bytes: entry.size, headerText, ...header };
  } finally {
    await file.close();
  }
}

export function unreadable(path: string, cause: Error): VocabError {
  return new VocabError("unreadable", `${path} cannot be read: ${cause.message}`, {
    cause,
    hint: "check that the file is there, its permissions and its disk",
  });
}

async function headerLength(file: FileHandle, path: string, size: number): Promise<number> {
  if (size < LENGTH_BYTES) throw invalid(path, `${size} bytes are too few for a safetensors file`);
  const length = (await readExactly(file, path, 0, LENGTH_BYTES)).readBigUInt64LE();
  if (length > BigInt(MAX_HEADER_BYTES))
    throw invalid(path, `a header of ${length} bytes; the format allows ${MAX_HEADER_BYTES}`);
  if (length > BigInt(size - LENGTH_BYTES))
    throw invalid(
      path,
      `a header of ${length} bytes, but only ${size - LENGTH_BYTES} follow: is it cut off?`,
    );
  return Number(length);
}

async function readExactly(file: FileHandle, path: string, start: number, size: number): Promise<Buffer> {
  const bytes = Buffer.alloc(size);
  for (let at = 0; at < size; ) {
    const { bytesRead } = await file.read(bytes, at, size - at, start + at).catch((cause: Error) => {
      throw unreadable(path, cause);
    });
    if (bytesRead === 0) throw invalid(path, "became shorter while it was read");
    at += bytesRead;
  }
  return bytes;
}

function utf8(bytes: Buffer, path: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw invalid(path, "the header is not valid UTF-8", cause);
  }
}
