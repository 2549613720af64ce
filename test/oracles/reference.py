"""The reference library's ids, for python-reference.ts.

    python reference.py FILE [FORMAT [BESIDE]]

FORMAT: tokenizer.json (default; library tokenizers), sentencepiece, tiktoken, tekken (library mistral-common), gguf
(library sentencepiece, for files that hold such a model).
BESIDE: for tiktoken, a JSON file {"pattern", "special_tokens"}; for rank files of OpenAI their own names instead.

Requests come on stdin, one JSON object a line: {"file": path} for every line of a text file (gzip or not), or
{"texts": [...]}. The answer on stdout are blocks of little-endian 32-bit numbers: number of texts, number of ids, ids of
each text, all ids. A block of no texts ends the answer. The first line on stdout is a JSON object with the versions.
"""

import gzip
import json
import platform
import sys
from array import array

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


def answer(encode, texts, out):
    for batch in batches(texts):
        counts, ids = array("I"), array("I")
        for own in encode(batch):
            counts.append(len(own))
            ids.extend(own)
        out.write(array("I", [len(counts), len(ids)]).tobytes())
        out.write(counts.tobytes())
        out.write(ids.tobytes())
    out.write(array("I", [0, 0]).tobytes())
    out.flush()


def load_tokenizer_json(path, _):
    import tokenizers

    tokenizer = tokenizers.Tokenizer.from_file(path)
    tokenizer.no_truncation()
    tokenizer.no_padding()
    encode = lambda batch: [e.ids for e in tokenizer.encode_batch_fast(batch, add_special_tokens=False)]  # noqa: E731
    return encode, {"tokenizers": tokenizers.__version__}


def load_sentencepiece(path, _):
    import sentencepiece

    model = sentencepiece.SentencePieceProcessor(model_file=path)
    return model.encode, {"sentencepiece": sentencepiece.__version__}


def load_gguf(path, _):
    import gguf_model
    import sentencepiece

    model = sentencepiece.SentencePieceProcessor(model_proto=gguf_model.model(path))
    return model.encode, {"sentencepiece": sentencepiece.__version__}


def load_tiktoken(path, beside):
    import tiktoken
    from tiktoken.load import load_tiktoken_bpe
    from tiktoken_ext import openai_public

    if beside in openai_public.ENCODING_CONSTRUCTORS:
        openai_public.load_tiktoken_bpe = lambda *_, **__: load_tiktoken_bpe(path)
        parts = openai_public.ENCODING_CONSTRUCTORS[beside]()
        parts.pop("explicit_n_vocab", None)
    else:
        with open(beside, encoding="utf-8") as file:
            known = json.load(file)
        parts = {"name": "x", "pat_str": known["pattern"], "special_tokens": known["special_tokens"]}
        parts["mergeable_ranks"] = load_tiktoken_bpe(path)
    encoding = tiktoken.Encoding(**parts)
    encode = lambda batch: [encoding.encode(text, allowed_special="all") for text in batch]  # noqa: E731
    return encode, {"tiktoken": tiktoken.__version__}


def load_tekken(path, _):
    import mistral_common
    from mistral_common.tokens.tokenizers.tekken import Tekkenizer

    tekken = Tekkenizer.from_file(path)
    encode = lambda batch: [tekken.encode(text, bos=False, eos=False) for text in batch]  # noqa: E731
    return encode, {"mistral-common": mistral_common.__version__}


LOADERS = {
    "tokenizer.json": load_tokenizer_json,
    "sentencepiece": load_sentencepiece,
    "tiktoken": load_tiktoken,
    "tekken": load_tekken,
    "gguf": load_gguf,
}


def main():
    assert sys.byteorder == "little" and array("I").itemsize == 4
    path, kind, beside, *_ = [*sys.argv[1:], "tokenizer.json", ""] if len(sys.argv) < 3 else [*sys.argv[1:], ""]
    encode, versions = LOADERS[kind](path, beside)
    out = sys.stdout.buffer
    versions["python"] = platform.python_version()
    out.write((json.dumps(versions) + "\n").encode())
    out.flush()
    for request in sys.stdin:
        asked = json.loads(request)
        answer(encode, lines_of(asked["file"]) if "file" in asked else asked["texts"], out)


main()
