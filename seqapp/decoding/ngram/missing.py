"""N-grams that an ARPA file lacks though longer ones need them: SRILM prunes them away."""

import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from seqapp.decoding.ngram.sections import Places, Section

log = logging.getLogger(__name__)


def with_missing(path: str | Path, sections: Sequence[Section], num_tokens: int) -> list[Section]:
    """Add what n-grams are made of, without probabilities: those that backing off gives change nothing.

    Args:
        path: Named in the log.
        sections: One per order, 1 first, with all tokens.
        num_tokens: V.
    """
    if _are_closed(sections, num_tokens):
        return list(sections)
    sections = list(sections)
    num_added = 0
    for order in range(len(sections), 2, -1):
        shorter = sections[order - 2]
        listed = set(map(tuple, shorter.ids.tolist()))
        ids = sections[order - 1].ids
        parts = {tuple(part) for part in (*ids[:, :-1].tolist(), *ids[:, 1:].tolist())}
        if missing := sorted(parts - listed):
            num_added += len(missing)
            sections[order - 2] = Section(
                np.concatenate([shorter.ids, np.array(missing)]),
                np.concatenate([shorter.log_prob, np.full(len(missing), np.nan)]),
                np.concatenate([shorter.backoff, np.zeros(len(missing))]),
            )
    log.warning("%s lacks %d n-grams that longer ones go back to: added as backing off has them", path, num_added)
    return sections


def _are_closed(sections, num_tokens):
    """Tell whether every part of an n-gram is in the section before."""
    places = Places(num_tokens)
    for order, section in enumerate(sections, 1):
        context = places(section.ids[:, :-1])
        if (context < 0).any() or (order > 1 and (places(section.ids[:, 1:]) < 0).any()):
            return False
        token = section.ids[:, -1]
        by_context = np.lexsort([token, context])
        places.add(context[by_context], token[by_context])
    return True
