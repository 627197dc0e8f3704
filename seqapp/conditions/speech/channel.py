"""Random damage of training audio by what lies between a mouth and a file: room noise, microphone, line, format.

Everything is drawn from one stateless seed, as in `seqapp.features.speech.augmentation`, which comes before.
"""

import tensorflow as tf

from seqapp.conditions.speech.clipping import overdrive
from seqapp.conditions.speech.interference import crowd, hum, mix, offset
from seqapp.conditions.speech.level import drift_level, quantize
from seqapp.conditions.speech.pauses import pad_silence
from seqapp.conditions.speech.telephone import band_pass, telephone
from seqapp.features.random_draws import between, sometimes, uniform

SALT = 0xC4A7  # keeps these draws apart from those of the voice, which have the same seed
BABBLE_SNR_DB = (5.0, 25.0)
DRIFT_DB = 12.0
EXCESS_DB = (3.0, 26.0)  # of the highest peak above full scale
HIGHEST_HZ = (3_000.0, 7_500.0)  # of a narrow band
LOWEST_HZ = 350.0
HUM_DB = (-60.0, -30.0)
OFFSET = 0.1  # of full scale
LEVEL_DB = (-40.0, 0.0)  # of the highest peak; 16 bits leave 50 dB below the softest
LONGEST_SILENCE_S = 1.0


def damage_channel(waveform, seed, probability: float, sample_rate_hz: int) -> tf.Tensor:
    """Damage one waveform, each way by itself with a probability, in the order of nature.

    Babble; drifting level; offset and hum; clipping; a narrow band or a telephone line; silence before and behind; and,
    with any of them, the level at which 16 bits are recorded.

    Args:
        waveform: Float32 `[N]`, finite.
        seed: Int `[2]`, as for `tf.random.stateless_uniform`.
        probability: In [0, 1], of each way; at 0 the waveform stays as it is.
        sample_rate_hz: Of the waveform, a multiple of 8,000.

    Returns:
        Float32 `[M]`, M >= N.
    """
    if not probability:
        return waveform
    ways = (_babble, _drift, _offset_and_hum, _clipping, _band, _line, _silence)
    seeds = tf.unstack(tf.random.split(tf.random.fold_in(seed, SALT), len(ways) + 1))
    for way, seed in zip(ways, seeds):
        # A line is one way out of several to a narrow band.
        chance = probability / 2 if way in (_band, _line) else probability
        waveform = sometimes(way, waveform, chance, seed, sample_rate_hz)
    return tf.ensure_shape(_recorded(waveform, seeds[-1]), [None])


def _babble(waveform, seed, sample_rate_hz):
    voices, level = tf.unstack(tf.random.split(seed, 2))
    padded = tf.pad(waveform, [[0, 1]])  # of nothing no sound can be made
    return mix(padded, crowd(padded, voices), between(level, BABBLE_SNR_DB))[:-1]


def _drift(waveform, seed, sample_rate_hz):
    return drift_level(waveform, seed, DRIFT_DB, sample_rate_hz)


def _offset_and_hum(waveform, seed, sample_rate_hz):
    level, mains, constant = tf.unstack(tf.random.split(seed, 3))
    mains_hz = tf.where(tf.random.stateless_uniform([], mains) < 0.5, 50.0, 60.0)
    waveform = hum(waveform, between(level, HUM_DB), mains_hz, sample_rate_hz)
    return offset(waveform, uniform(constant, [], OFFSET))


def _clipping(waveform, seed, sample_rate_hz):
    return overdrive(waveform, between(seed, EXCESS_DB))


def _band(waveform, seed, sample_rate_hz):
    low, high = tf.unstack(tf.random.split(seed, 2))
    return band_pass(waveform, between(low, (0.0, LOWEST_HZ)), between(high, HIGHEST_HZ), sample_rate_hz)


def _line(waveform, seed, sample_rate_hz):
    return telephone(overdrive(waveform, between(seed, (-30.0, 0.0))), sample_rate_hz)


def _silence(waveform, seed, sample_rate_hz):
    before, behind = tf.unstack(tf.random.stateless_uniform([2], seed, 0.0, LONGEST_SILENCE_S))
    return pad_silence(waveform, before, behind, sample_rate_hz)


def _recorded(waveform, seed):
    return quantize(overdrive(waveform, between(seed, LEVEL_DB)), 16)
