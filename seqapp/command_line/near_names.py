"""Names that are near to a mistyped one."""

import difflib
from collections.abc import Iterable


def did_you_mean(name: str, names: Iterable[str], prefix: str = "") -> str:
    """The end of an error message.

    Args:
        name: As it was typed.
        names: Those that there are.
        prefix: What each is shown behind, such as their folder.

    Returns:
        " Did you mean train?", or nothing where no name is near.

    Example:
        >>> did_you_mean("trian", ["train", "tune", "serve"])
        ' Did you mean train?'
    """
    matches = [f"{prefix}{match}" for match in difflib.get_close_matches(name, names, n=3)]
    return f" Did you mean {' or '.join(matches)}?" if matches else ""
