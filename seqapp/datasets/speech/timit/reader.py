"""Utterances of TIMIT, in any of the spellings that it is passed on in."""

from collections.abc import Iterator
from pathlib import Path

from seqapp.datasets.distribution import below
from seqapp.datasets.file_tree import is_hidden
from seqapp.datasets.hashed_names import hashed_name
from seqapp.datasets.skipped import Skipped
from seqapp.datasets.speech.audio import Audio
from seqapp.datasets.speech.timit.splits import split as split_of
from seqapp.datasets.speech.utterance import read_utterance

_PARTS = ("train", "test")


def find_root(folder: Path) -> Path | None:
    """Return the folder that holds TRAIN/ and TEST/ with dialects DR1 ... DR8 in them, in any case; else None."""
    return next((path.parents[1] for path in below(folder, "[tT][rR][aA][iI][nN]/[dD][rR][1-8]")), None)


def read(root: Path, split: str, skipped: Skipped) -> Iterator[Audio]:
    """Read one split, in sorted order.

    Args:
        root: Holds TRAIN/ and TEST/.
        split: "train", "validation" or "test".
        skipped: Receives sentences without audio or text, and what cannot be used.

    Yields:
        Audio; its id is "FCJF0_SI1027", its text the sentence as it was prompted.
    """
    for path in _sentences(root):
        *_, part, _, speaker, _ = path.parts
        sentence = path.stem
        if split_of(part, speaker, sentence) == split:
            id = f"{speaker}_{sentence}".upper()
            try:
                text = _text(path)
                file = _file(path)
            except ValueError as error:
                skipped.add(id, str(error))
                continue
            if audio := read_utterance(file, id, skipped, text, hashed_name("timit", speaker.upper())):
                yield audio


def _sentences(root: Path) -> list[Path]:
    """Return the files of prompted texts: part/dialect/speaker/sentence.TXT."""
    parts = (part for part in root.iterdir() if part.name.lower() in _PARTS)
    paths = (
        path
        for part in parts
        for path in part.glob("*/*/*")
        if path.suffix.lower() == ".txt" and not is_hidden(path, root)
    )
    return sorted(paths, key=lambda path: path.as_posix().lower())


def _text(path: Path) -> str:
    line = path.read_text("latin-1").strip()
    first, last, text = [*line.split(maxsplit=2), "", "", ""][:3]
    if not (first.isdigit() and last.isdigit() and text):
        raise ValueError(f"malformed: {path.name}: expected 'first_sample last_sample text', received {line[:80]!r}")
    return text


def _file(path: Path) -> Path:
    """Find the audio: SENTENCE.WAV is NIST SPHERE; those who convert it add .wav to the name or replace the file."""
    named = {file.name.lower(): file for file in path.parent.iterdir()}
    stem = path.stem.lower()
    for name in (f"{stem}.wav.wav", f"{stem}.wav", f"{stem}.sph", f"{stem}.flac"):
        if name in named:
            return named[name]
    raise ValueError(f"no audio file: {path.stem}.WAV")
