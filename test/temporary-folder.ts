// Folders for tests that write files.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

/** A new folder, removed when the tests of the file are done. Call it outside of tests. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "vocab-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
