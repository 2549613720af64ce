"""Puts a LoRA adapter with new rows into its model: engines that serve adapters do not take rows of the vocabulary from them.

    python FOLDER/finetune/merge_lora.py --model RESIZED --adapter ADAPTER --out MERGED
"""

import argparse

from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoTokenizer


def merge(model, adapter, out):
    """model: the folder that the adapter was trained on, with its new rows; not the base."""
    merged = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(model, dtype="auto"), adapter).merge_and_unload()
    merged.save_pretrained(out)
    AutoTokenizer.from_pretrained(model).save_pretrained(out)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Puts a LoRA adapter with new rows into its model.")
    parser.add_argument("--model", required=True, help="folder of the model that the adapter was trained on (vocab apply)")
    parser.add_argument("--adapter", required=True)
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    merge(options.model, options.adapter, options.out)
    print(f"{options.out}: saved")
