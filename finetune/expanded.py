"""What the training scripts beside this file ask of a plan, and of a model that has the rows of an expanded tokenizer."""

import json
from pathlib import Path

SCHEMA = "vocab.embedding-plan/1"
PLAN = Path(__file__).resolve().parent.parent / "embedding-plan.json"


def new_ids(path=PLAN):
    """Ids of the new tokens, ascending; they are contiguous."""
    plan = json.loads(Path(path).read_text(encoding="utf-8"))
    if plan.get("schema") != SCHEMA:
        raise SystemExit(f"{path}: expected the schema {SCHEMA}, found {plan.get('schema')}")
    ids = sorted(row["id"] for row in plan["rows"])
    if not ids:
        raise SystemExit(f"{path}: the plan has no new tokens, so there is nothing to train for")
    return ids


def matrix_names(model):
    """Names of the modules with one row for each token: the embedding matrix, and the head where it is a matrix of its own."""
    embedding, head = model.get_input_embeddings(), model.get_output_embeddings()
    name_of = {module: name for name, module in model.named_modules()}
    return [name_of[embedding]] + ([] if is_tied(model) else [name_of[head]])


def is_tied(model):
    embedding, head = model.get_input_embeddings(), model.get_output_embeddings()
    # A model on the meta device, read for its names alone, does not share storage yet.
    return head is None or head.weight is embedding.weight or bool(model.config.get_text_config().tie_word_embeddings)


def require_rows(model, ids):
    """Refuses a model that was not resized: an id beyond its rows would stop the training, or worse, read another row."""
    rows = model.get_input_embeddings().weight.shape[0]
    if rows <= ids[-1]:
        raise SystemExit(
            f"the model has {rows} rows, and the last new token is {ids[-1]}: give it its rows first, with `vocab apply` or resize_embeddings.py"
        )


def names_of(path):
    """Names of the matrices of a model folder, and whether the head is tied, by its configuration alone."""
    import torch
    from transformers import AutoConfig, AutoModelForCausalLM

    with torch.device("meta"):
        model = AutoModelForCausalLM.from_config(AutoConfig.from_pretrained(path))
    return matrix_names(model), is_tied(model)
