"""Makes the model of bench/distillation.ts: a small Llama of our own, trained on English and on a second language that its
tokenizer has hardly seen, and held-out text of both.

    python bench/distillation-model.py OUT --english FILE… --other FILE… [--minutes 25] [--untied]

Files are plain text or .gz, a document a line; equal lines are taken once. Of the first file of each list every 25th line
is kept apart. OUT gets model/, and the lines as {english,other}.{train,held-out}.txt. Needs torch, transformers and
tokenizers.
"""

import argparse
import gzip
import json
import math
import random
import time
from pathlib import Path

import torch
from tokenizers import Tokenizer, models, pre_tokenizers, decoders, trainers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

VOCABULARY = 3072
# Of the text that the tokenizer is trained on: so little that the other language falls into short pieces, as it does in the
# tokenizers of large models.
OTHER_SHARE = 0.03
CONTEXT = 128
BATCH = 16
EVERY = 25
START = "<|endoftext|>"


def lines(files):
    seen = set()
    for number, file in enumerate(files):
        with (gzip.open if file.endswith(".gz") else open)(file, "rt", encoding="utf-8", newline="\n") as text:
            for line in text:
                line = line.strip()
                if len(line) > 20 and line not in seen:
                    seen.add(line)
                    yield number, line


def split(files):
    """Lines to learn from and lines kept apart, of the first file alone."""
    train, held_out = [], []
    first = 0
    for number, line in lines(files):
        first += number == 0
        (held_out if number == 0 and first % EVERY == 0 else train).append(line)
    return train, held_out


def train_tokenizer(english, other):
    share = int(sum(map(len, english)) * OTHER_SHARE)
    some, size = [], 0
    for line in other:
        some.append(line)
        size += len(line)
        if size > share:
            break
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    options = dict(vocab_size=VOCABULARY, initial_alphabet=alphabet, special_tokens=[START], show_progress=False)
    tokenizer.train_from_iterator(english + some, trainers.BpeTrainer(**options))
    return tokenizer


def pack(tokenizer, texts, start):
    ids = []
    for encoding in tokenizer.encode_batch(texts):
        ids.append(start)
        ids.extend(encoding.ids)
    return torch.tensor(ids, dtype=torch.int32)


def train(model, streams, weights, minutes):
    """streams: tokens of each language; weights: how often a batch row is taken from each."""
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3, betas=(0.9, 0.95), weight_decay=0.05)
    began, tokens, rng = time.monotonic(), 0, random.Random(0)
    step, done = 0, 0.0
    while done < 1:
        rate = 3e-3 * min(1, (step + 1) / 100) * (0.05 + 0.95 * 0.5 * (1 + math.cos(math.pi * min(1, done))))
        for group in optimizer.param_groups:
            group["lr"] = rate
        rows = []
        for _ in range(BATCH):
            stream = rng.choices(streams, weights)[0]
            at = rng.randrange(len(stream) - CONTEXT)
            rows.append(stream[at : at + CONTEXT].long())
        batch = torch.stack(rows)
        loss = model(input_ids=batch, labels=batch).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        step, tokens = step + 1, tokens + batch.numel()
        done = (time.monotonic() - began) / (60 * minutes)
        if step % 100 == 0:
            print(f"{step} steps, {tokens} tokens, {100 * done:.0f} %, loss {loss.item():.3f}", flush=True)
    return {"steps": step, "tokens": tokens, "minutes": minutes}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("out", type=Path)
    parser.add_argument("--english", nargs="+", required=True)
    parser.add_argument("--other", nargs="+", required=True)
    parser.add_argument("--minutes", type=float, default=25)
    parser.add_argument("--untied", action="store_true", help="a head of its own")
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    options.out.mkdir(parents=True, exist_ok=True)

    texts = {"english": split(options.english), "other": split(options.other)}
    for name, (learned, held_out) in texts.items():
        (options.out / f"{name}.train.txt").write_text("".join(f"{line}\n" for line in learned), encoding="utf-8")
        (options.out / f"{name}.held-out.txt").write_text("".join(f"{line}\n" for line in held_out), encoding="utf-8")
    tokenizer = train_tokenizer(texts["english"][0], texts["other"][0])
    start = tokenizer.token_to_id(START)
    config = LlamaConfig(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=128,
        intermediate_size=344,
        num_hidden_layers=3,
        num_attention_heads=4,
        num_key_value_heads=4,
        max_position_embeddings=2 * CONTEXT,
        tie_word_embeddings=not options.untied,
        bos_token_id=start,
        eos_token_id=start,
    )
    model = LlamaForCausalLM(config)
    streams = [pack(tokenizer, texts[name][0], start) for name in texts]
    print(model.num_parameters(), "parameters;", [len(stream) for stream in streams], "tokens", flush=True)
    record = train(model, streams, [0.35, 0.65], options.minutes)
    model.save_pretrained(options.out / "model")
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, bos_token=START, eos_token=START).save_pretrained(options.out / "model")
    (options.out / "training.json").write_text(json.dumps(record))


if __name__ == "__main__":
    main()
