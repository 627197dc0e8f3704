"""Recognition of one example: reference, hypothesis, confidences and frames, all that scoring needs."""

import dataclasses
import itertools
import math
from collections.abc import Sequence


@dataclasses.dataclass(frozen=True)
class Recognition:
    """One example, read.

    Args:
        id: Names the example.
        group_id: Who wrote or spoke it (hashed); empty when unknown. Intervals resample these.
        reference: What was written.
        hypothesis: What was read.
        confidence: Of the whole hypothesis, in [0, 1]; NaN when the decoder gives none.
        char_frames: Output frame at which each symbol of the hypothesis is emitted, not decreasing; empty
            when unknown.
        char_confidences: Posterior of each symbol at its frame, in [0, 1]; as long as `char_frames`.
        page_id: The page it is on; empty where there are no pages.
        is_sure: As of `Reading`.
        text_in_training: Whether the reference also stands among the training texts; None: nobody looked.

    Raises:
        ValueError: Frames and confidences differ in number, or frames decrease.
    """

    id: str
    group_id: str
    reference: str
    hypothesis: str
    confidence: float = math.nan
    char_frames: Sequence[int] = ()
    char_confidences: Sequence[float] = ()
    page_id: str = ""
    is_sure: bool = True
    text_in_training: bool | None = None

    def __post_init__(self) -> None:
        frames = tuple(int(frame) for frame in self.char_frames)
        confidences = tuple(float(confidence) for confidence in self.char_confidences)
        object.__setattr__(self, "char_frames", frames)
        object.__setattr__(self, "char_confidences", confidences)
        if len(frames) != len(confidences):
            raise ValueError(
                f"{self.id}: expected one confidence per frame, received {len(frames)} char_frames and "
                f"{len(confidences)} char_confidences."
            )
        if any(later < earlier for earlier, later in itertools.pairwise(frames)):
            raise ValueError(f"{self.id}: char_frames must not decrease. Received: {frames}.")
