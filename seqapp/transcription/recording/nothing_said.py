"""Sound that holds no speech, such as music: readings of low confidence become empty, and keep what was heard."""

from collections.abc import Iterable, Iterator, Sequence

from seqapp.transcription.recording.joining import Part, mean_confidence

# Chosen on validation utterances of AN4 under all conditions, and on music, noise and voices backwards: see README.md.
OF_ONE = 0.02  # confidence below which one piece says nothing,
MORE_EACH = 0.01  # and so much more for each piece more: their mean is steadier,
AT_MOST = 0.07  # up to this
HEARD_S = 60.0  # of a recording before anything is written of it


def without_sounds(parts: Iterable[Part]) -> Iterator[Part]:
    """Leave out the text of a recording in which nothing seems to be said.

    Parts are held back until a minute of the recording was heard, and as long as nothing seems to be said in all that
    was; what comes later is kept.

    Args:
        parts: `Part`s in order.

    Yields:
        `Part`s in order; where nothing was said up to the end, `Part.without_text`.
    """
    held: list[Part] = []
    parts = iter(parts)
    for part in parts:
        held.append(part)
        if part.start_s + part.seconds >= HEARD_S and not is_nothing(held):
            yield from held
            yield from parts
            return
    yield from (part.without_text() for part in held) if is_nothing(held) else held


def is_nothing(parts: Sequence[Part]) -> bool:
    """Tell whether nothing seems to be said in pieces: the model is not sure, and their mean confidence is too low.

    A model that has no bound of what it is sure of is always sure.
    """
    read = [part for part in parts if part.characters]
    if not read or all(part.is_sure for part in read):
        return False
    return mean_confidence(read) < min(OF_ONE + MORE_EACH * (len(read) - 1), AT_MOST)
