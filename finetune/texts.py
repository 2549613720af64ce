"""Text as blocks of tokens, all of one length, for the training scripts beside this file.

Files are .txt (one document a line) or .jsonl (the field "text" of each line), .gz or not. Documents are shuffled within a buffer, put one
behind the other with the end-of-text token between them, and cut. They start over when they end: the number of steps ends a run.
"""

import gzip
import json
import random
from glob import glob

from torch.utils.data import IterableDataset

SHUFFLED_TOGETHER = 10_000


class Blocks(IterableDataset):
    """replay: text of what the model knew before, of which each block is one with the probability replay_share."""

    def __init__(self, tokenizer, text, length, seed=0, replay=None, replay_share=0.0):
        self.tokenizer, self.length, self.seed = tokenizer, length, seed
        self.text = existing(text)
        self.replay = existing(replay) if replay else []
        self.replay_share = replay_share if replay else 0.0

    def __iter__(self):
        chance = random.Random(self.seed)
        text, replay = (self.blocks(files, random.Random(self.seed)) for files in (self.text, self.replay))
        while True:
            ids = next(replay if chance.random() < self.replay_share else text)
            yield {"input_ids": ids, "labels": ids, "attention_mask": [1] * self.length}

    def blocks(self, files, chance):
        pending = []
        while True:
            for text in shuffled(documents(files), chance):
                pending += self.tokens(text)
                while len(pending) >= self.length:
                    yield pending[: self.length]
                    del pending[: self.length]

    def tokens(self, text):
        ids = self.tokenizer(text)["input_ids"]
        end = self.tokenizer.eos_token_id
        return ids if end is None or ids[-1:] == [end] else [*ids, end]


def existing(patterns):
    files = sorted({file for pattern in patterns for file in glob(pattern, recursive=True)})
    if not any(text for text in documents(files)):
        raise SystemExit(f"no text in {', '.join(patterns)}: expected .txt files (a document a line) or .jsonl files (field \"text\")")
    return files


def documents(files):
    for file in files:
        with (gzip.open if file.endswith(".gz") else open)(file, "rt", encoding="utf-8", newline="\n") as lines:
            for line in lines:
                text = json.loads(line)["text"] if ".jsonl" in file else line.removesuffix("\n").removesuffix("\r")
                if text:
                    yield text


def shuffled(items, chance):
    buffer = []
    for item in items:
        if len(buffer) < SHUFFLED_TOGETHER:
            buffer.append(item)
            continue
        place = chance.randrange(SHUFFLED_TOGETHER)
        yield buffer[place]
        buffer[place] = item
    chance.shuffle(buffer)
    yield from buffer
