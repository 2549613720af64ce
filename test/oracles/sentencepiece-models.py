"""Trains small SentencePiece models of made-up text, and says what the library finds in a model.

    sentencepiece-models.py train FOLDER     writes FOLDER/<name>.model and <name>.json: what its normalizer changes
    sentencepiece-models.py show FILE TEXT…  prints the pieces and settings of a model, and the ids of texts, as JSON
"""

import json
import random
import sys
from pathlib import Path

import sentencepiece
from sentencepiece import sentencepiece_model_pb2 as proto

LETTERS = "abcdefghijklmnopابپتسلمنکی"
MODELS = {
    "bpe": dict(model_type="bpe", byte_fallback=True, vocab_size=400, split_digits=True, user_defined_symbols=["[x]"],
                allow_whitespace_only_pieces=True, remove_extra_whitespaces=False, normalization_rule_name="identity"),
    "unigram": dict(model_type="unigram", vocab_size=150, pad_id=3, unk_piece="[UNK]", unk_surface="?",
                    control_symbols=["<c>"], treat_whitespace_as_suffix=True),
    "unigram-fold": dict(model_type="unigram", vocab_size=120, normalization_rule_name="nmt_nfkc_cf"),
    "char": dict(model_type="char", vocab_size=60, add_dummy_prefix=False, normalization_rule_name="nfkc"),
    "word": dict(model_type="word", vocab_size=200, bos_id=-1, normalization_rule_name="nfkc_cf"),
}


def sentences():
    draw = random.Random(20261128)
    for _ in range(800):
        yield " ".join("".join(draw.choices(LETTERS, k=draw.randint(1, 6))) for _ in range(8)) + f" {draw.randint(0, 999)}"


def train(folder):
    for name, options in MODELS.items():
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=sentences(), model_prefix=str(folder / name), minloglevel=2, **options)
        changes = {"normalized": normalized(folder / f"{name}.model")}
        (folder / f"{name}.json").write_text(json.dumps(changes, ensure_ascii=False), encoding="utf-8")


def describe(file, texts):
    model = proto.ModelProto.FromString(file.read_bytes())
    processor = sentencepiece.SentencePieceProcessor(model_file=str(file))
    types = proto.ModelProto.SentencePiece.Type
    return {
        "pieces": [
            {"text": processor.id_to_piece(i), "score": processor.get_score(i),
             "type": types.Name(model.pieces[i].type).lower().replace("_", "-")}
            for i in range(processor.get_piece_size())
        ],
        "trainer": {field: value(model.trainer_spec, field) for field in (
            "model_type", "vocab_size", "treat_whitespace_as_suffix", "split_digits", "allow_whitespace_only_pieces",
            "vocabulary_output_piece_score", "byte_fallback", "unk_id", "bos_id", "eos_id", "pad_id", "unk_surface",
            "unk_piece", "bos_piece", "eos_piece", "pad_piece")},
        "normalizer": {field: value(model.normalizer_spec, field) for field in (
            "name", "add_dummy_prefix", "remove_extra_whitespaces", "escape_whitespaces", "normalization_rule_tsv")},
        "charsmap": model.normalizer_spec.precompiled_charsmap.hex(),
        "ids": [processor.encode(text) for text in texts],
    }


def value(message, field):
    if field == "model_type":
        return proto.TrainerSpec.ModelType.Name(message.model_type).lower()
    return getattr(message, field)


def normalized(file):
    """Every code point that the charsmap changes, and pairs with marks, as the library's normalizer leaves them."""
    normalizer = sentencepiece.SentencePieceNormalizer(
        model_file=str(file), add_dummy_prefix=False, escape_whitespaces=False, remove_extra_whitespaces=False)
    texts = [chr(c) for c in range(0x110000) if not 0xD800 <= c < 0xE000]
    texts += [base + mark for base in "aeAÄئका" for mark in "\u0301\u0308\u0654\u093c\u3099\u200d"]
    pairs = ((text, normalizer.normalize(text)) for text in texts)
    return {text: result for text, result in pairs if text != result}


if __name__ == "__main__":
    command, path, *rest = sys.argv[1:]
    if command == "train":
        train(Path(path))
    else:
        json.dump(describe(Path(path), rest), sys.stdout, ensure_ascii=False)
