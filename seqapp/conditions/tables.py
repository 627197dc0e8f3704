"""Tables of the recording conditions of each sense."""

from collections.abc import Mapping

from seqapp.conditions.condition import Damage


def conditions_of(sense: str) -> Mapping[str, Damage]:
    """Return the `Damage`s of a sense, "ink", "speech" or "image", by name."""
    if sense == "speech":
        from seqapp.conditions.speech.table import TABLE
    elif sense == "ink":
        from seqapp.conditions.ink.table import TABLE
    else:
        from seqapp.conditions.image.table import TABLE
    return TABLE
