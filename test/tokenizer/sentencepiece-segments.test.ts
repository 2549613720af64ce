import { expect, it } from "vitest";
import { cutDocument } from "../../src/counting/cut-document.ts";
import { sentencePieceDefinition } from "../../src/tokenizer/formats/sentencepiece-definition.ts";
import { planReading } from "../../src/tokenizer/safe-cuts.ts";
import { Tokenizer } from "../../src/tokenizer/tokenizer.ts";
import { hardDocument } from "../pipeline/hard-documents.ts";
import { Random } from "./hostile-text.ts";
import { randomSentencePiece } from "./random-sentencepiece.ts";

const MODELS = 60;
const DOCUMENTS = 40;

it("random SentencePiece models: what is read by segments has the ids and pieces of the document", () => {
  let bySegments = 0;
  for (let seed = 0; seed < MODELS; seed++) {
    const random = new Random(seed);
    const definition = sentencePieceDefinition(randomSentencePiece(random));
    if (planReading(definition).kind === "documents") continue;
    bySegments++;
    const tokenizer = new Tokenizer(definition);
    const likes = ["  ", "   ", "▁▁", "12", "\n\n", "ab", "<x>", " the", "a "];
    for (let i = 0; i < DOCUMENTS; i++) expectJoined(tokenizer, hardDocument(random, likes), seed);
  }
  expect(bySegments).toBeGreaterThan(MODELS / 5);
});

function expectJoined(tokenizer: Tokenizer, document: string, seed: number): void {
  const bytes = Buffer.from(document);
  const ids: number[] = [];
  let pieces = 0;
  cutDocument(bytes, (start, end) => {
    const part = tokenizer.encodeBytes(bytes.subarray(start, end), { continuesDocument: start > 0 });
    ids.push(...part.ids);
    pieces += part.pieces;
  });
  const whole = tokenizer.encodeBytes(bytes);
  expect({ ids, pieces }, `model ${seed}: ${JSON.stringify(document)}`).toEqual({
    ids: [...whole.ids],
    pieces: whole.pieces,
  });
}
