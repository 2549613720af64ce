// The verb `encode`: text, line by line, to token ids, exactly as the reference library's encode without special tokens.

import { VocabError } from "../errors.ts";
import { streamLines } from "../io/stream-lines.ts";
import { firstInvalidByte } from "../text/utf8.ts";
import { findTokenizer, loadTokenizer, type TokenizerId } from "../tokenizer/load-tokenizer.ts";

/**
 * Ids of each line of `input`, in batches of the lines that each piece of it completes. A line ends at LF or CRLF; a byte
 * order mark is text; an empty line has no ids.
 * @param id known name or path of a tokenizer
 * @throws VocabError `invalid-utf8` with the byte offset
 */
export async function* encode(
  id: TokenizerId,
  input: AsyncIterable<Uint8Array>,
): AsyncGenerator<(readonly number[])[]> {
  const { tokenizer } = loadTokenizer(findTokenizer(id));
  yield* streamLines(input, ({ bytes, number, offset }) => {
    const invalid = firstInvalidByte(bytes);
    if (invalid >= 0) throw invalidLine(number, offset + invalid);
    return tokenizer.encodeBytes(bytes).ids;
  });
}

function invalidLine(line: number, offset: number): VocabError {
  return new VocabError("invalid-utf8", `line ${line} of the input is not valid UTF-8: byte ${offset}`, {
    hint: "convert it first, for example with `iconv -f WINDOWS-1256 -t UTF-8`",
  });
}
