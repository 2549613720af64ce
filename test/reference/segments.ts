// The slow twin of the scanner and of the way files become documents: regular expressions over whole strings. Keep its
// texts to characters of Unicode 15, since `\p{…}` here is that of the Node which runs.

// After a letter or number before any ASCII white space; after a mark or punctuation but < and > before U+0020.
const CUTS = /(?<=[\p{L}\p{N}])(?=[\t-\r ])|(?<=(?![<>])[\p{M}\p{P}])(?= )/u;

/** "a b! c\n" → ["a", " b!", " c", "\n"] */
export function cutSlowly(document: string): string[] {
  return document === "" ? [] : document.split(CUTS);
}

/** The documents of a text file: its lines, or with `isByLine` false the whole of it; none of zero bytes. */
export function documentsSlowly(file: string, isByLine: boolean): string[] {
  const text = file.replace(/^\ufeff/, "");
  return (isByLine ? text.split(/\r?\n/) : [text]).filter((document) => document !== "");
}

/** How often each segment occurs, by the hexadecimal digits of its bytes; "ff" before one that opens a document with white space. */
export function countSlowly(documents: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const document of documents) {
    cutSlowly(document).forEach((segment, index) => {
      const isMarked = index === 0 && /^[\t-\r ]/.test(segment);
      const key = (isMarked ? "ff" : "") + Buffer.from(segment).toString("hex");
      counts.set(key, (counts.get(key) ?? 0) + 1);
    });
  }
  return counts;
}
