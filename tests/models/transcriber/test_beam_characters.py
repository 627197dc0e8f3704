"""A beam search that hears frame by frame ends with what it finds in all frames at once, however they were cut."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqapp.decoding.config import DecoderConfig, LanguageModelConfig, RescorerConfig
from seqapp.decoding.decoder import Decoder
from seqapp.decoding.ngram import estimate
from seqapp.decoding.sentences import symbol_sentences
from seqapp.models import GREEDY, Endpointing, LocalTranscriber, SpeechToText
from seqapp.models.transcriber.beam_characters import BeamCharacters
from tests.small_models import ALPHABET
from tests.small_speech import say, speech_model
from tests.small_transcribers import FITTED

LETTERS = estimate(symbol_sentences(["é aé", "aé é", "éé a"], ALPHABET), 3)
RULES = Endpointing(pause_s=0.1, silence_s=0.2, utterance_s=0.6)


class Likes:
    """A rescorer to whom every é makes a text e times as likely."""

    def log_probs(self, texts):
        return np.array([float(text.count("é")) for text in texts])


CONFIG = DecoderConfig((LanguageModelConfig("letters", 0.6, 0.5),), (RescorerConfig("likes", 0.7, 0.1),), beam_width=8)
DECODERS = {
    "plain": Decoder(ALPHABET),
    "with context": Decoder(ALPHABET, CONFIG, [LETTERS], [Likes()]),
}


def frames(seed, count=40):
    logits = np.random.default_rng(seed).normal(scale=2.0, size=[count, ALPHABET.num_classes])
    return logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)


def add(characters, log_probs):
    for row in log_probs:
        characters.add("", True, float(row[-1]), row)  # what is said of the best class matters for silence only


@pytest.mark.parametrize("name", DECODERS)
@settings(deadline=None, max_examples=15)
@given(seed=st.integers(0, 1000), cuts=st.lists(st.integers(0, 40), max_size=4))
def test_the_end_is_the_search_in_all_frames_and_what_is_settled_stays(name, seed, cuts):
    decoder, log_probs = DECODERS[name], frames(seed)
    characters, settled = BeamCharacters(decoder, ALPHABET), []
    edges = [0, *sorted(cuts), len(log_probs)]
    for start, end in zip(edges, edges[1:]):
        add(characters, log_probs[start:end])
        heard = characters.so_far(is_final=False)
        assert heard.characters[: len(settled)] == settled and heard.num_settled >= len(settled)
        settled = heard.characters[: heard.num_settled]
    heard, whole = characters.so_far(is_final=True), decoder.decode(log_probs)
    assert heard.characters == [ALPHABET.symbols[label] for label in whole.labels]
    assert heard.characters[: len(settled)] == settled and heard.num_settled == len(heard.characters)
    assert (tuple(heard.frames), tuple(heard.confidences)) == (whole.frames, whole.confidences)
    assert heard.confidence == whole.confidence and characters.num_frames == len(log_probs)


def test_nothing_heard_is_nothing_said():
    heard = BeamCharacters(DECODERS["with context"], ALPHABET).so_far(is_final=True)
    assert heard.characters == [] and heard.num_settled == 0 and 0 <= heard.confidence <= 1


@pytest.fixture(scope="module")
def transcriber():
    recognizer, recipe = speech_model(ALPHABET, look_ahead=2)
    module = SpeechToText(recognizer, recipe, ALPHABET)
    plain = LocalTranscriber(
        module.recognize, module.log_probs, recipe, ALPHABET, "small", module, module.stream_functions,
        fitted_confidence=FITTED,
    )  # fmt: skip
    found = plain.with_beam_search(DecoderConfig())
    found.decoder = DECODERS["with context"]
    return found


@pytest.mark.parametrize("size", [640, 2_560, 50_000])
def test_the_end_of_a_stream_reads_as_the_whole(transcriber, size):
    samples = say("ab cad dab")
    (whole,) = transcriber.transcribe([samples])
    stream = transcriber.stream()
    for start in range(0, len(samples), size):
        stream.push(samples[start : start + size])
    (reading,) = stream.finish()
    assert (reading.text, reading.char_frames) == (whole.text, whole.char_frames) and whole.text
    assert reading.confidence == pytest.approx(whole.confidence, abs=1e-4)
    for column in ("char_confidences", "char_start_s", "char_end_s"):
        np.testing.assert_allclose(getattr(reading, column), getattr(whole, column), atol=1e-4)


def test_utterances_end_where_they_end_without_a_search(transcriber):
    samples = np.tile(say("ab cad"), 3)
    found = []
    for each in (transcriber, transcriber.with_decoding(GREEDY)):
        stream = each.stream(RULES)
        readings = [*stream.push(samples), *stream.finish()]
        found.append([(r.start_s, r.end_s) for r in readings if r.is_final and r.end_s - r.start_s > 0.55])
    assert found[0] == found[1] and found[0]
