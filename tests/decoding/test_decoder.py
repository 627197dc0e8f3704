"""From a config to texts: language models tip the balance, confidences are shares, files and options are checked."""

import argparse
import dataclasses

import numpy as np
import pytest

from seqapp.decoding.agreement import calibrated, matches
from seqapp.decoding.config import DecoderConfig, LanguageModelConfig, RescorerConfig
from seqapp.decoding.decoder import Decoder, is_of_characters
from seqapp.decoding.ngram import estimate, write_arpa
from seqapp.decoding.options import add_decoder_options, decoder_config
from seqapp.decoding.sentences import symbol_sentences, word_sentences
from seqapp.text import Alphabet

ALPHABET = Alphabet((" ", "c", "a", "t", "u"))
TEXTS = ["cat", "a cat", "cat at a cat"]
CHARACTERS = estimate(symbol_sentences(TEXTS, ALPHABET), 4)
WORDS = estimate(word_sentences(TEXTS), 2)


def doubtful(text="cut", rival="cat", share=0.45):
    """Log-probabilities that say `text`, and where `rival` differs say so with `share`; a blank after each frame."""
    frames = []
    for chosen, other in zip(ALPHABET.encode(text), ALPHABET.encode(rival)):
        frame = np.full(ALPHABET.num_classes, 1e-4)
        frame[chosen], frame[other] = (1 - share, share) if chosen != other else (1.0, 1.0)
        blank = np.full(ALPHABET.num_classes, 1e-4)
        blank[-1] = 1.0
        frames += [frame, blank]
    return np.log(np.array(frames) / np.sum(frames, axis=1, keepdims=True))


def test_without_context_the_network_decides():
    decoding = Decoder(ALPHABET).decode(doubtful())
    assert decoding.alternatives[0].text == "cut" and decoding.alternatives[1].text == "cat"
    assert decoding.frames == (0, 2, 4)


@pytest.mark.parametrize("model", [CHARACTERS, WORDS])
def test_a_language_model_tips_the_balance(model):
    config = DecoderConfig((LanguageModelConfig("lm", 0.5, 1.0),))
    assert Decoder(ALPHABET, config, [model]).decode(doubtful()).alternatives[0].text == "cat"


def test_hotwords_and_a_lexicon_tip_it_too(tmp_path):
    assert Decoder(ALPHABET, DecoderConfig(hotwords=("Cat",))).decode(doubtful()).alternatives[0].text == "cat"
    (tmp_path / "words.txt").write_text("cat\na\n")
    config = DecoderConfig(lexicon=str(tmp_path / "words.txt"))
    found = Decoder(ALPHABET, config).decode(doubtful())
    assert {a.text for a in found.alternatives} <= {"cat", "a", "", " ", "a ", " a", "a cat"}


def test_confidences_are_shares_of_the_hypotheses():
    decoding = Decoder(ALPHABET).decode(doubtful(share=0.3))
    assert sum(a.probability for a in decoding.alternatives) == pytest.approx(1.0, abs=1e-2)
    assert decoding.confidences[0] > 0.99 and decoding.confidences[1] == pytest.approx(0.7, abs=1e-2)


def test_a_higher_temperature_is_less_sure():
    cold, warm = (Decoder(ALPHABET, DecoderConfig(temperature=t)).decode(doubtful(share=0.3)) for t in (1.0, 3.0))
    assert warm.confidences[1] < cold.confidences[1]
    assert calibrated(np.array([0.0, 0.5, 1.0]), 1e9) == pytest.approx([0.5] * 3)
    assert calibrated(np.array([0.2, 0.7])) == pytest.approx([0.2, 0.7])


def test_labels_match_where_they_stand():
    assert matches([(1, 2, 3), (1, 3), (4, 2, 3), ()]).tolist() == [
        [True] * 3, [True, False, True], [False, True, True], [False] * 3,
    ]  # fmt: skip


def test_nothing_to_read_is_the_empty_text():
    decoding = Decoder(ALPHABET).decode(np.zeros([0, ALPHABET.num_classes]))
    assert decoding.labels == () and decoding.alternatives[0].text == "" and decoding.alternatives[0].probability == 1


def test_the_tokens_tell_characters_from_words():
    assert is_of_characters(CHARACTERS, ALPHABET) and not is_of_characters(WORDS, ALPHABET)


def test_a_config_survives_its_file_and_the_move_of_its_folder(tmp_path):
    (tmp_path / "a").mkdir()
    write_arpa(CHARACTERS, tmp_path / "a" / "lm.arpa")
    models = (LanguageModelConfig(str(tmp_path / "a" / "lm.arpa"), 0.7),)
    rescorers = (RescorerConfig(str(tmp_path / "a" / "bard"), 0.3),)
    config = DecoderConfig(models, rescorers, hotwords=("a",), beam_width=9)
    config.save(tmp_path / "a" / "decoder.json")
    (tmp_path / "a").rename(tmp_path / "b")
    found = DecoderConfig.load(tmp_path / "b" / "decoder.json")
    assert found.rescorers == (RescorerConfig(str(tmp_path / "b" / "bard"), 0.3),)
    found = dataclasses.replace(found, rescorers=())
    assert dataclasses.replace(found, language_models=()) == DecoderConfig(hotwords=("a",), beam_width=9)
    assert found.language_models[0] == LanguageModelConfig(str(tmp_path / "b" / "lm.arpa"), 0.7)
    assert Decoder(ALPHABET, found).decode(doubtful()).alternatives[0].text == "cat"


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        '{"beam": 3}',
        "no json",
        '{"beam_width": 0}',
        '{"beam_width": 8.5}',
        '{"hotword_boost": NaN}',
        '{"language_models": [{"file": "decoder.arpa", "weight": NaN}]}',
        '{"rescorers": [{"model": "decoder", "bonus": Infinity}]}',
    ],
)
def test_a_bad_config_file_is_refused(tmp_path, text):
    (tmp_path / "decoder.json").write_text(text)
    with pytest.raises(ValueError, match="decoder|beam_width"):
        DecoderConfig.load(tmp_path / "decoder.json")


def options(*given):
    parser = argparse.ArgumentParser()
    add_decoder_options(parser)
    return decoder_config(parser.parse_args(given))


def test_options_become_a_config():
    assert options() is None and options("--decoder", "greedy") is None
    assert options("--decoder", "beam") == DecoderConfig()
    found = options("--language-model", "a", "b", "--alpha", "1", "2", "--beam-width", "8", "--hotwords", "x y")
    models = (LanguageModelConfig("a", 1.0), LanguageModelConfig("b", 2.0))
    assert found == DecoderConfig(models, hotwords=("x y",), beam_width=8)
    rescored = options("--rescorer", "bard", "--rescorer-weight", "0.3")
    assert rescored == DecoderConfig(rescorers=(RescorerConfig("bard", 0.3),))


def test_a_number_of_0_means_0():
    assert options("--hotwords", "a", "--hotword-boost", "0").hotword_boost == 0
    found = options("--language-model", "a", "--alpha", "0", "--beta", "0")
    assert found.language_models == (LanguageModelConfig("a", 0.0, 0.0),)
    decoding = Decoder(ALPHABET, DecoderConfig(hotwords=("cat",), hotword_boost=0.0)).decode(doubtful())
    assert decoding.alternatives[0].text == "cut"


def test_a_negative_bonus_is_one():
    assert options("--language-model", "a", "--beta", "-0.5").language_models[0].bonus == -0.5


@pytest.mark.parametrize(
    "given, message",
    [
        (("--decoder", "greedy", "--beam-width", "8"), "Greedy decoding knows no beam width"),
        (
            ("--language-model", "a", "--alpha", "1", "2"),
            "--alpha must be one number per language model: 1. Received: 2",
        ),
        (
            ("--rescorer", "a", "--rescorer-weight", "1", "2"),
            "--rescorer-weight must be one number per rescorer: 1. Rec",
        ),
        (("--decoder", "nowhere.json"), "No decoder at nowhere.json"),
        (("--beam-width", "0"), "--beam-width must be a whole number of at least 1. Received: 0"),
        (("--language-model", "a", "--alpha", "nan"), "--alpha must be a finite number of at least 0. Received: nan"),
        (("--language-model", "a", "--alpha", "-1"), "--alpha must be a finite number of at least 0. Received: -1"),
        (("--language-model", "a", "--beta", "inf"), "--beta must be a finite number. Received: inf"),
        (("--rescorer", "a", "--rescorer-weight", "nan"), "--rescorer-weight must be a finite number of at least 0"),
        (("--hotwords", "a", "--hotword-boost", "-2"), "--hotword-boost must be a finite number of at least 0. Rec"),
        (("--hotword-boost", "2"), "--hotword-boost 2 boosts nothing: expected --hotwords"),
    ],
)
def test_contradicting_options_are_refused(given, message):
    with pytest.raises(ValueError, match=message):
        options(*given)


ARPA = "\\data\\\nngram 1=4\n\n\\1-grams:\n-0.1\ta\n-0.2\t<unk>\n-0.3\t</s>\n-99\t<s>\n\n\\end\\\n"  # sums to 1.93


def decoder_of(**given):
    return Decoder(ALPHABET, DecoderConfig(**given))


def test_what_cannot_be_used_is_named_before_anything_is_read(tmp_path):
    (tmp_path / "lm.arpa").write_text(ARPA)
    with pytest.raises(ValueError, match=r"lm.arpa is no probability model.*sum to 1\.\d+"):
        decoder_of(language_models=(LanguageModelConfig(str(tmp_path / "lm.arpa")),))
    with pytest.raises(ValueError, match="No lexicon at"):
        decoder_of(lexicon=str(tmp_path / "none.txt"))
    (tmp_path / "words.txt").write_text("\u017elu\u0165\nk\u016f\u0148\n", encoding="utf-8")
    with pytest.raises(ValueError, match="lexicon's word '\u017elu\u0165' cannot be written"):
        decoder_of(lexicon=str(tmp_path / "words.txt"))
    with pytest.raises(ValueError, match="hotword '\u017e' cannot be written with the model's alphabet: \u017e"):
        decoder_of(hotwords=("\u017e", "\u016f"))
    with pytest.raises(ValueError, match="Expected the rescorer"):
        decoder_of(rescorers=(RescorerConfig("bard"),))


def test_one_bad_hotword_is_named_and_left_out(caplog):
    with caplog.at_level("WARNING"):
        found = decoder_of(hotwords=("cat", "\u017e")).decode(doubtful())
    assert "The hotword '\u017e' cannot be written" in caplog.text and found.alternatives[0].text == "cat"


def test_hotwords_are_added_to_a_decoder_that_shares_its_language_models():
    config = DecoderConfig((LanguageModelConfig("lm", 0.2, 1.0),), hotword_boost=0.5)
    plain = Decoder(ALPHABET, config, [CHARACTERS])
    decoder, left_out = plain.with_hotwords(["Cat", "\u4f60"])
    assert left_out == ("\u4f60",) and decoder.config.hotwords == ("Cat", "\u4f60")
    expected = Decoder(ALPHABET, dataclasses.replace(config, hotwords=("cat",)), [CHARACTERS])
    assert decoder.decode(doubtful()).alternatives == expected.decode(doubtful()).alternatives
    other, _ = decoder.with_hotwords(["cut"])
    expected = Decoder(ALPHABET, dataclasses.replace(config, hotwords=("cut",)), [CHARACTERS])
    assert other.decode(doubtful()).alternatives == expected.decode(doubtful()).alternatives
    assert plain.config.hotwords == () and len(plain._scorers) == 1 and plain._scorers[0] is decoder._scorers[0]
    with pytest.raises(ValueError, match="cannot be written"):
        plain.with_hotwords(["\u4f60"])


def test_words_are_the_lexicon_of_a_decoder_that_shares_its_language_models(tmp_path):
    (tmp_path / "words.txt").write_text("cut\n", encoding="utf-8")
    config = DecoderConfig((LanguageModelConfig("lm", 0.2, 1.0),))
    plain = Decoder(ALPHABET, config, [CHARACTERS])
    decoder, left_out = plain.with_lexicon(["Cut", "\u4f60"])
    expected = Decoder(ALPHABET, dataclasses.replace(config, lexicon=str(tmp_path / "words.txt")), [CHARACTERS])
    assert left_out == ("\u4f60",) and decoder.decode(doubtful()).alternatives[0].text == "cut"
    assert decoder.decode(doubtful()).alternatives == expected.decode(doubtful()).alternatives
    both, _ = decoder.with_hotwords(["cat"])
    assert (
        both.decode(doubtful()).alternatives[0].text == "cut"
        and both.with_lexicon(["cat"])[0]._scorers[0] is (plain._scorers[0])
    )
    assert both.with_lexicon(["cat"])[0].decode(doubtful()).alternatives[0].text == "cat" and len(plain._scorers) == 1
    with pytest.raises(ValueError, match="cannot be written"):
        plain.with_lexicon(["\u4f60"])
