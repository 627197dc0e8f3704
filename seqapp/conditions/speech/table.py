"""Table of the recording conditions of speech."""

import numpy as np
import tensorflow as tf

from seqapp.conditions.condition import Damage, draw_seed, of_strength
from seqapp.conditions.speech.clipping import clip
from seqapp.conditions.speech.codec import mp3, opus, vorbis
from seqapp.conditions.speech.interference import hum, mix, offset
from seqapp.conditions.speech.level import change_level, drift_level, quantize
from seqapp.conditions.speech.pauses import insert_pause, pad_silence
from seqapp.conditions.speech.telephone import band_pass, telephone
from seqapp.features.speech.noise import colored_noise
from seqapp.features.speech.reverberation import reverberate
from seqapp.recipe.rules import CORPUS_RATE_HZ

RATE_HZ = CORPUS_RATE_HZ
NUM_TALKERS = 6
MAINS_HZ = 50.0
DIRECT_TO_REVERBERANT_DB = 3.0


def _noise(exponent):
    def add(waveform, snr_db, rng, others):
        sound = colored_noise(tf.size(waveform), draw_seed(rng), exponent, RATE_HZ)
        return mix(waveform, sound, snr_db)

    return add


def _hum_noise(waveform, snr_db, rng, others):
    return mix(waveform, hum(tf.zeros_like(waveform), 0.0, MAINS_HZ, RATE_HZ), snr_db)


def _babble(waveform, snr_db, rng, others):
    """Voices of other utterances, each as loud as the next."""
    voices = []
    for _ in range(NUM_TALKERS):
        voice = np.resize(others(rng), len(waveform))
        voices.append(voice / (np.sqrt(np.mean(voice**2)) + 1e-6))
    return mix(waveform, sum(voices).astype(np.float32), snr_db)


def _at_rate(function):
    return lambda waveform, strength, rng, others: function(waveform, strength, RATE_HZ)


def _drift(waveform, depth_db, rng, others):
    return drift_level(waveform, draw_seed(rng), depth_db, RATE_HZ)


def _room(waveform, decay_s, rng, others):
    return reverberate(waveform, draw_seed(rng), RATE_HZ, (decay_s, decay_s), (DIRECT_TO_REVERBERANT_DB,) * 2)


TABLE = {
    "level": Damage(of_strength(change_level), "dB", (-34.0, -18.0), "recorded softer, or louder"),
    "drift": Damage(_drift, "dB", (12.0,), "level that wanders by so much either way"),
    "clipped": Damage(of_strength(clip), "dB", (20.0,), "amplified by so much and cut off at full scale"),
    "telephone": Damage(lambda waveform, *_: telephone(waveform, RATE_HZ), "", (1.0,), "300-3,400 Hz, 8 kHz, mu-law"),
    "narrow_band": Damage(
        lambda waveform, hz, *_: band_pass(waveform, 0.0, hz, RATE_HZ), "Hz", (4_000.0,), "nothing above"
    ),
    "mp3": Damage(_at_rate(mp3), "kbit/s", (24.0,), "written as MP3"),
    "opus": Damage(_at_rate(opus), "kbit/s", (12.0,), "written as Ogg Opus"),
    "vorbis": Damage(_at_rate(vorbis), "quality", (0.1,), "written as Ogg Vorbis"),
    "bits": Damage(lambda waveform, bits, *_: quantize(waveform, int(bits)), "bits", (8.0,), "fewer bits a sample"),
    "white_noise": Damage(_noise(0.0), "dB SNR", (20.0, 10.0), "hiss"),
    "pink_noise": Damage(_noise(1.0), "dB SNR", (10.0,), "rain, crowds far away"),
    "hum_noise": Damage(_hum_noise, "dB SNR", (10.0,), "hum of the mains, relative to the voice"),
    "babble": Damage(_babble, "dB SNR", (20.0, 10.0), "six voices of other utterances"),
    "reverberation": Damage(_room, "s decay", (0.5,), "a room, direct sound 3 dB above its echoes"),
    "offset": Damage(of_strength(offset), "of full scale", (0.05,), "constant added"),
    "hum": Damage(
        lambda waveform, level_db, *_: hum(waveform, level_db, MAINS_HZ, RATE_HZ), "dB FS", (-40.0,), "hum of the mains"
    ),
    "silence_around": Damage(
        lambda waveform, s, *_: pad_silence(waveform, s, s, RATE_HZ), "s", (2.0,), "digital silence before and behind"
    ),
    "pause": Damage(_at_rate(insert_pause), "s", (1.0,), "digital silence in the middle, where it is quiet"),
}
