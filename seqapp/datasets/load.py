"""Loading of a corpus by its name: TFDS prepares it the first time and finds it prepared after that."""

import contextlib
import importlib
import logging
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from seqapp.command_line.cache_folder import cache_folder
from seqapp.datasets.archive import is_archive, unpack
from seqapp.datasets.fingerprint import fingerprint
from seqapp.datasets.lock import locked
from seqapp.datasets.prepared import PreparedCorpus, file_format
from seqapp.datasets.skipped import Skipped

if TYPE_CHECKING:
    import tensorflow as tf
    import tensorflow_datasets as tfds

logger = logging.getLogger(__name__)

# Name in recipes -> (package below seqapp.datasets, config). Explicit, so that a name never depends on what happens to
# be imported.
BUILDERS = {
    "synthetic_ink": ("ink.synthetic_ink", None),
    "synthetic_ink/phrases": ("ink.synthetic_ink", "phrases"),
    "synthetic_ink/words": ("ink.synthetic_ink", "words"),
    "unipen": ("ink.unipen", "lines"),
    "unipen/lines": ("ink.unipen", "lines"),
    "unipen/multi_lines": ("ink.unipen", "multi_lines"),
    "unipen/lists_as_lines": ("ink.unipen", "lists_as_lines"),
    "unipen/words": ("ink.unipen", "words"),
    "unipen/other_lines": ("ink.unipen", "other_lines"),
    "iam_ondb": ("ink.iam_ondb", None),
    "inkml": ("ink.inkml", None),
    "json_ink": ("ink.json_ink", None),
    "an4": ("speech.an4", None),
    "audio_folder": ("speech.audio_folder", None),
    "common_voice": ("speech.common_voice", None),
    "kaldi_directory": ("speech.kaldi_directory", None),
    "librispeech": ("speech.librispeech", "clean_100"),
    "librispeech/all_960": ("speech.librispeech", "all_960"),
    "librispeech/clean_100": ("speech.librispeech", "clean_100"),
    "librispeech/clean_460": ("speech.librispeech", "clean_460"),
    "librispeech/mini": ("speech.librispeech", "mini"),
    "ljspeech_layout": ("speech.ljspeech_layout", "spoken"),
    "ljspeech_layout/spoken": ("speech.ljspeech_layout", "spoken"),
    "ljspeech_layout/written": ("speech.ljspeech_layout", "written"),
    "manifest": ("speech.manifest", None),
    "speechocean762": ("speech.speechocean762", None),
    "spoken_digits": ("speech.spoken_digits", "takes"),
    "spoken_digits/strings": ("speech.spoken_digits", "strings"),
    "tfds:librispeech": ("speech.tfds_speech", "librispeech"),
    "tfds:speech_commands": ("speech.tfds_speech", "speech_commands"),
    "tfds:spoken_digit": ("speech.tfds_speech", "spoken_digit"),
    "timit": ("speech.timit", None),
    "alto_lines": ("image.alto_lines", None),
    "bentham": ("image.bentham", None),
    "copiste": ("image.copiste", None),
    "iam_lines": ("image.iam_lines", "official"),
    "iam_lines/aachen": ("image.iam_lines", "aachen"),
    "iam_lines/aachen_tokens": ("image.iam_lines", "aachen_tokens"),
    "iam_lines/official": ("image.iam_lines", "official"),
    "iam_lines/official_tokens": ("image.iam_lines", "official_tokens"),
    "line_pairs": ("image.line_pairs", None),
    "page_lines": ("image.page_lines", None),
    "page_sources": ("image.page_sources", None),
    "pylaia_table": ("image.pylaia_table", None),
    "read_2016": ("image.read_2016", None),
    "rimes_2011": ("image.rimes_2011", None),
    "unipen_pictures": ("image.unipen_pictures", "lines"),
    "unipen_pictures/lines": ("image.unipen_pictures", "lines"),
    "unipen_pictures/words": ("image.unipen_pictures", "words"),
    "unipen_pictures/word_lines": ("image.unipen_pictures", "word_lines"),
}
for _left_out in ("george", "jackson", "lucas", "nicolas", "theo", "yweweler"):  # speakers tested in turn
    for _config in (f"leave_out_{_left_out}", f"strings_leave_out_{_left_out}"):
        BUILDERS[f"spoken_digits/{_config}"] = ("speech.spoken_digits", _config)


def load(
    name: str, split: str, data_dir: str | Path | None = None, prepared_dir: str | Path | None = None
) -> "tf.data.Dataset":
    """Load one split of a corpus, preparing the corpus if it is not yet.

    Args:
        name: Key of `BUILDERS`, such as "unipen/lines".
        split: "train", "validation", "test", "all" or any TFDS split expression ("train[:10%]").
        data_dir: Folder where the user keeps the corpus, or its archive. Not needed for synthetic corpora.
        prepared_dir: Where prepared corpora are kept; None: $SEQAPP_CACHE, or ~/.cache/seqapp.

    Returns:
        Examples: dicts of points (float32 `[N, 4]`), samples or columns, text, writer_id or speaker_id, and id, in the
        same order each time.

    Raises:
        ValueError: Unknown name or split, or no corpus in `data_dir`.
    """
    return open_corpus(name, data_dir, prepared_dir).split(split)


def left_out(name: str, data_dir: str | Path | None = None, prepared_dir: str | Path | None = None) -> Skipped:
    """Return the examples of a corpus that its reader could not use; arguments as `load`."""
    return open_corpus(name, data_dir, prepared_dir).skipped


def open_corpus(
    name: str, data_dir: str | Path | None = None, prepared_dir: str | Path | None = None
) -> PreparedCorpus:
    """Return a prepared corpus, of which several splits can be read; arguments as `load`."""
    return PreparedCorpus(name, prepare(name, data_dir, prepared_dir))


def prepare(
    name: str, data_dir: str | Path | None = None, prepared_dir: str | Path | None = None
) -> "tfds.core.DatasetBuilder":
    """Return the TFDS builder of a corpus, its examples prepared; arguments as `load`.

    A second process waits while a first prepares the same corpus (not on Windows: see `lock.locked`).
    """
    if name not in BUILDERS:
        raise ValueError(f"dataset: expected one of {', '.join(BUILDERS)}, received {name!r}")
    package, config = BUILDERS[name]
    import tensorflow_datasets as tfds  # late: --help of the scripts stays fast

    corpus = package.rpartition(".")[2]
    module = importlib.import_module(f"seqapp.datasets.{package}.{corpus}_dataset_builder")
    cache = cache_folder(prepared_dir)
    source = _source(name, module.Builder, data_dir)
    prepared = cache / f"{corpus}-{_state(source, module.Builder, cache)}"
    _stay_offline()
    if not sys.stderr.isatty():
        tfds.disable_progress_bar()
    builder = module.Builder(config=config, data_dir=str(prepared))
    if builder.is_prepared():  # asked before the lock is: a prepared corpus may lie where nothing can be written
        return builder
    logger.info("preparing %s, once: later runs read it from %s", name, prepared)
    # What TFDS prints is told by our log already.
    with locked(prepared / ".lock"), open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):
        builder = module.Builder(config=config, data_dir=str(prepared))  # anew: another run may have prepared it
        folder = unpack(source, cache / "unpacked") if source and source.is_file() else source
        download_config = tfds.download.DownloadConfig(manual_dir=folder and str(folder))
        builder.download_and_prepare(download_config=download_config, file_format=file_format())
    return builder


def _source(name: str, builder: type, data_dir: str | Path | None) -> Path | None:
    """Return the folder or archive that the user gave; None for a corpus that needs none."""
    instructions = builder.MANUAL_DOWNLOAD_INSTRUCTIONS
    if not instructions:
        return None
    if data_dir is None:
        raise ValueError(f"{name}: expected a data directory, received none. {instructions.strip()}")
    path = Path(data_dir).expanduser()
    if not (path.is_dir() or (path.is_file() and is_archive(path))):
        raise ValueError(f"{name}: {path} is no folder and no archive. {instructions.strip()}")
    return path.resolve() if path.is_dir() else path  # a linked archive may only have its suffix in the link's name


def _state(source: Path | None, builder: type, cache: Path) -> str:
    """Return a text that changes with whatever the builder would read."""
    if source is None:
        return fingerprint([], str(builder.VERSION))
    sources = [source] if source.is_file() else builder.sources(source)
    return fingerprint(sources, str(builder.VERSION), str(source), ignore=cache)


def _stay_offline() -> None:
    """Keep TFDS from asking a cloud bucket for every builder it meets: these corpora are in none."""
    from tensorflow_datasets.core.utils import gcs_utils

    gcs_utils._is_gcs_disabled = True
