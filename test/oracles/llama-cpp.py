"""Models of an expanded tokenizer through llama.cpp's own converter. `make ROOT` saves a tiny random Qwen 3; `check ROOT SOURCE`
converts what `apply` made of it, SOURCE being the unpacked source of PyPI's llama-cpp-python. Called by llama-cpp.ts. Needs
torch and transformers; with VOCAB_LLAMA_PYTHON, a Python that has llama_cpp, the files are loaded and their ids compared."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

HARD = ["  def f(x):\n\treturn x  # می‌شود\n", "12345 🦙🦙 aren't they?  \u200c", "a\r\n\n b", "<|im_end|>"]

RUN = """
import json, sys
from llama_cpp import Llama
llama = Llama(model_path=sys.argv[1], n_ctx=64, logits_all=True, verbose=False)
lines = json.load(sys.stdin)
ids = [llama.tokenize(line.encode(), add_bos=False, special=True) for line in lines]
back = [llama.detokenize(line, special=True).decode() for line in ids]
llama.eval(ids[0][:48])
print(json.dumps({"ids": ids, "back": back, "logits": llama.scores[len(ids[0][:48]) - 1].tolist()}))
"""


def make(root):
    import torch
    import transformers

    torch.manual_seed(0)
    config = transformers.Qwen3Config(vocab_size=151_936, hidden_size=32, intermediate_size=64, num_hidden_layers=1, num_attention_heads=2,
                                      num_key_value_heads=1, head_dim=16, max_position_embeddings=64, tie_word_embeddings=True, eos_token_id=151_645)
    transformers.AutoModelForCausalLM.from_config(config).save_pretrained(root / "base")


def check(root, source):
    llama_cpp = source / "vendor/llama.cpp"
    converter = root / "converter"
    for part in ("conversion", "gguf-py"):
        shutil.copytree(llama_cpp / part, converter / part)
    shutil.copy(llama_cpp / "convert_hf_to_gguf.py", converter)
    faults = []
    for place in sorted(path for path in root.iterdir() if (path / "out").is_dir()):
        (g12,) = [check for check in json.loads((place / "expansion/certificate.json").read_text())["checks"] if check["id"] == "G12"]
        error = convert(converter, place)
        line = g12["figures"].get("line")
        if (line is not None) != (error is not None and "BPE pre-tokenizer was not recognized" in error):
            faults.append(f"{place.name}: by the certificate {g12['detail']}; the converter: {error or 'converted'}")
        if line is not None:
            if g12["figures"]["after"] not in error:
                faults.append(f"{place.name}: the converter has another hash: {error}")
            register(converter / "conversion/base.py", line)
            error = convert(converter, place)
        if error is not None:
            faults.append(f"{place.name}: not converted: {error[-500:]}")
            continue
        found = compare(converter, place)
        print(f"{place.name}: {'refused, then converted with the line of the certificate' if line else 'converted'}, {found[0]}")
        faults += [f"{place.name}: {fault}" for fault in found[1]]
    for fault in faults:
        print(fault)
    print(f"{len(faults)} faults; llama.cpp as in {source.name}")
    return bool(faults)


def convert(converter, place):
    """What the converter says when it fails."""
    command = [sys.executable, "convert_hf_to_gguf.py", str(place / "out"), "--outfile", str(place / "model.gguf"), "--outtype", "f16"]
    done = subprocess.run(command, cwd=converter, capture_output=True, text=True)
    return None if done.returncode == 0 else done.stderr


def register(base, line):
    """As the README of the folder says."""
    marker = "        if res is None:\n            logger.warning"
    text = base.read_text(encoding="utf-8")
    if text.count(marker) != 1:
        sys.exit(f"{base} is written in another way than this script knows")
    base.write_text(text.replace(marker, f"        {line}\n{marker}"), encoding="utf-8")


def compare(converter, place):
    sys.path.insert(0, str(converter / "gguf-py"))
    from gguf import GGUFReader
    from transformers import AutoTokenizer

    fields = GGUFReader(place / "model.gguf").fields
    tokens = fields["tokenizer.ggml.tokens"].contents()
    tokenizer = AutoTokenizer.from_pretrained(place / "expansion")
    name = fields["tokenizer.ggml.pre"].contents()
    faults = [] if name == "qwen2" else [f"pre-tokenizer {name}"]
    wrong = [id for id in range(len(tokenizer)) if tokens[id] != tokenizer.convert_ids_to_tokens(id)]
    if wrong:
        faults.append(f"{len(wrong)} tokens at other ids, the first {wrong[0]}")
    python = os.environ.get("VOCAB_LLAMA_PYTHON")
    if python is None:
        return f"{len(tokens)} tokens, pre-tokenizer {name}; not loaded (VOCAB_LLAMA_PYTHON)", faults
    lines = json.loads((place.parent / "lines.json").read_text()) + HARD
    done = subprocess.run([python, "-c", RUN, str(place / "model.gguf")], input=json.dumps(lines), capture_output=True, text=True, check=True)
    loaded = json.loads(done.stdout)
    expected = [tokenizer(line, add_special_tokens=False)["input_ids"] for line in lines]
    different = [line for line, found, wanted in zip(lines, loaded["ids"], expected, strict=True) if found != wanted]
    if different:
        faults.append(f"llama.cpp has other ids for {len(different)} of {len(lines)} texts: {different[:2]}")
    if loaded["back"] != lines:
        faults.append("llama.cpp decodes to other text")
    new = sum(id >= len(tokenizer) - 100 for line in loaded["ids"] for id in line)
    if new == 0:
        faults.append("no new token occurs")
    difference = logits_of(place, expected[0][:48], loaded["logits"])
    if not difference <= 0.01:
        faults.append(f"logits differ by {difference:.1%} of the largest")
    return f"{len(tokens)} tokens, pre-tokenizer {name}, the ids of {len(lines)} texts in llama.cpp with {new} new tokens, logits within {difference:.2%} of the largest", faults


def logits_of(place, ids, found):
    import torch
    from transformers import AutoModelForCausalLM

    with torch.no_grad():
        wanted = AutoModelForCausalLM.from_pretrained(place / "out")(input_ids=torch.tensor([ids])).logits[0, -1]
    return ((torch.tensor(found) - wanted).abs().max() / wanted.abs().max()).item()


if __name__ == "__main__":
    _, mode, root, *source = sys.argv
    sys.exit(make(Path(root)) if mode == "make" else check(Path(root), Path(source[0])))
