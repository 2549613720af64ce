"""Checkpoints before and after `vocab apply` in transformers. `make FOLDER` saves tiny random models, one of each family;
`check FOLDER` loads what apply made of them. Called by apply-checkpoints.ts. Needs torch, transformers, safetensors, numpy."""

import json
import sys
from pathlib import Path

import torch
import transformers
from transformers import AutoModelForCausalLM, AutoModelForImageTextToText

transformers.utils.logging.disable_progress_bar()

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "finetune"))
from resize_embeddings import load_plan, resize_embeddings

IDS = 300
ROWS = 320  # padded
SMALL = dict(vocab_size=ROWS, hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
             max_position_embeddings=64, bos_token_id=1, eos_token_id=2, pad_token_id=0)
VISION = dict(hidden_size=16, intermediate_size=16, num_hidden_layers=1, num_attention_heads=2, image_size=28, patch_size=14)

# name → (configuration, format, how it is saved)
MODELS = {
    "llama": (lambda: transformers.LlamaConfig(**SMALL, tie_word_embeddings=False), torch.float32, {"max_shard_size": "40KB"}),
    "llama-bf16": (lambda: transformers.LlamaConfig(**SMALL, tie_word_embeddings=False), torch.bfloat16, {}),
    "mistral-f16": (lambda: transformers.MistralConfig(**SMALL, tie_word_embeddings=True), torch.float16, {}),
    "qwen2": (lambda: transformers.Qwen2Config(**SMALL, tie_word_embeddings=True), torch.float32, {}),
    "qwen3": (lambda: transformers.Qwen3Config(**SMALL, head_dim=8, tie_word_embeddings=True), torch.float32, {}),
    "gemma": (lambda: transformers.GemmaConfig(**SMALL, head_dim=8), torch.float32, {}),
    "gemma2": (lambda: transformers.Gemma2Config(**SMALL, head_dim=8), torch.float32, {}),
    "gemma3-text": (lambda: transformers.Gemma3TextConfig(**SMALL, head_dim=8), torch.float32, {}),
    "gemma3-images": (lambda: transformers.Gemma3Config(text_config=dict(**SMALL, head_dim=8), vision_config=VISION, mm_tokens_per_image=4), torch.float32, {}),
    "gpt2": (lambda: transformers.GPT2Config(vocab_size=ROWS, n_embd=32, n_layer=2, n_head=4, n_positions=64, bos_token_id=1, eos_token_id=2), torch.float32, {}),
    "gpt-neox": (lambda: transformers.GPTNeoXConfig(**{**SMALL, "num_key_value_heads": 4}, tie_word_embeddings=False), torch.float32, {}),
    "phi": (lambda: transformers.PhiConfig(**SMALL, tie_word_embeddings=False), torch.float32, {}),
    "phi3": (lambda: transformers.Phi3Config(**SMALL, tie_word_embeddings=False), torch.float32, {}),
    "olmo": (lambda: transformers.OlmoConfig(**SMALL, tie_word_embeddings=True), torch.float32, {}),
    "olmo2": (lambda: transformers.Olmo2Config(**SMALL, tie_word_embeddings=False), torch.float32, {}),
}


def family(name):
    return AutoModelForImageTextToText if name == "gemma3-images" else AutoModelForCausalLM


def make(folder):
    for name, (config, dtype, options) in MODELS.items():
        torch.manual_seed(len(name))
        model = family(name).from_config(config())
        # Biases start at zero, and a row of the padding is often zero as well: nothing of that would show.
        for parameter in model.parameters():
            torch.nn.init.normal_(parameter, std=0.05)
        model.to(dtype).save_pretrained(folder / name / "base", **options)
        print(name)


def check(folder):
    failed = 0
    for name, (_, dtype, _) in MODELS.items():
        faults = compare(folder / name, family(name), dtype)
        failed += bool(faults)
        print(f"{name}: {'; '.join(faults) or 'as it should be'}")
    print(f"{len(MODELS)} models, {failed} wrong; torch {torch.__version__}, transformers {transformers.__version__}")
    return failed


def compare(place, loader, dtype):
    plan = load_plan(place / "expansion/embedding-plan.json")
    base = loader.from_pretrained(place / "base", dtype="auto")
    new, info = loader.from_pretrained(place / "out", dtype="auto", output_loading_info=True)
    faults = [f"{key}: {sorted(value)[:3]}" for key, value in info.items() if value]
    for side in ("get_input_embeddings", "get_output_embeddings"):
        old_rows, new_rows = getattr(base, side)().weight, getattr(new, side)().weight
        if not torch.equal(old_rows[:IDS], new_rows[:IDS]):
            faults.append(f"old rows of {side} changed")
    text = torch.randint(0, IDS, (2, 16), generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        logits = [model.eval().float()(input_ids=text).logits[..., :IDS] for model in (base, new)]
    difference = (logits[0] - logits[1]).abs().max().item()
    if not difference <= 1e-5:
        faults.append(f"logits differ by {difference}")
    # The script does the same to the model in memory.
    expected = resize_embeddings(loader.from_pretrained(place / "base", dtype="auto"), plan).state_dict()
    found = loader.from_pretrained(place / "out", dtype="auto").state_dict()
    if expected.keys() != found.keys():
        faults.append("other tensors than after resize_embeddings.py")
    faults += [f"{key} differs from resize_embeddings.py" for key in expected if not same(expected[key], found[key])]
    if new.get_input_embeddings().weight.shape[0] != json.loads((place / "rows.json").read_text()):
        faults.append("another number of rows than apply said")
    return faults


def same(a, b):
    return a.dtype == b.dtype and a.shape == b.shape and torch.equal(a, b)


if __name__ == "__main__":
    _, mode, place = sys.argv
    sys.exit(1 if (make if mode == "make" else check)(Path(place)) else 0)
