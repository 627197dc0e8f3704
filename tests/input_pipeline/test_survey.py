"""Every example that cannot be used is named with the reason; all others are measured."""

import dataclasses
import logging

import numpy as np
import pytest

from seqapp.features import ink_features
from seqapp.input_pipeline import Examples, survey
from seqapp.recipe import InkConfig, Recipe
from seqapp.senses import InkSense
from seqapp.text import Alphabet
from tests.small_models import scribble

ALPHABET = Alphabet(tuple(" ab"))
RECIPE = Recipe(features=InkConfig(kind="points", height="spread", step=0.1, max_points=300))
DOT = np.array([[3, 4, 0, 1]], np.float32)
NOT_FINITE = np.where(np.arange(40)[:, np.newaxis] == 11, np.inf, scribble(40)).astype(np.float32)

CASES = {
    "good": (scribble(60), "ab a", None),
    "dot": (DOT, "a", None),
    "nothing": (np.zeros([0, 4], np.float32), "ab", "no points"),
    "infinite": (NOT_FINITE, "ab", "coordinates that are not finite"),
    "endless": (scribble(301), "ab", "301 points, more than features.max_points = 300"),
    "silent": (scribble(60), "", "empty label"),
    "foreign": (scribble(60), "abßö", "characters outside the alphabet: ß ö"),
    "short": (DOT, "ab", "label cannot be aligned: 1 frames, 2 needed"),
    "repeats": (scribble(4, 1), "a" * 99, "label cannot be aligned"),
    "long": (scribble(290), "ab", "more than data.max_frames = 200"),
}


def halved(length):
    return -(-length // 2)


def surveyed(names=tuple(CASES), recipe=RECIPE, max_frames=200):
    examples = Examples.from_iterable(
        ({"id": name, "writer_id": "", "text": CASES[name][1], "points": CASES[name][0]} for name in names),
        InkSense,
    )
    return examples, survey(examples, recipe, ALPHABET, halved, "train", max_frames)


def test_each_fault_is_named_by_id():
    _, found = surveyed()
    expected = {name: reason for name, (*_, reason) in CASES.items() if reason}
    assert [name for name, _ in found.skipped] == list(expected), "in the order of the corpus"
    for name, reason in found.skipped:
        assert expected[name] in reason


def test_what_is_usable_is_measured_in_feature_frames():
    examples, found = surveyed()
    assert [examples.ids[i] for i in found.usable] == ["good", "dot"]
    expected = [len(ink_features(CASES[name][0], RECIPE.features)) for name in ("good", "dot")]
    assert found.num_frames[found.usable].tolist() == expected
    assert not np.delete(found.num_frames, found.usable).any()


def test_length_counts_in_logit_frames():
    """A label may fit into the frames of the features, but not into those that the encoder leaves."""
    frames = len(ink_features(scribble(8, 1), RECIPE.features))
    text = ("ab" * frames)[: halved(frames) + 1]
    examples = Examples.from_iterable([{"id": "x", "writer_id": "", "text": text, "points": scribble(8, 1)}], InkSense)
    assert survey(examples, RECIPE, ALPHABET, lambda n: n, "train").usable.tolist() == [0]
    ((_, reason),) = survey(examples, RECIPE, ALPHABET, halved, "train").skipped
    assert reason == f"label cannot be aligned: {halved(frames)} frames, {len(text)} needed"


def test_limits_are_those_that_are_given():
    longer = dataclasses.replace(RECIPE, features=dataclasses.replace(RECIPE.features, max_points=301))
    _, found = surveyed(("endless", "long"), longer, max_frames=None)
    assert not found.skipped


def test_the_log_counts_each_kind_and_names_the_first(caplog):
    with caplog.at_level(logging.INFO, logger="seqapp"):
        surveyed()
    (message,) = [record.getMessage() for record in caplog.records if record.name.startswith("seqapp")]
    assert message.startswith("train: kept 2, skipped 8 (2 label cannot be aligned, 1 no points, ")
    assert message.endswith("); the first: nothing")


@pytest.mark.parametrize("names", [(), ("nothing", "silent")])
def test_a_corpus_without_anything_usable_is_surveyed_too(names):
    _, found = surveyed(names)
    assert found.usable.tolist() == [] and [name for name, _ in found.skipped] == list(names)
