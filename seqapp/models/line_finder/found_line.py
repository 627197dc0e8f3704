"""Found line: a text line of a page as a line finder gives it."""

import dataclasses

import numpy as np

from seqapp.datasets.image.page import TextLine


@dataclasses.dataclass(frozen=True)
class FoundLine:
    """One line that was found on a page; all in pixels of the page as it was given, y growing down.

    Args:
        baseline: Float `[N, 2]` of x, y, N >= 2, left to right: what the letters stand on.
        above: Height of the ascenders over the baseline.
        below: Depth of the descenders under it.
        confidence: Probability, in [0, 1], that there is such a line.
    """

    baseline: np.ndarray
    above: float
    below: float
    confidence: float = 1.0

    def outline(self) -> np.ndarray:
        """Return the polygon, float64 `[2 N, 2]`, clockwise from the left: the baseline moved up, and back below it.

        The ends of the baseline are lengthened by nothing: a finder that wants room beside the letters gives it.
        """
        upwards = _upwards(self.baseline)
        return np.concatenate([self.baseline + self.above * upwards, (self.baseline - self.below * upwards)[::-1]])

    def text_line(self, id: str, text: str = "") -> TextLine:
        """Return the line as the readers of layouts give it, to be cut out of its page by their code."""
        return TextLine(id, self.outline(), np.asarray(self.baseline, np.float64), text)


def _upwards(baseline: np.ndarray) -> np.ndarray:
    """Return the direction `[2]` that is up for a line as a whole: a single one, so that no outline crosses itself."""
    along = np.asarray(baseline[-1], np.float64) - baseline[0]
    length = np.hypot(*along)
    return np.array([along[1], -along[0]]) / length if length else np.array([0.0, -1.0])
