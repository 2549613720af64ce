"""Downloads with Python's huggingface_hub, and looks up in its cache what another program has put there.

hub-cache.py download REPO REVISION NAME...   downloads from HF_ENDPOINT into HF_HUB_CACHE
hub-cache.py look-up REPO REVISION NAME...    makes no request
Prints one JSON object. HF_HUB_CACHE and HF_ENDPOINT are set by hub-cache.ts.
"""

import json
import sys

import huggingface_hub
from huggingface_hub import _CACHED_NO_EXIST, hf_hub_download, scan_cache_dir, try_to_load_from_cache
from huggingface_hub.errors import EntryNotFoundError, LocalEntryNotFoundError


def download(repo, revision, name):
    try:
        return hf_hub_download(repo, name, revision=revision)
    except EntryNotFoundError:
        return None


def look_up(repo, revision, name):
    loaded = try_to_load_from_cache(repo, name, revision=revision)
    try:
        local = hf_hub_download(repo, name, revision=revision, local_files_only=True)
    except LocalEntryNotFoundError:
        local = None
    return {"loaded": "absent" if loaded is _CACHED_NO_EXIST else loaded, "local": local}


task, repo, revision, *names = sys.argv[1:]
work = {"download": download, "look-up": look_up}[task]
files = {name: work(repo, revision, name) for name in names}
scan = scan_cache_dir()
print(
    json.dumps(
        {
            "version": huggingface_hub.__version__,
            "files": files,
            "warnings": [str(warning) for warning in scan.warnings],
            "repos": {
                found.repo_id: {each.commit_hash: sorted(each.refs) for each in found.revisions} for found in scan.repos
            },
        }
    )
)
