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
  model("gemma2", "gemma-2-2b", 2304, true, 2.61e9),
  model("gemma2", "gemma-2-9b", 3584, true, 9.24e9),
  model("gemma2", "gemma-2-27b", 4608, true, 27.2e9),
  model("qwen2.5", "Qwen2.5-0.5B", 896, true, 0.494e9),
  model("qwen2.5", "Qwen2.5-1.5B", 1536, true, 1.54e9),
  model("qwen2.5", "Qwen2.5-3B", 2048, true, 3.09e9),
  model("qwen2.5", "Qwen2.5-7B", 3584, false, 7.61e9),
  model("qwen2.5", "Qwen2.5-14B", 5120, false, 14.7e9),
  model("qwen2.5", "Qwen2.5-32B", 5120, false, 32.5e9),
  model("qwen2.5", "Qwen2.5-72B", 8192, false, 72.7e9),
  model("llama2", "Llama-2-7b", 4096, false, 6.74e9),
  model("llama2", "Llama-2-13b", 5120, false, 13e9),
  model("llama2", "Llama-2-70b", 8192, false, 69e9),
  model("gpt-oss", "gpt-oss-20b", 2880, false, 3.6e9),
  model("gpt-oss", "gpt-oss-120b", 2880, false, 5.1e9),
  model("olmo2", "OLMo-2-0425-1B", 2048, false, 1.48e9),
  model("olmo2", "OLMo-2-1124-7B", 4096, false, 7.3e9),
  model("olmo2", "OLMo-2-1124-13B", 5120, false, 13.7e9),
  model("olmo2", "OLMo-2-0325-32B", 5120, false, 32.2e9),
  model("smollm2", "SmolLM2-135M", 576, true, 0.135e9),
  model("smollm2", "SmolLM2-360M", 960, true, 0.362e9),
  model("smollm2", "SmolLM2-1.7B", 2048, true, 1.71e9),
  model("mistral-v1", "Mistral-7B-v0.1", 4096, false, 7.24e9),
  model("mistral-v3", "Mistral-7B-v0.3", 4096, false, 7.25e9),
  model("mistral-nemo", "Mistral-Nemo-Base-2407", 5120, false, 12.2e9),
  model("deepseek-v3", "DeepSeek-V3", 7168, false, 37e9),
  model("deepseek-r1", "DeepSeek-R1", 7168, false, 37e9),
  model("kimi-k2", "Kimi-K2", 7168, false, 32e9),
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
