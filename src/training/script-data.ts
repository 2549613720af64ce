// What ISO 15924 codes mean for training: the scripts of Unicode behind a code, and signs that Unicode calls common though
// the script's own texts are full of them.

import { codePointSet } from "../text/unicode.ts";

/** Codes that stand for several scripts of Unicode, or for a variant of one. */
const SEVERAL: Readonly<Record<string, readonly string[]>> = {
  Jpan: ["Hira", "Kana", "Hani"],
  Hrkt: ["Hira", "Kana"],
  Kore: ["Hang", "Hani"],
  Hans: ["Hani"],
  Hant: ["Hani"],
  Hanb: ["Hani", "Bopo"],
  Aran: ["Arab"],
  Cyrs: ["Cyrl"],
  Geok: ["Geor"],
  Latf: ["Latn"],
  Latg: ["Latn"],
  Syre: ["Syrc"],
  Syrj: ["Syrc"],
  Syrn: ["Syrc"],
};

/** From ScriptExtensions.txt of Unicode 16: signs with the script Common that belong to few scripts. */
const SIGNS: readonly (readonly [scripts: string, signs: string])[] = [
  ["Arab Nkoo Rohg Syrc Thaa Yezi", "\u060c\u061b\u061f"],
  ["Beng Deva Gujr Guru Knda Mlym Orya Sinh Taml Telu", "\u0964\u0965"],
  ["Geor", "\u10fb"],
  ["Hira Kana Hani Hang Bopo", "\u3001\u3002\u300c\u300d"],
];

/**
 * The properties `sc=…` of a script.
 * "Jpan" → ["sc=Hira", "sc=Kana", "sc=Hani"]; nothing for a code that Unicode has no script for
 */
export function scriptProperties(script: string): readonly string[] {
  return (SEVERAL[script] ?? [script])
    .map((code) => `sc=${code}`)
    .filter((name) => codePointSet(name) !== undefined);
}

export function sharedSigns(script: string): readonly string[] {
  const codes = SEVERAL[script] ?? [script];
  return SIGNS.filter(([scripts]) => codes.some((code) => scripts.includes(code))).flatMap(([, signs]) => [
    ...signs,
  ]);
}
