"""Vocal tract length perturbation: training spectra as if of taller and shorter speakers."""

import tensorflow as tf

from seqapp.features.speech.mel_filters import band_centres

SALT = 0x70AC  # keeps this draw apart from those of the waveform and of SpecAugment, which have the same seed
UNCHANGED_HZ = 4_800.0  # formants lie below; above, the axis is bent back so that its end stays where it is


def perturb_vocal_tract(features, seed, extent: float, config) -> tf.Tensor:
    """Multiply frequencies by one random factor, between the bands of what is there already.

    Each band takes what stood at its frequency divided by the factor, interpolated between the two nearest bands.

    Args:
        features: Float32 `[T, F]`, log-mel.
        seed: Int `[2]`, as for `tf.random.stateless_uniform`.
        extent: The factor is uniform in 1 - extent ... 1 + extent; 0 does nothing.
        config: `seqapp.recipe.LogMelConfig` of the features.

    Returns:
        Float32 `[T, F]`.

    Reference: Jaitly and Hinton 2013, "Vocal tract length perturbation (VTLP) improves speech recognition", equation 1.
    """
    if not extent:
        return features
    factor = tf.random.stateless_uniform([], tf.random.fold_in(seed, SALT), 1.0 - extent, 1.0 + extent)
    half_rate = config.sample_rate_hz / 2
    centres = band_centres(config.kind, config.sample_rate_hz, config.num_mel_bins, config.min_hz, config.max_hz)
    source = warp_frequencies(tf.constant(centres), 1.0 / factor, half_rate)
    right = tf.clip_by_value(tf.searchsorted(centres, source), 1, config.num_mel_bins - 1)
    low = tf.gather(centres, right - 1)
    high = tf.gather(centres, right)
    share = tf.clip_by_value((source - low) / (high - low), 0.0, 1.0)
    return (1.0 - share) * tf.gather(features, right - 1, axis=1) + share * tf.gather(features, right, axis=1)


def warp_frequencies(hz, factor, half_rate_hz: float) -> tf.Tensor:
    """Multiply frequencies float32 `[F]` by `factor`, on a straight line to half the sample rate above a corner."""
    corner = tf.minimum(UNCHANGED_HZ, 0.6 * half_rate_hz) * tf.minimum(factor, 1.0) / factor
    slope = (half_rate_hz - factor * corner) / (half_rate_hz - corner)
    return tf.where(hz <= corner, factor * hz, half_rate_hz - slope * (half_rate_hz - hz))
