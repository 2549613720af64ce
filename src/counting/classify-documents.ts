// Chooses held-out documents one by one, for tokenizers that only whole documents are safe for: they are read apart from
// the counting and must be divided as it divides them.

import { DocumentChooser, type DocumentSplit } from "./document-chooser.ts";
import { SegmentScanner } from "./segment-scanner.ts";

/** @returns says of a document, never empty, whether `split` takes it */
export function documentClassifier(
  split: DocumentSplit,
  maxDocumentBytes: number,
): (document: Uint8Array) => boolean {
  const chooser = new DocumentChooser(split, maxDocumentBytes);
  let isTaken = false;
  const scanner = new SegmentScanner({
    longSegmentBytes: 0,
    onLongSegment: () => {},
    sample: {
      keepBytes: chooser.keepBytes,
      offer: (hashA, hashB, buffer, start, end) => {
        isTaken = chooser.takes(hashA, hashB, buffer, start, end);
      },
    },
    maxDocumentBytes: Number.MAX_SAFE_INTEGER,
    expectedBytes: 0,
  });
  return (document) => {
    scanner.begin("", 0, false);
    scanner.reserve(document.length).set(document);
    scanner.advance(document.length);
    scanner.end();
    return isTaken;
  };
}
