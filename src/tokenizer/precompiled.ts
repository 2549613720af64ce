// The normalizer Precompiled of the tokenizers library: SentencePiece's character map, applied to grapheme clusters
// (spm_precompiled, src/lib.rs). It differs from SentencePiece: of a cluster below 6 bytes the *shortest* beginning that
// has an entry decides, and the rest of the cluster is lost with it.

import { graphemeSegments } from "unicode-segmenter/grapheme";
import { type AlignedText, AlignedTextBuilder, originalEnd, originalStart } from "./aligned-text.ts";
import type { Charsmap } from "./formats/charsmap.ts";

/** Clusters of as many bytes are mapped character by character. */
const LONG_CLUSTER_BYTES = 6;

export function applyCharsmap(text: AlignedText, charsmap: Charsmap): AlignedText {
  const { bytes } = text;
  const string = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
  let builder: AlignedTextBuilder | undefined;
  let at = 0;
  const map = (length: number): boolean => {
    const found = charsmap.shortestPrefix(bytes, at, at + length);
    if (found === undefined) return false;
    if (builder === undefined) {
      builder = new AlignedTextBuilder();
      builder.copy(text, 0, at);
    }
    builder.add(found.replacement, originalStart(text, at), originalEnd(text, at + length));
    at += length;
    return true;
  };
  for (const segment of clusters(string)) {
    const length = Buffer.byteLength(segment);
    if (length < LONG_CLUSTER_BYTES && map(length)) continue;
    for (const character of segment) {
      const size = Buffer.byteLength(character);
      if (map(size)) continue;
      builder?.copy(text, at, at + size);
      at += size;
    }
  }
  return builder === undefined ? text : builder.build();
}

// The package (0.14.5) takes U+007F for a letter; it is a control character, which stands alone.
function* clusters(text: string): Generator<string> {
  for (const part of text.split(/(\x7f)/)) for (const { segment } of graphemeSegments(part)) yield segment;
}
