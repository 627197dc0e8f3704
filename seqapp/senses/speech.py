"""Speech as a sense: waveforms to log-mel frames, distorted as sound and, by SpecAugment, as spectra."""

import numpy as np
import tensorflow as tf

from seqapp.conditions.speech.channel import damage_channel
from seqapp.datasets.speech.audio_array import waveform_of_array
from seqapp.datasets.speech.audio_files import read_audio
from seqapp.datasets.speech.long_waveform import LongWaveform
from seqapp.features.speech.augmentation import augment_audio
from seqapp.features.speech.log_mel import log_mel, num_frames
from seqapp.features.speech.spec_augment import spec_augment
from seqapp.features.speech.vocal_tract import perturb_vocal_tract
from seqapp.features.speech.waveform import FULL_SCALE, to_float
from seqapp.recipe import LogMelConfig
from seqapp.senses.sense import Sense


class SpeechSense(Sense):
    """Samples int16 `[N]`, mono, at `LogMelConfig.sample_rate_hz`; in the graph float32 in [-1, 1]."""

    name = "speech"
    raw_key, group_key, group = "samples", "speaker_id", "speaker"
    unit = "utterance"
    raw_dtype, raw_shape = "int16", ()  # half the memory of float32, and nothing lost
    is_normalized = True
    config_class = LogMelConfig
    raw_full_scale = FULL_SCALE
    plural = "recordings"
    can_stream = True
    has_times = True

    @property
    def num_features(self):
        return self.config.num_mel_bins

    @property
    def frame_step_s(self):
        """Seconds from one frame of features to the next."""
        return self.config.frame_step_ms / 1000

    @property
    def first_frame_s(self):
        """Seconds to the middle of frame 0: Kaldi's begins with the waveform, librosa's is centred on its start."""
        return self.config.frame_length_ms / 2000 if self.config.kind == "kaldi" else 0.0

    def read_files(self, path, skipped):
        return read_audio(path, skipped, self.config.max_seconds)

    def read_files_of_any_length(self, path, skipped):
        return read_audio(path, skipped, self.config.max_seconds, keeps_long=True)

    def from_memory(self, example, sample_rate_hz=None, keeps_long=True):
        return waveform_of_array(example, sample_rate_hz, self.config.max_seconds, keeps_long)

    def made_up(self, num_frames):
        """White noise."""
        num_samples = int(num_frames * self.frame_step_s * self.config.sample_rate_hz)
        return np.random.default_rng(num_frames).normal(scale=0.1, size=num_samples).astype(np.float32)

    def fault(self, raw):
        if isinstance(raw, LongWaveform):
            return None
        if len(raw) == 0:
            return "no samples"
        if not np.isfinite(raw).all():
            return "samples that are not finite"
        seconds = len(raw) / self.config.sample_rate_hz
        if seconds > self.config.max_seconds:
            return f"too long: {seconds:.1f} s, features.max_seconds = {self.config.max_seconds:g}"
        return None

    def features(self, inputs):
        return log_mel(inputs, self.config)

    def num_frames(self, inputs):
        return num_frames(tf.shape(inputs)[0], self.config)

    @staticmethod
    def as_inputs(raw):
        return to_float(raw)

    def augment(self, inputs, seed):
        voice = augment_audio(inputs, seed, self.augmentation, self.config.sample_rate_hz)
        return damage_channel(voice, seed, self.augmentation.channel_probability, self.config.sample_rate_hz)

    def augment_features(self, features, seed, fill):
        features = perturb_vocal_tract(features, seed, self.augmentation.vocal_tract, self.config)
        return spec_augment(features, seed, self.augmentation, fill)
