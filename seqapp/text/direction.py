"""Writing direction of a text, left to right or right to left, by its letters.

Texts are kept in logical order, the order in which they are read and written, whatever their script: the first letter
of a Hebrew word comes first. Only what shows them turns them around.
"""

import re
import unicodedata

LEFT_TO_RIGHT = "left_to_right"
RIGHT_TO_LEFT = "right_to_left"
# Marks that say how to show a text and have no shape: nobody can read them in an image. The joiners, which Persian and
# Indic scripts spell with, are none of them.
_CONTROLS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_OVERRIDE = "\u202d"
_POP = "\u202c"


def direction_of(text: str) -> str:
    """Return the direction in which most of the letters of a text run.

    Args:
        text: Any text, of a whole corpus too.

    Returns:
        LEFT_TO_RIGHT or RIGHT_TO_LEFT; "" where there is no letter of either: numbers run alike everywhere.

    Example:
        >>> direction_of("abc"), direction_of("\\u05d0\\u05d1 2"), direction_of("1948")
        ('left_to_right', 'right_to_left', '')
    """
    classes = [unicodedata.bidirectional(character) for character in text]
    left = classes.count("L")
    right = classes.count("R") + classes.count("AL")
    return "" if left == right == 0 else RIGHT_TO_LEFT if right > left else LEFT_TO_RIGHT


def without_controls(text: str) -> str:
    """Remove the marks that only say how a text is shown."""
    return _CONTROLS.sub("", text)


def in_columns(text: str) -> str:
    """Ask terminals to show a text character by character from left to right: what stands below it stays below it.

    Returns:
        The text between an override and its end where letters run right to left; else the text.
    """
    turns = any(unicodedata.bidirectional(character) in ("R", "AL", "AN") for character in text)
    return f"{_OVERRIDE}{text}{_POP}" if turns else text
