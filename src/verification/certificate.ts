// The outcome of a verification, schema `vocab.certificate/1` (docs/verification.md).

/** Guarantees of docs/verification.md. */
export type GuaranteeId =
  | "G1"
  | "G2"
  | "G3"
  | "G4"
  | "G5"
  | "G6"
  | "G7"
  | "G8"
  | "G9"
  | "G10"
  | "G11"
  | "G12"
  | "G13";

export type Figure =
  | string
  | number
  | boolean
  | null
  | readonly Figure[]
  | { readonly [name: string]: Figure };

export type Figures = Readonly<Record<string, Figure>>;

/** One guarantee. `ok` of those that only inform (G12, G13) is always true. */
export interface Check {
  readonly id: GuaranteeId;
  readonly ok: boolean;
  /** What was found, as sentences; a fault with the token or merge and its place. */
  readonly detail: string;
  readonly figures: Figures;
}

/** A guarantee that could not be looked at, and why: it has no check. */
export interface NotChecked {
  readonly id: GuaranteeId;
  readonly reason: string;
}

export interface CertifiedFile {
  /** `npm:package@version/path`, or the path as typed. */
  readonly source: string;
  /** SHA-256 of the tokenizer file. */
  readonly sha256: string;
  /** Absent where the file cannot be loaded. */
  readonly vocabSize?: number;
}

export interface Certificate {
  readonly schema: "vocab.certificate/1";
  /** Whether every check is ok. */
  readonly ok: boolean;
  readonly checks: readonly Check[];
  readonly notChecked: readonly NotChecked[];
  readonly base: CertifiedFile;
  readonly expanded: CertifiedFile;
  /** Version of vocab. */
  readonly version: string;
}

/** How many faults of one kind a check names; the rest are counted. */
const NAMED_FAULTS = 3;

/** "3 faults: a; b; c": the first few of a list, and how many more there are. */
export function listFaults(faults: readonly string[]): string {
  const more = faults.length - NAMED_FAULTS;
  const named = faults.slice(0, NAMED_FAULTS).join("; ");
  return more > 0 ? `${named}; and ${more} more` : named;
}

/** The first of each list, then the second of each, …: so that every kind of fault is named before one is named twice. */
export function everyKind(...kinds: readonly (readonly string[])[]): string[] {
  const longest = Math.max(0, ...kinds.map(({ length }) => length));
  return Array.from({ length: longest }, (_, i) => kinds.flatMap((faults) => faults.slice(i, i + 1))).flat();
}

/** A check that holds when there are no faults. */
export function checkOf(
  id: GuaranteeId,
  faults: readonly string[],
  sound: string,
  figures: Figures = {},
): Check {
  return { id, ok: faults.length === 0, detail: faults.length === 0 ? sound : listFaults(faults), figures };
}
