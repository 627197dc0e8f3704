"""Texts of the graph with context are those of the search in Python; a stream gives the text of the whole."""

import functools

import numpy as np
import pytest
import tensorflow as tf

from seqapp.ctc.prefix_search import Pruning
from seqapp.decoding import beam_search as in_python
from seqapp.decoding.agreement import calibrated, frame_matches, shares
from seqapp.decoding.ngram import estimate
from seqapp.decoding.scorers.character_scorer import CharacterScorer
from seqapp.decoding.sentences import symbol_sentences
from seqapp.models.context import context_decoding
from seqapp.models.context.character_ngram import CharacterNGram
from seqapp.models.context.context_decoding import NUM_TEXTS, ContextDecoding
from seqapp.text import Alphabet
from tests.ctc.prefix_search.searches import log_softmax, padded, rows_of_many_kinds

ALPHABET = Alphabet((" ", "a", "é", "ch", "x"))  # a symbol of two characters, and one that the model does not know
LETTERS = estimate(symbol_sentences(["aé cha", "é ché a", "chaé", "a a éé"], Alphabet(ALPHABET.symbols[:-1])), 4)
SYMBOLS = tf.constant([*ALPHABET.symbols, ""])
WIDTH = 12
SAY = 0.7, 0.5
TEMPERATURE, OFFSET = 1.6, -0.5
ROWS = rows_of_many_kinds(ALPHABET.num_classes, seed=2)


def of_width(width):
    scorer, pruning = CharacterNGram(LETTERS, ALPHABET, *SAY), Pruning(**vars(in_python.Pruning(width)))
    return ContextDecoding(scorer, pruning, temperature=TEMPERATURE, offset=OFFSET)


CONTEXT = of_width(WIDTH)


def search_in_python(width=WIDTH):
    return in_python.BeamSearch([CharacterScorer(LETTERS, ALPHABET, *SAY)], in_python.Pruning(width))


def hypotheses(row, width=WIDTH):
    search = search_in_python(width)
    search.push(row)
    return search.hypotheses()


def text_of(hypothesis):
    return "".join(ALPHABET.symbols[label] for label in hypothesis.labels)


def decoded(texts):
    return [text.decode("utf-8") for text in np.ravel(texts)]


@pytest.mark.parametrize("width", [WIDTH, 3])
def test_the_best_texts_are_those_of_the_search_in_python(width):
    log_probs, num_frames = padded(ROWS)
    texts, scores = of_width(width).n_best(tf.constant(log_probs), tf.constant(num_frames), SYMBOLS)
    assert texts.shape == scores.shape == (len(ROWS), NUM_TEXTS)
    for row, received, values in zip(ROWS, texts.numpy(), scores.numpy()):
        expected = hypotheses(row, width)[:NUM_TEXTS]
        rest = NUM_TEXTS - len(expected)
        assert decoded(received) == [text_of(h) for h in expected] + [""] * rest
        np.testing.assert_allclose(values, [h.score for h in expected] + [-np.inf] * rest, atol=1e-4)


def test_the_best_text_has_its_frames_confidences_and_share():
    log_probs, num_frames = padded(ROWS)
    logits = log_probs + np.random.default_rng(0).normal(size=[*log_probs.shape[:2], 1])  # no log-probabilities yet
    decoding = CONTEXT.decode(tf.constant(logits, tf.float32), tf.constant(num_frames))
    for i, row in enumerate(ROWS):
        found = hypotheses(row)
        best = found[0]
        assert tuple(decoding.labels[i].numpy()) == best.labels and tuple(decoding.frames[i].numpy()) == best.frames
        is_there = frame_matches([h.labels for h in found], [h.frames for h in found])
        agreed = shares([h.score for h in found]) @ is_there
        np.testing.assert_allclose(decoding.confidences[i], calibrated(agreed, TEMPERATURE, OFFSET), atol=1e-4)
        means = best.peaks or row[:, -1]  # of a text without labels the blanks
        np.testing.assert_allclose(decoding.confidence[i], np.exp(np.mean(means)) if len(means) else 1.0, rtol=1e-4)
        np.testing.assert_allclose(np.exp(decoding.log_share[i]), shares([h.score for h in found])[0], atol=1e-4)


@functools.cache
def traced_step(pending=None):
    """`stream_step` of a batch; PENDING is read as it is traced."""
    state = {
        name: tf.TensorSpec([None, *tensor.shape[1:]], tensor.dtype) for name, tensor in CONTEXT.stream_init(1).items()
    }
    specs = [([None, None, ALPHABET.num_classes], tf.float32)]
    specs += [([None], kind) for kind in (tf.int32, tf.bool, tf.int32)]
    signature = [state, *(tf.TensorSpec(*spec) for spec in specs)]
    return tf.function(
        lambda *inputs: CONTEXT.stream_step(*inputs, SYMBOLS), input_signature=signature, autograph=False
    )


def run(step, chunks):
    """Feed chunks: for each row of the batch a list of (frames `[T, K]`, final).

    Returns:
        For each row a list of (text, partial_text) of its chunks; and the state behind the last.
    """
    state, first = CONTEXT.stream_init(len(chunks)), np.zeros(len(chunks), np.int32)
    outputs = [[] for _ in chunks]
    nothing = np.zeros([0, ALPHABET.num_classes], np.float32), False
    for k in range(max(map(len, chunks))):
        pieces = [row[k] if k < len(row) else nothing for row in chunks]
        log_probs, num_frames = padded([frames for frames, _ in pieces], more=k % 2)
        final = np.array([is_final for _, is_final in pieces])
        found, state = step(state, log_probs, num_frames, final, first)
        first = np.where(final, 0, first + num_frames).astype(np.int32)
        for row, *texts in zip(outputs, decoded(found["text"]), decoded(found["partial_text"])):
            row.append(tuple(texts))
    return outputs, state


def cut(rng, row, most):
    """Chunks of 0 to `most` frames, the last of them final."""
    edges = [0]
    while edges[-1] < len(row):
        edges.append(min(len(row), edges[-1] + int(rng.integers(0, most + 1))))
    return [(row[a:b], False) for a, b in zip(edges, edges[1:])] + [(row[:0], True)]


@pytest.mark.parametrize("most", [2, 9, 100])
def test_a_stream_joined_is_the_text_of_the_whole_however_it_is_cut(most):
    rng = np.random.default_rng(most)
    chunks = [cut(rng, row, most) for row in ROWS]
    outputs, state = run(traced_step(), chunks)
    for row, steps, received in zip(ROWS, chunks, outputs, strict=True):
        search, settled = search_in_python(), ""
        for (frames, is_final), (text, partial) in zip(steps, received):
            search.push(frames)
            settled += text
            assert settled + partial == text_of(search.hypotheses(1, is_final)[0])
            assert not (is_final and partial)
        assert settled == text_of(hypotheses(row)[0])
        assert not any("".join(pair) for pair in received[len(steps) :])  # nothing comes of what has ended
    for name, tensor in CONTEXT.stream_init(len(ROWS)).items():
        np.testing.assert_array_equal(state[name], tensor, err_msg=name)  # all have begun anew


def test_rows_begin_anew_in_the_middle_at_a_pace_of_their_own():
    rng = np.random.default_rng(7)
    utterances = [[ROWS[0], ROWS[6], ROWS[8], ROWS[1]], [ROWS[2]], [ROWS[7], ROWS[3], ROWS[12]]]
    chunks = [[chunk for row in rows for chunk in cut(rng, row, 9)] for rows in utterances]
    outputs, _ = run(traced_step(), chunks)
    for rows, steps, received in zip(utterances, chunks, outputs):
        texts = [""]
        for (_, is_final), (text, _) in zip(steps, received):
            texts[-1] += text
            texts += [""] * is_final
        assert texts[:-1] == [text_of(hypotheses(row)[0]) for row in rows]


def test_the_last_chunk_may_hold_frames_too():
    for row in ROWS[:3]:
        ((first, last),), _ = run(traced_step(), [[(row[:20], False), (row[20:], True)]])
        assert first[0] + last[0] == text_of(hypotheses(row)[0]) and last[1] == ""


# Labels and blanks in turn.
LABELS = [1, 5, 0, 5, 2, 5, 3, 5, 1, 5, 2, 5, 0, 5, 1, 5, 2, 5, 2, 5]


def certain(first=(12.0, -12.0)):
    """Log-probabilities of a row in which all but the first of `LABELS`, "a" or "é", is certain."""
    logits = np.full([len(LABELS), ALPHABET.num_classes], -12.0)
    logits[np.arange(len(LABELS)), LABELS] = 12.0
    logits[0, [1, 2]] = first
    return log_softmax(logits)


def test_what_is_certain_is_settled_at_once_but_for_the_last_character():
    row = certain()
    (received,), _ = run(traced_step(), [[(row[i : i + 2], i == 18) for i in range(0, 20, 2)]])
    texts = ["a", " ", "é", "ch", "a", "é", " ", "a", "é", "é"]
    assert received[:-1] == list(zip(["", *texts], texts))[:-1] and received[-1] == ("éé", "")


@pytest.fixture(scope="module")
def impatient_step():
    """A step that lets no more than 3 characters wait."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(context_decoding, "PENDING", 3)
        yield traced_step(3)


def test_of_too_many_that_wait_the_best_text_is_kept(impatient_step):
    # Two beginnings are as good as even, all that follows is certain: nothing can be settled until the last frame.
    row = certain((2.0, 1.9))
    for most in (1, 4, 100):
        (received,), state = run(impatient_step, [cut(np.random.default_rng(0), row, most)])
        texts = "".join(text for text, _ in received)
        assert texts == text_of(hypotheses(row)[0]) == "a écha" + "é a" + "éé"
        assert state["history"].shape[2] == 3
        so_far = ""
        for text, partial in received:
            so_far += text
            assert texts.startswith(so_far) and len(partial) <= 2 * 3


@pytest.mark.parametrize("most", [2, 7])
def test_too_many_that_wait_of_any_row_leave_texts_that_end(impatient_step, most):
    rng = np.random.default_rng(0)
    rows = [*ROWS, log_softmax(0.3 * rng.normal(size=[80, ALPHABET.num_classes]))]
    chunks = [cut(rng, row, most) for row in rows]
    outputs, state = run(impatient_step, chunks)
    for steps, received in zip(chunks, outputs):
        assert received[len(steps) - 1][1] == ""
        assert not any("".join(pair) for pair in received[len(steps) :])
    assert "".join(text for text, _ in outputs[-1])
    for name, tensor in CONTEXT.stream_init(len(rows)).items():
        np.testing.assert_array_equal(state[name], tensor, err_msg=name)
