"""Audio in frames of any size, rate and encoding says what the whole says, one answer a frame, as vosk-server does."""

import io
import json

import numpy as np
import pytest
import soundfile
import soxr
from hypothesis import given, settings
from hypothesis import strategies as st

from seqapp.decoding.config import DecoderConfig
from seqapp.models import Endpointing
from seqapp.models.transcriber.endpointing import NEVER
from seqapp.serving.server.live.audio_conversation import AudioConversation
from seqapp.serving.server.live.limits import LiveLimits
from seqapp.serving.server.live.message import BadMessage, LimitPassed
from seqapp.serving.server.loaded_models.language_models import LanguageModels
from tests.serving.server.live.small_live import answers, frames_of, speech_transcriber
from tests.small_speech import RATE_HZ, say

SAMPLES = say("ab cad dab")
EOF = '{"eof" : 1}'  # as Vosk's own clients write it


def conversation(endpointing=NEVER, **limits):
    transcriber = speech_transcriber()
    return AudioConversation(transcriber, transcriber, LiveLimits(**limits), endpointing)


def told(hearing, *messages):
    """The answers, each message waiting for them as Vosk's test client does."""
    found = []
    for message in messages:
        hearing.take(message)
        found += answers(hearing)
    return found


def whole(samples):
    return speech_transcriber().transcribe([samples])[0].text


@pytest.mark.parametrize("size", [700, 2_560, 10**6])
def test_the_streamed_text_is_the_text_of_the_whole(size):
    found = told(conversation(), *frames_of(SAMPLES, size), EOF)
    assert len(found) == -(-len(SAMPLES) // size) + 1  # one answer each
    assert {answer["type"] for answer in found[:-1]} == {"partial"} and found[-1]["type"] == "final"
    assert found[-1]["text"] == whole(SAMPLES) != ""
    assert all(answer["partial"].startswith(answer["stable_text"]) for answer in found[:-1])
    assert found[-1]["heard_s"] == pytest.approx(len(SAMPLES) / RATE_HZ, abs=1e-3)


def test_the_forms_are_those_of_vosk():
    partial, final = told(conversation(), '{"config" : {"sample_rate" : 16000.0}}', SAMPLES.tobytes(), EOF)
    assert "text" not in partial and isinstance(partial["partial"], str)
    assert "partial" not in final and [word["word"] for word in final["result"]] == final["text"].split()
    for word in final["result"]:
        assert (
            set(word) == {"word", "start", "end", "conf"}
            and 0 <= word["start"] <= word["end"]
            and 0 < word["conf"] <= 1
        )


@settings(deadline=None, max_examples=15)
@given(st.sampled_from([8_000, 22_050, 44_100, 48_000]), st.lists(st.integers(1, 9_000), max_size=6))
def test_any_rate_is_resampled_as_if_it_had_come_at_once(rate_hz, sizes):
    device = soxr.resample(SAMPLES.astype(np.float32) / 32_768, RATE_HZ, rate_hz)
    edges = np.cumsum([0, *sizes])
    frames = [device[a:b].tobytes() for a, b in zip(edges, [*edges[1:], None])]
    config = json.dumps({"config": {"sample_rate": rate_hz, "encoding": "float32"}})
    hearing = conversation()
    found = told(hearing, config, *frames, EOF)
    expected = soxr.resample(device, rate_hz, RATE_HZ)
    assert found[-1]["end_s"] == pytest.approx(len(expected) / RATE_HZ, abs=1e-3)
    assert found[-1]["text"] == whole(expected)


def test_frames_that_came_meanwhile_are_heard_together():
    hearing = conversation()
    for frame in frames_of(SAMPLES, 800):
        hearing.take(frame)
    found = answers(hearing)
    assert len(found) == -(-len(SAMPLES) // RATE_HZ)  # a second at once
    hearing.take(EOF)
    assert answers(hearing)[-1]["text"] == whole(SAMPLES) and hearing.is_over


def test_a_frame_in_which_several_utterances_end_gets_one_answer():
    rules = Endpointing(utterance_s=0.3)
    one = told(conversation(rules), SAMPLES.tobytes(), EOF)
    many = told(conversation(rules), *frames_of(SAMPLES, 1_600), EOF)
    assert [answer["type"] for answer in one] == ["final", "final"]
    finals = [answer for answer in many if answer["type"] == "final"]
    assert len(finals) > 2 and len({answer["segment"] for answer in finals}) == len(finals)
    texts = [" ".join(a["text"] for a in found if a["type"] == "final").split() for found in (one, many)]
    assert texts[0] == texts[1]


def test_after_a_reset_all_begins_anew_but_numbers_and_times():
    first, again = told(conversation(), SAMPLES.tobytes(), '{"reset": 1}', SAMPLES.tobytes(), EOF)[1::2]
    assert first["text"] == again["text"] == whole(SAMPLES)
    assert again["segment"] == first["segment"] + 1 and again["start_s"] == first["end_s"]


def test_alternatives_belong_to_what_has_ended():
    transcriber = speech_transcriber()
    decoder = transcriber.with_beam_search(DecoderConfig())
    hearing = AudioConversation(transcriber, decoder, LiveLimits(), NEVER)
    config = '{"config": {"max_alternatives": 3}}'
    found = told(hearing, config, *frames_of(SAMPLES, 5_000), '{"reset": 1}', SAMPLES.tobytes(), EOF)
    for answer in (a for a in found if a["type"] == "final"):
        expected = decoder.transcribe([SAMPLES])[0].alternatives[:3]
        assert [a["text"] for a in answer["alternatives"]] == [a.text for a in expected]


def test_alternatives_for_which_nobody_waits_come_later():
    transcriber = speech_transcriber()
    decoder = transcriber.with_beam_search(DecoderConfig())
    hearing = AudioConversation(transcriber, decoder, LiveLimits(), NEVER)
    found = told(hearing, '{"config": {"alternatives": 2}}', *frames_of(SAMPLES, 5_000), EOF)
    final, later = found[-2:]
    assert final["type"] == "final" and "alternatives" not in final and hearing.is_over
    assert (later["type"], later["segment"], len(later["alternatives"])) == ("alternatives", final["segment"], 2)
    assert later["alternatives"][0]["text"] == decoder.transcribe([SAMPLES])[0].alternatives[0].text


def test_nothing_at_all_is_an_empty_text():
    (answer,) = told(conversation(), EOF)
    assert (answer["type"], answer["text"], answer["result"], answer["end_s"]) == ("final", "", [], 0.0)
    assert told(conversation(), b"")[0]["partial"] == ""


def test_samples_that_are_no_numbers_are_silence():
    noise = np.array([np.nan, np.inf, -np.inf, 1e30, -1e30] * 100, "<f4")
    found = told(conversation(), '{"config": {"encoding": "float32", "sample_rate": 48000}}', noise.tobytes(), EOF)
    assert np.isfinite([answer["confidence"] for answer in found]).all()


MISTAKES = {
    '{"config": {"sample_rate": "16k"}}': "Expected sample_rate: a number from 4000 to 192000",
    '{"config": {"sample_rate": 0}}': "Expected sample_rate",
    '{"config": {"encoding": "mp3"}}': "Expected encoding: pcm16 or float32. Received: 'mp3'",
    '{"config": {"encoding": ["pcm16"]}}': "Expected encoding",
    '{"config": {"sample_rate": "80"}}': "Expected sample_rate",
    '{"config": "fr"}': "Expected config: an object with sample_rate",
    '{"points": []}': "Expected keys among config, resume, reset, eof. Received: points",
    "hello": "Expected a JSON object",
}


@pytest.mark.parametrize("message", MISTAKES, ids=str)
def test_mistakes_are_answered_by_what_was_expected_and_change_nothing(message):
    hearing = conversation()
    hearing.take(SAMPLES[:5_000].tobytes())
    with pytest.raises(BadMessage, match=MISTAKES[message]):
        hearing.take(message)
    assert told(hearing, SAMPLES[5_000:].tobytes(), EOF)[-1]["text"] == whole(SAMPLES)


def test_the_rate_does_not_change_in_the_middle():
    hearing = conversation()
    hearing.take(SAMPLES.tobytes())
    with pytest.raises(
        BadMessage, match="before the audio, or behind a reset. Received: in the middle of pcm16 at 16000"
    ):
        hearing.take('{"config": {"sample_rate": 8000}}')
    hearing.take('{"reset": 1}')
    with pytest.raises(BadMessage, match="after the answer to reset"):
        hearing.take('{"config": {"sample_rate": 8000}}')
    answers(hearing)
    hearing.take('{"config": {"sample_rate": 8000}}')


def test_a_stream_has_a_length_and_a_bounded_inbox():
    hearing = conversation(max_seconds=3.0)
    hearing.take(bytes(2 * RATE_HZ))
    assert not hearing.is_full
    hearing.take(bytes(3 * RATE_HZ))
    assert hearing.is_full
    with pytest.raises(LimitPassed, match="A stream holds at most 3 s of audio"):
        hearing.take(bytes(2 * RATE_HZ))
    answers(hearing)
    assert not hearing.is_full
    other = conversation()
    for _ in range(64):
        other.take(b"")
    assert other.is_full


def wav(samples, rate_hz=RATE_HZ, subtype="PCM_16"):
    file = io.BytesIO()
    soundfile.write(file, samples, rate_hz, format="WAV", subtype=subtype)
    return file.getvalue()


def test_configs_of_vosk_clients_are_taken_and_what_is_ignored_is_named():
    config = {"sample_rate": "16000", "words": None, "model": "fr", "encoding": None, "spk_model": 1}
    hearing = conversation()
    partial, final = told(hearing, json.dumps({"config": config}), SAMPLES.tobytes(), EOF)
    assert partial["ignored_config"] == ["model", "spk_model"] and "ignored_config" not in final
    assert final["text"] == whole(SAMPLES)


def test_phrases_are_heard_as_hotwords_and_those_that_cannot_be_written_are_named():
    phrases = ["ch a", "[unk]", "\u4f60\u597d"]
    config = json.dumps({"config": {"phrase_list": phrases}})
    partial, final = told(conversation(), config, SAMPLES.tobytes(), EOF)
    assert partial["ignored_phrases"] == phrases[2:] and "ignored_phrases" not in final
    expected = speech_transcriber().with_beam_search(DecoderConfig(hotwords=("ch a",))).transcribe([SAMPLES])[0]
    assert final["text"] == expected.text != ""
    hearing = conversation()
    assert told(hearing, config, SAMPLES.tobytes(), '{"reset": 1}', SAMPLES.tobytes(), EOF)[-1]["text"] == expected.text
    hearing = conversation()
    found = told(hearing, '{"config": {"phrase_list": ["\\u4f60"]}}', SAMPLES.tobytes(), EOF)
    assert found[0]["ignored_phrases"] == ["\u4f60"] and found[-1]["text"] == whole(SAMPLES)


@pytest.mark.parametrize("phrases", ["cab", {"cab": 1}, ["a"] * 501])
def test_phrases_that_are_none_or_too_many_are_refused_and_change_nothing(phrases):
    hearing = conversation()
    with pytest.raises(BadMessage, match="phrase_list"):
        hearing.take(json.dumps({"config": {"phrase_list": phrases}}))
    assert told(hearing, SAMPLES.tobytes(), EOF)[-1]["text"] == whole(SAMPLES)


def test_phrases_end_with_the_config_that_names_none():
    transcriber, hearing = speech_transcriber(), conversation()
    told(hearing, '{"config": {"phrase_list": ["ch a"]}}', SAMPLES.tobytes(), '{"reset": 1}')
    assert hearing._words.decoder is not transcriber
    assert told(hearing, '{"config": {"phrase_list": []}}', SAMPLES.tobytes(), EOF)[-1]["text"] == whole(SAMPLES)
    assert hearing._words.decoder is transcriber  # alternatives too forget them


def test_one_bad_phrase_is_named_and_the_others_are_heard():
    phrases = ["ch a", 1, "a" * 201]
    partial, final = told(conversation(), json.dumps({"config": {"phrase_list": phrases}}), SAMPLES.tobytes(), EOF)
    assert partial["ignored_phrases"] == ["1", f"{'a' * 57}..."]
    assert final["text"] == speech_transcriber().with_hotwords(["ch a"])[0].transcribe([SAMPLES])[0].text


def test_a_lexicon_is_the_only_words_that_are_heard():
    config = json.dumps({"config": {"lexicon": ["cha", "\u4f60"], "max_alternatives": 3}})
    hearing = conversation()
    partial, final = told(hearing, config, SAMPLES.tobytes(), EOF)
    assert partial["ignored_lexicon"] == ["\u4f60"] and "ignored_phrases" not in partial
    assert final["text"] == speech_transcriber().with_lexicon(["cha"])[0].transcribe([SAMPLES])[0].text
    assert {word for text in final["alternatives"] for word in text["text"].replace("\U0001d11e", " ").split()} <= {
        "cha"
    }
    with pytest.raises(BadMessage, match="lexicon"):
        conversation().take(json.dumps({"config": {"lexicon": ["a"] * 20_001}}))


def test_a_language_model_is_heard_with_and_comes_before_the_audio(letters):
    transcriber = speech_transcriber()
    named = LanguageModels(transcriber, decoders={"letters": letters})
    hearing = AudioConversation(transcriber, named.n_best(), LiveLimits(), language_models=named)
    expected = named.transcriber("letters").transcribe([SAMPLES])[0].text
    assert expected != whole(SAMPLES)
    config = '{"config": {"language_model": "letters", "max_alternatives": 2}}'
    final = told(hearing, config, SAMPLES.tobytes(), '{"reset": 1}')[-1]
    assert final["text"] == final["alternatives"][0]["text"] == expected
    assert told(hearing, '{"config": {"language_model": "none"}}', SAMPLES.tobytes())[-1]["partial"]
    with pytest.raises(BadMessage, match="language_model before the audio"):
        hearing.take(config)
    assert told(hearing, EOF)[-1]["text"] == whole(SAMPLES)
    with pytest.raises(BadMessage, match="Expected language_model: none, letters. Received: 'latin'"):
        hearing.take('{"config": {"language_model": "latin"}}')


def test_phrases_come_before_the_audio():
    hearing = conversation()
    hearing.take(SAMPLES.tobytes())
    with pytest.raises(BadMessage, match="before the audio"):
        hearing.take('{"config": {"phrase_list": ["cab"]}}')


def test_a_stream_without_a_config_has_the_rate_of_the_limits():
    device = soxr.resample(SAMPLES.astype(np.float32) / 32_768, RATE_HZ, 8_000)
    frames = np.round(32_767 * device).astype("<i2").tobytes()
    found = told(conversation(sample_rate_hz=8_000.0), frames, EOF)
    assert found[-1]["end_s"] == pytest.approx(len(SAMPLES) / RATE_HZ, abs=1e-2)
    assert told(conversation(), frames, EOF)[-1]["end_s"] == pytest.approx(len(device) / RATE_HZ, abs=1e-2)


@pytest.mark.parametrize("size", [1, 777, 4_001])
def test_frames_may_be_cut_in_the_middle_of_a_sample(size):
    content = SAMPLES[: 20 * size].tobytes()
    found = told(conversation(), *(content[i : i + size] for i in range(0, len(content), size)), EOF)
    assert len(found) == -(-len(content) // size) + 1
    assert found[-1]["text"] == whole(SAMPLES[: 20 * size])
    assert found[-1]["heard_s"] == pytest.approx(len(content) / 2 / RATE_HZ, abs=1e-3)


def test_the_head_of_a_wav_file_gives_rate_and_encoding():
    device = soxr.resample(SAMPLES.astype(np.float32) / 32_768, RATE_HZ, 48_000)
    for content in (wav(SAMPLES), wav(device, 48_000, "FLOAT")):
        found = told(conversation(), content[:3_001], content[3_001:], EOF)
        assert found[-1]["text"] == whole(SAMPLES)
        assert found[-1]["end_s"] == pytest.approx(len(SAMPLES) / RATE_HZ, abs=0.02)


@pytest.mark.parametrize(
    "content, message",
    [
        (b"OggS" + bytes(60), r"a file \(Ogg\)"),
        (b"\x1aE\xdf\xa3" + bytes(60), "WebM"),
        (b"fLaC" + bytes(60), "FLAC"),
        (b"\0\0\0\x20ftypM4A " + bytes(60), "MP4"),
        (b"\0\0\0\x20ftyp3gp4" + bytes(60), "3GP"),
        (b"#!AMR\n" + bytes(60), "AMR"),
        (b"0&\xb2u\x8ef\xcf\x11" + bytes(60), "WMA"),
        (b"caff" + bytes(60), "CAF"),
        (wav(np.zeros([100, 2], np.int16)), "one channel"),
        (wav(np.zeros(100, np.int16))[:40], "its head alone"),
    ],
)
def test_files_that_are_no_samples_are_named(content, message):
    with pytest.raises(BadMessage, match=message):
        conversation().take(content)
