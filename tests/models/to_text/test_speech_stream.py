"""Chunks of any size give the frames and the text of the whole, in a state that does not grow."""

import functools

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from seqapp.models import SpeechToText
from tests.pairwise import mostly_slow
from tests.small_models import ALPHABET
from tests.small_speech import say, speech_model, speech_recipe
from tests.streams import cut, lockstep

ROWS = (say("ab cad"), say("bc"), say("d")[:900])
each_kind = pytest.mark.parametrize("kind", mostly_slow(["librosa", "kaldi"], ["librosa"]))


@functools.cache
def module(kind):
    return SpeechToText(*speech_model(ALPHABET, kind, look_ahead=2), ALPHABET)


@functools.cache
def stream(kind):
    functions = module(kind).stream_functions()
    return functions["stream_init"], functions["stream_step"]


def padded(rows, garbage=0.0):
    lengths = np.array([len(row) for row in rows], np.int32)
    waveform = np.full([len(rows), max(lengths)], garbage, np.float32)
    for row, samples in zip(waveform, rows):
        row[: len(samples)] = samples / 32_768
    return tf.constant(waveform), tf.constant(lengths)


def streamed(kind, rows, chunks):
    """Joined texts, and log_probs `[T', K]` and times of each row, of chunk lengths `[row][chunk]`; and the state."""
    init, step = stream(kind)
    state, position = init(batch_size=tf.constant(len(rows))), np.zeros(len(rows), int)
    texts, log_probs, times = ([[] for _ in rows] for _ in range(3))
    for lengths, final in lockstep(chunks):
        pieces = [row[start : start + length] for row, start, length in zip(rows, position, lengths)]
        waveform, found_lengths = padded(pieces, garbage=np.nan)
        found = step(waveform=waveform, lengths=found_lengths, final=tf.constant(final), **state)
        state, position = {name: found[name] for name in state}, position + lengths
        for row, count in enumerate(found["num_frames"].numpy()):
            texts[row].append(found["text"][row].numpy().decode("utf-8"))
            log_probs[row].append(found["log_probs"][row, :count].numpy())
            times[row].append(found["frame_start_s"][row, :count].numpy())
    return ["".join(text) for text in texts], *([np.concatenate(x) for x in rows] for rows in (log_probs, times)), state


def check(kind, rows, chunks):
    waveform, lengths = padded(rows)
    whole, beliefs = module(kind).recognize(waveform, lengths), module(kind).log_probs(waveform, lengths)
    texts, log_probs, times, _ = streamed(kind, rows, chunks)
    assert texts == [text.decode("utf-8") for text in whole["text"].numpy()]
    for row, count in enumerate(beliefs["num_frames"].numpy()):
        np.testing.assert_allclose(log_probs[row], beliefs["log_probs"][row, :count], atol=2e-4)
        np.testing.assert_allclose(times[row], beliefs["frame_start_s"][row, :count], rtol=1e-5)


@each_kind
@settings(deadline=None, max_examples=12)
@given(data=st.data())
def test_any_cut_gives_the_text_and_the_frames_of_the_whole(kind, data):
    edges = [sorted(data.draw(st.lists(st.integers(0, len(row)), max_size=6))) for row in ROWS]
    chunks = [np.diff([0, *inner, len(row)]).tolist() for inner, row in zip(edges, ROWS)]
    check(kind, ROWS, chunks)


@each_kind
@pytest.mark.parametrize("size", [640, 2_560, 100_000])
def test_chunks_of_one_size_give_the_whole(kind, size):
    check(kind, ROWS, [cut(len(row), size) for row in ROWS])


@each_kind
def test_sample_by_sample(kind):
    """Beyond a window of 400, and the rest at once."""
    check(kind, ROWS[2:], [[1] * 430 + [len(ROWS[2]) - 430]])


def test_the_rows_hold_texts_that_prove_something():
    for kind in ("librosa", "kaldi"):
        texts = module(kind).recognize(*padded(ROWS))["text"].numpy()
        assert len(b"".join(texts)) >= 5 and len(set(b"".join(texts))) >= 2


@each_kind
def test_no_sample_is_no_frame_and_no_text(kind):
    texts, log_probs, *_ = streamed(kind, [np.zeros(0, np.int16)] * 2, [[0], [0, 0]])
    assert texts == ["", ""] and [len(rows) for rows in log_probs] == [0, 0]


@each_kind
def test_a_row_begins_anew_behind_its_end(kind):
    (together,), *_ = streamed(kind, [np.concatenate(ROWS[:2])], [[5_000, len(ROWS[0]) - 5_000]])
    init, step = stream(kind)
    state, texts = init(batch_size=tf.constant(1)), []
    for row in (*ROWS[:2], ROWS[0]):
        waveform, lengths = padded([row])
        found = step(waveform=waveform, lengths=lengths, final=tf.constant([True]), **state)
        state = {name: found[name] for name in state}
        texts.append(found["text"].numpy()[0].decode("utf-8"))
    assert texts[0] == texts[2] == together
    for name, tensor in init(batch_size=tf.constant(1)).items():
        np.testing.assert_array_equal(state[name], tensor, err_msg=name)


@each_kind
def test_the_state_has_one_size(kind):
    init = stream(kind)[0](batch_size=tf.constant(3))
    *_, state = streamed(kind, ROWS, [[7], [0, 2_000], [900]])
    assert {n: (t.shape, t.dtype) for n, t in state.items()} == {n: (t.shape, t.dtype) for n, t in init.items()}


@each_kind
def test_samples_that_are_not_finite_are_silence(kind):
    gap, silent = ROWS[0] / np.float32(32_768), ROWS[0].copy()
    gap[3_000:3_100], silent[3_000:3_100] = [np.nan] * 50 + [np.inf] * 50, 0
    _, step = stream(kind)
    texts = []
    for waveform in (gap, silent / np.float32(32_768)):
        state = stream(kind)[0](batch_size=tf.constant(1))
        chunk = {"waveform": tf.constant(waveform[np.newaxis], tf.float32), "lengths": tf.constant([99_999])}
        texts.append(step(**chunk, final=tf.constant([True]), **state)["text"].numpy()[0])
    assert texts[0] == texts[1] != b""


def test_a_bidirectional_model_has_no_functions_for_it():
    recognizer, _ = speech_model(ALPHABET)
    backwards = SpeechToText(recognizer, speech_recipe(bidirectional=True), ALPHABET)
    assert not any(name.startswith("stream") for name in backwards.functions())
