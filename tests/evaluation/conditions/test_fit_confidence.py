"""A confidence is fitted to readings of validation in all conditions, and reads as the graph does."""

import dataclasses

import numpy as np
import pytest

from seqapp.conditions.tables import conditions_of, unreadable_of
from seqapp.evaluation.conditions.fit_confidence import fit_confidence
from tests.small_speech import small_examples
from tests.small_transcribers import local_transcriber


@pytest.fixture(scope="module")
def fitted():
    return fit_confidence(local_transcriber("speech"), small_examples(3))


def test_every_example_is_read_in_every_condition(fitted):
    conditions = sum(len(damage.strengths) for of in (conditions_of, unreadable_of) for damage in of("speech").values())
    assert fitted[1]["examples"] == 3 and fitted[1]["readings"] == 3 * (1 + conditions)


def test_readings_that_are_all_wrong_have_little_confidence(fitted):
    # Random weights read nothing rightly.
    confidence, facts = fitted
    assert (confidence(np.array([-20.0, -50.0]), [False, False]) < 0.05).all() and facts["auroc"] is None


def test_examples_without_a_label_are_left_out():
    examples = small_examples(2)
    nothing = dataclasses.replace(examples, texts=np.array(["", ""], object))
    with pytest.raises(ValueError, match="validation examples with a label"):
        fit_confidence(local_transcriber("speech"), nothing)
