"""Log-probability of given texts under the CTC model, in TensorFlow operations (the signature `score_text`)."""

import re

import tensorflow as tf

from seqapp.ctc import label_log_prob

END = "\x1e"  # of a symbol: a control character that no text holds


def score_texts(log_probs, num_frames, texts, symbols):
    """Log-probabilities of given texts.

    Args:
        log_probs: Float32 `[B, T, K]`, the blank last.
        num_frames: Int32 `[B]`.
        texts: String `[B]`.
        symbols: Tuple of K - 1 strings: a class's characters.

    Returns:
        Float32 `[B]`, natural logarithms; -inf for a text of other characters, or with more of them than fit.
    """
    labels, label_length, is_known = spell(texts, symbols)
    scores = label_log_prob(log_probs, num_frames, labels, label_length)
    return tf.where(is_known, scores, float("-inf"))


def spell(texts, symbols):
    """Texts as classes, long symbols before short ones, as `Alphabet.encode` does.

    Args:
        texts: String `[B]`.
        symbols: Tuple of strings.

    Returns:
        labels: Int32 `[B, U]`, 0 behind a row's end.
        label_length: Int32 `[B]`.
        is_known: Bool `[B]`, whether the text has no other characters.
    """
    longest_first = sorted(symbols, key=len, reverse=True)
    pattern = "|".join(re.escape(symbol) for symbol in longest_first)
    pieces = tf.strings.split(tf.strings.regex_replace(texts, f"({pattern})", rf"\1{END}"), END)[:, :-1]
    rest = tf.strings.regex_replace(texts, pattern, "")
    is_symbol = pieces.to_tensor("")[:, :, tf.newaxis] == tf.constant(symbols)
    labels = tf.argmax(tf.cast(is_symbol, tf.int32), axis=-1, output_type=tf.int32)
    return labels, tf.cast(pieces.row_lengths(), tf.int32), rest == ""
