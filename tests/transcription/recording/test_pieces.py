"""A recording is cut at its pauses at any level, never within a word, and in the memory of one piece."""

import numpy as np
import pytest

from seqapp.transcription.recording.pieces import EDGE_S, pieces_of
from tests.small_speech import RATE_HZ, say


def noise(seconds, level, seed=0):
    return np.random.default_rng(seed).normal(scale=level, size=round(seconds * RATE_HZ))


def spoken(texts, pause_s, level=30.0, gain=1.0):
    """Utterances with pauses in a steady noise, and the first and last sample of each."""
    pieces, spans, position = [noise(pause_s, 0.0)], [], round(pause_s * RATE_HZ)
    for text in texts:
        samples = say(text)
        spans.append((position, position + len(samples)))
        pieces += [samples, noise(pause_s, 0.0)]
        position += len(samples) + len(pieces[-1])
    waveform = np.concatenate(pieces)
    waveform = gain * (waveform + noise(len(waveform) / RATE_HZ, level))
    return np.rint(waveform).clip(-32_768, 32_767).astype(np.int16), spans


def blocks(samples, size=50_000):
    return (samples[start : start + size] for start in range(0, len(samples), size))


TEXTS = ["ab cad", "dab bc", "acb d", "cad dab ab", "d", "bc acb"]


@pytest.mark.parametrize("gain", [0.02, 0.2, 1.0, 1.8])
@pytest.mark.parametrize("level", [0.0, 30.0, 300.0])
def test_every_utterance_is_in_one_piece_whatever_the_level(gain, level):
    samples, spans = spoken(TEXTS, 1.6, level, gain)
    pieces = list(pieces_of(blocks(samples), RATE_HZ))
    assert len(pieces) == len(TEXTS) and not any(piece.overlap for piece in pieces)
    for (first, last), piece in zip(spans, pieces, strict=True):
        assert piece.start <= first + 0.15 * RATE_HZ and last - 0.15 * RATE_HZ <= piece.start + len(piece.samples)
        assert len(piece.samples) <= last - first + 2.5 * EDGE_S * RATE_HZ
        np.testing.assert_array_equal(piece.samples, samples[piece.start : piece.start + len(piece.samples)])


def test_pieces_do_not_depend_on_the_blocks():
    samples, _ = spoken(TEXTS, 1.3)
    expected, others = (list(pieces_of(blocks(samples, size), RATE_HZ)) for size in (50_000, 777))
    assert [(p.start, len(p.samples), p.overlap) for p in expected] == [
        (p.start, len(p.samples), p.overlap) for p in others
    ]


def test_a_long_talk_is_cut_between_words():
    samples, spans = spoken(TEXTS * 6, 0.1)
    pieces = list(pieces_of(blocks(samples), RATE_HZ, longest_s=8.0))
    assert all(len(piece.samples) <= 8 * RATE_HZ for piece in pieces) and len(pieces) < 12
    for piece in pieces[1:]:
        assert not piece.overlap and not any(first + 1_600 < piece.start < last - 1_600 for first, last in spans)


def test_louder_noise_between_utterances_is_a_pause_too():
    parts = [say("ab cad"), noise(2.0, 1_000.0), say("dab bc"), noise(2.0, 1_000.0), say("acb d")]
    samples = np.rint(np.concatenate(parts)).astype(np.int16)
    assert len(list(pieces_of(blocks(samples), RATE_HZ))) == 3


def test_a_breath_between_letters_ends_no_piece_and_a_short_even_noise_does():
    parts = {"breath": noise(0.5, 3.0), "noise": noise(0.4, 1_000.0)}
    counts = {}
    for name, between in parts.items():
        samples = np.concatenate([noise(2.0, 3.0), say("ab cad"), between, say("dab bc"), noise(2.0, 3.0)])
        counts[name] = len(list(pieces_of(blocks(np.rint(samples).astype(np.int16)), RATE_HZ)))
    assert counts == {"breath": 1, "noise": 2}


def test_where_a_piece_grows_too_long_it_ends_at_the_longest_breath_of_its_second_half():
    texts, samples, breaths = TEXTS * 2, [noise(0.5, 3.0)], []
    for number, text in enumerate(texts):
        samples.append(say(text))
        begin = sum(map(len, samples))
        samples.append(noise(0.6 if number == 7 else 0.45, 3.0))
        breaths.append((begin, begin + len(samples[-1])))
    total = sum(map(len, samples))
    first, *others = pieces_of(blocks(np.rint(np.concatenate(samples)).astype(np.int16)), RATE_HZ)
    assert total > 10 * RATE_HZ and others
    places = [number for number, (begin, end) in enumerate(breaths) if begin <= others[0].start <= end]
    inside = [k for k, (begin, end) in enumerate(breaths) if 5 * RATE_HZ <= begin <= 9.5 * RATE_HZ]
    assert places == ([7] if 7 in inside else [max(inside, key=lambda k: np.diff(breaths[k])[0])])


def test_without_a_pause_pieces_overlap_and_nothing_is_lost():
    times_s = np.arange(40 * RATE_HZ) / RATE_HZ
    chirps = np.rint(9_000 * np.sin(3_000 * times_s) * (0.6 + 0.4 * np.sin(25 * times_s))).astype(np.int16)
    pieces = list(pieces_of(blocks(chirps), RATE_HZ, longest_s=10.0))
    position = 0
    for piece in pieces:
        assert piece.start + piece.overlap == position
        position = piece.start + len(piece.samples)
    assert position == len(chirps) and any(piece.overlap for piece in pieces)


@pytest.mark.parametrize("samples", [np.zeros(0), np.zeros(100), np.zeros(90 * RATE_HZ), noise(90.0, 100.0)])
def test_where_nothing_is_said_there_is_no_piece(samples):
    assert not list(pieces_of(blocks(np.rint(samples).astype(np.int16)), RATE_HZ))


def test_silence_in_front_changes_only_when():
    samples, _ = spoken(TEXTS, 1.6)
    late = np.concatenate([np.rint(noise(5.0, 30.0, 1)).astype(np.int16), samples])
    starts = ([piece.start for piece in pieces_of(blocks(x), RATE_HZ)] for x in (samples, late))
    assert np.abs(np.subtract(*starts) + 5 * RATE_HZ).max() <= 0.05 * RATE_HZ
