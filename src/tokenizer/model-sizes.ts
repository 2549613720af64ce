// The models that are known to use a known tokenizer: what one more token costs them. From the models' published
// config.json; parameters as published, embeddings included, vision parts not.

export interface ModelSize {
  /** Id of the tokenizer. */
  readonly tokenizer: string;
  readonly name: string;
  /** Columns of the embedding matrix. */
  readonly hiddenSize: number;
  /** Whether the head is the embedding matrix: one row for each token in place of two. */
  readonly tied: boolean;
  /** Parameters that work on each token, in all; of a mixture of experts those that are active. */
  readonly parameters: number;
}

/** Each tokenizer's in order of size. */
export const MODEL_SIZES: readonly ModelSize[] = [
  model("qwen3", "Qwen3-0.6B", 1024, true, 0.596e9),
  model("qwen3", "Qwen3-1.7B", 2048, true, 1.72e9),
  model("qwen3", "Qwen3-30B-A3B", 2048, false, 3.3e9),
  model("qwen3", "Qwen3-4B", 2560, true, 4.02e9),
  model("qwen3", "Qwen3-8B", 4096, false, 8.19e9),
  model("qwen3", "Qwen3-14B", 5120, false, 14.8e9),
  model("qwen3", "Qwen3-235B-A22B", 4096, false, 22e9),
  model("qwen3", "Qwen3-32B", 5120, false, 32.8e9),
  model("llama3", "Llama-3.2-1B", 2048, true, 1.24e9),
  model("llama3", "Llama-3.2-3B", 3072, true, 3.21e9),
  model("llama3", "Llama-3.1-8B", 4096, false, 8.03e9),
  model("llama3", "Llama-3.3-70B", 8192, false, 70.6e9),
  model("llama3", "Llama-3.1-405B", 16_384, false, 406e9),
  model("gemma3", "gemma-3-270m", 640, true, 0.268e9),
  model("gemma3", "gemma-3-1b", 1152, true, 1e9),
  model("gemma3", "gemma-3-4b", 2560, true, 3.88e9),
  model("gemma3", "gemma-3-12b", 3840, true, 11.8e9),
  model("gemma3", "gemma-3-27b", 5376, true, 27e9),
];

function model(
  tokenizer: string,
  name: string,
  hiddenSize: number,
  tied: boolean,
  parameters: number,
): ModelSize {
  return { tokenizer, name, hiddenSize, tied, parameters };
}
