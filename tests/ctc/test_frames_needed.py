"""Frames needed are those of the shortest path."""

import itertools

import pytest

from seqapp.ctc import frames_needed

BLANK = 2


def collapse(path):
    """Merge repeats, drop blanks."""
    return tuple(label for label, _ in itertools.groupby(path) if label != BLANK)


def test_frames_needed_is_the_length_of_the_shortest_path():
    shortest = {}
    for num_frames in range(8):  # 7 frames are enough for any 4 labels: a blank between each two
        for path in itertools.product(range(BLANK + 1), repeat=num_frames):
            shortest.setdefault(collapse(path), num_frames)
    for num_labels in range(5):
        for labels in itertools.product(range(BLANK), repeat=num_labels):
            assert frames_needed(labels) == shortest[labels], labels


@pytest.mark.parametrize(("text", "frames"), [("", 0), ("a", 1), ("ab", 2), ("aa", 3), ("aaa", 5), ("hello", 6)])
def test_every_immediate_repeat_costs_a_blank(text, frames):
    assert frames_needed([ord(character) for character in text]) == frames
