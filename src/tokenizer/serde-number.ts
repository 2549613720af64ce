// Decimal numbers as the reference's parser reads them (serde_json without `float_roundtrip`, src/de.rs): the digits as an
// integer of 64 bits, rounded, then multiplied or divided by a power of ten, rounded again. The last bit can differ from
// the nearest double, and with it which of two equally good paths of a Unigram model is taken: XLNet's "rrr" is rr + r.

const MOST = 2n ** 64n - 1n;

/** @param text a JSON number that JSON.parse accepts */
export function serdeNumber(text: string): number {
  const [, sign, whole, decimals = "", power = "0"] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? fail(text);
  const { significand, exponent } = readDigits(whole!, decimals);
  const scaled = scale(Number(significand), exponent + Number(power));
  return sign === "-" ? -scaled : scaled;
}

// Digits that no longer fit into 64 bits are left out.
function readDigits(whole: string, decimals: string): { significand: bigint; exponent: number } {
  const digits = whole + decimals;
  if (digits.length <= 19) return { significand: BigInt(digits), exponent: -decimals.length };
  let significand = 0n;
  let at = 0;
  for (; at < digits.length; at++) {
    const next = significand * 10n + BigInt(digits[at]!);
    if (next > MOST) break;
    significand = next;
  }
  return { significand, exponent: whole.length - at };
}

function scale(significand: number, exponent: number): number {
  let value = significand;
  let left = exponent;
  // The table of powers ends at 1e308.
  while (Math.abs(left) > 308) {
    if (value === 0 || left > 0) return value * Infinity || 0;
    value /= 1e308;
    left += 308;
  }
  const power = Number(`1e${Math.abs(left)}`);
  return left >= 0 ? value * power : value / power;
}

function fail(text: string): never {
  throw new Error(`not a number: ${text}`);
}
