"""One measured training run of a peer in a fresh process, for bench/train.ts: prints one line of JSON.

Usage: train-peers.py hf|gigabpe|gigatoken|bpe-continue CORPUS COUNT OUT [BASE_JSON]
hf, gigabpe, gigatoken: COUNT merges from bytes with GPT-2's pattern. bpe-continue: COUNT new tokens on the base.
Documents are the lines of the file without their line ends; empty ones are skipped, but for peers that read the file
themselves. One thread. cpuMs: from the text (and the base's file) to the merge list, without the start of Python and its
modules (startCpuMs). The merges go to OUT, one a line.
"""

import json
import os
import resource
import sys
import time
from importlib.metadata import version

os.environ["TOKENIZERS_PARALLELISM"] = "false"
os.environ["RAYON_NUM_THREADS"] = "1"

peer, corpus, count, out = sys.argv[1:5]
count = int(count)


started = 0.0


def begin():
    global started
    started = time.process_time()


def lines():
    with open(corpus, "rb") as file:
        for line in file:
            line = line.rstrip(b"\n")
            line = line[:-1] if line.endswith(b"\r") else line
            if line:
                yield line.decode("utf-8")


def hf():
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers

    begin()
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(
        vocab_size=256 + count,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        special_tokens=[],
        show_progress=False,
    )
    tokenizer.train_from_iterator(lines(), trainer)
    return json.loads(tokenizer.to_str())["model"]["merges"], "tokenizers"


def gigabpe():
    import gigabpe

    begin()
    # Its alphabet is the bytes that occur in the text, so it makes a few merges more.
    _, merges = gigabpe.train_bpe([corpus], 256 + count, special_tokens=[], threads=1, pretokenizer="bytelevel")
    return merges[:count], "gigabpe"


def gigatoken():
    import gigatoken

    begin()
    # Bytes as raw strings; one process has its own threads for the reading of files.
    source = gigatoken.TextFileSource([corpus], b"\n")
    _, merges = gigatoken.train_bpe(source, 256 + count, [])
    alphabet = bytes_to_unicode()
    spell = lambda part: "".join(alphabet[byte] for byte in part)  # noqa: E731
    return [[spell(left), spell(right)] for left, right in merges], "gigatoken"


def bytes_to_unicode():
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    rest = [byte for byte in range(256) if byte not in printable]
    return {byte: chr(byte) for byte in printable} | {byte: chr(256 + i) for i, byte in enumerate(rest)}


def bpe_continue():
    from bpe_continue import continue_training

    begin()
    with open(sys.argv[5], encoding="utf-8") as file:
        text = file.read()
    base = json.loads(text)
    ids = set(base["model"]["vocab"].values()) | {token["id"] for token in base["added_tokens"]}
    before = len(base["model"]["merges"])
    extended = continue_training(text, files=[corpus], vocab_size=len(ids) + count, show_progress=False)
    serialized = extended.to_str()
    with open(out + ".json", "w", encoding="utf-8") as file:
        file.write(serialized)
    return json.loads(serialized)["model"]["merges"][before:], "bpe-continue"


merges, package = {"hf": hf, "gigabpe": gigabpe, "gigatoken": gigatoken, "bpe-continue": bpe_continue}[peer]()
cpu = time.process_time()
with open(out, "w", encoding="utf-8") as file:
    for merge in merges:
        pair = merge.split(" ") if isinstance(merge, str) else list(merge)
        file.write(json.dumps(pair, ensure_ascii=False, separators=(",", ":")) + "\n")
print(
    json.dumps(
        {
            "version": version(package),
            "startCpuMs": started * 1000,
            "cpuMs": (cpu - started) * 1000,
            "peakRssMb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            "merges": len(merges),
        }
    )
)
