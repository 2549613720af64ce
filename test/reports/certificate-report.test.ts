import { expect, it } from "vitest";
import { certificateReport } from "../../src/reports/certificate-report.ts";
import type { Certificate } from "../../src/verification/certificate.ts";

const PANEL = {
  texts: [
    { name: "en", documents: 92, changed: 0, tokensBefore: 2004, tokensAfter: 2004, budget: 0 },
    { name: "ur", documents: 1012, changed: 1012, tokensBefore: 86_962, tokensAfter: 64_381 },
    { name: "empty", documents: 0, changed: 0, tokensBefore: 0, tokensAfter: 0 },
  ],
};

const CERTIFICATE: Certificate = {
  schema: "vocab.certificate/1",
  ok: false,
  checks: [
    { id: "G2", ok: false, detail: `merges[0] is "a" + "b"${" and so on".repeat(12)}`, figures: {} },
    { id: "G6", ok: true, detail: "2 of 3 texts unchanged", figures: PANEL },
  ],
  notChecked: [{ id: "G10", reason: "there is no embedding-plan.json" }],
  base: { source: "base.json", sha256: "00", vocabSize: 151_669 },
  expanded: { source: "my folder", sha256: "01", vocabSize: 159_669 },
  version: "0.1.0",
};

it("has a row for each guarantee, the panel, and what was not checked", () => {
  expect(certificateReport(CERTIFICATE, { color: false })).toBe(`\
NOT verified: G2: my folder against base.json (151,669 → 159,669 ids)

FAIL  G2   merges kept, in order
           merges[0] is "a" + "b" and so on and so on and so on and so on and so on and so on and so on and so
           on and so on and so on and so on and so on
ok    G6   other text unchanged
           2 of 3 texts unchanged

G6 panel
text   documents  changed  tokens before   after  difference  budget
─────  ─────────  ───────  ─────────────  ──────  ──────────  ──────
en            92        0          2,004   2,004         0 %     0 %
ur         1,012    1,012         86,962  64,381     −26.0 %
empty          0        0              0       0         n/a

not checked
- G10 embedding plan: there is no embedding-plan.json
`);
});

it("is bold where colour is wanted, and leaves out sizes that are not known", () => {
  const expanded = { source: "broken", sha256: "01" };
  const text = certificateReport({ ...CERTIFICATE, expanded }, { color: true });
  expect(text.split("\n")[0]).toBe("\u001b[1mNOT verified: G2\u001b[22m: broken against base.json");
});
