import { expect, it } from "vitest";
import { withSpecialTokens } from "../../src/verification/post-processor.ts";

const BOS = { SpecialToken: { id: "<s>", type_id: 0 } };
const TEXT = { Sequence: { id: "A", type_id: 0 } };
const TEMPLATE = {
  type: "TemplateProcessing",
  single: [BOS, TEXT, BOS],
  special_tokens: { "<s>": { id: "<s>", ids: [7, 8], tokens: ["<", "s>"] } },
};

it.each([
  [null, [1, 2]],
  [{ type: "ByteLevel", trim_offsets: true }, [1, 2]],
  [TEMPLATE, [7, 8, 1, 2, 7, 8]],
  [{ type: "Sequence", processors: [{ type: "ByteLevel" }, TEMPLATE] }, [7, 8, 1, 2, 7, 8]],
])("%j", (postProcessor, expected) => {
  expect(withSpecialTokens(postProcessor, [1, 2])).toEqual(expected);
});

it.each([
  [{ type: "BertProcessing", sep: ["[SEP]", 102], cls: ["[CLS]", 101] }],
  [{ type: "Sequence", processors: [TEMPLATE, { type: "Other" }] }],
  [{ ...TEMPLATE, special_tokens: {} }],
  ["TemplateProcessing"],
])("says that it does not know %j", (postProcessor) => {
  expect(withSpecialTokens(postProcessor, [1, 2])).toBeUndefined();
});
