"""Options that say which corpus a script reads: its name, where it lies, where it is kept prepared, and the split."""

import argparse
from pathlib import Path

SPLITS = ("test", "validation", "train", "all")
DATASET = "a corpus, or files: whatever --data-dir holds (default)"


def add_corpus_options(parser: argparse.ArgumentParser, split: str = "test", dataset: str = DATASET) -> None:
    """Give a parser `--dataset`, `--data-dir`, `--prepared-dir` and `--split`: what `seqapp.input_pipeline.read` takes.

    Args:
        parser: A parser, or the parser of one command.
        split: The split that is read by default.
        dataset: Help of `--dataset`, where a script knows more names.
    """
    others = ", ".join(name for name in SPLITS[:-1] if name != split)
    parser.add_argument("--dataset", default="files", help=dataset)
    parser.add_argument("--data-dir", type=Path, help="where the corpus lies, as an archive or unpacked")
    parser.add_argument("--prepared-dir", type=Path, help="where prepared corpora are kept (default: a cache folder)")
    parser.add_argument("--split", default=split, help=f"{split} (default), {others}, or all")
