"""Pruning of the prefix search in the graph."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Pruning:
    """Texts and labels that are not looked at: the fields of `seqapp.decoding.beam_search.Pruning`, which knows their
    usual values.

    Attributes:
        beam_width: Texts kept after each frame.
        beam_threshold: Texts further than this below the best one are dropped (natural logarithm).
        label_threshold: Labels less probable than this do not occur in a frame (natural logarithm).
        most_labels: Of each frame only the likeliest are looked at.
    """

    beam_width: int
    beam_threshold: float
    label_threshold: float
    most_labels: int
