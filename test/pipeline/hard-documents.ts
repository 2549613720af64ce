// Documents on which segments, sharing and alignment could go wrong: what the hostile lines rarely put side by side.

import { hostileLine, type Random } from "../tokenizer/hostile-text.ts";

const HARD = [
  // Last characters that NFC changes: U+0958 is a letter, its NFC ends with a mark; "<" + U+0338 is a mark, NFC a symbol.
  "\u0958",
  "\u0958\n",
  "\u0958\n \nx",
  "\ufb1d\r\n \r\nא",
  "<\u0338 ",
  "=\u0338 x",
  "\u00a8\u0301 ",
  // Marks on white space, and white space that NFC changes.
  " \u0301",
  " \u0301\u0316",
  "\u2000\u0301\u0316",
  "\u2001a",
  "\n\u0301",
  "e\u0316\u0301",
  "e\u0301",
  // Hindi, Thai, Vietnamese, Hangul, decomposed.
  "ज़रूर".normalize("NFD"),
  "क़ानून ".normalize("NFD"),
  "น้ำ",
  "กำลัง ",
  "tiếng Việt".normalize("NFD"),
  "한국어 ".normalize("NFD"),
  // Tokens over two words.
  "a> </b> <c",
  ">▁</",
  "> </",
  "x ▁y",
  " ▁",
  "▁ ",
  // Numbers, and the characters that are numeric but not numbers.
  "12345",
  "۱۲۳۴ ",
  "a1b²c½",
  "一二三 四",
  "㐅1 京",
  // Added tokens and what looks like them.
  "<|im_end|>",
  " <|im_end|> ",
  "<|eot_id|>\n",
  "<start_of_turn>user\n",
  "\n\n\n",
  "\t\t",
  "<s>",
  "</s> ",
  "don't ",
  "word ",
  "سلام ",
  " ",
  "  ",
  "\n",
  "\u00a0",
  "\u3000",
  "\u0085",
  "\u2028",
  "\u000b",
  "\r",
  "0",
  "! ",
  "!\n",
  "!\n \n",
];

/** A document of hostile pieces; `extra` strings occur often. */
export function hardDocument(random: Random, extra: readonly string[] = []): string {
  if (random.chance(0.4)) return hostileLine(random, extra);
  const pieces = random.times(random.integer(1, 12), () => {
    const kind = random.next();
    if (kind < 0.55) return random.pick(HARD);
    if (kind < 0.7 && extra.length > 0) return random.pick(extra);
    return kind < 0.8 ? " " : hostileLine(random, extra).slice(0, random.integer(1, 40)).toWellFormed();
  });
  // A word longer than segments may be in the table.
  if (random.chance(0.05)) pieces.push(random.pick(["a", "แก้", "語", "é"]).repeat(random.integer(30, 120)));
  return pieces.join("");
}
