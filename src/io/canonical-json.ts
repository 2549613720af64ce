// JSON as results are written: keys in the given order, two-space indent, LF, numbers that are not integers rounded to 12
// significant digits (so that the last bits of a sum, which no one needs, never make two files differ).

/** The text of `value` with a final line feed. Absent (undefined) fields are left out. */
export function canonicalJson(value: unknown): string {
  return `${JSON.stringify(value, (_, item: unknown) => (typeof item === "number" ? resultNumber(item) : item), 2)}\n`;
}

/** A number as results have it. @throws RangeError for NaN and infinities: a value that cannot be computed must be absent */
export function resultNumber(value: number): number {
  if (!Number.isFinite(value)) throw new RangeError(`not a number that a result may hold: ${value}`);
  return Number.isInteger(value) ? value : Number(value.toPrecision(12));
}
