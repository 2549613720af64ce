// A measurement of a text as it is, and beside it of the same text in one orthography. The letters keep their lengths and
// their kinds, so the segments of the other text are those of the first, respelt: nothing is read twice.

import { DOCUMENT_START, type SegmentCounts } from "../counting/segment-counts.ts";
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
    const bytes = block.bytes.slice();
    for (let i = 0; i < block.counts.length; i++) {
      const start = block.offsets[i]!;
      const from = bytes[start] === DOCUMENT_START ? start + 1 : start;
      this.changedCharacters += this.writer.write(bytes, from, block.offsets[i + 1]!) * block.counts[i]!;
    }
    this.other.addBlock({ ...block, bytes });
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
    this.writer.write(copy, 0, copy.length);
    return copy;
  }
}
