"""Encoder: stem, blocks and the layers between them, run over whole sequences or as a stream."""

import math

import tensorflow as tf
from keras import layers

from seqapp.models.encoder.forward_pass import normalize
from seqapp.models.encoder.image_convolution import ImageConvolution
from seqapp.models.encoder.recurrent_block import RecurrentBlock
from seqapp.models.encoder.row_convolution import RowConvolution
from seqapp.models.encoder.strided_convolution import StridedConvolution
from seqapp.recipe import EncoderConfig


class Encoder(layers.Layer):
    """Stem, blocks, and a last normalisation.

    In front of a block, frames may be joined (`EncoderConfig.block_strides`: a pyramid) and the nearest be looked at
    (`EncoderConfig.look_behind`, `EncoderConfig.look_ahead`).

    A forward encoder also runs as a stream, over chunks of any size: the outputs are those of the whole sequence, and
    the state is one dict of tensors, `{layer: {name: tensor [B, ...]}}`, which never grows.

    Args:
        config: `EncoderConfig`.
        seed: Seed of the dropout masks.

    Call arguments:
        features: Float `[B, T, F]`.
        lengths: Int32 `[B]`, valid frames; what stands behind them changes nothing.
        intermediate: Give two results more: what the middle block gives, normalised alike, and its lengths.

    Output shape: `[B, T', C]` and the lengths int32 `[B]`, with T' = T divided by each stride and rounded up.
    """

    def __init__(self, config: EncoderConfig, seed=0, **kwargs):
        super().__init__(**kwargs)
        self._is_bidirectional = config.bidirectional
        width = config.width or config.units
        self.image_convolutions = _image_convolutions(config)
        self.stem = _stem(config, width)
        self.subsamplings = [
            StridedConvolution.joining(width, stride, name=f"subsampling_{i}") if stride > 1 else None
            for i, stride in enumerate(config.block_strides or (1,) * config.num_layers)
        ]
        self.row_convolutions = [
            RowConvolution(*beside, name=f"row_convolution_{i}") if any(beside) else None
            for i, beside in enumerate([(config.look_behind, config.look_ahead)] * config.num_layers)
        ]
        self.blocks = [
            RecurrentBlock(config, width, seed=seed + i, name=f"block_{i}") for i in range(config.num_layers)
        ]
        self.normalization = layers.LayerNormalization(name="normalization")
        self._width = width

    def build(self, features_shape, lengths_shape=None):
        shape = tuple(features_shape)
        for stage in self._stages():
            stage.build(shape)
            shape = (*shape[:-1], getattr(stage, "width", self._width))
        self.normalization.build(shape)
        self.built = True

    def call(self, features, lengths, training=False, intermediate=False):
        x, half_way = features, ()
        for stage in self._stages():  # Keras hands `training` on to those that take it
            x, lengths = stage(x, lengths), stage.output_length(lengths)
            if intermediate and stage is self.blocks[(len(self.blocks) - 1) // 2]:
                half_way = self._normalize(x, training), lengths
        return self._normalize(x, training), lengths, *half_way

    def _normalize(self, x, training=False):
        return self.normalization(x) if training else normalize(self.normalization, x)

    def stream_init(self, batch_size):
        """The state before the first chunk, of the size that it will always have.

        Args:
            batch_size: B, int or int32 tensor.

        Returns:
            Dict of dicts of tensors `[B, ...]`, by layer and name.

        Raises:
            ValueError: Where the encoder is bidirectional.
        """
        if self._is_bidirectional:
            raise ValueError(
                "Streaming needs an encoder that runs forward. Received: one trained with encoder.bidirectional=True, "
                "which reads a sequence from its end too. Train with --set encoder.bidirectional=False, and with "
                "encoder.look_ahead frames of the future, or call the encoder on whole sequences."
            )
        return {stage.name: state for stage in self._stages() if (state := stage.stream_init(batch_size))}

    def stream_step(self, features, lengths, final, state):
        """Take one chunk, give the outputs that are complete now: `look_ahead_frames()` is how long they wait.

        Inference only. A row may bring no frames, and begins anew after the chunk that ended it.

        Args:
            features: Float `[B, T, F]`; T may be 0.
            lengths: Int32 `[B]`, valid frames of this chunk; what stands behind them changes nothing.
            final: Bool `[B]`, True where this chunk ends the row's sequence: all its outputs are given.
            state: From `stream_init` or the last `stream_step`.

        Returns:
            encoded: Float `[B, T', C]`, finite behind the valid frames.
            lengths: Int32 `[B]`, valid frames of `encoded`.
            state: For the next chunk.
        """
        x, new_state = tf.cast(features, self.compute_dtype), {}
        for stage in self._stages():
            x, lengths, after = stage.stream_step(x, lengths, final, state.get(stage.name, {}))
            new_state |= {stage.name: after} if after else {}
        return self._normalize(x), lengths, new_state

    def _stages(self):
        """The layers that frames pass, in order. A method: Keras would save a list under a second name."""
        in_front = zip(self.subsamplings, self.row_convolutions, self.blocks)
        return [
            *self.image_convolutions,
            *self.stem,
            *(stage for stages in in_front for stage in stages if stage is not None),
        ]

    @property
    def frames_per_output(self):
        """Feature frames that one output frame stands for: the product of the strides."""
        return math.prod(stage.stride for stage in self._stages())

    def output_length(self, length):
        """Frames that come out for `length` frames in (int or int tensor)."""
        for stage in self._stages():
            length = stage.output_length(length)
        return length

    def look_ahead_frames(self):
        """Feature frames behind its first one that an output frame reads, those it stands for included.

        Output u reads the features up to frame u * frames_per_output + look_ahead_frames().

        Raises:
            ValueError: Where the encoder is bidirectional: it reads them all.
        """
        if self._is_bidirectional:
            raise ValueError("A bidirectional encoder reads every frame: its look-ahead has no bound.")
        frames, stride = 0, 1
        for stage in self._stages():
            frames, stride = frames + stride * stage.right, stride * stage.stride
        return frames


def _image_convolutions(config):
    channels = (1, *config.image_channels)
    strides = zip(config.image_strides, config.image_row_strides)
    return [
        ImageConvolution(*channels[i : i + 2], config.image_kernel, *stride, config.activation, name=f"image_{i}")
        for i, stride in enumerate(strides)
    ]


def _stem(config, width):
    """One convolution a stride; without any, a linear map gives the features the width of the blocks."""
    convolutions = [
        StridedConvolution.centred(width, config.stem_kernel, stride, config.activation, name=f"stem_{i}")
        for i, stride in enumerate(config.stem_strides)
    ]
    return convolutions or [StridedConvolution.centred(width, 1, 1, None, name="stem_0")]
