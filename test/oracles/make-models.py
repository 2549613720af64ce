"""Makes small tokenizers of every format from generated text, with a manifest for conformance.ts.

    python make-models.py OUT

SentencePiece models of both kinds, with and without normalization, byte fallback and user-defined pieces; a tokenizer.json
with the same Unigram pieces; tiktoken ranks with their pattern beside. Needs sentencepiece and tokenizers.
"""

import base64
import hashlib
import io
import json
import os
import random
import sys

import sentencepiece
from sentencepiece import sentencepiece_model_pb2
from tokenizers import Tokenizer, models, pre_tokenizers, trainers

LETTERS = ["abcdefghij", "абвгдежз", "سلامدنیاکتب", "한국어글자", "漢字本語中文", "éèêüß", "०१२३", "ﬁﬂ①Ⅷ｡ｱﾞ"]
SPACES = [" ", " ", " ", "  ", "\t", "\u3000", "\u200b", "\u00a0", " \u200e"]


def sentences(rng, count):
    words = ["".join(rng.choice(letters) for _ in range(rng.randint(1, 6))) for letters in LETTERS for _ in range(40)]
    for _ in range(count):
        yield "".join(rng.choice(words) + rng.choice(SPACES) for _ in range(rng.randint(1, 12)))


SPM = {
    "spm-bpe": dict(model_type="bpe", normalization_rule_name="identity", byte_fallback=True, split_digits=True),
    "spm-bpe-plain": dict(model_type="bpe", normalization_rule_name="nmt_nfkc", add_dummy_prefix=False),
    "spm-bpe-spaces": dict(
        model_type="bpe",
        normalization_rule_name="identity",
        remove_extra_whitespaces=False,
        byte_fallback=True,
        user_defined_symbols=["<x>", "▁▁", "0", "1", "ab", "سل"],
    ),
    "spm-unigram": dict(model_type="unigram", normalization_rule_name="nmt_nfkc"),
    "spm-unigram-bytes": dict(
        model_type="unigram",
        normalization_rule_name="identity",
        remove_extra_whitespaces=False,
        byte_fallback=True,
        user_defined_symbols=["<x>", "ab", "abc", "▁▁"],
    ),
    "spm-unigram-fold": dict(model_type="unigram", normalization_rule_name="nfkc_cf"),
}


def train_sentencepiece(text, options):
    out = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(text),
        model_writer=out,
        vocab_size=700,
        hard_vocab_limit=False,
        character_coverage=0.98,
        minloglevel=2,
        **options,
    )
    return out.getvalue()


def unigram_json(model):
    """XLM-R's way: the character map, words at white space, Metaspace."""
    proto = sentencepiece_model_pb2.ModelProto.FromString(model)
    charsmap = base64.b64encode(proto.normalizer_spec.precompiled_charsmap).decode()
    return {
        "version": "1.0",
        "added_tokens": [
            {"id": 1, "content": "<s>", "special": True}
            | dict.fromkeys(["normalized", "single_word", "lstrip", "rstrip"], False)
        ],
        "normalizer": {"type": "Precompiled", "precompiled_charsmap": charsmap},
        "pre_tokenizer": {
            "type": "Sequence",
            "pretokenizers": [
                {"type": "WhitespaceSplit"},
                {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True},
            ],
        },
        "model": {
            "type": "Unigram",
            "unk_id": 0,
            "vocab": [[p.piece, p.score] for p in proto.pieces],
            "byte_fallback": False,
        },
    }


PATTERN = r"""'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|\s+(?!\S)|\s"""


def ranks(text):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer.train_from_iterator(text, trainers.BpeTrainer(vocab_size=900, initial_alphabet=alphabet, show_progress=False))
    bytes_of = {c: bytes([b]) for b, c in byte_alphabet().items()}
    spelt = [b"".join(bytes_of[c] for c in token) for token, _ in sorted(tokenizer.get_vocab().items(), key=lambda x: x[1])]
    return "".join(f"{base64.b64encode(token).decode()} {rank}\n" for rank, token in enumerate(spelt)), len(spelt)


def byte_alphabet():
    kept = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [b for b in range(256) if b not in kept]
    return {b: chr(b) for b in kept} | {b: chr(256 + i) for i, b in enumerate(others)}


def main():
    out = sys.argv[1]
    text = list(sentences(random.Random(7), 3000))
    files = []

    def write(name, file, form, content):
        os.makedirs(os.path.join(out, name), exist_ok=True)
        with open(os.path.join(out, name, file), "wb") as f:
            f.write(content)
        sha256 = hashlib.sha256(content).hexdigest()
        files.append({"id": name, "format": form, "file": f"{name}/{file}", "sha256": sha256})

    for name, options in SPM.items():
        model = train_sentencepiece(text, options)
        write(name, "tokenizer.model", "sentencepiece", model)
        if name == "spm-unigram":
            content = json.dumps(unigram_json(model), ensure_ascii=False).encode()
            write("unigram-json", "tokenizer.json", "tokenizer.json", content)
    lines, count = ranks(text)
    write("ranks", "made.tiktoken", "tiktoken", lines.encode())
    beside = {"pattern": PATTERN, "special_tokens": {"<|end|>": count, "<|x y|>": count + 3}}
    with open(os.path.join(out, "ranks", "made.tiktoken.json"), "w", encoding="utf-8") as f:
        json.dump(beside, f)
    with open(os.path.join(out, "tokenizers.json"), "w", encoding="utf-8") as f:
        json.dump({"files": files}, f, indent=1)


main()
