// What the README of the artifact folder says of the way from the tokenizer to a served model, with the numbers of its plan.

import type { CheckLine, ExpansionSummary } from "./model-card.ts";

/** How the rows come into a model and are trained; nothing where no token was added. */
export function trainingSection({ base, target, placement, method, added }: ExpansionSummary): string[] {
  const rows = base.embeddingRows === null ? "unknown" : count(base.embeddingRows);
  const after = target.embeddingRows ?? target.vocabSize;
  const multiple = target.padToMultipleOf === null ? "" : `, a multiple of ${target.padToMultipleOf}`;
  const last = added.firstId + added.tokens - 1;
  const padding = after - last - 1;
  if (added.tokens === 0) return [];
  return [
    "## Embeddings and training",
    "",
    `Rows of the embedding matrix: ${rows} in the base, at least ${count(after)} now (placement \`${placement}\`${multiple}).`,
    `Rows of the new tokens: ${added.firstId} to ${last}, in Python \`range(${added.firstId}, ${last + 1})\`, ${count(added.tokens)} in all${padding > 0 ? `; the ${count(padding)} behind them belong to no token` : ""}.`,
    `What they start from is data in \`embedding-plan.json\` (method \`${method}\`). Either of these carries it out:`,
    "",
    "```sh",
    "vocab apply --expansion . --checkpoint BASE_MODEL --out RESIZED",
    "python finetune/resize_embeddings.py --model BASE_MODEL --out RESIZED",
    "```",
    "",
    "The new rows are a starting point: the model has to be trained on text of the language before they are of use. The scripts in",
    "`finetune/` take the ids from the plan; its README says which to use when, and what goes wrong.",
    "",
    "```sh",
    "python finetune/train_continual.py --model RESIZED --text 'texts/*.txt' --out TRAINED    # new rows first, then all",
    "python finetune/train_lora.py --model RESIZED --text 'texts/*.txt' --out ADAPTER         # LoRA and the new rows",
    "python finetune/settings.py axolotl --model RESIZED --text texts.jsonl --out settings    # or llama-factory",
    "```",
    "",
  ];
}

/** Whether llama.cpp's converter takes the model as it is, by G12; nothing for tokenizers that it knows by other means. */
export function servingSection(checks: readonly CheckLine[]): string[] {
  const check = checks.find(({ id }) => id === "G12");
  const { before, name, line } = check?.figures ?? {};
  if (check === undefined || before === undefined) return [];
  const heading = ["## llama.cpp", ""];
  if (line === undefined) return [...heading, `convert_hf_to_gguf.py: ${check.detail}.`, ""];
  return [
    ...heading,
    'convert_hf_to_gguf.py refuses this tokenizer ("BPE pre-tokenizer was not recognized"): it knows tokenizers by the hash of',
    "their ids of one text, and some of the new tokens occur in it. Text is cut into words as by the base, so the base's name is",
    `right${name === undefined ? "; the converter does not know this base by its hash either, so put the name of a pre-tokenizer that cuts alike for the three dots" : ""}. Add to \`get_vocab_base_pre\` in \`conversion/base.py\` (earlier \`convert_hf_to_gguf.py\`), before \`if res is None:\``,
    "",
    "```python",
    `        ${line}`,
    "```",
    "",
  ];
}

/** 12345 → "12,345", whatever the machine's language. */
export function count(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}
