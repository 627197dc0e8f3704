"""Padded batches as tf.data datasets, for training (augmented, sharded by replica) and for evaluation."""

from collections.abc import Callable, Sequence

import numpy as np
import tensorflow as tf

from seqapp.ctc import frames_needed
from seqapp.datasets.processes import num_cores
from seqapp.input_pipeline.batch_plan import BatchPlan, cut
from seqapp.input_pipeline.examples import Examples
from seqapp.input_pipeline.length_groups import batches_by_length, steps_by_length
from seqapp.input_pipeline.record_examples import RecordExamples
from seqapp.recipe import Recipe
from seqapp.recipe.rules import ROWS_PER_SEED
from seqapp.senses import Sense
from seqapp.text.alphabet import Alphabet

MOST_CACHED_BYTES = 2**28  # of features of an evaluation; those of larger splits are computed each time
ROWS_PER_CORE = 2  # begun at once, so that no core waits while the first of them, which takes longest, is waited for
NO_EXAMPLE = -1  # fills up the rows that join fewer examples than the longest one


class Corpus:
    """Examples and their labels as tensors that a tf.data graph gathers from.

    Args:
        examples: `Examples` or `RecordExamples`, usable ones only.
        alphabet: `Alphabet`.
        sense: `Sense` of the examples.
    """

    def __init__(self, examples: Examples | RecordExamples, alphabet: Alphabet, sense: Sense):
        labels = [np.array(alphabet.encode(text), np.int32) for text in examples.texts]
        self.sense = sense
        self.num_labels = np.array([len(label) for label in labels], np.int64)
        self.folder = getattr(examples, "folder", None)  # of a corpus on disk: what is learned of it may be kept there
        self.ids = examples.ids
        self._raw = examples.reader(sense)
        with tf.device("CPU"):  # where tf.data runs; a GPU would lose memory to them
            self._texts = tf.constant(examples.texts.tolist(), tf.string)
            self._labels = tf.constant(np.concatenate([np.zeros(0, np.int32), *labels]))
            self._label_splits = tf.constant(np.cumsum([0, *self.num_labels]), tf.int64)
        self._gap_length = 0 if alphabet.unknown(" ") else 1
        self._word_gap = tf.constant(alphabet.encode(" " * self._gap_length), tf.int32)

    def __len__(self):
        return len(self.num_labels)

    def inputs(self, index) -> tf.Tensor:
        """Return float32 `[N, ...]`: one example as the graph takes it."""
        return self.sense.as_inputs(self._raw(index))

    def labels(self, index) -> tf.Tensor:
        return self._labels[self._label_splits[index] : self._label_splits[index + 1]]

    def num_labels_of(self, rows: list[np.ndarray]) -> int:
        """Count the labels in rows of joined examples (arrays of indices), the spaces between them included."""
        return sum(int(self.num_labels[row].sum()) + self._gap_length * (len(row) - 1) for row in rows)

    def joined(self, indices, seed) -> tuple[tf.Tensor, tf.Tensor]:
        """Join the examples at `indices` (NO_EXAMPLE fills up) one after the other, a space between their labels."""
        inputs = self.inputs(indices[0])
        labels = self.labels(indices[0])
        if self.sense.longest_row == 1:
            return inputs, labels

        def append(k, inputs, text, labels):
            index = indices[k]
            inputs, text = self.sense.join(inputs, text, self.inputs(index), self._texts[index], seed + [0, k])
            return k + 1, inputs, text, tf.concat([labels, self._word_gap, self.labels(index)], axis=0)

        count = tf.reduce_sum(tf.cast(indices != NO_EXAMPLE, tf.int32))
        state = (1, inputs, self._texts[indices[0]], labels)
        shapes = tuple(tf.TensorShape(shape) for shape in ([], [None, *self.sense.raw_shape], [], [None]))
        _, inputs, _, labels = tf.while_loop(lambda k, *_: k < count, append, state, shapes)
        return inputs, labels


def training_batches(
    corpus: Corpus,
    plan: BatchPlan,
    recipe: Recipe,
    output_length: Callable,
    start_step: int = 0,
    replicas: Sequence[int] = (0,),
    num_replicas: int = 1,
    fill=0.0,
    cores: int | None = None,
) -> tf.data.Dataset:
    """Make batches from `start_step` on, for ever: the same for the same arguments, however often it is stopped.

    The order of the stages: the plan decides rows (seeded, no shuffle buffer to save); each row is read from memory or
    disk, joined, augmented and turned into features (side by side, as many as there are cores, across the borders of
    batches, results in order); rows are padded to the longest of their batch; two batches are prefetched while a step
    runs.
    Nothing is cached behind augmentation, since every epoch must see something new.

    Args:
        corpus: `Corpus`.
        plan: `BatchPlan` or `BucketPlan` over it.
        recipe: `Recipe`.
        output_length: Function from feature frames to logit frames.
        start_step: Step of the first batch.
        replicas: Which replicas of the global batch this worker feeds; one element per replica, in this order.
        num_replicas: Replicas altogether: row r of the global batch belongs to replica r % num_replicas.
        fill: Float32 `[F]` or `[]`, what masked features become: the mean that the model normalises by; else 0.
        cores: That rows are made on, side by side; None: those that this process may use.

    Returns:
        tf.data.Dataset of dicts: features float32 `[B, T, F]`, length int32 `[B]`, labels int32 `[B, U]`,
        label_length int32 `[B]`, weight float32 `[B]` (0 for rows that only fill up), index int32 `[B]` (first
        example of each row), step int64 and num_labels float32 (labels in the whole global batch: what the loss is
        divided by, so that replicas need not ask each other).
    """
    sense = corpus.sense
    longest_row = int(plan.longest_row)
    cores = num_cores() if cores is None else cores
    if plan.shapes and num_replicas > 1:
        raise ValueError(f"Batches of few shapes are made for one replica. Received: {num_replicas} replicas.")

    def rows_of_batches():
        for step, batch in plan.batches(start_step):
            num_labels = np.float32(corpus.num_labels_of(batch))
            for replica in replicas:
                arrays = _rows_of_replica(batch, replica, num_replicas, longest_row)
                count = len(arrays[0])
                steps = np.full(count, step)
                yield np.full(count, count), steps, steps, np.full(count, num_labels), *arrays

    def rows_of_groups():
        for group in plan.step_groups(start_step):
            parts = []
            for k, (batch, shape) in enumerate(zip(group.batches, group.shapes)):
                indices, numbers, weights = _rows_of_replica(batch, 0, 1, longest_row, shape.num_rows)
                num_labels = [corpus.num_labels_of([batch[number % len(batch)]]) for number in numbers] * weights
                parts.append((np.full(len(numbers), group.first_step + k), num_labels, indices, numbers, weights))
            steps, *arrays = (np.concatenate(part) for part in zip(*parts))
            count = np.full(len(steps), len(steps))
            yield count, steps, steps_by_length(group.first_step, group.shapes), *arrays

    signature = (
        tf.TensorSpec([None], tf.int32),  # rows that are batched, or divided into batches, together
        tf.TensorSpec([None], tf.int64),  # steps that their draws are of
        tf.TensorSpec([None], tf.int64),  # and that they are for
        tf.TensorSpec([None], tf.float32),  # labels
        tf.TensorSpec([None, longest_row], tf.int32),
        tf.TensorSpec([None], tf.int32),
        tf.TensorSpec([None], tf.float32),
    )

    @tf.autograph.experimental.do_not_convert  # plain operations throughout; converting them takes seconds
    def row(num_rows, step, batch_step, num_labels, indices, number, weight):
        seed = tf.stack([recipe.training.seed * ROWS_PER_SEED + number, tf.cast(step, tf.int32)])
        inputs, labels = corpus.joined(indices, seed)
        features = sense.feature_graph(sense.augment(inputs, seed))
        features = sense.augment_features(features, seed, fill)
        made = _row(indices[0], features, labels, weight, sense, output_length)
        return num_rows, made | {"step": batch_step, "num_labels": num_labels}

    rows = rows_of_groups if plan.shapes else rows_of_batches
    rows = tf.data.Dataset.from_generator(rows, output_signature=signature).unbatch()
    if plan.shapes:
        dataset = batches_by_length(_made(rows, row, cores), plan, start_step)
    else:
        dataset = batches_of_rows(rows, row, cores)
        dataset = dataset.map(lambda batch: batch | {name: batch[name][0] for name in ("step", "num_labels")})
    return dataset.prefetch(2)


def evaluation_batches(
    corpus: Corpus, num_frames: np.ndarray, recipe: Recipe, output_length: Callable
) -> tf.data.Dataset:
    """Make batches of every example once, by length, without augmentation; the features of few are kept.

    Args:
        corpus: `Corpus`.
        num_frames: Int `[n]`, feature frames of each example.
        recipe: `Recipe`.
        output_length: Function from feature frames to logit frames.

    Returns:
        tf.data.Dataset of the dicts of `training_batches`, less step and num_labels; up to MOST_CACHED_BYTES, or where
        the corpus itself is in memory, cached there: the same features serve every evaluation.
    """
    order = np.argsort(num_frames, kind="stable")
    batches = cut(order.tolist(), num_frames[order], recipe.data.batch_frames, recipe.data.max_batch_size)

    num_rows = np.repeat([len(batch) for batch in batches], [len(batch) for batch in batches])

    @tf.autograph.experimental.do_not_convert
    def row(num_rows, index):
        features = corpus.sense.feature_graph(corpus.inputs(index))
        return num_rows, _row(index, features, corpus.labels(index), 1.0, corpus.sense, output_length)

    rows = tf.data.Dataset.from_tensor_slices((num_rows.astype(np.int32), order.astype(np.int32)))
    dataset = batches_of_rows(rows, row, num_cores())
    num_bytes = 4 * corpus.sense.num_features * int(num_frames.sum())
    is_small = corpus.folder is None or num_bytes <= MOST_CACHED_BYTES
    return (dataset.cache() if is_small else dataset).prefetch(1)


def batches_of_rows(rows: tf.data.Dataset, make: Callable, cores: int) -> tf.data.Dataset:
    """Make rows side by side, whatever batches they belong to, and pad those of each batch together.

    Args:
        rows: Number of rows of the batch, and whatever `make` needs, for each row; those of a batch follow each other.
        make: Function from an element of `rows` to (number of rows of the batch, dict of tensors).
        cores: Rows are made on, side by side.

    Returns:
        tf.data.Dataset of dicts, one per batch, in the same order for any number of cores.
    """
    # A batch is complete before the next begins, so that its number of rows is key enough.
    return _made(rows, make, cores).group_by_window(
        key_func=lambda num_rows, _: tf.cast(num_rows, tf.int64),
        reduce_func=lambda num_rows, window: window.map(lambda _, row: row).padded_batch(num_rows),
        window_size_func=lambda num_rows: num_rows,
    )


def _made(rows, make, cores):
    return rows.map(make, num_parallel_calls=ROWS_PER_CORE * cores, deterministic=True)


def _row(index, features, labels, weight, sense, output_length):
    features = tf.ensure_shape(features, [None, sense.num_features])
    length = tf.shape(features)[0]
    label_length = tf.shape(labels)[0]
    # Augmentation may have pressed an example together until its label does not fit: then the row counts for nothing.
    fits = output_length(length) >= frames_needed(labels)
    return {
        "features": features,
        "length": length,
        "labels": labels,
        "label_length": tf.where(fits, label_length, 1),
        "weight": tf.cast(weight, tf.float32) * tf.cast(fits, tf.float32),
        "index": index,
    }


def _rows_of_replica(rows, replica, num_replicas, longest_row, num_rows=0):
    """Return the rows of one replica as arrays; all replicas get equally many, the surplus with weight 0.

    Args:
        rows: List of arrays of indices.
        replica: Number of the replica.
        num_replicas: Altogether.
        longest_row: Most indices of a row.
        num_rows: Rows of the global batch, filled up where `rows` are fewer; 0: as many as they are.
    """
    count = -(-(num_rows or len(rows)) // num_replicas)
    numbers = np.arange(count, dtype=np.int32) * num_replicas + replica
    weights = (numbers < len(rows)).astype(np.float32)
    indices = np.full([count, longest_row], NO_EXAMPLE, np.int32)
    for k, number in enumerate(numbers):
        row = rows[number % len(rows)]
        indices[k, : len(row)] = row
    return indices, numbers, weights
