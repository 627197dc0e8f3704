"""Connectionist temporal classification (CTC): loss, greedy decoding, forced alignment, probability of given labels.

The search with a language model is `seqapp.ctc.prefix_search`.

Logits are `[B, T, K]`, blank last; a loss is `[B]`. Floor 1.
"""

from seqapp.ctc.forced_alignment import ForcedAlignment, forced_align
from seqapp.ctc.frames_needed import frames_needed
from seqapp.ctc.greedy import GreedyDecoding, greedy_decode
from seqapp.ctc.label_columns import read_log_prob
from seqapp.ctc.label_probability import label_log_prob
from seqapp.ctc.loss import ctc_loss

__all__ = [
    "ForcedAlignment",
    "GreedyDecoding",
    "ctc_loss",
    "forced_align",
    "frames_needed",
    "greedy_decode",
    "label_log_prob",
    "read_log_prob",
]
