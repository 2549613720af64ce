// What `expand` returns, schema `vocab.expansion/1` (docs/expansion.md).

import type { ExpansionSummary } from "../artifacts/model-card.ts";
import type { Certificate } from "../verification/certificate.ts";
import type { RunRecord } from "./analysis-result.ts";

export interface ExpansionResult extends ExpansionSummary {
  readonly schema: "vocab.expansion/1";
  /** The folder as it was named. */
  readonly out: string;
  /** Why training ended: "learned 8000, as many as asked for". */
  readonly stopped?: string | undefined;
  /** With `--add auto`: why so many. */
  readonly recommended?: string | undefined;
  /** What should be known of the text, as sentences. */
  readonly findings: readonly string[];
  readonly certificate: Certificate;
  readonly run: RunRecord;
}
