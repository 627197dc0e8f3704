"""Small print on a page of handwriting: long lines that the network doubts, since it has learnt to leave print out."""

import logging

import numpy as np

from seqapp.models.line_finder.found_line import FoundLine

SURE_PAGE = 0.75  # median confidence of the lines of a page, at least: elsewhere doubts tell nothing
DOUBT = 0.6  # confidence below which a long line of such a page is print; short ones of a hand are doubted, too
LONG = 7.0  # heights

log = logging.getLogger(__name__)


def without_small_print(lines: list[FoundLine]) -> list[FoundLine]:
    """Leave out lines of small print, and tell in the log how many.

    Args:
        lines: `FoundLine`s of a page.
    """
    if not lines or np.median([line.confidence for line in lines]) < SURE_PAGE:
        return lines
    length = LONG * np.median([line.above + line.below for line in lines])
    kept = [line for line in lines if line.confidence >= DOUBT or np.ptp(line.baseline[:, 0]) < length]
    if len(kept) < len(lines):
        log.info("%d of %d lines left out as small print", len(lines) - len(kept), len(lines))
    return kept
