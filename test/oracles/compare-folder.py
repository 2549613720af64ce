"""What the real Python libraries make of an expanded folder, for compare-folder.ts.

    python compare-folder.py BASE_FOLDER EXPANDED_FOLDER < request.json > answer.json

The request is {"lines": [...], "messages": [{"role", "content"}, ...]}; the answer has the ids of the lines by Python
`tokenizers` and by `AutoTokenizer` of the folder, the ids of the base that decode otherwise than before, the id that
`add_tokens` gives to a fresh token, and the rendered chat with its ids for both folders.
"""

import json
import os
import platform
import sys

os.environ["TOKENIZERS_PARALLELISM"] = "false"
os.environ["HF_HUB_OFFLINE"] = "1"

import tokenizers
import transformers

FRESH = "<tool>"


def ids_of(tokenizer, lines):
    return [encoding.ids for encoding in tokenizer.encode_batch(lines, add_special_tokens=False)]


def differing_ids(base, expanded, size):
    """Ids whose token or whose text, decoded alone, is not that of the base."""
    return [
        i
        for i in range(size)
        if base.id_to_token(i) != expanded.id_to_token(i)
        or base.decode([i], skip_special_tokens=False) != expanded.decode([i], skip_special_tokens=False)
    ]


def chat(auto, messages):
    if auto.chat_template is None:
        return None
    text = auto.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
    return {"text": text, "ids": auto(text, add_special_tokens=False)["input_ids"]}


def main():
    base_folder, folder = sys.argv[1:3]
    request = json.load(sys.stdin)
    base = tokenizers.Tokenizer.from_file(f"{base_folder}/tokenizer.json")
    expanded = tokenizers.Tokenizer.from_file(f"{folder}/tokenizer.json")
    auto = transformers.AutoTokenizer.from_pretrained(folder)
    auto_base = transformers.AutoTokenizer.from_pretrained(base_folder)
    lines = request["lines"]
    answer = {
        "versions": {
            "python": platform.python_version(),
            "tokenizers": tokenizers.__version__,
            "transformers": transformers.__version__,
        },
        "class": type(auto).__name__,
        "isFast": auto.is_fast,
        "size": expanded.get_vocab_size(),
        "tokenizersIds": ids_of(expanded, lines),
        "autoIds": auto(lines, add_special_tokens=False)["input_ids"],
        "differingIds": differing_ids(base, expanded, base.get_vocab_size()),
        "chatBase": chat(auto_base, request["messages"]),
        "chat": chat(auto, request["messages"]),
    }
    added = auto.add_tokens([FRESH])
    answer["fresh"] = {"added": added, "id": auto.convert_tokens_to_ids(FRESH), "ids": auto(FRESH, add_special_tokens=False)["input_ids"]}
    json.dump(answer, sys.stdout)


main()
