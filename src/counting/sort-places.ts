// Sorts segments where they lie, by their places: a full table is sorted in half of its own memory.

import { compareSegments, sortingKey } from "./sorted-counts.ts";

/** `places` in the order of their segments `bytesOf(place)[startOf(place), endOf(place))`. */
export function sortPlaces(
  places: Uint32Array,
  bytesOf: (place: number) => Uint8Array,
  startOf: (place: number) => number,
  endOf: (place: number) => number,
): Uint32Array {
  const keys = Float64Array.from(places, (place) => sortingKey(bytesOf(place), startOf(place), endOf(place)));
  const order = Uint32Array.from(places, (_, i) => i);
  order.sort((i, j) => {
    const [a, b] = [places[i]!, places[j]!];
    return (
      keys[i]! - keys[j]! ||
      compareSegments(bytesOf(a), startOf(a), endOf(a), bytesOf(b), startOf(b), endOf(b))
    );
  });
  return order.map((i) => places[i]!);
}
