"""What the server's threads share gives each of them what it gives one alone."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from seqapp.decoding.config import DecoderConfig
from seqapp.decoding.decoder import Decoder
from seqapp.language.corpus.vocabulary import Vocabulary
from tests.serving.server.live.small_live import ink_transcriber
from tests.small_models import ALPHABET

NUM_THREADS = 8


def together(function, items):
    """Results of many threads that begin at once, each with all of the items in an order of its own."""
    orders = [np.random.default_rng(seed).permutation(len(items)) for seed in range(NUM_THREADS)]

    def run(order):
        found = {i: function(items[i]) for i in order}
        return [found[i] for i in range(len(items))]

    with ThreadPoolExecutor(NUM_THREADS) as threads:
        return list(threads.map(run, orders))


def frames(seed):
    logits = np.random.default_rng(seed).normal(scale=3.0, size=(20 + seed, ALPHABET.num_classes))
    return (logits - np.log(np.exp(logits).sum(1, keepdims=True))).astype(np.float32)


def test_one_decoder_of_many_threads():
    items = [frames(seed) for seed in range(6)]
    alone = [Decoder(ALPHABET, DecoderConfig()).decode(item) for item in items]
    for found in together(Decoder(ALPHABET, DecoderConfig()).decode, items):
        for one, expected in zip(found, alone, strict=True):
            assert one.labels == expected.labels and one.alternatives == expected.alternatives


def test_one_transcriber_of_many_threads():
    transcriber = ink_transcriber().with_beam_search(DecoderConfig())
    items = [np.random.default_rng(seed).uniform(0, 50, [12 + seed, 4]).astype(np.float32) for seed in range(3)]
    for points in items:
        points[:, 2], points[:, 3] = np.arange(len(points)) / 100, np.arange(len(points)) == len(points) - 1
    alone = [transcriber.transcribe([item])[0].alternatives for item in items]
    assert all(found == alone for found in together(lambda item: transcriber.transcribe([item])[0].alternatives, items))


def test_one_vocabulary_of_many_threads_that_ask_it_first_at_the_same_time():
    for _ in range(20):  # what it knows is put together when it is first asked
        vocabulary = Vocabulary.from_tokens(["the", "cat", "sat", "on", "the", "mat"], "words")
        alone, *others = together(vocabulary.encode, ["the cat", "a mat", "sat on"])
        assert all(np.array_equal(a, b) for found in others for a, b in zip(found, alone, strict=True))
