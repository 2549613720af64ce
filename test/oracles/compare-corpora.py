"""The reference library's ids, for compare-corpora.ts and generated.ts.

    python compare-corpora.py tokenizer.json

Requests come on stdin, one JSON object a line: {"file": path} for every line of a text file (gzip or not), or
{"texts": [...]}. The answer on stdout are blocks of little-endian 32-bit numbers: number of texts, number of ids, ids of
each text, all ids. A block of no texts ends the answer. The first line on stdout is a JSON object with the versions.
"""

import gzip
import json
import platform
import sys
from array import array

import tokenizers

BATCH_LINES = 1000
BATCH_BYTES = 1 << 20


def lines_of(path):
    """The documents of a text file as the contract has them: lines end at LF or CRLF, one leading U+FEFF is dropped,
    lines of zero bytes are none."""
    with (gzip.open if path.endswith(".gz") else open)(path, "rb") as file:
        for number, line in enumerate(file):
            if number == 0 and line.startswith(b"\xef\xbb\xbf"):
                line = line[3:]
            if line.endswith(b"\n"):
                line = line[:-2] if line.endswith(b"\r\n") else line[:-1]
            if line:
                yield line.decode("utf-8")


def batches(texts):
    batch, size = [], 0
    for text in texts:
        batch.append(text)
        size += len(text)
        if len(batch) == BATCH_LINES or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def answer(tokenizer, texts, out):
    for batch in batches(texts):
        encodings = tokenizer.encode_batch_fast(batch, add_special_tokens=False)
        counts, ids = array("I"), array("I")
        for encoding in encodings:
            own = encoding.ids
            counts.append(len(own))
            ids.extend(own)
        out.write(array("I", [len(counts), len(ids)]).tobytes())
        out.write(counts.tobytes())
        out.write(ids.tobytes())
    out.write(array("I", [0, 0]).tobytes())
    out.flush()


def main():
    assert sys.byteorder == "little" and array("I").itemsize == 4
    tokenizer = tokenizers.Tokenizer.from_file(sys.argv[1])
    tokenizer.no_truncation()
    tokenizer.no_padding()
    out = sys.stdout.buffer
    versions = {"tokenizers": tokenizers.__version__, "python": platform.python_version()}
    out.write((json.dumps(versions) + "\n").encode())
    out.flush()
    for request in sys.stdin:
        asked = json.loads(request)
        answer(tokenizer, lines_of(asked["file"]) if "file" in asked else asked["texts"], out)


main()
