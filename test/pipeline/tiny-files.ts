// Files of tiny tokenizers whose figures can be worked out by hand.

import { BYTE_CHARACTERS } from "../../src/text/byte-alphabet.ts";
import { byteFallbackToken } from "../../src/tokenizer/model-tokens.ts";
import { tempFile } from "./twin.ts";

const vocabulary = (tokens: readonly string[]) => Object.fromEntries(tokens.map((token, id) => [token, id]));

/** The id of a byte is the byte; "ab" is 256, " ab" 257, "<x>" 258, "ẽ" as an added token of the normalized text 259. */
export const BYTES = tempFile(
  JSON.stringify({
    added_tokens: [
      { id: 258, content: "<x>", normalized: false },
      { id: 259, content: "ẽ", normalized: true },
    ],
    normalizer: { type: "NFC" },
    pre_tokenizer: { type: "ByteLevel", add_prefix_space: false, use_regex: true },
    model: {
      type: "BPE",
      vocab: vocabulary([...BYTE_CHARACTERS, "ab", "Ġab"]),
      merges: [
        ["a", "b"],
        ["Ġ", "ab"],
      ],
    },
  }),
  ".json",
);

/** As Llama 2: "<unk>" 0, the byte b is 1 + b, "▁" 257, "a" 258, "▁a" 259, "<x>" 260; "▁" is put before the text. */
export const PIECES = tempFile(
  JSON.stringify({
    added_tokens: [{ id: 260, content: "<x>", normalized: false }],
    normalizer: {
      type: "Sequence",
      normalizers: [
        { type: "Prepend", prepend: "▁" },
        { type: "Replace", pattern: { String: " " }, content: "▁" },
      ],
    },
    model: {
      type: "BPE",
      unk_token: "<unk>",
      byte_fallback: true,
      vocab: vocabulary([
        "<unk>",
        ...Array.from({ length: 256 }, (_, byte) => byteFallbackToken(byte)),
        "▁",
        "a",
        "▁a",
      ]),
      merges: [["▁", "a"]],
    },
  }),
  ".json",
);
