"""One call from a corpus' name to its examples: prepares it the first time, finds it prepared after that."""

import contextlib
import hashlib
import importlib
import json
import logging
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from seqapp.datasets.archive import is_archive, unpack
from seqapp.datasets.skipped import SKIPPED_FILE

if TYPE_CHECKING:
    import tensorflow as tf

logger = logging.getLogger(__name__)

# Name in recipes -> (package, config). Explicit, so that a name never depends on what happens to be imported.
BUILDERS = {
    "synthetic_ink": ("synthetic_ink", None),
    "synthetic_ink/phrases": ("synthetic_ink", "phrases"),
    "synthetic_ink/words": ("synthetic_ink", "words"),
    "unipen/lines": ("unipen", "lines"),
    "unipen/multi_lines": ("unipen", "multi_lines"),
    "unipen/words": ("unipen", "words"),
    "unipen/other_lines": ("unipen", "other_lines"),
    "iam_ondb": ("iam_ondb", None),
    "inkml": ("inkml", None),
    "json_ink": ("json_ink", None),
}


def load(
    name: str, split: str, data_dir: str | Path | None = None, prepared_dir: str | Path | None = None
) -> "tf.data.Dataset":
    """Loads one split of a corpus, preparing the corpus if it is not yet.

    Args:
        name: Key of `BUILDERS`, such as "unipen/lines".
        split: "train", "validation", "test", "all" or any TFDS split expression ("train[:10%]").
        data_dir: Folder where the user keeps the corpus, or its archive. Not needed for synthetic corpora.
        prepared_dir: Where prepared corpora are kept; None: $SEQAPP_CACHE, or ~/.cache/seqapp.

    Returns:
        Examples: dicts of points float32 [N, 4], text, writer_id and id, in the same order each time.

    Raises:
        ValueError: Unknown name or split, or no corpus in `data_dir`.
    """
    builder = prepare(name, data_dir, prepared_dir)
    base = split.split("[")[0]
    known = [*builder.info.splits, "all"]
    if "+" not in split and base not in known:
        raise ValueError(f"{name}: expected a split of {', '.join(known)}, received {split!r}")
    return builder.as_dataset(split=split, shuffle_files=False)


def left_out(
    name: str, data_dir: str | Path | None = None, prepared_dir: str | Path | None = None
) -> list[tuple[str, str]]:
    """Returns (id, reason) of everything that the reader of a corpus could not use; arguments as `load`."""
    listed = Path(prepare(name, data_dir, prepared_dir).data_dir) / SKIPPED_FILE
    items = json.loads(listed.read_text(encoding="utf-8"))["items"] if listed.is_file() else []
    return [(id, reason) for id, reason in items]


def prepare(name: str, data_dir: str | Path | None = None, prepared_dir: str | Path | None = None):
    """Returns the TFDS builder of a corpus, its examples prepared; arguments as `load`."""
    if name not in BUILDERS:
        raise ValueError(f"dataset: expected one of {', '.join(BUILDERS)}, received {name!r}")
    package, config = BUILDERS[name]
    import tensorflow_datasets as tfds  # late: --help of the scripts stays fast

    module = importlib.import_module(f"seqapp.datasets.{package}.{package}_dataset_builder")
    cache = _cache_dir(prepared_dir)
    manual_dir = _manual_dir(name, module.Builder, data_dir, cache)
    prepared = cache / f"{package}-{_fingerprint(manual_dir, module.Builder.VERSION)}"
    _stay_offline()
    builder = module.Builder(config=config, data_dir=str(prepared))
    download_config = tfds.download.DownloadConfig(manual_dir=manual_dir and str(manual_dir))
    if not sys.stderr.isatty():
        tfds.disable_progress_bar()
    with contextlib.redirect_stdout(sys.stderr):  # TFDS prints its progress; stdout is for results
        builder.download_and_prepare(download_config=download_config)
    return builder


def _cache_dir(prepared_dir: str | Path | None) -> Path:
    default = os.environ.get("SEQAPP_CACHE") or "~/.cache/seqapp"
    return Path(prepared_dir or default).expanduser()


def _manual_dir(name: str, builder: type, data_dir: str | Path | None, cache: Path) -> Path | None:
    instructions = builder.MANUAL_DOWNLOAD_INSTRUCTIONS
    if not instructions:
        return None
    if data_dir is None:
        raise ValueError(f"{name}: expected a data directory, received none. {instructions.strip()}")
    path = Path(data_dir).expanduser()
    if path.is_file() and is_archive(path):
        return unpack(path, cache / "unpacked")
    if not path.is_dir():
        raise ValueError(f"{name}: {path} is no folder and no archive. {instructions.strip()}")
    return path.resolve()


def _fingerprint(manual_dir: Path | None, version) -> str:
    """Changes with the place, name, size and time of what lies in the folder and one level below."""
    lines = [str(version), str(manual_dir)]
    if manual_dir is not None:
        for path in sorted([*manual_dir.glob("*"), *manual_dir.glob("*/*")]):
            state = path.stat()
            lines.append(f"{path.name} {state.st_size} {state.st_mtime_ns}")
    return hashlib.sha1("\n".join(lines).encode()).hexdigest()[:10]


def _stay_offline() -> None:
    """TFDS asks a cloud bucket for every builder it meets; these corpora are in none."""
    from tensorflow_datasets.core.utils import gcs_utils

    gcs_utils._is_gcs_disabled = True
