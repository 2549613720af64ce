// The sentences of a CoNLL-U file one by one: each is a document whose words are known.

import { isUtf8 } from "node:buffer";
import { type SentenceText, textOfSentence } from "../corpus/conllu-text.ts";
import { conlluFault, type NumberedLine, parseSentence } from "../corpus/conllu-tokens.ts";
import type { CorpusFile } from "../corpus/files.ts";
import { VocabError } from "../errors.ts";
import { makeReady } from "../io/stored-file.ts";
import { firstInvalidByte, repairUtf8 } from "../text/utf8.ts";
import type { ReadOptions } from "./count-shard.ts";
import { eachLine, recordLimit } from "./file-lines.ts";
import { shardReader } from "./shard-reader.ts";
import { invalidUtf8 } from "./text-feeder.ts";

export interface Sentence extends SentenceText {
  /** Where its first line begins in the (decompressed) file, in bytes. */
  readonly offset: number;
}

/**
 * Hands over the sentences in order. Returns how many ill-formed sequences were replaced, or sentences left out.
 * @throws VocabError `invalid-conllu`, `invalid-utf8`, `document-too-large`
 */
export async function eachSentence(
  file: CorpusFile,
  options: ReadOptions,
  onSentence: (sentence: Sentence) => void,
): Promise<number> {
  await makeReady(file);
  const collector = new SentenceCollector(file.path, options, onSentence);
  const read = shardReader(file, { start: 0, end: file.size }, false, options);
  await eachLine(file.path, read, recordLimit(options.maxDocumentBytes), (line, offset) =>
    collector.add(line, offset),
  );
  collector.endFile();
  return collector.invalid;
}

class SentenceCollector {
  invalid = 0;
  private readonly path: string;
  private readonly options: ReadOptions;
  private readonly onSentence: (sentence: Sentence) => void;
  private lines: NumberedLine[] = [];
  /** Lines of the file so far. */
  private number = 0;
  /** Of the open sentence: where it begins, its size in the file, whether it is left out. */
  private offset = 0;
  private size = 0;
  private isSkipped = false;
  private hasSentences = false;

  constructor(path: string, options: ReadOptions, onSentence: (sentence: Sentence) => void) {
    this.path = path;
    this.options = options;
    this.onSentence = onSentence;
  }

  add(line: Uint8Array, offset: number): void {
    this.number++;
    if (line.length === 0) return this.end();
    if (this.size === 0) this.offset = offset;
    this.size += line.length;
    if (this.size > recordLimit(this.options.maxDocumentBytes)) throw this.tooLarge();
    const bytes = isUtf8(line) ? line : this.repaired(line, offset);
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
    this.lines.push({ text, number: this.number });
  }

  /** Ends the open sentence, if any. */
  end(): void {
    const { lines, offset, isSkipped } = this;
    this.lines = [];
    this.size = 0;
    this.isSkipped = false;
    if (isSkipped) {
      this.invalid++;
      return;
    }
    const sentence = parseSentence(lines, this.path);
    if (sentence === undefined) return;
    this.hasSentences = true;
    this.onSentence({ ...textOfSentence(sentence, this.path), offset });
  }

  /** Ends the file: comments behind the last sentence are the beginning of one whose rest is missing. */
  endFile(): void {
    const last = this.lines.at(-1);
    if (this.hasSentences && last !== undefined && this.lines.every(({ text }) => text.startsWith("#")))
      throw conlluFault(
        this.path,
        last.number,
        "the file ends in the comments of a sentence: it is cut off",
        "fetch it again",
      );
    this.end();
  }

  private repaired(line: Uint8Array, offset: number): Uint8Array {
    switch (this.options.onInvalid) {
      case "error":
        throw invalidUtf8(`${this.path}, line ${this.number}`, offset + firstInvalidByte(line));
      case "skip":
        this.isSkipped = true;
        return line;
      case "replace": {
        const { bytes, replaced } = repairUtf8(line);
        this.invalid += replaced;
        return bytes;
      }
    }
  }

  private tooLarge(): VocabError {
    const limit = recordLimit(this.options.maxDocumentBytes);
    return new VocabError(
      "document-too-large",
      `${this.path}, line ${this.number}: the sentence at byte ${this.offset} is larger than ${limit} bytes`,
      { hint: "an empty line ends a sentence; else raise --max-document-bytes" },
    );
  }
}
