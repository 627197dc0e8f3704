"""Hold-out splits by writer or speaker, seeded, for a corpus of a user's that has no split folders."""

import hashlib
from collections.abc import Sequence

SEED = "seqapp"
SHARE = 0.1  # of the writers, speakers or examples for each split that is held out
FEWEST_GROUPS = 5  # writers or speakers; with fewer, examples are held out one by one
FEWEST_EXAMPLES = 3


def hold_out(ids: Sequence[str], groups: Sequence[str], splits: Sequence[str]) -> list[str] | None:
    """Divide examples into train and the splits that are held out.

    Args:
        ids: Of the examples.
        groups: Writer or speaker of each; empty when unknown.
        splits: Names of the splits to hold out, such as ("validation", "test"); each gets about a tenth.

    Returns:
        Split of each example. No writer or speaker is in two splits where there are at least `FEWEST_GROUPS`. A hash
        decides, of the writer, speaker or id alone: who is held out stays so when the corpus grows. Small corpora are
        the exception: each split gets one at least, which stands in until the hash gives it another. None where there
        are too few examples to divide.
    """
    if len(ids) < FEWEST_EXAMPLES:
        return None
    keys = list(groups) if is_by_group(groups) else list(ids)
    places = {key: _place(key) for key in keys}
    order = sorted(places, key=lambda key: (places[key], key))
    split_of: dict[str, str] = {}
    start = 0
    for number, split in enumerate(splits, 1):
        below = sum(place < number * SHARE for place in places.values())
        most = len(order) - 1 - (len(splits) - number)  # one is left for each split to come, and one for train
        end = min(max(below, start + 1), most)
        split_of |= dict.fromkeys(order[start:end], split)
        start = end
    return [split_of.get(key, "train") for key in keys]


def _place(key: str) -> float:
    """Return a number in [0, 1), always the same for a key."""
    digest = hashlib.sha1(f"{SEED}/{key}".encode("utf-8", "replace")).digest()
    return int.from_bytes(digest[:6], "big") / 2**48


def is_by_group(groups: Sequence[str]) -> bool:
    """Return whether `hold_out` keeps writers or speakers together."""
    return all(groups) and len(set(groups)) >= FEWEST_GROUPS
