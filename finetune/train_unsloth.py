"""LoRA with Unsloth on a model with new rows; its matrices are trained as a whole. Needs a GPU, unsloth and datasets.

    python FOLDER/finetune/train_unsloth.py --model RESIZED --text texts.jsonl --out MERGED

Checked against the arguments of unsloth 2026.10.9, not run by this project.
"""

import argparse

from unsloth import FastLanguageModel, UnslothTrainer, UnslothTrainingArguments

from datasets import load_dataset
from expanded import PLAN, matrix_names, new_ids, require_rows

LAYERS = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]


def train(options):
    model, tokenizer = FastLanguageModel.from_pretrained(model_name=options.model, max_seq_length=options.length, load_in_4bit=False)
    require_rows(model, new_ids(options.plan))
    # Not add_new_tokens: the tokens are in the tokenizer, and their rows in the model.
    model = FastLanguageModel.get_peft_model(
        model,
        r=16,
        lora_alpha=32,
        lora_dropout=0,
        bias="none",
        target_modules=LAYERS,
        modules_to_save=[name.split(".")[-1] for name in matrix_names(model)],
        use_gradient_checkpointing="unsloth",
        random_state=0,
    )
    arguments = UnslothTrainingArguments(
        output_dir=options.out,
        max_steps=options.steps,
        learning_rate=5e-5,
        # The matrices are trained in full, each row by a tenth of what the low-rank matrices are.
        embedding_learning_rate=5e-6,
        lr_scheduler_type="cosine",
        warmup_steps=100,
        per_device_train_batch_size=4,
        gradient_accumulation_steps=8,
        logging_steps=10,
        dataset_text_field="text",
        max_length=options.length,
        packing=True,
        report_to="none",
    )
    text = load_dataset("json", data_files=options.text, split="train")
    UnslothTrainer(model=model, processing_class=tokenizer, train_dataset=text, args=arguments).train()
    model.save_pretrained_merged(options.out, tokenizer, save_method="merged_16bit")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="LoRA with Unsloth on a model with new rows.")
    parser.add_argument("--model", required=True, help="folder of a model that has its new rows (vocab apply)")
    parser.add_argument("--text", required=True, help=".jsonl file with a field \"text\"")
    parser.add_argument("--out", required=True, help="folder for the merged model")
    parser.add_argument("--plan", default=PLAN, help="embedding-plan.json; default: the one beside this folder")
    parser.add_argument("--length", type=int, default=2048)
    parser.add_argument("--steps", type=int, default=1000)
    train(parser.parse_args())
