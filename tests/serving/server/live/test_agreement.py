"""Stable is what all readings of the last while begin with."""

import os

from hypothesis import given, settings
from hypothesis import strategies as st

from seqapp.serving.server.live.agreement import Agreement


def test_a_text_becomes_stable_with_time():
    agreement = Agreement(1.0)
    assert agreement.add("he", 10.0) == ""
    assert agreement.settled_s == 11.0
    assert agreement.add("help", 10.9) == ""
    assert agreement.add("hell", 11.0) == "he"  # since 10.0, in all three
    assert agreement.stable_text(11.95) == "hel"
    assert agreement.stable_text(12.0) == "hell"
    assert agreement.settled_s < 0  # nothing is to come


def test_what_changes_at_the_front_is_not_stable_at_all():
    agreement = Agreement(1.0)
    agreement.add("ward", 0.0)
    assert agreement.add("word", 2.0) == "w"
    assert agreement.add("Word", 2.5) == ""


@settings(deadline=None, max_examples=200)
@given(st.lists(st.tuples(st.floats(0.01, 2.0), st.text("ab", max_size=4)), min_size=1, max_size=12))
def test_it_is_the_common_beginning_of_the_window(steps):
    agreement, now_s, readings = Agreement(1.0), 0.0, []
    for wait_s, text in steps:
        now_s += wait_s
        readings.append((now_s, text))
        stable = agreement.add(text, now_s)
        # What held when the window began, and all since.
        before = [t for when, t in readings if when <= now_s - 1.0][-1:] or [""]
        within = [t for when, t in readings if when > now_s - 1.0]
        assert stable == os.path.commonprefix([*before, *within])
        assert text.startswith(stable)
