// Checks an expanded tokenizer against its base: structure from the files, text as confirmation.

import type { Certificate } from "./certificate.ts";
import type { Evidence, VerifyOptions } from "./evidence.ts";

/**
 * The certificate of an expansion, ours or anyone's. A fault is a failed check, not an error.
 * @throws VocabError when the base cannot be read, or the expanded file asks for something that vocab does not implement;
 * the signal's reason when it is aborted
 */
export async function verifyExpansion(
  _evidence: Evidence,
  _options: VerifyOptions = {},
): Promise<Certificate> {
  throw new Error("not written yet");
}
