// Decides of each document whether it is counted, and in which spelling. One filter serves one worker; where equal texts
// matter (`dedup`), one filter sees the whole corpus, in the order of its files.

import { normalize } from "../text/normalize.ts";
import { OrthographyWriter } from "../text/orthography.ts";
import { ScriptLetters } from "../text/script-letters.ts";
import { DigestSet, digestOf } from "./digest-set.ts";
import { documentKey } from "./document-sample.ts";
import { compareRanks, type DocumentRank, type FilterOutcome, type FilterRules } from "./filter-rules.ts";
import { LineFilter } from "./line-filter.ts";

/** The hashes that samples are drawn by have 53 bits. */
const HASHES = 2 ** 53;

export class DocumentFilter {
  private readonly rules: FilterRules;
  private readonly orthography: OrthographyWriter | undefined;
  private readonly letters: ScriptLetters | undefined;
  private readonly seen = new DigestSet();
  private readonly lines = new LineFilter(this.seen);
  private file = 0;
  private total = nothing();

  constructor(rules: FilterRules) {
    this.rules = rules;
    this.orthography = rules.orthography === undefined ? undefined : new OrthographyWriter(rules.orthography);
    this.letters = rules.script === undefined ? undefined : new ScriptLetters(rules.script.properties);
  }

  get outcome(): FilterOutcome {
    return this.total;
  }

  /** Begins to count anew what is left out; what was seen stays seen. */
  resetOutcome(): void {
    this.total = nothing();
  }

  /** The file, by its index, that the documents come from. */
  enterFile(file: number): void {
    this.file = file;
  }

  /** The document as it is counted; undefined when it is left out. */
  pass(document: Uint8Array, offset: number): Uint8Array | undefined {
    const changed = this.change(document);
    this.total.read.documents++;
    this.total.read.bytes += changed.length;
    if (!this.isInScript(changed)) return leaveOut(this.total.otherScript, changed);
    const rest = this.withoutDuplicates(changed);
    if (rest === undefined) return undefined;
    return this.isSampled(rest, offset) ? rest : leaveOut(this.total.unsampled, rest);
  }

  /** Where a document stands among those that a sample is drawn from. */
  rankOf(document: Uint8Array, offset: number): DocumentRank {
    const digest = digestOf(document);
    const hash = documentKey(digest.readInt32LE(0), digest.readInt32LE(4), document.length, this.rules.seed);
    return { hash, file: this.file, offset };
  }

  private change(document: Uint8Array): Uint8Array {
    const form = this.rules.normalize;
    let bytes = form === undefined ? document : normalized(document, form);
    if (this.orthography !== undefined) {
      const copy = bytes === document ? bytes.slice() : bytes;
      const end = this.orthography.write(copy, 0, copy.length);
      if (this.orthography.letters + this.orthography.joiners > 0) bytes = copy.subarray(0, end);
    }
    if (bytes !== document) this.total.changed++;
    return bytes;
  }

  // A text without letters is in no script.
  private isInScript(document: Uint8Array): boolean {
    if (this.letters === undefined) return true;
    const { letters, own } = this.letters.count(document, 0, document.length);
    return letters > 0 && own >= this.rules.script!.share * letters;
  }

  private withoutDuplicates(document: Uint8Array): Uint8Array | undefined {
    const { duplicates } = this.total;
    if (this.rules.dedup === undefined) return document;
    if (this.rules.dedup === "document")
      return this.seen.add(digestOf(document)) ? document : leaveOut(duplicates, document);
    const { rest, lines } = this.lines.pass(document);
    duplicates.lines += lines;
    if (rest === undefined) return leaveOut(duplicates, document);
    duplicates.bytes += document.length - rest.length;
    return rest;
  }

  private isSampled(document: Uint8Array, offset: number): boolean {
    const { sample } = this.rules;
    if (sample === undefined) return true;
    const rank = this.rankOf(document, offset);
    if (sample.kind === "share") return rank.hash < sample.share * HASHES;
    return sample.last === undefined || compareRanks(rank, sample.last) <= 0;
  }
}

function nothing() {
  return {
    read: { documents: 0, bytes: 0 },
    changed: 0,
    otherScript: { documents: 0, bytes: 0 },
    duplicates: { documents: 0, bytes: 0, lines: 0 },
    unsampled: { documents: 0, bytes: 0 },
  };
}

function leaveOut(amount: { documents: number; bytes: number }, document: Uint8Array): undefined {
  amount.documents++;
  amount.bytes += document.length;
}

function normalized(document: Uint8Array, form: "NFC" | "NFKC"): Uint8Array {
  // ASCII is in every form.
  if (document.every((byte) => byte < 0x80)) return document;
  const text = Buffer.from(document.buffer, document.byteOffset, document.byteLength).toString("utf8");
  const changed = normalize(text, form);
  return changed === text ? document : Buffer.from(changed, "utf8");
}
