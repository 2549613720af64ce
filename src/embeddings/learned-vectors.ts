// Learned rows that a plan names (`"vectors"`): they win over its weights. A safetensors file with the tensors `ids` [n],
// `input` [n, columns] and, where the head is not tied, `output` [n, columns]; docs/apply.md describes it.

import { createHash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import { VocabError } from "../errors.ts";
import { type NumberFormat, numberFormat } from "./number-formats.ts";
import type { Side } from "./planned-rows.ts";
import type { ReadPlan } from "./read-plan.ts";
import { readSafetensors, type SafetensorsFile } from "./safetensors/read-header.ts";

interface Matrix {
  readonly columns: number;
  readonly format: NumberFormat;
  /** Of its first row, in the file. */
  readonly start: number;
}

/** Metadata of a file that says for which tokens it was learned. */
const TOKENS_KEY = "vocab_new_tokens_sha256";

/** Rows stay in the file until they are asked for. */
export class LearnedVectors {
  readonly path: string;
  private readonly descriptor: number;
  private readonly indexOfId: ReadonlyMap<number, number>;
  private readonly matrices: Readonly<Partial<Record<Side, Matrix>>>;

  private constructor(file: SafetensorsFile, isNew: (id: number) => boolean) {
    this.path = file.path;
    this.matrices = { input: matrixOf(file, "input")!, ...optional("output", matrixOf(file, "output")) };
    this.descriptor = openSync(file.path, "r");
    try {
      this.indexOfId = this.readIds(file, isNew);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /**
   * @param plan whose new ids may have rows
   * @throws VocabError `vectors-invalid`, `safetensors-invalid`, `unreadable`
   */
  static async open(path: string, { rows }: Pick<ReadPlan, "rows">): Promise<LearnedVectors> {
    const file = await readSafetensors(path);
    const learnedFor = file.metadata?.[TOKENS_KEY];
    if (learnedFor !== undefined && learnedFor !== tokensSha256(rows))
      throw invalid(path, "its rows were learned for other tokens than those of the plan");
    const ids = new Set(rows.map(({ id }) => id));
    return new LearnedVectors(file, (id) => ids.has(id));
  }

  /** @throws VocabError `vectors-invalid` when the rows are not as long as those of the matrix */
  requireColumns(side: Side, columns: number, tensor: string): void {
    const matrix = this.matrices[side];
    if (matrix !== undefined && matrix.columns !== columns)
      throw invalid(this.path, `${side} has ${matrix.columns} columns, but ${tensor} has ${columns}`);
  }

  /** Puts the learned row into `row`. @returns whether there is one */
  read(id: number, side: Side, row: Float64Array): boolean {
    const matrix = this.matrices[side];
    const index = this.indexOfId.get(id);
    if (matrix === undefined || index === undefined) return false;
    const size = matrix.columns * matrix.format.bytes;
    matrix.format.decode(viewOf(this.bytesAt(matrix.start + index * size, size)), 0, row);
    return true;
  }

  close(): void {
    closeSync(this.descriptor);
  }

  private readIds(
    { tensors, dataStart }: SafetensorsFile,
    isNew: (id: number) => boolean,
  ): Map<number, number> {
    const ids = tensors.find(({ name }) => name === "ids");
    if (ids === undefined || ids.shape.length !== 1 || !["I32", "I64"].includes(ids.dtype))
      throw invalid(this.path, "expected a tensor ids of one dimension, I64 or I32");
    for (const { name, shape } of tensors.filter(({ name }) => name !== "ids"))
      if (shape[0] !== ids.shape[0])
        throw invalid(this.path, `${name} has ${shape[0]} rows for ${ids.shape[0]} ids`);
    const bytes = this.bytesAt(dataStart + ids.start, ids.end - ids.start);
    const places = new Map<number, number>();
    for (let i = 0; i < ids.shape[0]!; i++) {
      const id = ids.dtype === "I64" ? Number(bytes.readBigInt64LE(8 * i)) : bytes.readInt32LE(4 * i);
      if (!isNew(id)) throw invalid(this.path, `ids[${i}]: the plan has no row for ${id}`);
      if (places.has(id)) throw invalid(this.path, `ids[${i}]: ${id} stands twice`);
      places.set(id, i);
    }
    return places;
  }

  private bytesAt(start: number, size: number): Buffer {
    const bytes = Buffer.alloc(size);
    if (readSync(this.descriptor, bytes, 0, size, start) !== size)
      throw invalid(this.path, "became shorter while it was read");
    return bytes;
  }
}

/** SHA-256 over the lines "<id> <bytes in hex>\n" of the plan's rows, in order of ids; finetune/distill_embeddings.py has the same. */
function tokensSha256(rows: ReadPlan["rows"]): string {
  const lines = rows.map(({ id, bytes }) => `${id} ${bytes ?? ""}\n`);
  return createHash("sha256").update(lines.join("")).digest("hex");
}

function matrixOf(file: SafetensorsFile, name: Side): Matrix | undefined {
  const tensor = file.tensors.find((each) => each.name === name);
  const format = tensor && numberFormat(tensor.dtype);
  if (tensor === undefined && name === "output") return undefined;
  if (tensor === undefined || tensor.shape.length !== 2 || format === undefined)
    throw invalid(file.path, `expected a tensor ${name} of two dimensions, F64, F32, F16 or BF16`);
  return { columns: tensor.shape[1]!, format, start: file.dataStart + tensor.start };
}

function optional(side: Side, matrix: Matrix | undefined): Partial<Record<Side, Matrix>> {
  return matrix === undefined ? {} : { [side]: matrix };
}

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

function invalid(path: string, what: string): VocabError {
  return new VocabError("vectors-invalid", `${path}: ${what}`, {
    hint: "docs/apply.md says what a file of learned vectors holds",
  });
}
