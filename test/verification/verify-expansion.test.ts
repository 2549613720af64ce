import { describe, expect, it } from "vitest";
import type { Certificate } from "../../src/verification/certificate.ts";
import type { Evidence } from "../../src/verification/evidence.ts";
import { verifyExpansion } from "../../src/verification/verify-expansion.ts";
import { FAULTS, type Kind, type Scene, type TokenizerParts } from "./faults.ts";
import { jsonFile } from "./json-file.ts";
import {
  byteLevelBase,
  ENGLISH,
  expandFor,
  fallbackBase,
  type MadeExpansion,
  PERSIAN,
} from "./made-expansions.ts";

const MADE: Readonly<Record<Kind, MadeExpansion>> = {
  "byte-level": expandFor(byteLevelBase(), PERSIAN, 24),
  "byte-fallback": expandFor(fallbackBase(), PERSIAN, 24),
};
const KINDS = Object.keys(MADE) as Kind[];

function text(name: string, content: string) {
  return { name, source: name, documents: [Buffer.from(content, "utf8")] };
}

function certify(made: MadeExpansion, parts: Partial<Evidence> = {}): Promise<Certificate> {
  const evidence = {
    base: jsonFile("base", made.base),
    expanded: jsonFile("expanded", made.expanded),
    plan: made.plan,
    training: { usesOfId: made.usesOfId },
    heldOut: text("held-out", PERSIAN),
    panel: [text("en", ENGLISH), text("code", "for (let i = 0; i < n; i++) the(i);")],
    ...parts,
  };
  return verifyExpansion(evidence, { generated: 300 });
}

describe.each(KINDS)("a sound expansion, %s", (kind) => {
  it("passes every check", async () => {
    const certificate = await certify(MADE[kind]);
    expect(certificate.checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(certificate.ok).toBe(true);
    expect(certificate.checks.map(({ id }) => id).join(" ")).toBe("G1 G2 G3 G4 G5 G6 G7 G9 G10 G12");
  });
  it("is what the base is, when nothing was added", async () => {
    const { base, plan } = expandFor(MADE[kind].base, PERSIAN, 0);
    const certificate = await certify({ ...MADE[kind], expanded: base, plan });
    expect(certificate.checks.filter(({ ok }) => !ok)).toEqual([]);
  });
  it("has the same certificate each time", async () => {
    expect(await certify(MADE[kind])).toEqual(await certify(MADE[kind]));
  });
});

describe.each(KINDS)("faults, %s", (kind) => {
  const faults = FAULTS.filter(({ only }) => only === undefined || only === kind);
  it.each(faults)("$guarantee: $name", async ({ guarantee, names, change }) => {
    const made = MADE[kind];
    const scene: Scene = {
      base: JSON.parse(made.base) as TokenizerParts,
      expanded: JSON.parse(made.expanded) as TokenizerParts,
      plan: structuredClone(made.plan) as Scene["plan"],
      baseMerges: (JSON.parse(made.base) as TokenizerParts).model.merges.length,
      firstId: made.learned.firstId,
    };
    change(scene);
    const certificate = await certify({
      ...made,
      expanded: JSON.stringify(scene.expanded),
      plan: scene.plan,
    });
    const check = certificate.checks.find(({ id }) => id === guarantee);
    expect(check?.detail).toMatch(names);
    expect(check?.ok).toBe(false);
    expect(certificate.ok).toBe(false);
  });
});
