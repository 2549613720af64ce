// Unicode character classes exactly as the reference library (Python `tokenizers`) has them, decoded on first use.
// JavaScript's own `\p{…}` follows the Unicode version of Node and would move under us.
import { type CodePointSet, difference, fromCodePoints, fromRanges, union } from "./code-point-set.ts";
import { CATEGORIES, CATEGORY_RUNS, SCRIPT_RUNS, SCRIPTS, SETS } from "./unicode-data.ts";

/**
 * The code points with a property, or `undefined` if the name is not known. Case, spaces, `_` and `-` do not matter:
 * - general categories and their groups: `Lu`, `L`, `LC`, `Letter`, `Uppercase_Letter`, …;
 * - scripts: `Han`, `Hani`, `Script=Han`, `sc=Hani`, `Canadian_Aboriginal`, …;
 * - `White_Space` (also Oniguruma's `\s` and Rust's `char::is_whitespace`), `Alphabetic`, `Any`, `ASCII`, `Assigned`;
 * - `Word`: `\w` of the Rust regex crate, which bounds `single_word` added tokens;
 * - `OnigurumaWord`: `[\w]` in a Split's regex; `OnigurumaBareWord`: `\w` there outside brackets, which differs;
 * - `Numeric`: `char::is_numeric` of Rust, which the Digits pre-tokenizer splits on (Unicode 17: a little more than N);
 * - `Punctuation`: what the Punctuation pre-tokenizer splits on, which is not P (see `regexProperty`);
 * - `StrippedAccent`: what the normalizer StripAccents removes; `BertAccent`, `BertControl`: what BertNormalizer removes
 *   with strip_accents (from NFD) and with clean_text;
 * - `NfcMaybe`: changed by NFC alone or able to compose with what precedes; `NfcMark`: combining class above 0.
 *   Text with no member of NfcMaybe and no two adjacent members of NfcMark is unchanged by NFC.
 * - `NormalizationDiffers`: treated differently by the reference's normalizers and by Node (see normalize.ts).
 */
export function codePointSet(property: string): CodePointSet | undefined {
  const name = looseName(property);
  if (!memo.has(name)) memo.set(name, resolve(name));
  return memo.get(name);
}

/**
 * What `\p{name}` means in the reference's regexes: as `codePointSet`, but `Punctuation` is P, and names that are ours
 * alone are unknown; so is `Word`, whose meaning depends on whether it stands in brackets.
 */
export function regexProperty(name: string): CodePointSet | undefined {
  const loose = looseName(name);
  if (loose === "punctuation" || loose === "punct") return codePointSet("P");
  return OURS.has(loose) || loose.includes("=") ? undefined : codePointSet(loose);
}

/** Sets `table[c] = value` for every member c of `set` below the table's length; the table is changed in place. */
export function fillTable(set: CodePointSet, table: Uint8Array | Uint16Array, value: number): void {
  for (let i = 0; i < set.ranges.length; i += 2) table.fill(value, set.ranges[i], set.ranges[i + 1]);
}

/** The names of all scripts of the data, in lower case and without `_`: "adlam", …, "zanabazarsquare". */
export function scriptNames(): readonly string[] {
  return scripts().names.map((names) => names[0]);
}

const memo = new Map<string, CodePointSet | undefined>();

/** Names that Oniguruma does not know, or for which it means something else. */
const OURS: ReadonlySet<string> = new Set([
  "word",
  "onigurumaword",
  "onigurumabareword",
  "numeric",
  "strippedaccent",
  "bertaccent",
  "bertcontrol",
  "nfcmaybe",
  "nfcmark",
  "normalizationdiffers",
]);

function looseName(property: string): string {
  return property.toLowerCase().replace(/[\s_-]+/g, "");
}

function resolve(name: string): CodePointSet | undefined {
  const script = /^(?:script|sc)=(.*)$/.exec(name);
  if (script !== null) return scriptSet(script[1]);
  return categorySet(name) ?? storedSet(name) ?? derivedSet(name) ?? scriptSet(name);
}

/** Long names of the general categories and groups, loosened. */
const CATEGORY_ALIASES: Readonly<Record<string, string>> = {
  letter: "l",
  uppercaseletter: "lu",
  lowercaseletter: "ll",
  titlecaseletter: "lt",
  casedletter: "lc",
  modifierletter: "lm",
  otherletter: "lo",
  mark: "m",
  combiningmark: "m",
  nonspacingmark: "mn",
  spacingmark: "mc",
  enclosingmark: "me",
  number: "n",
  decimalnumber: "nd",
  digit: "nd",
  letternumber: "nl",
  othernumber: "no",
  connectorpunctuation: "pc",
  dashpunctuation: "pd",
  openpunctuation: "ps",
  closepunctuation: "pe",
  initialpunctuation: "pi",
  finalpunctuation: "pf",
  otherpunctuation: "po",
  symbol: "s",
  mathsymbol: "sm",
  currencysymbol: "sc",
  modifiersymbol: "sk",
  othersymbol: "so",
  separator: "z",
  spaceseparator: "zs",
  lineseparator: "zl",
  paragraphseparator: "zp",
  other: "c",
  control: "cc",
  cntrl: "cc",
  format: "cf",
  surrogate: "cs",
  privateuse: "co",
  unassigned: "cn",
};

function categorySet(name: string): CodePointSet | undefined {
  const wanted = CATEGORY_ALIASES[name] ?? name;
  const { labels, runs } = categories();
  const chosen = labels.map((label) =>
    wanted === "lc" ? /^l[ult]$/.test(label) : label === wanted || label[0] === wanted,
  );
  return chosen.includes(true) ? selectRuns(runs, (label) => chosen[label]) : undefined;
}

function scriptSet(name: string): CodePointSet | undefined {
  const { names, runs } = scripts();
  const index = names.findIndex((aliases) => aliases.includes(name));
  return index < 0 ? undefined : selectRuns(runs, (label) => label === index);
}

function storedSet(name: string): CodePointSet | undefined {
  const key = name === "space" ? "whitespace" : name === "alpha" ? "alphabetic" : name;
  const entry = Object.entries(SETS).find(([stored]) => looseName(stored) === key);
  return entry === undefined ? undefined : decodeSet(entry[1]);
}

/** Sets that are combinations of others; test/oracles/unicode.py asserts each equality. */
function derivedSet(name: string): CodePointSet | undefined {
  const known = (property: string): CodePointSet => codePointSet(property)!;
  switch (name) {
    case "any":
      return fromRanges([[0, 0x110000]]);
    case "ascii":
      return fromRanges([[0, 0x80]]);
    case "assigned":
      return difference(known("Any"), known("Cn"));
    case "alnum":
      return union(known("Alphabetic"), known("Nd"));
    case "onigurumaword":
      return union(known("Alphabetic"), known("M"), known("Nd"), known("Pc"));
    case "onigurumabareword":
      return union(known("OnigurumaWord"), fromCodePoints(Array.from("²³¹¼½¾", (c) => c.charCodeAt(0))));
    case "word":
      return union(known("OnigurumaWord"), fromCodePoints([0x200c, 0x200d]));
    default:
      return undefined;
  }
}

interface Runs {
  /** End (exclusive) of each run; it starts where the one before ends. */
  readonly ends: Int32Array;
  /** Index of each run's label. */
  readonly labels: Uint8Array;
}

let categoryData: { readonly labels: readonly string[]; readonly runs: Runs } | undefined;

function categories(): NonNullable<typeof categoryData> {
  categoryData ??= { labels: CATEGORIES.toLowerCase().split(" "), runs: decodeRuns(CATEGORY_RUNS, 1) };
  return categoryData;
}

let scriptData: { readonly names: readonly (readonly string[])[]; readonly runs: Runs } | undefined;

function scripts(): NonNullable<typeof scriptData> {
  scriptData ??= { names: SCRIPTS.split(",").map((s) => s.split(" ")), runs: decodeRuns(SCRIPT_RUNS, 2) };
  return scriptData;
}

const RUN_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ!#$%";

/** "3AB" → runs of 3 × label 0, 1 × label 1. Lengths are base 36, so letters of labels are upper case or signs. */
function decodeRuns(encoded: string, labelWidth: 1 | 2): Runs {
  const ends = new Int32Array(encoded.length);
  const labels = new Uint8Array(encoded.length);
  let count = 0;
  let end = 0;
  let length = 0;
  for (let i = 0; i < encoded.length; i++) {
    const digit = base36Digit(encoded.charCodeAt(i));
    if (digit >= 0) {
      length = length * 36 + digit;
      continue;
    }
    const first = RUN_LETTERS.indexOf(encoded[i]);
    labels[count] = labelWidth === 1 ? first : first * 26 + RUN_LETTERS.indexOf(encoded[++i]);
    end += length === 0 ? 1 : length;
    ends[count++] = end;
    length = 0;
  }
  return { ends: ends.slice(0, count), labels: labels.slice(0, count) };
}

function base36Digit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  return code >= 97 && code <= 122 ? code - 87 : -1;
}

function selectRuns(runs: Runs, chosen: (label: number) => boolean): CodePointSet {
  const ranges: number[] = [];
  for (let i = 0; i < runs.ends.length; i++) {
    if (!chosen(runs.labels[i])) continue;
    const start = i === 0 ? 0 : runs.ends[i - 1];
    if (ranges.length > 0 && ranges[ranges.length - 1] === start) ranges[ranges.length - 1] = runs.ends[i];
    else ranges.push(start, runs.ends[i]);
  }
  return { ranges: Int32Array.from(ranges) };
}

function decodeSet(encoded: string): CodePointSet {
  let edge = 0;
  return { ranges: Int32Array.from(encoded.split(" "), (length) => (edge += Number.parseInt(length, 36))) };
}
