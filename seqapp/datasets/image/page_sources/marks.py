"""Marks of transcripts, written one way: archives disagree on what is struck out, raised or dashed."""

import re

# Copiste d'un jour's way: `>struck<`, `><` for what is struck and cannot be read, no sign for a raised letter.
_REPLACED = (
    (re.compile(r"\^"), ""),  # CREMMA, lectaurep: before raised letters, which the picture shows by their place
    (re.compile(r"[⋎⁁]"), ""),  # signs of insertion: what is inserted follows
    (re.compile(r"#"), "><"),  # Peraire: a word that cannot be read
    (re.compile(r"-{2,}|[—–−]"), "-"),  # Hooker: two hyphens for a dash
    (re.compile(r"[’‘ʼ]"), "'"),
    (re.compile(r"[“”„]"), '"'),
    (re.compile(r"…"), "..."),
    (re.compile(r"\s+"), " "),
)


def unify_marks(text: str) -> str:
    """Write a transcript of any of the sources as Copiste d'un jour's are written.

    Args:
        text: In any Unicode form.
    """
    for pattern, mark in _REPLACED:
        text = pattern.sub(mark, text)
    return text.strip()
