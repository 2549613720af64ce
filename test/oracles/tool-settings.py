"""Settings of finetune/ against the tools that read them: `python tool-settings.py WHEELS`, a folder with the wheels of the tools
(tool-wheels.txt has the versions; downloaded, not installed). axolotl and LLaMA-Factory parse what settings.py writes with their
own classes; of Unsloth and TRL, which need a GPU to import, the arguments in their source are compared with train_unsloth.py.
Needs requirements-torch.txt."""

import ast
import copy
import os
import sys
import tempfile
import zipfile
from pathlib import Path

os.environ["DISABLE_VERSION_CHECK"] = "1"  # LLaMA-Factory pins other versions than this environment has
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "finetune"))

import transformers
import yaml

import settings
from expanded import names_of

IDS = list(range(300, 340))
SMALL = dict(vocab_size=384, hidden_size=16, intermediate_size=24, num_hidden_layers=1, num_attention_heads=2, num_key_value_heads=1)
TOOLS = ("axolotl", "llama-factory")


def main(wheels):
    found = {path.name.split("-")[0]: path for path in wheels.glob("*.whl")}
    for tool in ("axolotl", "llamafactory"):
        sys.path.insert(0, str(found[tool]))
    faults = []
    with tempfile.TemporaryDirectory() as folder:
        for tied in (True, False):
            model = str(Path(folder) / f"tied-{tied}")
            transformers.Qwen3Config(**SMALL, head_dim=8, tie_word_embeddings=tied).save_pretrained(model)
            faults += [f"tied {tied}: {fault}" for fault in check_settings(model, Path(folder), tied)]
    faults += unsloth(found)
    for fault in faults:
        print(fault)
    print(f"{', '.join(sorted(path.name for path in found.values()))}: {len(faults)} faults")
    return bool(faults)


def check_settings(model, folder, tied):
    plan = folder / "embedding-plan.json"
    plan.write_text('{"schema": "vocab.embedding-plan/1", "rows": [%s]}' % ", ".join(f'{{"id": {id}}}' for id in IDS))
    text = folder / "texts.jsonl"
    text.write_text('{"text": "a"}\n')
    faults = []
    for tool in TOOLS:
        for name, content in settings.settings(tool, model, str(text), plan).items():
            read = yaml.safe_load(settings.written(name, content))
            if read != content:
                faults.append(f"{name}: read as something else: {read}")
            if name == "dataset_info.json":
                continue
            parse = axolotl if tool == "axolotl" else llama_factory
            faults += [f"{name}: {fault}" for fault in parse(copy.deepcopy(read))]
            # A check of keys that takes any key is none.
            if not parse({**copy.deepcopy(read), "no_such_key": 1}):
                faults.append(f"{name}: a key that the tool does not know goes unnoticed")
    faults += rows_of_axolotl(model, plan, text)
    names, found = names_of(model)
    if found != tied or len(names) != (1 if tied else 2):
        faults.append(f"expected {'one matrix' if tied else 'two'}, found {names}")
    return faults


def axolotl(read):
    from axolotl.utils.schemas.config import AxolotlInputConfig

    unknown = [key for key in read if key not in AxolotlInputConfig.model_fields]
    if unknown:
        return [f"axolotl does not know {', '.join(unknown)}"]
    try:
        parsed = AxolotlInputConfig(**read)
    except ValueError as error:
        return [str(error)]
    return [] if parsed.base_model == read["base_model"] else ["axolotl reads another model"]


def llama_factory(read):
    from llamafactory.hparams.parser import _TRAIN_ARGS
    from transformers import HfArgumentParser

    # This machine may have no GPU: whether bfloat16 can be computed is not the question.
    read = {**read, "bf16": False, "use_cpu": True}
    try:
        model, data, training, finetuning, _ = HfArgumentParser(_TRAIN_ARGS).parse_dict(read)
    except ValueError as error:
        return [str(error)]
    whole = (finetuning.finetuning_type, finetuning.additional_target, model.resize_vocab, finetuning.stage, data.dataset)
    target = read.get("additional_target")
    expected = (read["finetuning_type"], target and target.split(","), False, "pt", ["texts"])
    return [] if whole == expected else [f"LLaMA-Factory reads {whole}, not {expected}"]


def rows_of_axolotl(model, plan, text):
    """Its own reader of `unfrozen_parameters` finds each matrix, with the rows of the new tokens and no other."""
    import torch
    from axolotl.utils.freeze import freeze_layers_except

    made = transformers.AutoModelForCausalLM.from_config(transformers.AutoConfig.from_pretrained(model))
    patterns = settings.settings("axolotl", model, str(text), plan)["axolotl-rows.yaml"]["unfrozen_parameters"]
    freeze_layers_except(made, patterns)
    made(input_ids=torch.tensor([[1, IDS[0], IDS[-1]]]), labels=torch.tensor([[1, IDS[0], IDS[-1]]])).loss.backward()
    faults = []
    for name, parameter in made.named_parameters():
        moved = [] if parameter.grad is None else parameter.grad.reshape(len(parameter), -1).any(1).nonzero().flatten().tolist()
        allowed = IDS if f"{name}".removesuffix(".weight") in names_of(model)[0] else []
        if not set(moved) <= set(allowed) or (allowed and not moved):
            faults.append(f"axolotl gives gradients to rows {moved[:5]} of {name}")
    return faults


def unsloth(found):
    """Each argument of train_unsloth.py is one of the function it goes to."""
    calls = {ast.unparse(call.func): {keyword.arg for keyword in call.keywords} for call in calls_in(ROOT / "finetune/train_unsloth.py")}
    llama = tree(found["unsloth"], "unsloth/models/llama.py")
    loader = tree(found["unsloth"], "unsloth/models/loader.py")
    trainer = tree(found["unsloth"], "unsloth/trainer.py")
    known = {
        "FastLanguageModel.from_pretrained": arguments(loader, "from_pretrained"),
        "FastLanguageModel.get_peft_model": arguments(llama, "get_peft_model"),
        "UnslothTrainingArguments": arguments(trainer, "__init__", "UnslothTrainingArguments")
        | fields(tree(found["trl"], "trl/trainer/sft_config.py"), "SFTConfig")
        | set(transformers.TrainingArguments.__dataclass_fields__),
        "UnslothTrainer": arguments(tree(found["trl"], "trl/trainer/sft_trainer.py"), "__init__", "SFTTrainer"),
        "model.save_pretrained_merged": arguments(tree(found["unsloth"], "unsloth/save.py"), "unsloth_save_pretrained_merged"),
    }
    faults = [f"Unsloth: {name} does not know {sorted(calls[name] - names)}" for name, names in known.items() if calls[name] - names]
    return faults + [f"Unsloth: {name} takes any argument" for name, names in known.items() if "no_such_key" in names or not names]


def tree(wheel, path):
    return ast.parse(zipfile.ZipFile(wheel).read(path))


def calls_in(path):
    return [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]


def arguments(module, function, owner=None):
    """Names of the arguments of all functions of that name (of that class)."""
    scopes = [node for node in ast.walk(module) if isinstance(node, ast.ClassDef) and owner in (None, node.name)] + ([module] if owner is None else [])
    functions = [node for scope in scopes for node in ast.iter_child_nodes(scope) if isinstance(node, ast.FunctionDef) and node.name == function]
    return {argument.arg for node in functions for argument in [*node.args.args, *node.args.kwonlyargs]}


def fields(module, owner):
    (found,) = [node for node in ast.walk(module) if isinstance(node, ast.ClassDef) and node.name == owner]
    return {node.target.id for node in found.body if isinstance(node, ast.AnnAssign)}


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
