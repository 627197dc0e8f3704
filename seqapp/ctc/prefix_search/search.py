"""CTC prefix beam search over the frames of a batch: one step of a loop per frame in which a label is likely."""

import tensorflow as tf

from seqapp.ctc.lattice import IMPOSSIBLE
from seqapp.ctc.prefix_search.active_frames import active_frames
from seqapp.ctc.prefix_search.alignment import histories
from seqapp.ctc.prefix_search.beams import Beams
from seqapp.ctc.prefix_search.packed import FrameTables, pack, unpack
from seqapp.ctc.prefix_search.pruning import Pruning
from seqapp.ctc.prefix_search.scorer import LabelScorer
from seqapp.ctc.prefix_search.step import Fixed, step


def search(beams: Beams, log_probs, num_frames, scorer: LabelScorer, pruning: Pruning, first_frame=0) -> Beams:
    """Search on through more frames. All at once or chunk by chunk, the texts and their scores are the same.

    Args:
        beams: From `begin`, or from the last chunk, of `pruning.beam_width`.
        log_probs: Float32 `[B, T, K]`, natural logarithms, the blank last.
        num_frames: Int32 `[B]`; what stands behind a row's frames changes nothing.
        scorer: `LabelScorer`.
        pruning: `Pruning`.
        first_frame: Int32, or `[B]`: the number of the first of these frames, from which histories count.

    Returns:
        `Beams`, with room for the labels that these frames may add.

    Reference: Hannun et al., First-pass large vocabulary continuous speech recognition using bi-directional recurrent
    DNNs, 2014, algorithm 1; Graves and Jaitly, Towards end-to-end speech recognition with recurrent neural networks,
    2014, algorithm 1.
    """
    frames = active_frames(log_probs, num_frames, pruning.label_threshold, pruning.most_labels)
    tables = FrameTables.of(frames)
    frames = frames._replace(number=frames.number + first_frame)
    records = _records(pack(beams, no_label=log_probs.shape[2]), tables, scorer, pruning)
    history, length = histories(beams, records, frames, tables)
    beams = unpack(_last(records, frames.num_active), history, length)
    has_gap = frames.has_last_gap[:, tf.newaxis, tf.newaxis]
    return beams._replace(scores=tf.where(has_gap, _silent(beams, frames), beams.scores))


def _records(packed, tables, scorer, pruning):
    """Packed beams before the first frame and behind each, `[A + 1, B, W, F]`."""
    num_active = tf.shape(tables.sizes)[0]
    fixed = Fixed.of(packed, scorer, no_label=tables.emissions.shape[2] - 4)
    array = tf.TensorArray(tf.float64, num_active + 1, element_shape=packed.shape).write(0, packed)

    def body(t, packed, array):
        packed = step(packed, tables, t, fixed, scorer, pruning)
        return t + 1, packed, array.write(t + 1, packed)

    *_, array = tf.while_loop(
        lambda t, *_: t < num_active,
        body,
        (0, packed, array),
        shape_invariants=(tf.TensorShape([]), packed.shape, None),
        parallel_iterations=1,
    )
    return array.stack()


def _last(records, num_active):
    """The packed beams behind the last frame of each row."""
    return tf.gather_nd(records, tf.stack([num_active, tf.range(tf.size(num_active))], axis=1))


def _silent(beams, frames):
    """Scores behind frames of nothing but blanks: all alignments end in one."""
    total = beams.ctc_score + frames.last_gap[:, tf.newaxis]
    return tf.stack([total, tf.fill(tf.shape(total), tf.constant(IMPOSSIBLE, tf.float64)), beams.scores[:, :, 2]], 2)


def finish(beams: Beams, scorer: LabelScorer, is_final=True) -> tuple[tf.Tensor, tf.Tensor]:
    """Rank the texts of each row.

    Args:
        beams: `Beams`.
        scorer: `LabelScorer`.
        is_final: Bool, or bool `[B]`: whether the texts end here; then the scorer judges their end too.

    Returns:
        scores: Float64 `[B, W]`, the best first; of no use below `IMPOSSIBLE / 2`.
        order: Int32 `[B, W]`, the beams that they belong to.
    """
    end = tf.where(tf.reshape(is_final, [-1, 1]), scorer.finish(beams.states), 0.0)
    return tf.math.top_k(beams.ctc_score + beams.scores[:, :, 2] + end, beams.scores.shape[1])
