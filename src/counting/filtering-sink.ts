// A sink that passes on the documents that a filter keeps.

import { DocumentCollector, type TextSink } from "./document-collector.ts";
import type { DocumentFilter } from "./document-filter.ts";
import { passDocument } from "./pass-document.ts";

export class FilteringSink implements TextSink {
  private readonly collector: DocumentCollector;
  private file = "";

  constructor(sink: TextSink, filter: DocumentFilter, maxDocumentBytes: number) {
    this.collector = new DocumentCollector(maxDocumentBytes, (document, offset) => {
      const kept = filter.pass(document, offset);
      if (kept !== undefined) passDocument(sink, this.file, offset, kept);
    });
  }

  begin(file: string, offset: number, lines: boolean): void {
    this.file = file;
    this.collector.begin(file, offset, lines);
  }

  reserve(size: number): Uint8Array {
    return this.collector.reserve(size);
  }

  advance(size: number): void {
    this.collector.advance(size);
  }

  end(): void {
    this.collector.end();
  }
}
