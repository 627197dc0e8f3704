"""SpecAugment: training spectra with time warped, and spans of time and of frequency masked."""

import tensorflow as tf

from seqapp.features.random_draws import spans

SALT = 0x5BEC  # keeps these draws apart from those of the waveform, which may have been given the same seed


def spec_augment(features, seed, config, fill) -> tf.Tensor:
    """Warp time, then mask spans of mel bins and of frames.

    Args:
        features: Float32 `[T, F]`, log-mel. T may be 0 or unknown.
        seed: Int `[2]`, as for `tf.random.stateless_uniform`. Warp, frequency masks and time masks have a seed each:
            switching one off leaves the others as they were.
        config: `seqapp.recipe.SpeechAugmentationConfig`: time_warp, time_masks, time_mask_frames, time_mask_share,
            freq_masks, freq_mask_bins; fields at zero do nothing.
        fill: Float32 `[F]` or `[]`, what masked values become: the mean of the training features, which the model's
            normalisation turns into zero. The mean of these features would tell the length of their silences.

    Returns:
        Float32 `[T, F]`.

    Reference: Park et al. 2019, "SpecAugment: A simple data augmentation method for automatic speech recognition".
    """
    features = tf.convert_to_tensor(features)
    warp_seed, freq_seed, time_seed = tf.unstack(tf.random.split(tf.random.fold_in(seed, SALT), 3))
    if config.time_warp:
        features = warp_time(features, warp_seed, config.time_warp)
    num_frames, num_bins = tf.unstack(tf.shape(features))
    longest = tf.cast(config.time_mask_share * tf.cast(num_frames, tf.float32), tf.int32)
    longest = tf.minimum(longest, config.time_mask_frames)
    in_time = spans(num_frames, time_seed, config.time_masks, longest)
    in_freq = spans(num_bins, freq_seed, config.freq_masks, tf.minimum(config.freq_mask_bins, num_bins))
    masked = tf.logical_or(in_time[:, tf.newaxis], in_freq)
    return tf.where(masked, fill, features)


def warp_time(features, seed, most_frames: int) -> tf.Tensor:
    """Move one frame by up to `most_frames` either way and stretch both sides linearly; the ends stay.

    Park et al. bend the spectrum by a spline through the same three points; the straight lines of later toolkits cost
    less and train as well.

    Args:
        features: Float32 `[T, F]`.
        seed: Int `[2]`.
        most_frames: W. The frame that moves lies W from both ends at least; W shrinks where T is too small for that.

    Returns:
        Float32 `[T, F]`, interpolated between neighbouring frames.
    """
    last = tf.cast(tf.shape(features)[0] - 1, tf.float32)
    most = tf.minimum(tf.cast(most_frames, tf.float32), last / 2)
    place, shift = tf.unstack(tf.random.stateless_uniform([2], seed))
    source = most + place * (last - 2 * most)
    target = source + (2 * shift - 1) * most
    frame = tf.range(last + 1)
    before = tf.math.divide_no_nan(frame * source, target)
    behind = last - tf.math.divide_no_nan((last - frame) * (last - source), last - target)
    position = tf.where(frame < target, before, behind)
    left = tf.cast(tf.clip_by_value(tf.floor(position), 0.0, tf.maximum(last - 1, 0.0)), tf.int32)
    share = (position - tf.cast(left, tf.float32))[:, tf.newaxis]
    right = tf.minimum(left + 1, tf.cast(last, tf.int32))
    return (1 - share) * tf.gather(features, left) + share * tf.gather(features, right)
