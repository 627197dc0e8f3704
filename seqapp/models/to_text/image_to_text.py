"""Line images to text: features, network, decoding and character look-up as one graph without Python."""

import tensorflow as tf

from seqapp.features.image.line_image import corpus_columns, frame_scale
from seqapp.models.reading import ImageReading
from seqapp.models.to_text.character_places import column_places
from seqapp.models.to_text.raw_to_text import NO_CHARACTER, RawToText
from seqapp.recipe.rules import CORPUS_EXTENT, CORPUS_HEIGHT

SIGNATURE = [
    tf.TensorSpec([None, None, CORPUS_HEIGHT], tf.float32, "columns"),
    tf.TensorSpec([None], tf.int32, "lengths"),
]
IMAGES = [tf.TensorSpec([None], tf.string, "images")]


class ImageToText(RawToText):
    """The module that is exported: everything between a picture of a line and its text."""

    NAME = "image_to_text"
    INPUT = "columns"
    PLACES = "frame_columns"
    READING = ImageReading
    character_places = staticmethod(column_places)

    def functions(self):
        """Return the functions to export: pictures as files too."""
        return {**super().functions(), "images": self.recognize_images}

    @tf.function(input_signature=SIGNATURE, autograph=False)
    def recognize(self, columns, lengths):
        """Read each line.

        Args:
            columns: Float32 `[B, W, 64]` in [0, 1], 1 white: images 64 rows high, their columns from left to right,
                each from top to bottom. The size of the letters and the contrast are made equal here.
            lengths: Int32 `[B]`: valid columns of each row, cut to 0..W; what stands behind them changes nothing.

        Returns:
            Dict of text string `[B]`; confidence float32 `[B]` and is_sure bool `[B]`, see `RawToText`; num_characters
            int32 `[B]`; and, one column per character, filled up with -1: char_frames int32 `[B, U]` (frame of
            log_probs), char_confidences float32 `[B, U]`, and char_left and char_right float32 `[B, U]`, the columns
            between which it stands. A row without columns, or with grey that is not finite, gives an empty text of
            confidence 0.
        """
        return self._recognize(columns, lengths)

    @tf.function(input_signature=SIGNATURE, autograph=False)
    def log_probs(self, columns, lengths):
        """Compute the log-probabilities of every frame.

        Args:
            columns: Float32 `[B, W, 64]`, as for `recognize`.
            lengths: Int32 `[B]`.

        Returns:
            Dict of log_probs float32 `[B, T', K]`, the blank last; num_frames int32 `[B]`; and frame_columns float32
            `[B, T']`, the column in the middle of each frame.
        """
        return self._log_probs(columns, lengths)

    @tf.function(input_signature=IMAGES, autograph=False)
    def recognize_images(self, images):
        """Read each file.

        Args:
            images: String `[B]`: whole files, PNG, JPEG, BMP or GIF (its first picture), of one line each, dark on
                light, of any size. Turned or transparent ones must be made upright and opaque before.

        Returns:
            As `recognize`, char_left and char_right in pixels of the file.

        Raises:
            tf.errors.InvalidArgumentError: One of them is no such picture.
        """
        columns, scales = tf.map_fn(
            _decode,
            images,
            fn_output_signature=(
                tf.RaggedTensorSpec([None, CORPUS_HEIGHT], tf.float32, ragged_rank=0),
                tf.TensorSpec([], tf.float32),
            ),
        )
        lengths = tf.cast(columns.row_lengths(), tf.int32)
        outputs = self._recognize(columns.to_tensor(shape=[None, None, CORPUS_HEIGHT]), lengths)
        for name in ("char_left", "char_right"):
            places = outputs[name]
            outputs[name] = tf.where(places == NO_CHARACTER, places, places / scales[:, tf.newaxis])
        return outputs

    def _character_places(self, inputs, lengths, symbols, frames, network):
        """Borders lie half-way between neighbours; the outer characters are as wide outwards as inwards."""
        is_character, middles = frames != NO_CHARACTER, self._read_columns(inputs, lengths, frames)
        width = tf.cast(lengths, tf.float32)[:, tf.newaxis]
        has_left, has_right = (
            tf.pad(is_character[:, :-1], [[0, 0], [1, 0]]),
            tf.pad(is_character[:, 1:], [[0, 0], [0, 1]]),
        )
        has_left, has_right = has_left[:, : tf.shape(frames)[1]], has_right[:, : tf.shape(frames)[1]]
        left = (middles + tf.concat([middles[:, :1], middles[:, :-1]], axis=1)) / 2
        right = (middles + tf.concat([middles[:, 1:], middles[:, -1:]], axis=1)) / 2
        alone_left, alone_right = tf.zeros_like(middles), width + tf.zeros_like(middles)
        first = tf.where(has_left, left, tf.where(has_right, 2 * middles - right, alone_left))
        last = tf.where(has_right, right, tf.where(has_left, 2 * middles - left, alone_right))
        places = {"char_left": first, "char_right": last}
        if self._sense.reads_leftwards:
            places = {"char_left": width - last, "char_right": width - first}
        filler = tf.cast(NO_CHARACTER, tf.float32)
        return {n: tf.where(is_character, tf.clip_by_value(p, 0.0, width), filler) for n, p in places.items()}

    def _frame_places(self, inputs, lengths, network):
        num_frames = tf.shape(network.logits)[1]
        frames = tf.broadcast_to(tf.range(num_frames), [tf.shape(inputs)[0], num_frames])
        columns = self._read_columns(inputs, lengths, frames)
        if self._sense.reads_leftwards:
            columns = tf.cast(lengths, tf.float32)[:, tf.newaxis] - columns
        return {"frame_columns": columns}

    def _read_columns(self, inputs, lengths, frames):
        """Float32, columns that have been read up to the middle of logit frames `[B, U]`."""
        config = self._sense.config

        def scale_of(row):
            return frame_scale(row[0][: row[1]], config)

        scales = tf.map_fn(scale_of, (inputs, lengths), fn_output_signature=tf.TensorSpec([], tf.float32))
        middle = self._frames_per_output * tf.cast(frames, tf.float32) + 0.5
        return middle / scales[:, tf.newaxis]


def _decode(image):
    """Columns float32 `[W, CORPUS_HEIGHT]` of a file, and how many of them a pixel of it is."""
    pixels = tf.io.decode_image(image, channels=3, expand_animations=False)
    grey = tf.image.rgb_to_grayscale(tf.cast(tf.ensure_shape(pixels, [None, None, 3]), tf.float32) / 255.0)
    columns = corpus_columns(tf.transpose(grey[:, :, 0]), CORPUS_HEIGHT, CORPUS_EXTENT)
    return columns, tf.cast(tf.shape(columns)[0] / tf.shape(grey)[1], tf.float32)
