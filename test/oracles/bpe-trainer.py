"""Trains byte-level BPE with Python `tokenizers`: documents from standard input, one a line; merges to standard output.

Usage: bpe-trainer.py COUNT < TEXT
Prints one JSON object: the versions, and COUNT merges in order as [left, right] in the byte-level alphabet.
GPT-2's pattern, all 256 bytes in the alphabet, no special tokens, no least frequency. Empty lines are skipped.
"""

import json
import os
import platform
import sys

os.environ["TOKENIZERS_PARALLELISM"] = "false"

import tokenizers
from tokenizers import Tokenizer, models, pre_tokenizers, trainers


def documents():
    for line in sys.stdin.buffer:
        line = line.rstrip(b"\n")
        line = line[:-1] if line.endswith(b"\r") else line
        if line:
            yield line.decode("utf-8")


tokenizer = Tokenizer(models.BPE())
tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
trainer = trainers.BpeTrainer(
    vocab_size=256 + int(sys.argv[1]),
    initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
    special_tokens=[],
    show_progress=False,
)
tokenizer.train_from_iterator(documents(), trainer)
merges = json.loads(tokenizer.to_str())["model"]["merges"]
json.dump(
    {
        "tokenizers": tokenizers.__version__,
        "python": platform.python_version(),
        "merges": [merge.split(" ") if isinstance(merge, str) else merge for merge in merges],
    },
    sys.stdout,
    ensure_ascii=False,
)
