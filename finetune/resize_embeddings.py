"""Gives a model the rows that an expanded tokenizer needs, as embedding-plan.json beside this folder says.

    python finetune/resize_embeddings.py --model org/base-model --out model-with-new-rows

or, with a model at hand:

    from resize_embeddings import load_plan, resize_embeddings
    resize_embeddings(model, load_plan("embedding-plan.json"))

Needs numpy, torch and transformers; the arithmetic (`new_rows`, `rounded`) needs numpy alone. Each new row is a weighted
sum of old rows of the same matrix, in float64, in the plan's order, rounded once. Old rows keep their bits. Rows that no
token has (padding) are left as they are, or zero where they are new.
"""

import argparse
import json
from pathlib import Path

import numpy as np

SCHEMA = "vocab.embedding-plan/1"


def load_plan(path):
    """The plan as a dict. Refuses what it would not execute in full."""
    plan = json.loads(Path(path).read_text(encoding="utf-8"))
    if plan.get("schema") != SCHEMA:
        raise ValueError(f"{path}: expected the schema {SCHEMA}, found {plan.get('schema')}")
    if "vectors" in plan:
        raise ValueError(f"{path}: this script cannot use the learned vectors in {plan['vectors']}")
    return plan


def target_rows(plan, rows):
    """Rows of the matrix afterwards, given those of the model: enough, padded, never fewer."""
    target = plan["target"]
    wanted = max(rows, target["vocabSize"], target["embeddingRows"] or 0)
    unit = target["padToMultipleOf"] or 1
    padded = -(-wanted // unit) * unit
    if plan.get("placement") == "fill-padding" and padded != rows:
        raise ValueError(f"the model has {rows} rows, and the plan, which fills padding and must not add any, needs {padded}")
    return padded


def new_rows(old, plan, side):
    """New rows as float64, in the order of the plan.

    old: function from a list of base ids to their rows as a float64 array; side: "input" or "output".
    """
    medians = {}
    rows = []
    for row in plan["rows"]:
        total = 0.0
        for weight, vector in zip(row[side]["weights"], old(row[side]["ids"]), strict=True):
            total = total + weight * vector
        if "scale" in row:
            ids = tuple(row["scale"]["ids"])
            if ids not in medians:
                medians[ids] = median([norm(vector) for vector in old(list(ids))])
            length = norm(total)
            total = total * (medians[ids] / length) if length > 0 else total
        rows.append(total)
    return np.array(rows, dtype=np.float64)


def norm(vector):
    """Euclidean, its squares added from first to last (np.sum adds in another order)."""
    return float(np.sqrt(np.cumsum(vector * vector)[-1]))


def median(values):
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def rounded(values, dtype):
    """float64 values as "float32", "float16" or "bfloat16" (in bits, uint16), to nearest even, in one step."""
    if dtype != "bfloat16":
        return values.astype({"float64": np.float64, "float32": np.float32, "float16": np.float16}[dtype])
    # numpy has no bfloat16, and a detour over float32 would round twice: towards zero first, with the last bit set where
    # anything was lost, then the second rounding comes out as if it were the only one.
    with np.errstate(over="ignore"):
        single = values.astype(np.float32)
    bits = single.view(np.uint32)
    lost = single.astype(np.float64) != values
    bits = bits - (np.abs(single.astype(np.float64)) > np.abs(values)).astype(np.uint32) | lost.astype(np.uint32)
    return ((bits + np.uint32(0x7FFF) + (bits >> 16 & 1)) >> 16).astype(np.uint16)


def resize_embeddings(model, plan):
    """Resizes the embedding matrix and the head of a transformers model in place, and fills the new rows."""
    embedding, head = model.get_input_embeddings(), model.get_output_embeddings()
    tied = head is None or head.weight is embedding.weight
    rows = embedding.weight.shape[0]
    wanted = target_rows(plan, rows)
    computed = [planned(embedding.weight, plan, "input")]
    if not tied:
        computed.append(planned(head.weight, plan, "output"))
    has_bias = getattr(head, "bias", None) is not None
    if has_bias:
        computed.append(planned(head.bias, plan, "input" if tied else "output"))
    if wanted != rows:
        model.resize_token_embeddings(wanted, mean_resizing=False)
        embedding, head = model.get_input_embeddings(), model.get_output_embeddings()
    places = [embedding.weight] + ([] if tied else [head.weight])
    if has_bias:
        places.append(head.bias)
    for place, values in zip(places, computed, strict=True):
        fill(place, rows, [row["id"] for row in plan["rows"]], values)
    return model


def planned(parameter, plan, side):
    """The new rows of one matrix (or of a bias, a row being one number) as a tensor of its dtype."""
    import torch

    def old(ids):
        part = parameter.detach()[torch.tensor(ids, device=parameter.device)]
        return part.to("cpu", torch.float64).reshape(len(ids), -1).numpy()

    values = rounded(new_rows(old, plan, side), str(parameter.dtype).removeprefix("torch."))
    tensor = torch.from_numpy(values.view(np.int16) if values.dtype == np.uint16 else values)
    return (tensor.view(torch.bfloat16) if values.dtype == np.uint16 else tensor).reshape(-1, *parameter.shape[1:])


def fill(parameter, old_rows, ids, values):
    """Zero for rows that are new, then the planned ones."""
    import torch

    with torch.no_grad():
        parameter[old_rows:] = 0
        parameter[torch.tensor(ids, device=parameter.device)] = values.to(parameter.device)


def main():
    folder = Path(__file__).resolve().parent.parent
    parser = argparse.ArgumentParser(description="Gives a model the embedding rows of an expanded tokenizer.")
    parser.add_argument("--model", required=True, help="folder or hub name of the base model")
    parser.add_argument("--out", required=True, help="folder to save the resized model to")
    parser.add_argument("--plan", default=folder / "embedding-plan.json", help="default: the one beside this folder")
    options = parser.parse_args()
    from transformers import AutoModelForCausalLM, AutoTokenizer

    plan = load_plan(options.plan)
    model = resize_embeddings(AutoModelForCausalLM.from_pretrained(options.model, dtype="auto"), plan)
    model.save_pretrained(options.out)
    AutoTokenizer.from_pretrained(Path(options.plan).resolve().parent).save_pretrained(options.out)
    print(f"{options.out}: {model.get_input_embeddings().weight.shape[0]} rows")


if __name__ == "__main__":
    main()
