// One matrix of the vocabulary with more rows: old rows byte for byte, new ones by the plan, zeros for rows that no token has.

import type { FileHandle } from "node:fs/promises";
import { type CopyOptions, copyRange, otherWork, readFully, writeFully } from "../../io/copy-range.ts";
import type { LearnedVectors } from "../learned-vectors.ts";
import { type NumberFormat, numberFormat } from "../number-formats.ts";
import { PlannedRows, type Side } from "../planned-rows.ts";
import type { ReadPlanRow } from "../read-plan.ts";
import type { CheckpointTensor } from "./read-checkpoint.ts";

/** What the rows of a matrix become. */
export interface Resizing {
  readonly tensor: CheckpointTensor;
  /** Which weights of the plan its rows follow. */
  readonly side: Side;
  readonly rowsAfter: number;
  readonly planned: readonly ReadPlanRow[];
  /** Win over the plan's weights. Not for a bias. */
  readonly vectors: LearnedVectors | undefined;
}

export interface ResizingPlaces {
  readonly from: FileHandle;
  /** Of the tensor's first byte. */
  readonly fromStart: number;
  readonly to: FileHandle;
  readonly toStart: number;
}

/** Rows are computed and written so many bytes at a time; see copy-range.ts. */
const BATCH_BYTES = 256 * 1024;

export function rowBytes({ shape, dtype }: Pick<CheckpointTensor, "shape" | "dtype">): number {
  return columnsOf(shape) * numberFormat(dtype)!.bytes;
}

export function columnsOf(shape: readonly number[]): number {
  return shape.length === 1 ? 1 : shape[1]!;
}

/** @returns how many of the new rows hold a value that is not finite */
export async function writeResized(
  resizing: Resizing,
  places: ResizingPlaces,
  options: CopyOptions,
): Promise<number> {
  const { tensor, planned, rowsAfter } = resizing;
  const rowsBefore = tensor.shape[0]!;
  const first = planned[0]?.id ?? rowsAfter;
  const end = first + planned.length;
  const writer = new RowWriter(resizing, places, options);
  await writer.copyRows(0, Math.min(first, rowsBefore));
  await writer.zeroRows(rowsBefore, first);
  await writer.computeRows();
  await writer.copyRows(end, rowsBefore);
  await writer.zeroRows(Math.max(end, rowsBefore), rowsAfter);
  return writer.notFinite;
}

class RowWriter {
  notFinite = 0;
  private readonly resizing: Resizing;
  private readonly places: ResizingPlaces;
  private readonly options: CopyOptions;
  private readonly format: NumberFormat;
  private readonly size: number;

  constructor(resizing: Resizing, places: ResizingPlaces, options: CopyOptions) {
    this.resizing = resizing;
    this.places = places;
    this.options = options;
    this.format = numberFormat(resizing.tensor.dtype)!;
    this.size = rowBytes(resizing.tensor);
  }

  async copyRows(from: number, to: number): Promise<void> {
    if (from >= to) return;
    const { size, places } = this;
    const range = { start: places.fromStart + from * size, end: places.fromStart + to * size };
    await copyRange(places.from, range, places.to, places.toStart + from * size, this.options);
  }

  async zeroRows(from: number, to: number): Promise<void> {
    const step = this.batchRows();
    for (let row = from; row < to; row += step)
      await this.write(row, Buffer.alloc((Math.min(to, row + step) - row) * this.size));
  }

  async computeRows(): Promise<void> {
    const { tensor, planned, side } = this.resizing;
    const columns = columnsOf(tensor.shape);
    const rows = new PlannedRows(columns, side, this.reader());
    const row = new Float64Array(columns);
    const step = this.batchRows();
    const batch = Buffer.alloc(Math.min(step, planned.length) * this.size);
    for (let k = 0; k < planned.length; k += step) {
      const part = planned.slice(k, k + step);
      part.forEach((plannedRow, i) => {
        if (this.resizing.vectors?.read(plannedRow.id, side, row) !== true) rows.compute(plannedRow, row);
        this.format.encode(row, viewOf(batch), i * this.size);
        if (!isWithin(row, this.format.limit)) this.notFinite++;
      });
      await this.write(part[0]!.id, batch.subarray(0, part.length * this.size));
    }
  }

  private reader(): (id: number, row: Float64Array) => void {
    const { places, size, format } = this;
    const bytes = Buffer.alloc(size);
    const view = viewOf(bytes);
    return (id, row) => {
      readFully(places.from, bytes, places.fromStart + id * size);
      format.decode(view, 0, row);
    };
  }

  private async write(row: number, bytes: Uint8Array): Promise<void> {
    writeFully(this.places.to, bytes, this.places.toStart + row * this.size);
    this.options.onBytes?.(bytes.length);
    await otherWork(this.options.signal);
  }

  private batchRows(): number {
    return Math.max(1, Math.floor(BATCH_BYTES / Math.max(1, this.size)));
  }
}

function isWithin(row: Float64Array, limit: number): boolean {
  for (let i = 0; i < row.length; i++) if (!(Math.abs(row[i]!) < limit)) return false;
  return true;
}

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
