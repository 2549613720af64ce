"""How many bits a causal model needs for each document of a text: what `vocab evaluate` runs, one process a model.

    python evaluate_bits_per_byte.py --model DIR --documents FILE [--window N] [--stride N] [--device auto]

DIR is a folder as transformers saves it, with its tokenizer; no code from it is run, and nothing is fetched. FILE has one
JSON string a line. stdout gets one JSON object a line: {"model": …} first, {"document": i, "tokens", "crc", "bits"} for each
document in order, {"progress": bytes} now and then, {"done": documents} last; {"error": …} in place of what could not be done.
crc is the CRC-32 of the ids as little-endian 32-bit integers. Needs torch and transformers.

bits of a document = the sum of -log2 p over all its tokens, the first one included. Before the tokens of every window
stands the start token (the model's BOS, or else its EOS), which is context and is not scored itself. A document of more
tokens than a window has room for is read in overlapping windows; each token is scored once, in the first window that has
it, with at least window - 1 - stride tokens before it from the second window on.
"""

import argparse
import json
import math
import os
import struct
import sys
import time
import zlib

BATCHES_AHEAD = 16
# The softmax is taken over so many positions at a time: in float32, beside the logits of the whole batch.
ROWS_AT_ONCE = 128


def windows(length, room, stride):
    """Where each window begins and ends, and where its scored tokens begin: (5, 4, 2) → (0, 4, 0), (1, 5, 4).

    All windows but the last advance by stride; the last ends with the document and is full.
    """
    end = min(length, room)
    found = [(0, end, 0)]
    while end < length:
        scored = end
        end = min(length, end + stride)
        found.append((end - room, end, scored))
    return found


def bits_of(model, rows, scored, torch):
    """Bits of the scored tokens of each row. rows: ids with the start token first; scored: index of the first that counts."""
    width = max(map(len, rows))
    # Padding stands on the right, where a causal model does not look.
    ids = torch.tensor([row + [row[-1]] * (width - len(row)) for row in rows], device=model.device)
    mask = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in rows], device=model.device)
    logits = model(input_ids=ids, attention_mask=mask, use_cache=False).logits
    totals = []
    for r, row in enumerate(rows):
        total = 0.0
        for begin in range(scored[r], len(row), ROWS_AT_ONCE):
            end = min(len(row), begin + ROWS_AT_ONCE)
            part = logits[r, begin - 1 : end - 1].float()
            chosen = part.gather(1, ids[r, begin:end, None])[:, 0]
            total += (torch.logsumexp(part, 1) - chosen).double().sum().item()
        totals.append(total / math.log(2))
    return totals


class Scorer:
    """Windows of consecutive documents wait until they fill some batches, then the similarly long ones go together."""

    def __init__(self, model, torch, start, window, stride, budget, emit):
        self.model, self.torch, self.start, self.emit = model, torch, start, emit
        self.room, self.stride, self.budget = window - 1, stride, budget
        self.waiting, self.waiting_tokens = [], 0
        self.open, self.next = {}, 0

    def add(self, number, ids, size):
        spans = windows(len(ids), self.room, self.stride)
        # What is known of a document: its facts, bits so far, windows to go.
        facts = {"document": number, "tokens": len(ids), "crc": zlib.crc32(struct.pack(f"<{len(ids)}I", *ids))}
        self.open[number] = [facts, [], len(spans), size / max(1, len(spans))]
        for order, (begin, end, scored) in enumerate(spans):
            self.waiting.append((number, order, [self.start, *ids[begin:end]], scored - begin + 1))
            self.waiting_tokens += end - begin + 1
            if self.waiting_tokens >= BATCHES_AHEAD * self.budget:
                self.flush()

    def flush(self):
        self.waiting.sort(key=lambda window: (len(window[2]), window[0], window[1]))
        for batch in self.batches():
            totals = bits_of(self.model, [window[2] for window in batch], [window[3] for window in batch], self.torch)
            for (number, order, _, _), bits in zip(batch, totals, strict=True):
                entry = self.open[number]
                entry[1].append((order, bits))
                entry[2] -= 1
            self.emit({"progress": sum(self.open[number][3] for number, *_ in batch)}, rarely=True)
        self.waiting, self.waiting_tokens = [], 0
        while self.next in self.open and self.open[self.next][2] == 0:
            facts, parts, _, _ = self.open.pop(self.next)
            bits = sum(value for _, value in sorted(parts))
            if not math.isfinite(bits):
                raise Failure("not-finite", f"document {self.next + 1} has {bits} bits in {self.model.dtype}")
            self.emit({**facts, "bits": bits})
            self.next += 1

    def batches(self):
        """As many windows as have no more tokens, padding included, than a batch may have."""
        batch = []
        for window in self.waiting:
            if batch and (len(batch) + 1) * len(window[2]) > self.budget:
                yield batch
                batch = []
            batch.append(window)
        if batch:
            yield batch


class Failure(Exception):
    """What the user is told, by code."""

    def __init__(self, code, message):
        super().__init__(message)
        self.code = code


class Output:
    """One JSON object a line; progress is added up and told twice a second."""

    def __init__(self, stream):
        self.stream, self.told, self.progress = stream, time.monotonic(), 0.0

    def __call__(self, message, rarely=False):
        if rarely:
            self.progress += message["progress"]
            if time.monotonic() - self.told < 0.5:
                return
            message, self.progress, self.told = {"progress": round(self.progress)}, 0.0, time.monotonic()
        self.stream.write(json.dumps(message) + "\n")
        self.stream.flush()


def import_libraries():
    # Set before the libraries read it.
    os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_VERBOSITY="error", TOKENIZERS_PARALLELISM="false")
    missing = []
    for name in ("torch", "transformers"):
        try:
            __import__(name)
        except ModuleNotFoundError as error:
            # Something that the library itself misses is named by its own error.
            if error.name != name:
                raise
            missing.append(name)
    if missing:
        raise Failure("missing-package", " ".join(missing))
    import torch
    import transformers

    return torch, transformers


def choose_device(torch, wanted):
    if wanted == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    if wanted == "cuda" and not torch.cuda.is_available():
        raise Failure("no-cuda", f"torch {torch.__version__} finds no CUDA device")
    return wanted


def load(options, torch, transformers):
    device = choose_device(torch, options.device)
    dtype = options.dtype
    if dtype == "auto" and device == "cpu":
        dtype = "float32"
    trusted = dict(trust_remote_code=False, local_files_only=True)
    tokenizer = transformers.AutoTokenizer.from_pretrained(options.model, **trusted)
    model, info = transformers.AutoModelForCausalLM.from_pretrained(
        options.model, dtype=dtype, use_safetensors=True, output_loading_info=True, **trusted
    )
    # A tensor that is not in the files would be left as it was drawn at random.
    if info["missing_keys"]:
        raise Failure("missing-weights", f"no weights for {', '.join(sorted(info['missing_keys'])[:3])}")
    return tokenizer, model.to(device).eval(), device


def start_token(tokenizer, wanted):
    if wanted is not None:
        start = tokenizer.convert_tokens_to_ids(wanted)
        if start is None or tokenizer.convert_ids_to_tokens(start) != wanted:
            raise Failure("no-start-token", f"the tokenizer has no token {wanted}")
        return start, "given"
    for rule, start in (("bos", tokenizer.bos_token_id), ("eos", tokenizer.eos_token_id)):
        if start is not None:
            return start, rule
    raise Failure("no-start-token", "the tokenizer names neither a BOS nor an EOS token")


def describe(tokenizer, model, start, rule, window, stride, device, libraries):
    torch, transformers = libraries
    name = torch.cuda.get_device_name(model.device) if device == "cuda" else "cpu"
    return {
        "type": model.config.model_type,
        "architecture": type(model).__name__,
        "parameters": model.num_parameters(),
        "rows": model.get_input_embeddings().weight.shape[0],
        "startToken": {"id": start, "token": tokenizer.convert_ids_to_tokens(start), "rule": rule},
        "window": window,
        "stride": stride,
        "dtype": str(model.dtype).removeprefix("torch."),
        "device": device,
        "deviceName": name,
        "threads": torch.get_num_threads() if device == "cpu" else None,
        "python": sys.version.split()[0],
        "torch": torch.__version__,
        "transformers": transformers.__version__,
    }


def evaluate(options, emit):
    torch, transformers = import_libraries()
    if options.threads:
        torch.set_num_threads(options.threads)
    tokenizer, model, device = load(options, torch, transformers)
    config = model.config.get_text_config()
    # Positions that the model was not made for.
    limit = getattr(config, "max_position_embeddings", None) or options.window
    window = min(options.window, limit)
    stride = min(options.stride or window // 2, window - 1)
    start, rule = start_token(tokenizer, options.start_token)
    emit({"model": describe(tokenizer, model, start, rule, window, stride, device, (torch, transformers))})
    rows = model.get_input_embeddings().weight.shape[0]
    scorer = Scorer(model, torch, start, window, stride, options.batch_tokens or window, emit)
    number = 0
    with torch.inference_mode(), open(options.documents, encoding="utf-8") as documents:
        for number, line in enumerate(documents, 1):
            text = json.loads(line)
            ids = tokenizer(text, add_special_tokens=False, verbose=False)["input_ids"]
            if max(ids, default=0) >= rows:
                raise Failure("no-row", f"the tokenizer gives id {max(ids)}, and the model has {rows} rows")
            scorer.add(number - 1, ids, len(text.encode("utf-8")))
        scorer.flush()
    emit({"done": number})


def main():
    parser = argparse.ArgumentParser(description="Bits of each document under a causal model, as JSON Lines.")
    parser.add_argument("--model", required=True, help="folder of the model and its tokenizer")
    parser.add_argument("--documents", required=True, help="file with one JSON string a line")
    parser.add_argument("--window", type=int, default=1024, help="tokens, the start token included (default: 1024)")
    parser.add_argument("--stride", type=int, help="tokens that each further window adds (default: half a window)")
    parser.add_argument("--batch-tokens", type=int, help="tokens of one forward pass (default: one window)")
    parser.add_argument("--device", choices=["auto", "cpu", "cuda"], default="auto")
    parser.add_argument("--dtype", choices=["auto", "float32", "float16", "bfloat16"], default="auto")
    parser.add_argument("--start-token", help="token before every window (default: BOS, or else EOS)")
    parser.add_argument("--threads", type=int, help="threads of torch on a CPU (default: its own)")
    options = parser.parse_args()
    # What libraries print must not come between the lines.
    emit = Output(sys.stdout)
    sys.stdout = sys.stderr
    try:
        evaluate(options, emit)
    except Failure as failure:
        emit({"error": {"code": failure.code, "message": str(failure)}})
        sys.exit(1)
    except (OSError, ValueError, ImportError, RuntimeError) as error:
        emit({"error": {"code": "failed", "message": f"{type(error).__name__}: {error}"}})
        sys.exit(1)


if __name__ == "__main__":
    main()
