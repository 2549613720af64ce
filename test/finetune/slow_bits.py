"""The slow twin of finetune/evaluate_bits_per_byte.py: one token at a time, one forward pass for each.

    python slow_bits.py MODEL DOCUMENTS WINDOW STRIDE → JSON list of bits, one a document

Token i of a document is predicted from the start token and the tokens that stand before i in the first window that has i.
"""

import json
import math
import sys

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer


def first_of_window(i, length, room, stride):
    """Where the first window that has token i begins."""
    begin = 0
    end = min(room, length)
    while i >= end:
        end = min(end + stride, length)
        begin = end - room
    return begin


def main():
    folder, documents, window, stride = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    torch.set_num_threads(1)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float64).eval()
    result = []
    with torch.inference_mode(), open(documents, encoding="utf-8") as lines:
        for line in lines:
            ids = tokenizer(json.loads(line), add_special_tokens=False)["input_ids"]
            bits = 0.0
            for i, wanted in enumerate(ids):
                begin = first_of_window(i, len(ids), window - 1, stride)
                context = torch.tensor([[tokenizer.bos_token_id, *ids[begin:i]]])
                probabilities = model(input_ids=context).logits[0, -1].softmax(0)
                bits -= math.log2(probabilities[wanted].item())
            result.append(bits)
    print(json.dumps(result))


main()
