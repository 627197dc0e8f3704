"""Unicode normalisation: labels that look the same must be the same classes, in training and in scoring."""

import re
import unicodedata

from seqapp.text.direction import without_controls

FORMS = ("NFC", "NFD", "NFKC", "NFKD")


def normalize(text: str, form: str = "NFC") -> str:
    """Bring a label into its one spelling: a Unicode form, single spaces, none at the ends, no marks of direction.

    Args:
        text: Any text.
        form: One of FORMS. "NFC" makes an accented letter one code point, hence one class.

    Returns:
        The text; normalising it again changes nothing.

    Raises:
        ValueError: `form` is unknown.

    Example:
        >>> normalize("  cafe\\u0301   au\\n lait ")
        'café au lait'
    """
    if form not in FORMS:
        raise ValueError(f"form must be one of {', '.join(FORMS)}. Received: {form!r}.")
    return " ".join(unicodedata.normalize(form, without_controls(text)).split())


def attach_punctuation(text: str) -> str:
    """Remove the space before closing punctuation: "school ." in UNIPEN is "school." elsewhere.

    Meant for scoring across corpora, on both sides alike; a report then says that it was done.

    Example:
        >>> attach_punctuation("to school , he said .")
        'to school, he said.'
    """
    return re.sub(r"\s+([.,;:!?])", r"\1", text)
