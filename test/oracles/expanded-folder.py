"""What Python tokenizers and transformers make of an artifact folder, for expanded-folder.ts.

    python expanded-folder.py FOLDER BASE_FOLDER < lines        a JSON object {"text": …, "ids": […]} a line

Prints one JSON object: the versions, how much was compared, and the faults found. Exits with 1 when there are any.
"""

import json
import sys
from pathlib import Path

import tokenizers
import transformers

SHOWN = 5


def main(folder, base):
    lines = [json.loads(line) for line in sys.stdin]
    faults = []
    library = tokenizers.Tokenizer.from_file(f"{folder}/tokenizer.json")
    old = tokenizers.Tokenizer.from_file(f"{base}/tokenizer.json")
    auto = transformers.AutoTokenizer.from_pretrained(folder)
    before = transformers.AutoTokenizer.from_pretrained(base)
    faults += compare_ids("tokenizers", lines, lambda text: library.encode(text, add_special_tokens=False).ids)
    faults += compare_ids("AutoTokenizer", lines, lambda text: auto.encode(text, add_special_tokens=False))
    if not auto.is_fast:
        faults.append("AutoTokenizer is not a fast one")
    faults += compare_vocabularies(old, library)
    chats = compare_chats(before, auto, faults)
    added = fresh_id(library, auto, faults)
    report = {
        "tokenizers": tokenizers.__version__,
        "transformers": transformers.__version__,
        "class": type(auto).__name__,
        "lines": len(lines),
        "baseIds": old.get_vocab_size(),
        "ids": library.get_vocab_size(),
        "chats": chats,
        "addTokens": added,
        "faults": faults,
    }
    print(json.dumps(report, ensure_ascii=False))
    return 1 if faults else 0


def compare_ids(name, lines, encode):
    wrong = [line["text"] for line in lines if list(encode(line["text"])) != line["ids"]]
    return [f"{name}: {len(wrong)} lines differ, such as {text!r}" for text in wrong[:SHOWN]]


def compare_vocabularies(old, new):
    """Every id of the base keeps its token, added tokens their flags, and no id is left out."""
    faults = [
        f"id {id}: {old.id_to_token(id)!r} became {new.id_to_token(id)!r}"
        for id in range(old.get_vocab_size())
        if old.id_to_token(id) != new.id_to_token(id)
    ]
    before, after = old.get_added_tokens_decoder(), new.get_added_tokens_decoder()
    faults += [f"added token {id} changed" for id in before if repr(before[id]) != repr(after.get(id))]
    faults += [f"added token {id} is new" for id in after if id not in before]
    faults += [f"id {id} has no token" for id in range(new.get_vocab_size()) if new.id_to_token(id) is None]
    return faults[:SHOWN]


def compare_chats(before, after, faults):
    """Chats in English, which no new token for another language touches, have the ids that they had."""
    if before.chat_template is None:
        return 0
    chats = [
        [{"role": "user", "content": "Hello, how are you?"}],
        [
            {"role": "user", "content": "What is 12 + 30?"},
            {"role": "assistant", "content": "42"},
            {"role": "user", "content": "And now in words,\n\nplease: <|im_end|>"},
        ],
    ]
    for chat in chats:
        for prompt in (False, True):
            options = {"add_generation_prompt": prompt, "return_dict": False}
            a, b = (t.apply_chat_template(chat, tokenize=True, **options) for t in (before, after))
            if list(a) != list(b):
                faults.append(f"chat: {a} became {b}")
    return 2 * len(chats)


def fresh_id(library, auto, faults):
    """A token added by the user gets the next id, which nothing else has."""
    size = library.get_vocab_size()
    auto.add_tokens(["<tool>"])
    added = auto.convert_tokens_to_ids("<tool>")
    if added != size:
        faults.append(f"add_tokens gave the id {added}, not {size}")
    if auto.encode("<tool>", add_special_tokens=False) != [added]:
        faults.append("the added token is not matched")
    return added


if __name__ == "__main__":
    sys.exit(main(str(Path(sys.argv[1]).resolve()), str(Path(sys.argv[2]).resolve())))
