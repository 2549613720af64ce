"""LoRA on a model with new rows: low-rank matrices in the layers, and the new rows themselves. Needs torch, transformers, peft.

    python FOLDER/finetune/train_lora.py --model RESIZED --text 'texts/*.jsonl' --out ADAPTER
    python FOLDER/finetune/merge_lora.py --model RESIZED --adapter ADAPTER --out MERGED

For a trainer of your own (instruction tuning with TRL, say) take the settings alone:

    from train_lora import lora_config
    model = get_peft_model(model, lora_config(model, new_ids("embedding-plan.json")))
    …
    model.save_pretrained("ADAPTER", save_embedding_layers=False)
"""

import argparse

from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM, AutoTokenizer, Trainer, TrainingArguments

from expanded import PLAN, is_tied, matrix_names, new_ids, require_rows
from texts import Blocks


def lora_config(model, ids, rank=16, matrices="new-rows"):
    """Settings of PEFT for this model.

    matrices: "new-rows" trains the rows `ids` of the embedding matrix and of the head; every other row is frozen, and the
    adapter has as many rows as there are new tokens. "whole" trains both matrices in full, and the adapter has them in full.
    """
    names = matrix_names(model)
    require_possible(model, names, matrices)
    if matrices == "new-rows":
        # Each matrix by its name: a plain list of ids means the embedding matrix alone, and an untied head would stay as it is.
        rows = {"trainable_token_indices": {name: ids for name in names}}
    else:
        # Without the second, the trained matrix of a tied model would be a copy that its head does not see.
        rows = {"modules_to_save": names, "ensure_weight_tying": is_tied(model)}
    # "all-linear": every linear layer but the head.
    return LoraConfig(task_type="CAUSAL_LM", r=rank, lora_alpha=2 * rank, lora_dropout=0.0, target_modules="all-linear", **rows)


def require_possible(model, names, matrices):
    """Refuses what PEFT (seen in 0.21.2) would train wrongly without a word."""
    if matrices == "new-rows" and getattr(model.get_output_embeddings(), "bias", None) is not None:
        raise SystemExit("the head has a bias, which PEFT leaves out where it trains single rows: use the matrices as a whole, or train_continual.py")
    if matrices == "whole" and is_tied(model) and names[0].split(".")[-1] != "embed_tokens":
        raise SystemExit(f"PEFT does not tie the copies of a matrix called {names[0]}, and the head would come apart from it: train the new rows alone")


def train(options):
    ids = new_ids(options.plan)
    model = AutoModelForCausalLM.from_pretrained(options.model, dtype="auto")
    require_rows(model, ids)
    tokenizer = AutoTokenizer.from_pretrained(options.model)
    model = get_peft_model(model, lora_config(model, ids, options.rank, options.matrices))
    model.print_trainable_parameters()
    arguments = TrainingArguments(
        output_dir=options.out,
        max_steps=options.steps,
        learning_rate=options.lr,
        lr_scheduler_type="cosine",
        warmup_steps=min(options.steps // 10, 100),
        per_device_train_batch_size=options.batch,
        gradient_accumulation_steps=options.accumulate,
        bf16=options.bf16,
        logging_steps=min(10, options.steps),
        save_strategy="no",
        seed=options.seed,
        report_to=[],
    )
    text = Blocks(tokenizer, options.text, options.length, options.seed)
    Trainer(model=model, args=arguments, train_dataset=text, processing_class=tokenizer).train()
    # False: PEFT takes matrices that were resized in memory for trained ones, and puts both into the adapter in full.
    model.save_pretrained(options.out, save_embedding_layers=False)
    tokenizer.save_pretrained(options.out)
    print(f"{options.out}: saved; merge it before serving (merge_lora.py)")


def parse(arguments=None):
    parser = argparse.ArgumentParser(description="LoRA on a model with new rows.")
    parser.add_argument("--model", required=True, help="folder of a model that has its new rows (vocab apply)")
    parser.add_argument("--text", required=True, nargs="+", help="globs of .txt (a document a line) or .jsonl files")
    parser.add_argument("--out", required=True, help="folder for the adapter")
    parser.add_argument("--plan", default=PLAN, help="embedding-plan.json; default: the one beside this folder")
    parser.add_argument("--matrices", choices=["new-rows", "whole"], default="new-rows")
    parser.add_argument("--rank", type=int, default=16)
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--lr", type=float, default=2e-4)
    parser.add_argument("--length", type=int, default=2048, help="tokens of a block (default 2048)")
    parser.add_argument("--batch", type=int, default=4, help="blocks at a time on each device (default 4)")
    parser.add_argument("--accumulate", type=int, default=4, help="batches before each step (default 4)")
    parser.add_argument("--bf16", action="store_true", help="compute in bfloat16")
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    train(parse())
