"""Visible glyphs for characters in tables and plots: spaces, unprintable characters, none at all."""

from seqapp.text.alphabet import escape

SPACE = "␣"
NONE = "ε"  # the field's sign for an insertion's reference and a deletion's hypothesis


def visible(symbol: str) -> str:
    """Return `symbol`, or what stands for it: ε for none, ␣ for a space, an escape if unprintable."""
    if not symbol:
        return NONE
    return escape(symbol).replace("\\s", SPACE).replace("\\\\", "\\")
