"""IAM-OnDB transcriptions and writers: ascii/**/a01-000u.txt and original/**/strokesu.xml."""

import re
from pathlib import Path

from seqapp.datasets.xml_file import read_xml

_FORM = re.compile(r"((\w+)-\d+)([a-z]?)")  # a01-000u: text category a01, page a01-000, writer's letter u


def form_folder(form: str) -> str:
    """Return where a form's files lie: "a01-000u" -> "a01/a01-000".

    Raises:
        ValueError: Not a form's name.
    """
    return "/".join(_parts(form)[1::-1])


def form_letter(form: str) -> str:
    """Return the letter at a form's end, "u" of "a01-000u"; it can be empty."""
    return _parts(form)[2]


def read_lines(path: Path) -> list[str]:
    """Read the transcription of a form.

    Args:
        path: Holds a block "OCR:" (the text to copy) and a block "CSR:" (what was written, one line per line).

    Returns:
        The lines of the first CSR block, without blank ones and separators of percent signs.

    Raises:
        ValueError: No CSR block.
    """
    _, mark, block = path.read_text("latin-1").partition("CSR:")
    if not mark:
        raise ValueError(f"no CSR: {path.name} does not say what was written")
    lines = [line.strip() for line in block.splitlines()]
    return [line for line in lines if line and line.strip("%")]


def read_writer(path: Path) -> str:
    """Read the writer from a form's original XML.

    Args:
        path: original/**/strokes<letter>.xml.

    Returns:
        writerID as written; empty where the file does not state it.

    Raises:
        ValueError: Broken XML.
    """
    general = read_xml(path).find("General")
    candidates = list(general.iter()) if general is not None else []
    return next((element.attrib["writerID"] for element in candidates if "writerID" in element.attrib), "")


def _parts(form: str) -> tuple[str, str, str]:
    match = _FORM.fullmatch(form)
    if not match:
        raise ValueError(f"form: expected a name such as a01-000u, received {form!r}")
    return match.groups()
