"""The search finds every text with its exact score where nothing is pruned, and the best ones where something is."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqapp.decoding.beam_search import NO_PRUNING, BeamSearch, Pruning, beam_search
from seqapp.decoding.scorers.scorer import Scorer
from tests.decoding.lattices import every_text, random_log_probs


@st.composite
def lattices(draw):
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    size = draw(st.integers(0, 5)), draw(st.integers(1, 4))
    return random_log_probs(rng, *size, draw(st.sampled_from([0.0, 0.3, 1.0, 4.0])))


class Counting(Scorer):
    """Scores by the last two labels and the length: equal states for equal texts, and nothing else."""

    start = 0

    def __init__(self, num_labels, seed):
        self.num_labels = num_labels
        self.table = np.random.default_rng(seed).normal(size=(1000, num_labels))

    def rows(self, states):
        return self.table[states % 1000]

    def advance(self, states, labels):
        return (states * 7 + labels + 1) % 1000

    def finish(self, states):
        return self.table[states % 1000].sum(axis=1)

    def score(self, labels):
        state, total = np.array([0]), 0.0
        for label in labels:
            total += self.rows(state)[0, label]
            state = self.advance(state, np.array([label]))
        return total + self.finish(state)[0]


@settings(max_examples=60, deadline=None)
@given(lattices())
def test_equals_brute_force_over_all_texts(log_probs):
    found = {h.labels: h.ctc_score for h in beam_search(log_probs, pruning=NO_PRUNING)}
    expected = every_text(log_probs)
    assert found.keys() == expected.keys()
    assert all(abs(found[labels] - score) < 1e-9 for labels, score in expected.items())


@settings(max_examples=30, deadline=None)
@given(lattices().filter(lambda x: x.shape[1] > 1), st.integers(0, 100))
def test_equals_brute_force_with_a_scorer(log_probs, seed):
    scorer = Counting(log_probs.shape[1] - 1, seed)
    found = beam_search(log_probs, [scorer], NO_PRUNING)
    expected = {labels: score + scorer.score(labels) for labels, score in every_text(log_probs).items()}
    assert {h.labels: h.score for h in found} == pytest.approx(expected)
    assert [h.score for h in found] == sorted((h.score for h in found), reverse=True)


@settings(max_examples=30, deadline=None)
@given(lattices(), st.lists(st.integers(0, 5), max_size=4), st.integers(1, 6))
def test_chunks_of_any_size_equal_the_whole(log_probs, cuts, beam_width):
    pruning = Pruning(beam_width=beam_width)
    search = BeamSearch(pruning=pruning)
    for chunk in np.split(log_probs, sorted(min(cut, len(log_probs)) for cut in cuts)):
        search.push(chunk)
    assert search.hypotheses() == beam_search(log_probs, pruning=pruning)


def test_a_wide_beam_prunes_nothing_that_matters():
    rng = np.random.default_rng(0)
    for _ in range(20):
        log_probs = random_log_probs(rng, 6, 4, 3.0)
        best = max(every_text(log_probs).items(), key=lambda item: item[1])
        found = beam_search(log_probs, pruning=Pruning(beam_width=64), count=1)[0]
        assert found.labels == best[0] and abs(found.ctc_score - best[1]) < 1e-3


def test_a_text_that_fell_out_and_came_back_is_still_one_text():
    rng = np.random.default_rng(1)
    for _ in range(50):
        found = [h.labels for h in beam_search(random_log_probs(rng, 30, 5, 0.5), pruning=Pruning(beam_width=12))]
        assert len(set(found)) == len(found) == 12


def test_a_label_stands_where_it_is_said_and_not_where_it_is_faintly_heard_again():
    probabilities = [[0.9, 0.1], *[[0.01, 0.99]] * 4]
    best = beam_search(np.log(probabilities))[0]
    assert (best.labels, best.frames) == ((0,), (0,)) and best.peaks == pytest.approx((np.log(0.9),))


def test_scores_never_exceed_the_truth():
    rng = np.random.default_rng(2)
    for width in (1, 2, 5):
        log_probs = random_log_probs(rng, 6, 4)
        truth = every_text(log_probs)
        assert all(h.ctc_score <= truth[h.labels] + 1e-9 for h in beam_search(log_probs, pruning=Pruning(width)))


def test_no_frames_give_the_empty_text():
    (only,) = beam_search(np.zeros([0, 5]))
    assert only.labels == () and only.score == 0.0


@pytest.mark.parametrize("values", [{"beam_width": 0}, {"beam_threshold": 0.0}])
def test_impossible_pruning_is_refused(values):
    with pytest.raises(ValueError, match="must be"):
        Pruning(**values)
