"""A SentencePiece model from a GGUF file, for reference.py: the pieces and settings in the metadata of GGUF's models
"llama" and "t5", put into the library's own format. It shares no code with the reader under test.
"""

import re
import struct

from sentencepiece import sentencepiece_model_pb2 as spm

NUMBERS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
STRING, ARRAY = 8, 9
BPE, UNIGRAM = 2, 1
NORMAL, UNKNOWN, CONTROL, USER_DEFINED, BYTE = 1, 2, 3, 4, 6


def metadata(path):
    with open(path, "rb") as file:
        if file.read(4) != b"GGUF":
            raise ValueError(f"{path} is no GGUF file")
        number(file, "I"), number(file, "Q")
        return {string(file): value(file, number(file, "I")) for _ in range(number(file, "Q"))}


def number(file, form):
    return struct.unpack(f"<{form}", file.read(struct.calcsize(f"<{form}")))[0]


def string(file):
    return file.read(number(file, "Q")).decode("utf-8")


def value(file, kind):
    if kind == STRING:
        return string(file)
    if kind == ARRAY:
        kind, count = number(file, "I"), number(file, "Q")
        return [value(file, kind) for _ in range(count)]
    return number(file, NUMBERS[kind])


def model(path):
    """The bytes of a SentencePiece model."""
    keys = {key.removeprefix("tokenizer.ggml."): item for key, item in metadata(path).items()}
    proto = spm.ModelProto()
    add_pieces(proto, keys)
    proto.trainer_spec.model_type = {"llama": BPE, "t5": UNIGRAM}[keys["model"]]
    proto.trainer_spec.byte_fallback = BYTE in keys["token_type"]
    normalizer = proto.normalizer_spec
    normalizer.precompiled_charsmap = bytes(item & 255 for item in keys.get("precompiled_charsmap", []))
    normalizer.add_dummy_prefix = keys.get("add_space_prefix", True)
    normalizer.remove_extra_whitespaces = keys.get("remove_extra_whitespaces", False)
    return proto.SerializeToString()


def add_pieces(proto, keys):
    unknown = keys.get("unknown_token_id", keys["token_type"].index(UNKNOWN) if UNKNOWN in keys["token_type"] else None)
    for id, (text, score, kind) in enumerate(zip(keys["tokens"], keys["scores"], keys["token_type"])):
        if id == unknown:
            kind = UNKNOWN
        elif kind == UNKNOWN or (kind != NORMAL and re.fullmatch(r"\[PAD\d+\]", text)):
            kind = CONTROL
        elif kind == USER_DEFINED:
            text = text.replace(" ", "▁")
        proto.pieces.add(piece=text, score=score, type=kind)
