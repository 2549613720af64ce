"""One measured run of a peer in a fresh process, for bench/speed.ts: prints one line of JSON.

Usage: peers.py hf|gigatoken CORPUS TOKENIZER_JSON
encodeCpuMs: the encoding calls alone. cpuMs: from the file to the number of tokens, as vocab's figure.
Documents are the lines of the file without their line ends; empty ones are skipped. One thread.
"""

import json
import os
import resource
import sys
import time

os.environ["TOKENIZERS_PARALLELISM"] = "false"
os.environ["RAYON_NUM_THREADS"] = "1"

peer, corpus, path = sys.argv[1:4]
BATCH = 2000


def lines():
    with open(corpus, "rb") as file:
        for line in file.read().split(b"\n"):
            line = line[:-1] if line.endswith(b"\r") else line
            if line:
                yield line


def run_hf(tokenizer):
    documents = [line.decode("utf-8") for line in lines()]
    start = time.process_time()
    tokens = 0
    for at in range(0, len(documents), BATCH):
        for encoding in tokenizer.encode_batch_fast(documents[at : at + BATCH], add_special_tokens=False):
            tokens += len(encoding)
    return tokens, time.process_time() - start


def run_gigatoken(tokenizer):
    import awkward

    documents = list(lines())
    start = time.process_time()
    encoded = tokenizer.encode_batch(documents, parallel=False)
    spent = time.process_time() - start
    return int(awkward.sum(awkward.num(encoded))), spent


before = time.process_time()
if peer == "hf":
    import tokenizers

    version, tokenizer, run = tokenizers.__version__, tokenizers.Tokenizer.from_file(path), run_hf
    tokenizer.no_truncation()
    tokenizer.no_padding()
else:
    from importlib.metadata import version as version_of

    import awkward  # noqa: F401
    import gigatoken

    version, tokenizer, run = version_of("gigatoken"), gigatoken.Tokenizer(path), run_gigatoken
start = time.process_time()
wall = time.perf_counter()
tokens, encode = run(tokenizer)
print(
    json.dumps(
        {
            "version": version,
            "loadCpuMs": (start - before) * 1000,
            "encodeCpuMs": encode * 1000,
            "cpuMs": (time.process_time() - start) * 1000,
            "wallMs": (time.perf_counter() - wall) * 1000,
            "peakRssMb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            "tokens": [tokens],
        }
    )
)
