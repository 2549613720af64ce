"""Computes with finetune/resize_embeddings.py what `vocab apply` should have written: `python resize-script.py FOLDER`, with
FOLDER/<case>/{base,expansion,out} and the sides of the tensors in FOLDER/<case>/sides.json. Needs numpy alone."""

import json
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "finetune"))
from resize_embeddings import load_plan, new_rows, rounded, target_rows

NAMES = {"F64": "float64", "F32": "float32", "F16": "float16", "BF16": "bfloat16"}
BITS = {"F64": np.uint64, "F32": np.uint32, "F16": np.uint16, "BF16": np.uint16}


def tensors(path):
    """The numbers of each tensor as bits."""
    data = path.read_bytes()
    start = 8 + int.from_bytes(data[:8], "little")
    header = json.loads(data[8:start])
    header.pop("__metadata__", None)
    return {
        name: (entry["dtype"], np.frombuffer(data[start:][slice(*entry["data_offsets"])], BITS[entry["dtype"]]).reshape(entry["shape"]))
        for name, entry in header.items()
    }


def values(bits, dtype):
    if dtype == "BF16":
        return (bits.astype(np.uint32) << 16).view(np.float32).astype(np.float64)
    return bits.view(NAMES[dtype]).astype(np.float64)


def expected(dtype, bits, plan, side):
    rows = bits.shape[0]
    matrix = values(bits, dtype).reshape(rows, -1)
    result = np.zeros((target_rows(plan, rows), matrix.shape[1]), bits.dtype)
    result[:rows] = bits.reshape(rows, -1)
    new = rounded(new_rows(lambda ids: matrix[ids], plan, side), NAMES[dtype])
    result[[row["id"] for row in plan["rows"]]] = new.view(bits.dtype)
    return result.reshape(-1, *bits.shape[1:])


wrong = 0
compared = 0
for case in sorted(path for path in Path(sys.argv[1]).iterdir() if path.is_dir()):
    plan = load_plan(case / "expansion/embedding-plan.json")
    base, out = tensors(case / "base/model.safetensors"), tensors(case / "out/model.safetensors")
    for name, side in json.loads((case / "sides.json").read_text()).items():
        compared += 1
        if not np.array_equal(out[name][1], expected(*base[name], plan, side)):
            wrong += 1
            print(f"{case.name}: {name} differs")
print(f"{compared} matrices compared with numpy {np.__version__}, {wrong} differ")
sys.exit(1 if wrong or not compared else 0)
