"""A real model behind queues: many at once get what each gets alone, whole or as a stream."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from seqapp.models import Transcriber
from seqapp.serving.server.loaded_models.padding import Padding
from tests.small_speech import say

TEXTS = ("ab", "cad dab", "d", "acb bc ab")


@pytest.fixture(scope="module")
def model(repository):
    return repository.model("talk")


def inputs_of(samples, num_padded=0):
    waveform = np.pad(samples.astype(np.float32) / 32_768, (0, num_padded))
    return {"waveform": waveform[np.newaxis], "lengths": np.array([len(samples)], np.int32)}


def assert_alike(received, expected):
    assert received.keys() == expected.keys()
    for name, array in expected.items():
        if array.dtype == np.float32:
            np.testing.assert_allclose(received[name], array, atol=1e-5, err_msg=name)
        else:
            np.testing.assert_array_equal(received[name], array, err_msg=name)


def fit_together(signature, requests):
    fit = Padding(signature).fit
    return all(fit(requests[:end], requests[end], 64) for end in range(1, len(requests)))


def both_ways(signature, requests):
    """Outputs of requests as one batch, and one by one."""
    padding = Padding(signature)
    assert fit_together(signature, requests)
    together = padding.split(signature(padding.join(requests)), requests)
    return zip(together, map(signature, requests), strict=True)


@given(st.lists(st.tuples(st.sampled_from(TEXTS), st.integers(0, 400)), min_size=2, max_size=4))
@settings(deadline=None, max_examples=6)
def test_utterances_in_a_batch_are_those_that_come_alone(model, given_texts):
    requests = [inputs_of(say(text), num_padded) for text, num_padded in given_texts]
    # A long one and short ones may be too wasteful a batch, which is never computed together.
    assume(fit_together(model.signatures["serving_default"], requests))
    for received, expected in both_ways(model.signatures["serving_default"], requests):
        assert_alike(received, expected)


def test_a_long_one_makes_no_short_ones_wait(model):
    short, long = inputs_of(say("d")), inputs_of(np.tile(say("acb bc ab"), 20))
    assert not fit_together(model.signatures["serving_default"], [short, short, long])


def test_rows_of_nothing_and_of_nonsense_share_a_batch_with_speech(model):
    nothing, nonsense = inputs_of(say("ab")[:0]), inputs_of(say("ab"))
    nonsense["waveform"][:, 7] = np.nan
    requests = [nothing, inputs_of(say("cad")), nonsense]
    for received, expected in both_ways(model.signatures["serving_default"], requests):
        assert_alike(received, expected)


def test_chunks_of_many_streams_share_a_batch_and_keep_their_own_state(model):
    init, step = model.signatures["stream_init"], model.signatures["stream_step"]
    assert not Padding(init).fit([{"batch_size": np.int32(1)}], {"batch_size": np.int32(1)}, 8)
    state = init({"batch_size": np.array(1, np.int32)})
    together = alone = [state] * 3
    for start, final in ((0, False), (4_000, False), (8_000, True)):
        chunks = [inputs_of(say(text)[start : start + size]) for text, size in zip(TEXTS, (4_000, 2_500, 0))]
        chunks = [{**chunk, "final": np.array([final])} for chunk in chunks]
        padding, requests = Padding(step), [{**chunk, **s} for chunk, s in zip(chunks, together)]
        assert padding.fit(requests[:1], requests[1], 8) and padding.fit(requests[:2], requests[2], 8)
        received = padding.split(step(padding.join(requests)), requests)
        expected = [step({**chunk, **s}) for chunk, s in zip(chunks, alone)]
        for one, other in zip(received, expected):
            assert_alike(one, other)
        together, alone = ([{name: f[name] for name in state} for f in found] for found in (received, expected))


def test_a_transcriber_of_the_server_reads_and_streams_as_one_of_the_folder(model, repository, talk):
    samples = [say(text) for text in TEXTS]
    expected = Transcriber.load(talk).transcribe(samples)
    with ThreadPoolExecutor(4) as clients:
        readings = list(clients.map(lambda s: model.transcriber.transcribe([s])[0], samples))
        streamed = list(clients.map(lambda s: _streamed(model.transcriber, s), samples))
    assert [r.text for r in readings] == [r.text for r in expected] == streamed and any(streamed)


def _streamed(transcriber, samples):
    stream = transcriber.stream()
    for start in range(0, len(samples), 1_600):
        stream.push(samples[start : start + 1_600])
    return stream.finish()[-1].text


def test_graphs_say_what_they_have_against_inputs(repository):
    with pytest.raises(Exception, match="not positive") as caught:
        repository.model("toolbox").submit("fail", {"x": np.array([-1.0], np.float32)}).result(10)
    assert caught.value.code == "INVALID_ARGUMENT" and not isinstance(caught.value, tf.errors.OpError)
