"""Writes src/verification/llama-cpp-names.ts from llama.cpp's converter: `python llama-cpp-names.py FOLDER`, the unpacked source
of PyPI's llama-cpp-python (`pip download --no-deps --no-binary :all: llama-cpp-python==0.3.36`), which has llama.cpp in it."""

import re
import sys
from pathlib import Path

folder = Path(sys.argv[1])
converter = (folder / "vendor/llama.cpp/conversion/base.py").read_text(encoding="utf-8")
known = re.findall(r'if chkhsh == "([0-9a-f]{64})":\n\s+# ref: \S+\n\s+res = "([^"]+)"', converter)
if len(known) != converter.count("if chkhsh =="):
    sys.exit("the converter is written in another way than this script knows")
version = re.search(r"^Version: (.+)$", (folder / "PKG-INFO").read_text(), re.M)[1]
# The last one wins, as in the converter.
entries = dict(known)
lines = "".join(f'  ["{hash}", "{name}"],\n' for hash, name in sorted(entries.items(), key=lambda entry: (entry[1], entry[0])))
(Path(__file__).resolve().parents[2] / "src/verification/llama-cpp-names.ts").write_text(
    f"""// Made by test/oracles/llama-cpp-names.py. What llama.cpp's converter calls the tokenizers that it knows, by the hash of their
// ids of its text (`get_vocab_base_pre` in conversion/base.py, as in llama-cpp-python {version}).

export const LLAMA_CPP_NAMES: ReadonlyMap<string, string> = new Map([
{lines}]);
"""
)
print(f"{len(entries)} hashes of llama-cpp-python {version}")
