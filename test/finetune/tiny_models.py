"""Tiny random models with a byte-level tokenizer, for tests with torch: python tiny_models.py OUT → OUT/llama, OUT/gpt2, …"""

import sys
from pathlib import Path

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import AutoModelForCausalLM, Gemma3TextConfig, GPT2Config, LlamaConfig, PreTrainedTokenizerFast

START = "<|start|>"


def tokenizer(merges=()):
    """The 256 bytes, the merges that are given ("Ø³ ÙĦ"), and a start token."""
    tokens = [*sorted(pre_tokenizers.ByteLevel.alphabet()), *("".join(pair) for pair in merges), START]
    made = Tokenizer(models.BPE({token: i for i, token in enumerate(tokens)}, list(merges)))
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    made.add_special_tokens([START])
    return made


def configurations(rows, start):
    small = dict(
        vocab_size=rows,
        hidden_size=32,
        intermediate_size=48,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        head_dim=8,
        max_position_embeddings=64,
        bos_token_id=start,
        eos_token_id=start,
        initializer_range=0.3,
    )
    gpt2 = dict(vocab_size=rows, n_embd=32, n_layer=2, n_head=4, n_positions=64, initializer_range=0.3)
    return {
        "llama": LlamaConfig(**small, tie_word_embeddings=False),
        "gemma3": Gemma3TextConfig(**small, sliding_window=16, pad_token_id=None),
        "gpt2": GPT2Config(**gpt2, bos_token_id=start, eos_token_id=start),
    }


def main():
    torch.set_num_threads(1)
    out = Path(sys.argv[1])
    made = tokenizer()
    start = made.token_to_id(START)
    for name, config in configurations(made.get_vocab_size() + 7, start).items():
        torch.manual_seed(1)
        AutoModelForCausalLM.from_config(config).save_pretrained(out / name)
        PreTrainedTokenizerFast(tokenizer_object=made, bos_token=START, eos_token=START).save_pretrained(out / name)


if __name__ == "__main__":
    main()
