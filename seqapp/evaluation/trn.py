"""Files in the trn format of sclite (NIST SCTK), for users who score with that tool.

    sclite -s -i spu_id -r ref.trn trn -h hyp.trn trn                 words
    sclite -s -i spu_id -r ref.trn trn -h hyp.trn trn -c -e utf-8     characters, spaces left out

Without -s it ignores case. Its counts can differ from ours: it weighs substitutions 4, deletions and
insertions 3.
"""

import re
from pathlib import Path

from seqapp.evaluation.evaluation import Evaluation
from seqapp.evaluation.recognition import Recognition

# To sclite 2.10 these are markup, even within a word: alternatives (a lone { crashes it), nothing, fragment,
# comment, escape. Their full-width twins are plain characters to it and count the same, being replaced on
# both sides.
_MARKUP = str.maketrans({mark: chr(ord(mark) + 0xFEE0) for mark in "{}@*;\\"})


def write_trn(evaluation: Evaluation, folder: str | Path) -> tuple[Path, Path]:
    """Write ref.trn and hyp.trn: one line "text (group_id-number)" per example, in the order of the ids.

    Args:
        evaluation: Any evaluation.
        folder: Made if it does not exist; older files in it are replaced.

    Returns:
        The paths of ref.trn and hyp.trn.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    recognitions = [example.recognition for example in evaluation.examples]
    reference = folder / "ref.trn"
    hypothesis = folder / "hyp.trn"
    _write(reference, recognitions, "reference")
    _write(hypothesis, recognitions, "hypothesis")
    return reference, hypothesis


def _write(path: Path, recognitions: list[Recognition], field: str) -> None:
    lines = [f"{_one_line(getattr(r, field))} ({_utterance_id(i, r)})\n" for i, r in enumerate(recognitions)]
    path.write_text("".join(lines), encoding="utf-8", newline="\n")


def _one_line(text: str) -> str:
    return " ".join(text.translate(_MARKUP).split())


def _utterance_id(number: int, recognition: Recognition) -> str:
    """Return an utterance id: sclite's speaker ends at the first hyphen or underscore, so its name holds neither."""
    group = re.sub(r"[^\w./]|_", ".", recognition.group_id) or "unknown"
    example = re.sub(r"[\s()]", ".", recognition.id)
    return f"{group}-{number:06d}-{example}"
