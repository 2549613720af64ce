"""Continual pre-training of a model with new rows, in two stages: the new rows first, then everything.

    vocab apply --expansion FOLDER --checkpoint BASE_MODEL --out RESIZED
    python FOLDER/finetune/train_continual.py --model RESIZED --text 'texts/*.txt' --out TRAINED

Stage 1 moves the rows of the new tokens alone. They start as mixtures of old rows, and the large gradients that they cause at
first would otherwise pull the whole model along. Stage 2 trains all weights. README.md beside this file has the sources, and
what to choose. Needs torch, transformers and accelerate.
"""

import argparse
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, Trainer, TrainingArguments

from expanded import PLAN, is_tied, new_ids, require_rows
from texts import Blocks


def train_new_rows_only(model, ids):
    """Freezes all but the rows `ids` of the embedding matrix and the head (and of its bias). Returns what ends it.

    The rows of one parameter cannot be frozen apart from the others: their gradients are set to zero. AdamW then leaves them
    as they are to the last bit, as long as it decays no weights.
    """
    for parameter in model.parameters():
        parameter.requires_grad_(False)
    hooks = []
    for parameter in vocabulary_parameters(model):
        parameter.requires_grad_(True)
        others = torch.ones(parameter.shape[0], dtype=torch.bool, device=parameter.device)
        others[torch.tensor(ids, device=parameter.device)] = False
        hooks.append(parameter.register_hook(without(others)))

    def end():
        for hook in hooks:
            hook.remove()
        for parameter in model.parameters():
            parameter.requires_grad_(True)

    return end


def without(rows):
    def zeroed(gradient):
        gradient = gradient.clone()
        gradient[rows.to(gradient.device)] = 0
        return gradient

    return zeroed


def vocabulary_parameters(model):
    """What has one row for each token."""
    embedding, head = model.get_input_embeddings(), model.get_output_embeddings()
    bias = getattr(head, "bias", None)
    return [embedding.weight] + ([] if is_tied(model) else [head.weight]) + ([] if bias is None else [bias])


def run_stage(model, tokenizer, options, name, *, steps, learning_rate, weight_decay):
    arguments = TrainingArguments(
        output_dir=str(Path(options.out) / name),
        max_steps=steps,
        learning_rate=learning_rate,
        weight_decay=weight_decay,
        # Re-warming and re-decaying: the base's own schedule has ended.
        lr_scheduler_type="cosine",
        warmup_steps=min(steps // 10, 500),
        per_device_train_batch_size=options.batch,
        gradient_accumulation_steps=options.accumulate,
        bf16=options.bf16,
        adam_beta2=0.95,
        max_grad_norm=1.0,
        logging_steps=min(10, steps),
        save_strategy="no",
        seed=options.seed,
        report_to=[],
    )
    text = Blocks(tokenizer, options.text, options.length, options.seed, options.replay, options.replay_share)
    Trainer(model=model, args=arguments, train_dataset=text, processing_class=tokenizer).train()


def save(model, tokenizer, out, dtype):
    """In the dtype of the model as it came; it trains in float32, where small steps are not rounded away."""
    model.to(dtype).save_pretrained(out)
    tokenizer.save_pretrained(out)
    model.float()
    print(f"{out}: saved")


def train(options):
    ids = new_ids(options.plan)
    model = AutoModelForCausalLM.from_pretrained(options.model, dtype="auto")
    require_rows(model, ids)
    tokenizer = AutoTokenizer.from_pretrained(options.model)
    dtype = model.dtype
    model.float()
    if options.recompute:
        model.gradient_checkpointing_enable()
    if options.stage1_steps > 0:
        end = train_new_rows_only(model, ids)
        run_stage(model, tokenizer, options, "stage-1", steps=options.stage1_steps, learning_rate=options.stage1_lr, weight_decay=0.0)
        end()
        save(model, tokenizer, Path(options.out) / "stage-1", dtype)
    if options.stage2_steps > 0:
        run_stage(model, tokenizer, options, "stage-2", steps=options.stage2_steps, learning_rate=options.stage2_lr, weight_decay=0.1)
        save(model, tokenizer, Path(options.out) / "stage-2", dtype)


def parse(arguments=None):
    parser = argparse.ArgumentParser(description="Continual pre-training: new rows first, then everything.")
    parser.add_argument("--model", required=True, help="folder of a model that has its new rows (vocab apply)")
    parser.add_argument("--text", required=True, nargs="+", help="globs of .txt (a document a line) or .jsonl files")
    parser.add_argument("--out", required=True, help="folder; stage-1/ and stage-2/ in it are models")
    parser.add_argument("--plan", default=PLAN, help="embedding-plan.json; default: the one beside this folder")
    parser.add_argument("--replay", nargs="+", help="globs of text in the languages that must not be lost")
    parser.add_argument("--replay-share", type=float, default=0.1, help="share of the blocks from --replay (default 0.1)")
    parser.add_argument("--stage1-steps", type=int, default=500, help="0 leaves the stage out (default 500)")
    parser.add_argument("--stage1-lr", type=float, default=1e-3)
    parser.add_argument("--stage2-steps", type=int, default=5000, help="0 leaves the stage out (default 5000)")
    parser.add_argument("--stage2-lr", type=float, default=2e-5)
    parser.add_argument("--length", type=int, default=2048, help="tokens of a block (default 2048)")
    parser.add_argument("--batch", type=int, default=4, help="blocks at a time on each device (default 4)")
    parser.add_argument("--accumulate", type=int, default=8, help="batches before each step (default 8)")
    parser.add_argument("--bf16", action="store_true", help="compute in bfloat16, keep the weights in float32")
    parser.add_argument("--recompute", action="store_true", help="keep no activations: less memory, more time")
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    train(parse())
