"""CTC prefix beam search over the frames of a batch: one step of a loop per frame in which a label is likely."""

import tensorflow as tf

from seqapp.ctc.lattice import IMPOSSIBLE
from seqapp.ctc.prefix_search.active_frames import active_frames
from seqapp.ctc.prefix_search.beams import Beams, choose
from seqapp.ctc.prefix_search.pruning import Pruning
from seqapp.ctc.prefix_search.scorer import LabelScorer
from seqapp.ctc.prefix_search.step import Frame, step


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
    num_active = tf.shape(frames.number)[0]
    history = tf.pad(beams.history, [[0, 0], [0, 0], [0, num_active], [0, 0]])
    frames = frames._replace(number=frames.number + first_frame)

    def body(t, *values):
        return t + 1, *step(Beams(*values), Frame.of(frames, t), scorer, pruning)

    shapes = [tf.TensorShape(tensor.shape) for tensor in beams._replace(history=history)]
    shapes[-1] = tf.TensorShape([*shapes[-1][:2], None, 3])
    _, *values = tf.while_loop(
        lambda t, *_: t < num_active,
        body,
        (0, *beams._replace(history=history)),
        shape_invariants=(tf.TensorShape([]), *shapes),
        parallel_iterations=1,
    )
    beams = Beams(*values)
    return choose(frames.has_last_gap, _silence(beams, frames.last_gap), beams)


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


def _silence(beams, gap):
    """Beams after frames of nothing but blanks."""
    total = beams.ctc_score + gap[:, tf.newaxis]
    scores = tf.stack([total, tf.fill(tf.shape(total), tf.constant(IMPOSSIBLE, tf.float64)), beams.scores[:, :, 2]], 2)
    return beams._replace(scores=scores)
