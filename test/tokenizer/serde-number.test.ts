import { expect, test } from "vitest";
import { serdeNumber } from "../../src/tokenizer/serde-number.ts";

// 78619232177734375 is above 2⁵³ and becomes …376; divided by 10¹⁶ that is one unit in the last place above the nearest
// double of -7.8619232177734375 (seen in Python tokenizers 0.23.3: XLNet's "rrr" is rr + r).
test("a number of 17 digits is rounded twice", () => {
  expect(serdeNumber("-7.8619232177734375")).toBe(-7.861923217773437);
  expect(serdeNumber("-11.265965461730957")).toBe(-11.265965461730955);
});

test.each(["0", "-0.5", "10.0", "1e-7", "-2.1267833709716797", "123456789", "2.5E+3"])(
  "%s is itself",
  (text) => {
    expect(serdeNumber(text)).toBe(Number(text));
  },
);

// The first 20 digits of 2⁶⁴ do not fit: the last digit counts as a power of ten.
test("digits beyond 64 bits are left out", () => {
  expect(serdeNumber("18446744073709551616")).toBe(Number("1844674407370955161") * 10);
  expect(serdeNumber("0.000000000000000000000001")).toBe(1 / 10 ** 24);
  expect(serdeNumber("1.00000000000000000000000001")).toBe(1);
});
