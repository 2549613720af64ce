// The slow twin of the tables of a counts folder: the rows in their order, as lines of text.

/**
 * A line for each row: the segment in hexadecimal, whether it opens its document, its count.
 * @param counts of test/reference/segments.ts: "ff" stands before a segment that opens its document with white space
 */
export function rowsSlowly(counts: ReadonlyMap<string, number>): string[] {
  const rows = [...counts].map(([key, count]) => {
    const isMarked = key.startsWith("ff");
    const segment = isMarked ? key.slice(2) : key;
    const beginsWithSpace = /^(20|09|0a|0b|0c|0d)/.test(segment);
    return { segment, opens: isMarked || !beginsWithSpace, count };
  });
  // Hexadecimal digits are in the order of their bytes, and a prefix comes first.
  rows.sort((a, b) =>
    a.segment < b.segment ? -1 : a.segment > b.segment ? 1 : Number(a.opens) - Number(b.opens),
  );
  return rows.map(({ segment, opens, count }) => `${segment} ${opens ? 1 : 0} ${count}\n`);
}
