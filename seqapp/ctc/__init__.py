"""CTC over characters: logits `[B, T, K]`, blank last, to a loss `[B]` or to labels with frames and confidences.

Floor 1.
"""

from seqapp.ctc.alignment import frames_needed
from seqapp.ctc.greedy import GreedyDecoding, greedy_decode
from seqapp.ctc.loss import ctc_loss

__all__ = ["GreedyDecoding", "ctc_loss", "frames_needed", "greedy_decode"]
