// Seeded random numbers, and lines of text made to break tokenizers: every test of this folder draws from here.

/** Uniform numbers in [0, 1) from a 32-bit seed; the same sequence on every machine (mulberry32). */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed | 0;
  }

  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }

  /** An integer from `low` to `high`, both included. */
  integer(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.integer(0, items.length - 1)]!;
  }

  /** `count` items, each drawn by `make`. */
  times<T>(count: number, make: () => T): T[] {
    return Array.from({ length: count }, make);
  }

  /** The items in random order, as a new list (Fisher and Yates). */
  shuffle<T>(items: readonly T[]): T[] {
    const shuffled = [...items];
    for (let i = shuffled.length - 1; i > 0; i--) {
      const j = this.integer(0, i);
      [shuffled[i], shuffled[j]] = [shuffled[j]!, shuffled[i]!];
    }
    return shuffled;
  }
}

const LETTERS = [
  "abcdefghijklmnopqrstuvwxyz",
  "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
  "éèüñçßøåıİœŉǆǅǰẖẞſK",
  "ابپتثجچحخدذرزسشصضطظعغفقکگلمنوهی",
  "אבגדהוזחטיכלמנסעפצקרשתךםןףץ",
  "абвгдежзийклмнопрстуфхцчшщъыьэюя",
  "αβγδεζηθικλμνξοπρστυφχψωΆἀᾳΐ",
  "कखगघङचछजझञटठडढणतथदधनपफबभमयरलवशषसह",
  "กขฃคฅฆงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหฬอฮ",
  "ကခဂဃငစဆဇဈညဋဌဍဎဏတထဒဓန",
  "中文漢字日本語かなカナｶﾅ㐀豈﨑",
  "한글각힣각힣ﾡￂ",
  "ሀለሐመሠረሰቀበተᏣᎳᎩ",
  "𐐀𐐨𝒜𝓐𠀀𪚥𞤀𞤢𐎀",
].map((letters) => [...letters]);

const MARKS = [
  ..."\u0301\u0300\u0308\u0327\u0323\u0345\u0344\u093c\u094d\u093e\u0ccd\u0e31\u0e4d\u0e33\u064b\u0651\u0670\u05b0\u05c1\u302a\u3099\u309a\uff9e\uff9f\u1dfa\u0f71\u0f73\u0f39\u{1d165}\u{1d16e}\u{110ba}\u20dd",
];
const SPACES = [
  " ",
  "  ",
  "   ",
  "\t",
  "\n",
  "\r\n",
  "\r",
  "\n\n",
  "\u0085",
  "\u00a0",
  "\u2003",
  "\u2028",
  "\u2029",
  "\u3000",
  "\u202f",
  "\u1680",
  "\v",
  "\f",
  " \n ",
];
const INVISIBLES = [
  ..."\u200b\u200c\u200d\u200e\u200f\ufeff\u00ad\u2060\u180e\u061c\ufe0f\ufe0e\u034f\u2800\u3164\0\x01\x1f\x7f",
];
const NONCHARACTERS = [
  ..."\ufdd0\ufffe\uffff\u{1fffe}\u{10ffff}\ufffd\ue000\u{f0000}\u0378\u{e01ef}\u{e0041}",
];
const DIGITS = [..."0123456789۰۱۲۳۴۵۶۷۸۹٠٣٩०१९๐๙၀၉０９²³¼½Ⅻ㊿一二三𝟎𝟗𞥐𖩀𐌢௧৪᠐"];
const EMOJI = [..."😀👍❤🏳🇮🇷☺©™", "❤️", "👩‍👩‍👧‍👦", "👍🏽", "🏳️‍🌈", "🇮🇷🇩🇪", "1️⃣", "🏴󠁧󠁢󠁥󠁮󠁧󠁿"];
const PUNCTUATION = [
  ..."!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~«»“”‘’…–—،؛؟٪।॥。、「」！？·¿¡§¶†‡№€£¥₹÷×±≠≤∞√∑→←⇒■□▪★☆`´¨˜ˆ",
];
const CONTRACTIONS = ["'s", "'S", "'ſ", "'t", "'re", "'VE", "'m", "'ll", "'LL", "'d", "'K", "don't", "l'été"];
const TOKEN_LIKES = [
  ..."▁ĠĊâĢĺ",
  "▁▁",
  "Ġthe",
  "<0x0A>",
  "<0xE2>",
  "<0xZZ>",
  "<unk>",
  "<s>",
  "</s>",
  "<bos>",
  "<eos>",
  "<pad>",
  "<|endoftext|>",
  "<|im_start|>",
  "<|im_end|>",
  "<|begin_of_text|>",
  "<|eot_id|>",
  "<|reserved_special_token_0|>",
  "<start_of_turn>",
  "<end_of_turn>",
  "<image_soft_token>",
  "<unused0>",
  "<think>",
  "</think>",
  "<tool_call>",
  "<table>",
  "[multimodal]",
  "<|im_start",
  "|>",
];

/** One line of 0 to about 60 pieces. It may hold line ends, and never a lone surrogate. */
export function hostileLine(random: Random, extra: readonly string[] = []): string {
  if (random.chance(0.01)) return "";
  const pieces = random.times(random.integer(1, random.chance(0.2) ? 60 : 14), () =>
    hostilePiece(random, extra),
  );
  return pieces.join("");
}

/** `extra`: strings that this test wants to see often, such as the added tokens of a tokenizer. */
function hostilePiece(random: Random, extra: readonly string[]): string {
  if (extra.length > 0 && random.chance(0.12)) return random.pick(extra);
  switch (random.integer(0, 13)) {
    case 0:
    case 1:
    case 2:
      return hostileWord(random);
    case 3:
    case 4:
    case 5:
      return random.chance(0.6) ? " " : random.pick(SPACES);
    case 6:
      return random.times(random.integer(1, 7), () => random.pick(DIGITS)).join("");
    case 7:
      return random.times(random.integer(1, 3), () => random.pick(PUNCTUATION)).join("");
    case 8:
      return random.pick(CONTRACTIONS);
    case 9:
      return random.pick(TOKEN_LIKES);
    case 10:
      return random.pick(EMOJI).repeat(random.integer(1, 2));
    case 11:
      return random.pick(random.chance(0.3) ? NONCHARACTERS : INVISIBLES);
    case 12:
      return anyCharacter(random);
    default:
      return hostileRun(random);
  }
}

function hostileWord(random: Random): string {
  const alphabet = random.pick(LETTERS);
  const word = random
    .times(random.integer(1, 8), () =>
      random.chance(0.15)
        ? random.pick(random.chance(0.8) ? MARKS : INVISIBLES)
        : random.pick(random.chance(0.95) ? alphabet : random.pick(LETTERS)),
    )
    .join("");
  return random.chance(0.1) ? word.normalize("NFD") : word;
}

function hostileRun(random: Random): string {
  const unit = random.pick([hostileWord, () => random.pick(SPACES), () => random.pick(MARKS), anyCharacter]);
  return unit(random).repeat(random.integer(2, random.chance(0.1) ? 90 : 6));
}

/** Any code point but a surrogate: half of them from the first two thousand. */
export function anyCharacter(random: Random): string {
  const limit = random.pick([0x7f, 0x7ff, 0x7ff, 0xffff, 0x10ffff]);
  const codePoint = random.integer(0, limit);
  return codePoint >= 0xd800 && codePoint <= 0xdfff ? anyCharacter(random) : String.fromCodePoint(codePoint);
}

/** Words without a border, of about `bytes` bytes: what a tokenizer must not take quadratic time for. */
export function longWords(bytes: number): { readonly name: string; readonly text: string }[] {
  const random = new Random(7);
  const fill = (make: () => string): string => {
    const parts: string[] = [];
    for (let size = 0; size < bytes; ) {
      const part = make();
      parts.push(part);
      size += Buffer.byteLength(part);
    }
    return parts.join("");
  };
  return [
    { name: "one letter", text: fill(() => "a") },
    { name: "mixed letters", text: fill(() => random.pick(LETTERS[0]!)) },
    { name: "letters of all scripts", text: fill(() => random.pick(random.pick(LETTERS))) },
    { name: "digits", text: fill(() => random.pick(DIGITS)) },
    { name: "spaces", text: fill(() => " ") },
    { name: "line ends", text: fill(() => "\r\n") },
    { name: "emoji", text: fill(() => random.pick(EMOJI)) },
    { name: "Thai", text: fill(() => random.pick(LETTERS[8]!) + (random.chance(0.3) ? "\u0e31" : "")) },
    { name: "marks", text: `e${fill(() => random.pick(["\u0301", "\u0323"]))}` },
    { name: "punctuation", text: fill(() => random.pick(PUNCTUATION)) },
  ];
}
