// A measurement of a text as it is, and beside it of the same text in one orthography. Letters keep their kinds, and no
// segment loses its word, so the segments of the other text are those of the first, respelt: nothing is read twice.

import { DOCUMENT_START, SEGMENT_PADDING, type SegmentCounts } from "../counting/segment-counts.ts";
import type { WordOptions } from "../metrics/segment-words.ts";
import { type Orthography, OrthographyWriter } from "../text/orthography.ts";
import type { LoadedTokenizer } from "../tokenizer/load-tokenizer.ts";
import { type CorpusFigures, CorpusMeasurement } from "./corpus-measurement.ts";

export class RespeltMeasurement extends CorpusMeasurement {
  readonly orthography: Orthography;
  /** Of the respelt text; there when `finish` has been called. */
  respelt: CorpusFigures | undefined;
  /** Letters of the text that are others in the orthography. */
  changedCharacters = 0;
  /** Zero width non-joiners that the orthography does without. */
  removedCharacters = 0;
  private readonly writer: OrthographyWriter;
  private readonly other: CorpusMeasurement;

  constructor(
    tokenizers: readonly LoadedTokenizer[],
    words: WordOptions,
    seed: number,
    orthography: Orthography,
  ) {
    super(tokenizers, words, seed);
    this.orthography = orthography;
    this.writer = new OrthographyWriter(orthography);
    this.other = new CorpusMeasurement(tokenizers, words, seed);
  }

  override addBlock(block: SegmentCounts): void {
    super.addBlock(block);
    this.other.addBlock(this.respellBlock(block));
  }

  private respellBlock({ bytes, offsets, counts }: SegmentCounts): SegmentCounts {
    const own = { bytes: bytes.slice(), offsets: offsets.slice(), counts };
    for (let i = 0; i < counts.length; i++) {
      const start = own.offsets[i]!;
      own.bytes.set(bytes.subarray(offsets[i]!, offsets[i + 1]!), start);
      const from = own.bytes[start] === DOCUMENT_START ? start + 1 : start;
      own.offsets[i + 1] = this.writer.write(own.bytes, from, start + offsets[i + 1]! - offsets[i]!);
      this.changedCharacters += this.writer.letters * counts[i]!;
      this.removedCharacters += this.writer.joiners * counts[i]!;
    }
    const end = own.offsets[counts.length]!;
    own.bytes.fill(0, end, end + SEGMENT_PADDING);
    return own;
  }

  override addDocument(bytes: Uint8Array): void {
    super.addDocument(bytes);
    this.other.addDocument(this.respell(bytes));
  }

  override finish(sample: readonly Uint8Array[]): CorpusFigures {
    this.respelt = this.other.finish(sample.map((document) => this.respell(document)));
    return super.finish(sample);
  }

  private respell(document: Uint8Array): Uint8Array {
    const copy = document.slice();
    return copy.subarray(0, this.writer.write(copy, 0, copy.length));
  }
}
