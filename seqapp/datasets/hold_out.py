"""Hold-out splits by writer or speaker, seeded, for a corpus of a user's that has no split folders."""

import hashlib
from collections.abc import Sequence

SEED = "seqapp"
SHARE = 0.1  # of the examples for each split that is held out
FEWEST_GROUPS = 5  # writers or speakers; with fewer, examples are held out one by one
FEWEST_EXAMPLES = 3


def hold_out(ids: Sequence[str], groups: Sequence[str], splits: Sequence[str]) -> list[str] | None:
    """Divide examples into train and the splits that are held out.

    Args:
        ids: Of the examples.
        groups: Writer or speaker of each; empty when unknown.
        splits: Names of the splits to hold out, such as ("validation", "test"); each gets a tenth.

    Returns:
        Split of each example. No writer or speaker is in two splits where there are at least `FEWEST_GROUPS`; the same
        ids and groups are always divided alike. None where there are too few examples to divide.
    """
    if len(ids) < FEWEST_EXAMPLES:
        return None
    keys = list(groups) if is_by_group(groups) else list(ids)
    members: dict[str, int] = {}
    for key in keys:
        members[key] = members.get(key, 0) + 1
    order = sorted(members, key=lambda key: hashlib.sha1(f"{SEED}/{key}".encode("utf-8", "replace")).digest())
    quota = max(SHARE * len(ids), 1)
    split_of: dict[str, str] = {}
    for split in splits:
        count = 0
        while order and count < quota:
            key = order.pop(0)
            split_of[key] = split
            count += members[key]
    return [split_of.get(key, "train") for key in keys]


def is_by_group(groups: Sequence[str]) -> bool:
    """Return whether `hold_out` keeps writers or speakers together."""
    return all(groups) and len(set(groups)) >= FEWEST_GROUPS
