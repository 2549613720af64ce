// The verb `decode`: lines of token ids to text, exactly as the reference library's decode with special tokens kept.

import { VocabError } from "../errors.ts";
import { streamLines } from "../io/stream-lines.ts";
import { findTokenizer, loadTokenizer, type TokenizerId } from "../tokenizer/load-tokenizer.ts";

/**
 * The text of each line of ids, in batches of the lines that each piece of `input` completes. "1 2 3", "1,2,3" and
 * "[1, 2, 3]" are the same; an empty line is the empty text.
 * @param id known name or path of a tokenizer
 * @throws VocabError `not-ids`, `unknown-id`, naming the line
 */
export async function* decode(id: TokenizerId, input: AsyncIterable<Uint8Array>): AsyncGenerator<string[]> {
  const { tokenizer } = loadTokenizer(findTokenizer(id));
  yield* streamLines(input, ({ bytes, number }) => {
    const ids = parseIds(Buffer.from(bytes).toString("utf8"), number);
    try {
      return tokenizer.decode(ids);
    } catch (cause) {
      if (!(cause instanceof VocabError)) throw cause;
      throw new VocabError(cause.code, `line ${number}: ${cause.message}`, { cause, hint: cause.hint });
    }
  });
}

const MOST_SHOWN = 40;

function parseIds(line: string, number: number): number[] {
  const [, list = line] = /^\s*\[(.*)\]\s*$/s.exec(line) ?? [];
  const parts = list.split(/[\s,]+/).filter((part) => part !== "");
  return parts.map((part) => {
    if (/^\d{1,10}$/.test(part)) return Number(part);
    const shown = part.length > MOST_SHOWN ? `${part.slice(0, MOST_SHOWN)}…` : part;
    throw new VocabError("not-ids", `line ${number}: expected token ids, found ${JSON.stringify(shown)}`, {
      hint: "numbers between spaces or commas, or one JSON array of numbers a line",
    });
  });
}
