"""A transcriber with a decoder reads as its decoder says, and where greedy decoding is sure it reads the same."""

import numpy as np
import pytest

from seqapp.decoding.beam_search import beam_search
from seqapp.decoding.config import DecoderConfig, LanguageModelConfig
from seqapp.decoding.ngram import estimate, log_prob, write_arpa
from seqapp.decoding.sentences import symbol_sentences
from seqapp.models import LocalTranscriber, Recognizer, SpeechToText, Transcriber
from seqapp.text import Alphabet
from tests.small_models import ALPHABET, scribble, small_recipe, write_workdir
from tests.small_speech import RATE_HZ, say, speech_recipe


@pytest.fixture(scope="module")
def transcriber(tmp_path_factory):
    return Transcriber.load(write_workdir(tmp_path_factory.mktemp("model"), small_recipe()).path)


@pytest.fixture(scope="module")
def inks():
    return [scribble(n, seed=n) for n in (40, 90, 10)]


def test_the_best_text_of_the_search_is_read(transcriber, inks):
    readings = transcriber.with_beam_search(DecoderConfig()).transcribe(inks, batch_size=2)
    for ink, reading in zip(inks, readings):
        log_probs, frame_of_point = transcriber.log_probs(ink)
        best = beam_search(log_probs, count=1)[0]
        assert reading.text.replace("\n", " ") == ALPHABET.decode(best.labels)  # a line break is read as a space
        assert reading.text == reading.alternatives[0].text
        assert len(reading.char_frames) == len(reading.char_points) == len(best.labels)
        assert all(frame_of_point[p] >= f for p, f in zip(reading.char_points, reading.char_frames))
        assert 0 <= reading.confidence <= 1


def test_posteriors_of_a_batch_are_those_of_each_alone(transcriber, inks):
    for i, log_probs, places in transcriber.posteriors(inks, batch_size=3):
        alone, places_alone = transcriber.log_probs(inks[i])
        np.testing.assert_allclose(log_probs, alone, atol=1e-4)
        assert places[: len(inks[i])].tolist() == places_alone.tolist()


def test_a_language_model_is_listened_to(transcriber, inks, tmp_path):
    model = estimate(symbol_sentences(["ééé é"], ALPHABET), 3)
    write_arpa(model, tmp_path / "lm.arpa")
    config = DecoderConfig((LanguageModelConfig(str(tmp_path / "lm.arpa"), 3.0, 0.0),))
    texts = [transcriber.with_beam_search(c).transcribe(inks[:1])[0].text for c in (DecoderConfig(), config)]
    without, with_model = (log_prob(model, *symbol_sentences([text], ALPHABET)) for text in texts)
    assert with_model > without


def test_words_of_speech_have_times():
    recipe, alphabet = speech_recipe(), Alphabet((" ", "a", "b"))
    module = SpeechToText(Recognizer.from_recipe(recipe, alphabet), recipe, alphabet)
    plain = LocalTranscriber(module.recognize, module.log_probs, recipe, alphabet, "speech", module)
    samples = say("ab a")
    (reading,) = plain.with_beam_search(DecoderConfig()).transcribe([samples])
    assert len(reading.char_start_s) == len(reading.text)
    assert " ".join(word.text for word in reading.words) == " ".join(reading.text.split())
    ends = [time for start, end in zip(reading.char_start_s, reading.char_end_s) for time in (start, end)]
    assert ends == sorted(ends) and all(0 <= time <= len(samples) / RATE_HZ for time in ends)
