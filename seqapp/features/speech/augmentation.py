"""Data augmentation of audio: random speed, reverberation, noise and gain.

Everything is drawn from one stateless seed, so an example is distorted alike wherever and whenever it is computed.
"""

import tensorflow as tf

from seqapp.features.random_draws import sometimes, uniform
from seqapp.features.speech.noise import add_noise
from seqapp.features.speech.reverberation import reverberate
from seqapp.features.speech.speed import change_speed


def augment_audio(waveform, seed, config, sample_rate_hz: int = 16_000) -> tf.Tensor:
    """Distort one waveform in the order of nature: the voice (speed), the room, its noise, the microphone (gain).

    Args:
        waveform: Float32 `[N]` of full scale 1, finite.
        seed: Int `[2]`, as for `tf.random.stateless_uniform`; equal seeds give equal waveforms. Every distortion has a
            seed of its own: switching one off leaves what the others draw as it was.
        config: `seqapp.recipe.SpeechAugmentationConfig`; its masks and time_warp are not read here: see
            `seqapp.features.speech.spec_augment`. Fields at zero do nothing; all zero is the identity.
        sample_rate_hz: Of the waveform.

    Returns:
        Float32 `[M]`, M = N unless the speed changes; may exceed full scale.

    Reference: Ko et al. 2015, "Audio augmentation for speech recognition"; Ko et al. 2017, "A study on data
        augmentation of reverberant speech for robust speech recognition".
    """
    waveform = tf.ensure_shape(waveform, [None])
    speed_seed, room_seed, noise_seed, gain_seed = tf.unstack(tf.random.split(seed, 4))
    if config.speed:
        factor = tf.random.stateless_uniform([], speed_seed, 1.0 - config.speed, 1.0 + config.speed)
        waveform = change_speed(waveform, factor)
    waveform = sometimes(reverberate, waveform, config.reverberation_probability, room_seed, sample_rate_hz)
    waveform = sometimes(add_noise, waveform, config.noise_probability, noise_seed, config.noise_snr_db, sample_rate_hz)
    if config.gain_db:
        waveform *= 10.0 ** (uniform(gain_seed, [], config.gain_db) / 20.0)
    return tf.ensure_shape(waveform, [None])
