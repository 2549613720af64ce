"""Learns the rows of new tokens, and nothing else, against the frozen base model, before any other training.

    python finetune/distill_embeddings.py --model BASE --corpus TEXT… --out vectors.safetensors
    vocab apply --expansion DIR --checkpoint BASE --vectors vectors.safetensors --out MODEL

Token Distillation (Dobler, Elliott and de Melo 2025, arXiv 2505.20133): the model reads a text as the base tokenizer divides
it, and once more with the new tokens. Behind a new token its last hidden states shall be those that the parts of the token
had left. Rows start as embedding-plan.json says. For the head the rows also have to be predicted where they are due: that is
the cross-entropy of the same text, weighted so that both losses are as large (the paper's "alpha-NTP"). TEXT is .txt or
.jsonl (field "text"), .gz or not, a document a line, in the language that the tokens are for; never what you evaluate on.

Needs numpy, torch, transformers and safetensors. No code of the model's folder is run. The same inputs, seed and machine give
the same rows.
"""

import argparse
import gzip
import hashlib
import json
import math
import os
import random
import sys
import time
from pathlib import Path

import numpy as np
import torch
from resize_embeddings import load_plan, new_rows
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM, AutoTokenizer


def documents(files):
    for file in files:
        with (gzip.open if file.endswith(".gz") else open)(file, "rt", encoding="utf-8", newline="\n") as lines:
            for line in lines:
                line = line.removesuffix("\n").removesuffix("\r")
                if line:
                    yield json.loads(line)["text"] if ".jsonl" in file else line


def parts_of(plan):
    """Base ids that a new token is made of. A method may leave some out of one side; the other then has them all."""
    return {row["id"]: max(row["input"]["ids"], row["output"]["ids"], key=len) for row in plan["rows"]}


def split(ids, parts):
    """The base ids of a text that was encoded with new tokens."""
    return [base for id in ids for base in parts.get(id, (id,))]


class Snippets:
    """Pieces of text, until each new token has stood in so many of them."""

    def __init__(self, plan, count, length):
        self.parts, self.count, self.length = parts_of(plan), count, length
        self.seen = dict.fromkeys(self.parts, 0)
        self.found, self.otherwise = [], 0

    def collect(self, texts, tokenizer, base_tokenizer):
        missing = len(self.seen)
        for text in texts:
            ids = tokenizer(text, add_special_tokens=False, verbose=False)["input_ids"]
            if split(ids, self.parts) != base_tokenizer(text, add_special_tokens=False, verbose=False)["input_ids"]:
                self.otherwise += 1
                continue
            for begin in range(0, len(ids), self.length):
                missing -= self.take(ids[begin : begin + self.length])
            if missing == 0:
                break
        return self

    def take(self, ids):
        """How many tokens have enough by this piece; it is kept when one had not."""
        new = {id for id in ids if id in self.seen}
        if all(self.seen[id] >= self.count for id in new):
            return 0
        self.found.append(np.array(ids, dtype=np.int32))
        for id in new:
            self.seen[id] += 1
        return sum(self.seen[id] == self.count for id in new)


class NewRows(torch.nn.Module):
    """Rows beside the frozen matrices: put in by hooks where a new id is read, and behind the base's where logits are made."""

    def __init__(self, model, plan):
        super().__init__()
        self.first = plan["base"]["vocabSize"]
        embedding, head = model.get_input_embeddings(), model.get_output_embeddings()
        self.tied = head.weight is embedding.weight
        self.input = torch.nn.Parameter(self.planned(embedding.weight, plan, "input"))
        self.output = self.input if self.tied else torch.nn.Parameter(self.planned(head.weight, plan, "output"))
        # Of rows before they are learned, for the size of the steps.
        matrices = [embedding.weight] if self.tied else [embedding.weight, head.weight]
        self.scales = [matrix.float()[: self.first].pow(2).mean().sqrt().item() for matrix in matrices]
        self.bias = None
        if getattr(head, "bias", None) is not None:
            self.bias = self.planned(head.bias, plan, "input" if self.tied else "output")[:, 0]
        self.ids = self.hidden = None
        embedding.register_forward_pre_hook(self.before_embedding)
        embedding.register_forward_hook(self.after_embedding)
        model.base_model.register_forward_hook(self.after_layers)
        head.register_forward_hook(self.after_head)

    @staticmethod
    def planned(matrix, plan, side):
        def old(ids):
            return matrix.detach()[torch.tensor(ids, device=matrix.device)].double().reshape(len(ids), -1).cpu().numpy()

        return torch.from_numpy(new_rows(old, plan, side)).float().to(matrix.device)

    def groups(self, rate):
        """For the optimizer: steps in proportion to the numbers of the matrix."""
        parameters = [self.input] if self.tied else [self.input, self.output]
        return [{"params": [p], "lr": rate * scale, "peak": rate * scale} for p, scale in zip(parameters, self.scales)]

    def before_embedding(self, _, arguments):
        self.ids = arguments[0]
        return (self.ids.masked_fill(self.ids >= self.first, 0),)

    def after_embedding(self, module, _, output):
        new = self.ids >= self.first
        if not new.any():
            return output
        # Gemma 3 multiplies what it looks up.
        rows = self.input[self.ids[new] - self.first] * float(getattr(module, "embed_scale", 1.0))
        return output.masked_scatter(new[..., None], rows.to(output.dtype))

    def after_layers(self, _, __, output):
        self.hidden = output[0]

    def after_head(self, _, arguments, output):
        logits = arguments[0] @ self.output.to(output.dtype).T
        if self.bias is not None:
            logits = logits + self.bias.to(output.dtype)
        # The text models of Gemma 3 have no row for the last id of their tokenizer; it gets one of zeros.
        output = torch.nn.functional.pad(output, (0, max(0, self.first - output.shape[-1])))
        # In place of padding rows, if there are any.
        return torch.cat([output[..., : self.first], logits, output[..., self.first + logits.shape[-1] :]], -1)


def padded(rows, device):
    width = max(map(len, rows))
    ids = torch.tensor([[*row, *[row[-1]] * (width - len(row))] for row in rows], device=device)
    mask = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in rows], device=device)
    return ids.long(), mask


def last_parts(ids, parts):
    """For each token the place of its last part among the base ids: ([7, 900, 5], {900: [1, 2]}) → [0, 2, 3]"""
    return (np.cumsum([len(parts.get(id, (id,))) for id in ids]) - 1).tolist()


def losses(model, rows, batch, parts, start, wanted):
    """Of one batch: how far hidden states are from where the parts left them, relative to their size; cross-entropy.

    wanted: "both", "hidden" or "entropy"; None in place of the other.
    """
    device = rows.input.device
    new = [[start, *piece.tolist()] for piece in batch]
    ids, mask = padded(new, device)
    target = None if wanted == "entropy" else hidden_of_parts(model, rows, new, parts)
    entropy = None
    if wanted == "hidden":
        model.base_model(input_ids=ids, attention_mask=mask, use_cache=False)
    else:
        logits = model(input_ids=ids, attention_mask=mask, use_cache=False).logits
        due = mask[:, 1:] > 0
        entropy = torch.nn.functional.cross_entropy(logits[:, :-1][due].float(), ids[:, 1:][due])
    if target is None:
        return None, entropy
    # Before its first new token a text reads the same both ways.
    behind = ((ids >= rows.first).cumsum(1) > 0) & (mask > 0)
    return relative_error(rows.hidden[behind].float(), target[behind]), entropy


def hidden_of_parts(model, rows, texts, parts):
    """Last hidden states of each token as its parts leave them: those of its last part."""
    ids, mask = padded([split(text, parts) for text in texts], rows.input.device)
    places, _ = padded([last_parts(text, parts) for text in texts], rows.input.device)
    with torch.no_grad():
        model.base_model(input_ids=ids, attention_mask=mask, use_cache=False)
        return rows.hidden.gather(1, places[..., None].expand(-1, -1, rows.hidden.shape[-1])).float()


def relative_error(found, target):
    return (found - target).pow(2).mean() / target.pow(2).mean()


def combined(hidden, entropy):
    """One alone, or both as large as the first, whatever their units; the weight itself is not learned."""
    if hidden is None or entropy is None:
        return hidden if entropy is None else entropy
    return hidden + entropy * (hidden.detach() / entropy.detach())


def schedule(step, steps):
    """Up for the first twentieth, then down along a cosine to nothing."""
    rise = max(1, steps // 20)
    return (step + 1) / rise if step < rise else 0.5 * (1 + math.cos(math.pi * (step - rise) / max(1, steps - rise)))


def learn(model, rows, snippets, start, options):
    optimizer = torch.optim.Adam(rows.groups(options.rate))
    order = random.Random(options.seed)
    batches = []
    for _ in range(options.epochs):
        pieces = list(snippets.found)
        order.shuffle(pieces)
        batches += [pieces[i : i + options.batch] for i in range(0, len(pieces), options.batch)]
    began = told = time.monotonic()
    for step, batch in enumerate(batches):
        for group in optimizer.param_groups:
            group["lr"] = group["peak"] * schedule(step, len(batches))
        hidden, entropy = losses(model, rows, batch, snippets.parts, start, options.loss)
        optimizer.zero_grad()
        combined(hidden, entropy).backward()
        optimizer.step()
        if time.monotonic() - told > 5 or step in (0, len(batches) - 1):
            told = time.monotonic()
            left = (told - began) / (step + 1) * (len(batches) - step - 1)
            named = {"hidden states": hidden, "cross-entropy": entropy}
            shown = ", ".join(f"{name} {loss.item():.4f}" for name, loss in named.items() if loss is not None)
            say(f"step {step + 1} of {len(batches)}: {shown}; {left:.0f} s left")


def tokens_sha256(plan):
    """Names the new tokens, so that `vocab apply` can refuse rows that were learned for others."""
    lines = [f"{row['id']} {row.get('bytes', '')}\n" for row in sorted(plan["rows"], key=lambda row: row["id"])]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def save(path, rows, snippets, plan, loss):
    """Rows of the tokens that were met; the others follow the plan."""
    ids = [id for id in sorted(snippets.seen) if snippets.seen[id] > 0]
    at = torch.tensor([id - rows.first for id in ids])
    tensors = {"ids": torch.tensor(ids), "input": rows.input.detach().cpu()[at].contiguous()}
    # Hidden states say nothing of a head of its own.
    if not rows.tied and loss != "hidden":
        tensors["output"] = rows.output.detach().cpu()[at].contiguous()
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    save_file(tensors, unfinished, metadata={"format": "pt", "vocab_new_tokens_sha256": tokens_sha256(plan)})
    os.replace(unfinished, path)
    say(f"{path}: {len(ids)} rows learned, {len(snippets.seen) - len(ids)} tokens did not occur and follow the plan")


def say(text):
    print(text, file=sys.stderr, flush=True)


def parse_arguments():
    parser = argparse.ArgumentParser(description="Learns the rows of new tokens against the frozen base model.")
    parser.add_argument("--model", required=True, help="folder of the base model")
    folder = Path(__file__).resolve().parent.parent
    parser.add_argument("--expansion", type=Path, default=folder, help="default: the folder that this one is in")
    parser.add_argument("--corpus", nargs="+", required=True, help="text in the language of the new tokens")
    parser.add_argument("--out", type=Path, required=True, help="file for vocab apply --vectors")
    parser.add_argument("--snippets", type=int, default=25, help="pieces of text for each token (default: 25)")
    parser.add_argument("--length", type=int, default=50, help="tokens of a piece (default: 50)")
    parser.add_argument("--epochs", type=int, default=1, help="how often each piece is read (default: 1)")
    parser.add_argument("--batch", type=int, default=16, help="pieces at a time (default: 16)")
    parser.add_argument("--rate", type=float, default=0.05, help="step, as a share of the base's numbers (default: 0.05)")
    parser.add_argument("--loss", choices=["both", "hidden", "entropy"], default="both", help="or one alone")
    parser.add_argument("--seed", type=int, default=0, help="of the order of the pieces (default: 0)")
    parser.add_argument("--device", choices=["auto", "cpu", "cuda"], default="auto")
    parser.add_argument("--threads", type=int, help="threads of torch on a CPU (default: its own)")
    return parser.parse_args()


def main():
    options = parse_arguments()
    # cuBLAS asks for this where results shall repeat.
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    torch.use_deterministic_algorithms(True)
    torch.manual_seed(options.seed)
    if options.threads:
        torch.set_num_threads(options.threads)
    device = options.device if options.device != "auto" else "cuda" if torch.cuda.is_available() else "cpu"
    plan = load_plan(options.expansion / "embedding-plan.json")
    trusted = dict(trust_remote_code=False, local_files_only=True)
    tokenizer = AutoTokenizer.from_pretrained(options.expansion, **trusted)
    base_tokenizer = AutoTokenizer.from_pretrained(options.model, **trusted)
    dtype = torch.float32 if device == "cpu" else "auto"
    model = AutoModelForCausalLM.from_pretrained(options.model, dtype=dtype, use_safetensors=True, **trusted)
    model.to(device).eval().requires_grad_(False)
    start = base_tokenizer.bos_token_id if base_tokenizer.bos_token_id is not None else base_tokenizer.eos_token_id
    if start is None:
        sys.exit("the tokenizer names neither a BOS nor an EOS token to begin a text with")

    snippets = Snippets(plan, options.snippets, options.length)
    snippets.collect(documents(options.corpus), tokenizer, base_tokenizer)
    if not snippets.found:
        sys.exit("no new token occurs in the text, or none is divided as the plan says: are --model and --expansion of one base?")
    tokens = sum(map(len, snippets.found))
    say(f"{len(snippets.found)} pieces, {tokens} tokens; left out, being divided otherwise: {snippets.otherwise} documents")
    rows = NewRows(model, plan)
    learn(model, rows, snippets, start, options)
    save(options.out, rows, snippets, plan, options.loss)


if __name__ == "__main__":
    main()
