"""Speech that a test can make: every letter a tone of its own, a space a pause; and a model as small as they come."""

import keras
import numpy as np

from seqapp.input_pipeline import Examples
from seqapp.models import Recognizer
from seqapp.recipe import (
    DataConfig,
    EncoderConfig,
    LogMelConfig,
    OutputConfig,
    Recipe,
    SpeechAugmentationConfig,
    TrainingConfig,
)
from seqapp.senses import SpeechSense

RATE_HZ = 16_000
TONES_HZ = {"a": 500.0, "b": 900.0, "c": 1_600.0, "d": 2_800.0}
TONE_S, PAUSE_S = 0.12, 0.1
WORDS = ("ab", "cad", "dab", "bc", "acb", "d")
NO_AUGMENTATION = SpeechAugmentationConfig(speed=0.0, time_masks=0, freq_masks=0)


def say(text, seed=0):
    """Int16 `[N]`: one tone a letter, of a loudness and length of its own, in a little noise."""
    rng = np.random.default_rng([seed, *text.encode()])
    pieces = [np.zeros(int(PAUSE_S * RATE_HZ))]
    for letter in text:
        seconds = rng.uniform(0.8, 1.2) * (PAUSE_S if letter == " " else TONE_S)
        time_s = np.arange(int(seconds * RATE_HZ)) / RATE_HZ
        loudness = 0.0 if letter == " " else rng.uniform(0.2, 0.4)
        tone = loudness * np.sin(2 * np.pi * TONES_HZ.get(letter, 0.0) * time_s) * np.hanning(len(time_s))
        pieces += [tone, np.zeros(int(0.02 * RATE_HZ))]
    samples = np.concatenate([*pieces, pieces[0]])
    samples = samples + rng.normal(scale=1e-3, size=len(samples))
    return np.round(32_767 * samples).astype(np.int16)


def sentences(count, seed=0):
    """Texts of one to three words."""
    rng = np.random.default_rng(seed)
    return [" ".join(rng.choice(WORDS, rng.integers(1, 4))) for _ in range(count)]


def records(texts, seed=0):
    """Dicts as a corpus of speech yields them, by two speakers in turn."""
    return [
        {"id": f"u{i}", "text": text, "speaker_id": f"s{i % 2}", "samples": say(text, seed + i)}
        for i, text in enumerate(texts)
    ]


def small_examples(count=8, seed=0):
    return Examples.from_iterable(records(sentences(count, seed), seed), SpeechSense)


def speech_recipe(features=None, augmentation=NO_AUGMENTATION, training=None, data=None, **encoder):
    encoder = {"units": 12, "num_layers": 1, "stem_kernel": 3, "stem_strides": (2,), "dropout": 0.0, **encoder}
    # Of few operations: tracing a scan, or compiling a fused chunk, pays in trainings of minutes only.
    encoder = {"execution": "auto" if "cell" in encoder else "loop", **encoder}
    return Recipe(
        data=DataConfig(**{"batch_frames": 400, "max_batch_size": 4, **(data or {})}),
        features=LogMelConfig(**{"num_mel_bins": 20, **(features or {})}),
        augmentation=augmentation,
        encoder=EncoderConfig(**encoder),
        output=OutputConfig(confidence_examples=0),
        training=TrainingConfig(**(training or {})),
    )


def speech_model(alphabet, kind="librosa", **encoder):
    """An untrained recognizer that runs forward and still writes texts, and its recipe."""
    recipe = speech_recipe({"kind": kind}, **{"bidirectional": False, "stem_strides": (2, 2), **encoder})
    keras.utils.set_random_seed(0)
    recognizer = Recognizer.from_recipe(recipe, alphabet)
    rng = np.random.default_rng(9)
    for variable in recognizer.trainable_variables:
        variable.assign(variable + rng.normal(scale=0.8, size=variable.shape))
    recognizer.logits.bias.assign(np.zeros(alphabet.num_classes))
    mean = {"librosa": -8.0, "kaldi": 12.0}[kind]  # Kaldi's samples are 32768 times as large
    recognizer.feature_normalization.set_statistics(np.full(20, mean), np.full(20, 3.0))
    return recognizer, recipe
