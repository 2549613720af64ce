"""Writes settings for axolotl and LLaMA-Factory, with the ids of the new tokens and the names of the model's matrices in them.

    python FOLDER/finetune/settings.py axolotl --model RESIZED --text texts.jsonl --out settings
    python FOLDER/finetune/settings.py llama-factory --model RESIZED --text texts.jsonl --out settings

The model must have its new rows already (vocab apply): neither tool may resize anything. Learning rates, batch and lengths are
starting points to change; what README.md beside this file says of each key is not. Needs torch and transformers.
"""

import argparse
import json
from pathlib import Path

from expanded import PLAN, names_of, new_ids


def axolotl_rows(model, text, ids, names, tied):
    """Stage 1 of train_continual.py: the rows of the new tokens alone."""
    rows = f"[{ids[0]}:{ids[-1] + 1}]"
    return {
        **axolotl(model, text),
        "output_dir": "axolotl-rows",
        # `$` closes the name, what follows are the rows: the others get no gradient, which is all that keeps them as they are.
        "unfrozen_parameters": [f"^{name}.weight${rows}" for name in names],
        "weight_decay": 0.0,
        "learning_rate": 0.001,
        "max_steps": 500,
    }


def axolotl_lora(model, text, ids, names, tied):
    return {
        **axolotl(model, text),
        "output_dir": "axolotl-lora",
        "adapter": "lora",
        "lora_r": 16,
        "lora_alpha": 32,
        "lora_dropout": 0.0,
        "lora_target_linear": True,
        "peft_trainable_token_indices": {name: ids for name in names},
        "learning_rate": 0.0002,
        "num_epochs": 1,
    }


def axolotl(model, text):
    return {
        "base_model": model,
        "datasets": [{"path": text, "ds_type": "json", "type": "completion", "field": "text"}],
        "dataset_prepared_path": "axolotl-prepared",
        "sequence_len": 2048,
        "sample_packing": True,
        "micro_batch_size": 4,
        "gradient_accumulation_steps": 8,
        "optimizer": "adamw_torch_fused",
        "lr_scheduler": "cosine",
        "warmup_ratio": 0.1,
        "bf16": "auto",
        "logging_steps": 10,
    }


def llama_factory(model, text, ids, names, tied):
    # LLaMA-Factory knows no single rows. Both matrices as a whole with LoRA, or, where they are one, everything: its LoRA would
    # train a copy that the head does not see.
    method = (
        {"finetuning_type": "full", "learning_rate": 0.00002}
        if tied
        else {"finetuning_type": "lora", "lora_rank": 16, "lora_target": "all", "additional_target": ",".join(names), "learning_rate": 0.0001}
    )
    return {
        "model_name_or_path": model,
        "stage": "pt",
        "do_train": True,
        **method,
        "resize_vocab": False,
        "dataset_dir": ".",
        "dataset": "texts",
        "cutoff_len": 2048,
        "packing": True,
        "per_device_train_batch_size": 4,
        "gradient_accumulation_steps": 8,
        "num_train_epochs": 1.0,
        "lr_scheduler_type": "cosine",
        "warmup_steps": 100,
        "bf16": True,
        "logging_steps": 10,
        "output_dir": "llama-factory",
    }


def dataset_info(text):
    return {"texts": {"file_name": text, "columns": {"prompt": "text"}}}


def settings(tool, model, text, plan=PLAN):
    """Content by name of file."""
    ids = new_ids(plan)
    names, tied = names_of(model)
    of = (model, text, ids, names, tied)
    if tool == "axolotl":
        return {"axolotl-rows.yaml": axolotl_rows(*of), "axolotl-lora.yaml": axolotl_lora(*of)}
    return {"llama-factory.yaml": llama_factory(*of), "dataset_info.json": dataset_info(text)}


def written(name, content):
    """JSON is YAML; one line a key reads better. Readers of YAML 1.1 take 1e-05 for text, so no exponents."""
    if name.endswith(".json"):
        return json.dumps(content, indent=2) + "\n"
    return "".join(f"{key}: {decimal(value) if isinstance(value, float) else json.dumps(value)}\n" for key, value in content.items())


def decimal(value):
    digits = f"{value:.12f}".rstrip("0")
    return f"{digits}0" if digits.endswith(".") else digits


def main():
    parser = argparse.ArgumentParser(description="Writes settings for axolotl and LLaMA-Factory.")
    parser.add_argument("tool", choices=["axolotl", "llama-factory"])
    parser.add_argument("--model", required=True, help="folder of a model that has its new rows (vocab apply)")
    parser.add_argument("--text", required=True, help=".jsonl file with a field \"text\"")
    parser.add_argument("--out", required=True, help="folder to write the settings to")
    parser.add_argument("--plan", default=PLAN, help="embedding-plan.json; default: the one beside this folder")
    options = parser.parse_args()
    if not options.text.endswith(".jsonl"):
        parser.error(f"--text {options.text}: expected a .jsonl file, with a field \"text\" in each line")
    model, text = (str(Path(path).resolve()) for path in (options.model, options.text))
    Path(options.out).mkdir(parents=True, exist_ok=True)
    for name, content in settings(options.tool, model, text, options.plan).items():
        (Path(options.out) / name).write_text(written(name, content), encoding="utf-8")
        print(Path(options.out) / name)


if __name__ == "__main__":
    main()
