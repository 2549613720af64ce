"""The scripts of finetune/ on tiny random models with a real tokenizer. `make FOLDER` saves the models; `check FOLDER` trains
what `apply` made of them, a step or two, and says what moved. Called by finetune.ts. Needs torch, transformers, peft, accelerate."""

import copy
import os
import subprocess
import sys
from pathlib import Path

import torch
import transformers
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM, AutoTokenizer

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "finetune"))
import merge_lora
import train_continual
import train_lora
from expanded import is_tied, matrix_names, names_of, new_ids
from texts import Blocks

transformers.utils.logging.disable_progress_bar()
transformers.utils.logging.set_verbosity_error()

IDS = 151_669  # of the base, Qwen 3
PADDED, UNPADDED = 151_936, 151_680
SMALL = dict(hidden_size=16, intermediate_size=24, num_hidden_layers=2, num_attention_heads=2, num_key_value_heads=1, max_position_embeddings=64,
             bos_token_id=None, eos_token_id=151_645, pad_token_id=None)

BOTH = ("new-rows", "whole")
# New rows within padding or beyond it; tied and untied; a head with a bias; modules of other names. Last, what of LoRA is possible.
MODELS = {
    "qwen3": (lambda: transformers.Qwen3Config(**SMALL, vocab_size=PADDED, head_dim=8, tie_word_embeddings=True), torch.float32, BOTH),
    "llama": (lambda: transformers.LlamaConfig(**SMALL, vocab_size=UNPADDED, tie_word_embeddings=False), torch.bfloat16, BOTH),
    "gemma3": (lambda: transformers.Gemma3TextConfig(**SMALL, vocab_size=UNPADDED, head_dim=8), torch.float32, BOTH),
    "phi": (lambda: transformers.PhiConfig(**{**SMALL, "num_key_value_heads": 2}, vocab_size=PADDED, tie_word_embeddings=False), torch.float32, ("whole",)),
    "gpt-neox": (lambda: transformers.GPTNeoXConfig(**{k: v for k, v in SMALL.items() if k != "num_key_value_heads"}, vocab_size=UNPADDED, tie_word_embeddings=False), torch.float32, BOTH),
    "gpt2": (lambda: transformers.GPT2Config(vocab_size=PADDED, n_embd=16, n_layer=2, n_head=2, n_positions=64, bos_token_id=None, eos_token_id=151_645), torch.float32, ("new-rows",)),
}
LENGTH = 32


def make(folder):
    for name, (config, dtype, _) in MODELS.items():
        torch.manual_seed(len(name))
        model = AutoModelForCausalLM.from_config(config())
        for parameter in model.parameters():
            torch.nn.init.normal_(parameter, std=0.05)
        model.to(dtype).save_pretrained(folder / name / "base")
        print(name)


def check(folder):
    text = [str(folder / "text.txt")]
    failed = 0
    for name, (_, _, possible) in MODELS.items():
        place = folder / name
        ids = new_ids(place / "expansion/embedding-plan.json")
        faults = names(place) + lora(place, ids, text, possible) + continual(place, ids, text)
        failed += bool(faults)
        print(f"{name}: {'; '.join(faults) or 'as it should be'}", flush=True)
    for name, faults in {"controls": controls(folder / "llama", text), "blocks": blocks(folder), "scripts": scripts(folder / "qwen3", text)}.items():
        failed += bool(faults)
        print(f"{name}: {'; '.join(faults) or 'as it should be'}", flush=True)
    print(f"{len(MODELS)} models, {failed} wrong; torch {torch.__version__}, transformers {transformers.__version__}")
    return failed


def load(folder):
    return AutoModelForCausalLM.from_pretrained(folder, dtype="auto").eval()


def names(place):
    """By the configuration alone the same names as of the loaded model."""
    model = load(place / "out")
    expected = (matrix_names(model), is_tied(model))
    return [] if names_of(place / "out") == expected else [f"other names by the configuration: {names_of(place / 'out')}, {expected}"]


def lora(place, ids, text, possible):
    faults = [f"{matrices} is not refused" for matrices in BOTH if matrices not in possible and not refused(place, ids, matrices)]
    for matrices in possible:
        before = load(place / "out").state_dict()
        before = {key: value.clone() for key, value in before.items()}
        model = load(place / "out")
        model = get_peft_model(model, train_lora.lora_config(model, ids, rank=2, matrices=matrices))
        one_step(model, place, text)
        expected = logits(model)
        adapter = place / f"adapter-{matrices}"
        model.save_pretrained(adapter, save_embedding_layers=False)
        loaded = PeftModel.from_pretrained(load(place / "out"), adapter)
        difference = (logits(loaded) - expected).abs().max().item()
        if not difference <= 1e-6:
            faults.append(f"{matrices}: loaded again, logits differ by {difference}")
        merge_lora.merge(place / "out", adapter, place / f"merged-{matrices}")
        merged = load(place / f"merged-{matrices}")
        faults += [f"{matrices}: {fault}" for fault in moved_by_lora(before, merged, ids if matrices == "new-rows" else None)]
        # Rounded to the model's dtype once more than the adapter in float32.
        tolerance = 1e-5 if merged.dtype == torch.float32 else 2e-2
        difference = (logits(merged) - expected).abs().max().item()
        if not difference <= tolerance:
            faults.append(f"{matrices}: merged, logits differ by {difference}")
        if is_tied(merged) != is_tied(load(place / "out")):
            faults.append(f"{matrices}: merged, the head is tied no more")
        rows = sum(tensor.shape[0] for key, tensor in load_file(adapter / "adapter_model.safetensors").items() if "lora_" not in key)
        if matrices == "new-rows" and rows != len(matrix_names(merged)) * len(ids):
            faults.append(f"the adapter has {rows} rows of the vocabulary for {len(ids)} new tokens")
    return faults


def refused(place, ids, matrices):
    try:
        train_lora.lora_config(load(place / "out"), ids, matrices=matrices)
    except SystemExit:
        return True
    return False


def one_step(model, place, text):
    model.train()
    tokenizer = AutoTokenizer.from_pretrained(place / "out")
    block = next(iter(Blocks(tokenizer, text, LENGTH)))
    batch = {key: torch.tensor([value]) for key, value in block.items()}
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=1e-2, weight_decay=0.1)
    # Twice: the second matrix of LoRA starts at zero, so that the first has no gradient before it moved.
    for _ in range(2):
        optimizer.zero_grad()
        model(**batch).loss.backward()
        optimizer.step()
    model.eval()


def logits(model):
    text = torch.arange(0, IDS, IDS // 24)[None]
    with torch.no_grad():
        return model(input_ids=text).logits.float()


def moved_by_lora(before, model, ids):
    """Faults. Layers change where LoRA is; of the matrices the rows `ids` alone, or all where ids is None; nothing else."""
    faults = []
    after = model.state_dict()
    head = model.get_output_embeddings().weight.data_ptr()
    # A tied model lists its matrix twice.
    matrices = {f"{name}.weight" for name in matrix_names(model)} | {key for key in after if after[key].data_ptr() == head}
    # What is trained as a whole has its bias with it.
    whole = {f"{name}.bias" for name in matrix_names(model)} if ids is None else set()
    linear = {f"{name}.weight" for name, module in model.named_modules() if isinstance(module, torch.nn.Linear) or type(module).__name__ == "Conv1D"}
    moved = set()
    for key, old in before.items():
        changed = (old != after[key]).reshape(old.shape[0], -1).any(1)
        if key in matrices:
            other = torch.ones(old.shape[0], dtype=torch.bool)
            other[ids if ids is not None else slice(None)] = False
            if changed[other].any():
                faults.append(f"{int(changed[other].sum())} rows of {key} changed that are frozen")
            # All rows of a head have a gradient; of an embedding matrix those of the text.
            share = changed[~other].float().mean().item()
            if share < (1.0 if after[key].data_ptr() == head and ids is not None else 1e-9):
                faults.append(f"of the rows of {key} that are trained {share:.2f} changed")
        elif changed.any() and key not in whole:
            moved.add(key)
            if key not in linear:
                faults.append(f"{key} changed")
    layers = linear - matrices
    if moved != layers:
        faults.append(f"LoRA did not change {sorted(layers - moved)[:3]}")
    return faults


def continual(place, ids, text):
    out = place / "trained"
    train_continual.train(options(place, text, out, "--stage1-steps", "2", "--stage2-steps", "2", "--stage2-lr", "1e-2"))
    base, first, second = load(place / "out"), load(out / "stage-1"), load(out / "stage-2")
    faults = [f"stage 1: {fault}" for fault in moved_in_stage_1(base, first, ids)]
    same = [key for key, value in second.state_dict().items() if torch.equal(value, first.state_dict()[key])]
    # A key's bias moves no attention: all scores of a query change by the same number.
    same = [key for key in same if not key.endswith("k_proj.bias")]
    if same:
        faults.append(f"stage 2: {', '.join(same)} did not change")
    kinds = {base.dtype, first.dtype, second.dtype}
    if len(kinds) > 1 or len({is_tied(model) for model in (base, first, second)}) > 1:
        faults.append(f"the stages differ in dtype or in tying: {kinds}")
    return faults


def options(place, text, out, *more):
    plan = place / "expansion/embedding-plan.json"
    return train_continual.parse(["--model", str(place / "out"), "--plan", str(plan), "--text", *text, "--out", str(out),
                                  "--length", str(LENGTH), "--batch", "2", "--accumulate", "1", *more])


def moved_in_stage_1(base, first, ids):
    faults = []
    head = first.get_output_embeddings()
    per_token = {f"{name}.weight" for name in matrix_names(first)} | {f"{name}.bias" for name in matrix_names(first)}
    after = first.state_dict()
    for key, old in base.state_dict().items():
        changed = (old != after[key]).reshape(old.shape[0], -1).any(1)
        # A tied model lists its matrix twice.
        if key in per_token or after[key].data_ptr() == head.weight.data_ptr():
            if not changed[ids].any():
                faults.append(f"no new row of {key} changed")
            changed[ids] = False
        if changed.any():
            faults.append(f"{int(changed.sum())} rows of {key} changed that are frozen")
    return faults


def controls(place, text):
    """What these checks are for must show in them: the head forgotten, and weights decayed that are frozen by their gradient."""
    faults = []
    ids = new_ids(place / "expansion/embedding-plan.json")
    model = load(place / "out")
    before = {key: value.clone() for key, value in model.state_dict().items()}
    model = get_peft_model(model, LoraConfig(task_type="CAUSAL_LM", r=2, target_modules="all-linear", trainable_token_indices=ids))
    one_step(model, place, text)
    if not any("lm_head" in fault for fault in moved_by_lora(before, model.merge_and_unload(), ids)):
        faults.append("a head that was not trained goes unnoticed")
    model = load(place / "out").float()
    base = copy.deepcopy(model)
    tokenizer = AutoTokenizer.from_pretrained(place / "out")
    end = train_continual.train_new_rows_only(model, ids)
    settings = options(place, text, place / "control")
    train_continual.run_stage(model, tokenizer, settings, "decayed", steps=2, learning_rate=1e-2, weight_decay=0.1)
    end()
    if not moved_in_stage_1(base, model, ids):
        faults.append("decayed rows go unnoticed")
    return faults


def blocks(folder):
    """All documents, whole and once in each round; replayed text in its share."""
    (folder / "documents.txt").write_text("".join(f"سند شماره {k}\n\n" for k in range(50)))
    (folder / "replay.jsonl").write_text('{"text": "old"}\n')
    tokenizer = AutoTokenizer.from_pretrained(folder / "qwen3/out")
    end, old = tokenizer.eos_token_id, tokenizer("old")["input_ids"]
    made = iter(Blocks(tokenizer, [str(folder / "documents.txt")], 50))
    stream = [id for _ in range(40) for id in next(made)["input_ids"]]
    rounds = bytes_between(stream, end, tokenizer)
    faults = [] if set(rounds[:50]) == set(rounds[50:100]) == {f"سند شماره {k}" for k in range(50)} else [f"{rounds[:3]}"]
    if rounds[:50] == sorted(rounds[:50]) or rounds[:50] == rounds[50:100]:
        faults.append("not shuffled")
    made = iter(Blocks(tokenizer, [str(folder / "documents.txt")], 8, replay=[str(folder / "replay.jsonl")], replay_share=0.25))
    share = sum(old[0] in next(made)["input_ids"] for _ in range(2000)) / 2000
    return faults + ([] if 0.22 < share < 0.28 else [f"{share} of the blocks are replayed, not 0.25"])


def bytes_between(stream, end, tokenizer):
    documents, current = [], []
    for id in stream:
        if id != end:
            current.append(id)
            continue
        documents.append(tokenizer.decode(current))
        current = []
    return documents


def scripts(place, text):
    """From the command line, in the artifact folder, with the plan that lies beside them."""
    finetune = place / "expansion/finetune"
    model = ["--model", str(place / "out")]
    small = ["--text", *text, "--length", "16", "--batch", "1", "--accumulate", "1"]
    commands = [
        ["train_continual.py", *model, *small, "--stage1-steps", "1", "--stage2-steps", "1", "--recompute", "--out", str(place / "by-script")],
        ["train_lora.py", *model, *small, "--steps", "1", "--out", str(place / "adapter")],
        ["merge_lora.py", *model, "--adapter", str(place / "adapter"), "--out", str(place / "merged")],
        ["settings.py", "axolotl", *model, "--text", "texts.jsonl", "--out", str(place / "settings")],
        ["resize_embeddings.py", "--model", str(place / "base"), "--out", str(place / "resized")],
    ]
    faults = []
    for command in commands:
        done = subprocess.run([sys.executable, str(finetune / command[0]), *command[1:]], capture_output=True, text=True)
        if done.returncode != 0:
            faults.append(f"{command[0]}: {done.stderr[-300:]}")
    # The base has enough rows for Qwen 3's new tokens: what is not resized is refused only where it has not.
    done = subprocess.run([sys.executable, str(finetune / "train_lora.py"), "--model", str(place.parent / "llama/base"), *small, "--out", str(place / "x")], capture_output=True, text=True)
    if done.returncode == 0 or "give it its rows first" not in done.stderr:
        faults.append(f"a model without the rows is not refused: {done.stderr[-300:]}")
    ids = new_ids(place / "expansion/embedding-plan.json")
    if not faults:
        faults += [f"merged: {fault}" for fault in moved_by_lora_script(place, ids)]
    return faults


def moved_by_lora_script(place, ids):
    before, after = load(place / "out").get_input_embeddings().weight, load(place / "merged").get_input_embeddings().weight
    changed = (before != after).any(1).nonzero().flatten().tolist()
    return [] if changed and set(changed) <= set(ids) else [f"rows {changed[:5]} changed"]


if __name__ == "__main__":
    _, mode, place = sys.argv
    torch.set_num_threads(int(os.environ.get("VOCAB_TORCH_THREADS", "2")))
    sys.exit(1 if (make if mode == "make" else check)(Path(place)) else 0)
