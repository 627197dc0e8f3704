"""Batches hold what the plan says, as features; they repeat exactly and resume anywhere."""

import dataclasses
import functools
import itertools
import threading
import time

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from seqapp.features import augment, ink_features
from seqapp.input_pipeline import BatchPlan, BucketPlan, Corpus, Examples, evaluation_batches, training_batches
from seqapp.input_pipeline.batches import NO_EXAMPLE, _rows_of_replica
from seqapp.recipe import AugmentationConfig, DataConfig, InkConfig, Recipe, TrainingConfig
from seqapp.recipe.rules import ROWS_PER_SEED
from seqapp.senses import InkSense, sense_of
from seqapp.text import Alphabet
from tests.small_models import scribble

ALPHABET = Alphabet(tuple(" abcdefgh"))
TEXTS = ("abc", "de fg", "h", "abba", "cab", "ef", "gh", "dd", "a", "bed", "fade", "c")
NUM_MAIN = 5  # the others are extra words, by two writers in turn
NO_AUGMENTATION = AugmentationConfig(scale=0, rotation_deg=0, shear=0, time_stretch=0, noise=0, join_words=3)
RECIPE = Recipe(
    data=DataConfig(batch_frames=700, max_batch_size=3, extra_share=0.4),
    features=InkConfig(height="spread", step=0.1, include_y=True),
    augmentation=NO_AUGMENTATION, training=TrainingConfig(seed=5),
)  # fmt: skip
AUGMENTED = dataclasses.replace(RECIPE, augmentation=AugmentationConfig(drop=0.2, warp=0.1, join_words=3))


def make_examples():
    return Examples.from_iterable(
        (
            {"id": f"ink {i}", "writer_id": f"w{i % 2}", "text": text, "points": scribble(20 + 15 * i, seed=i)}
            for i, text in enumerate(TEXTS)
        ),
        InkSense,
    )


EXAMPLES = make_examples()
CORPUS = Corpus(EXAMPLES, ALPHABET, sense_of(RECIPE))
FRAMES = np.array([len(ink_features(EXAMPLES.raw_of(i), RECIPE.features)) for i in range(len(TEXTS))])


def make_plan(recipe=RECIPE):
    return BatchPlan(
        num_frames=FRAMES, num_labels=CORPUS.num_labels, groups=EXAMPLES.group_ids,
        is_extra=np.arange(len(TEXTS)) >= NUM_MAIN, extra_share=recipe.data.extra_share,
        longest_row=recipe.augmentation.join_words, batch_frames=recipe.data.batch_frames,
        max_batch_size=recipe.data.max_batch_size, seed=recipe.training.seed,
    )  # fmt: skip


def halved(length):
    return (length + 1) // 2


def take(count, recipe=RECIPE, **options):
    corpus = Corpus(EXAMPLES, ALPHABET, sense_of(recipe))
    dataset = training_batches(corpus, make_plan(recipe), recipe, halved, **options)
    return list(dataset.take(count).as_numpy_iterator())


@functools.cache
def plain_batches():
    """The first eight, without augmentation."""
    return take(8)


def assert_equal(received, expected):
    assert len(received) == len(expected)
    for r, e in zip(received, expected, strict=True):
        assert r.keys() == e.keys()
        for name in e:
            np.testing.assert_array_equal(r[name], e[name], err_msg=name)


def planned_rows(count):
    return [rows for (_, rows), _ in zip(make_plan().batches(), range(count))]


def test_joined_labels_have_a_space_between_words():
    indices = np.array([3, 7, NO_EXAMPLE, NO_EXAMPLE], np.int32)
    points, labels = CORPUS.joined(tf.constant(indices), tf.constant([1, 2]))
    assert ALPHABET.decode(labels.numpy()) == "abba dd"
    assert len(points) == len(EXAMPLES.raw_of(3)) + len(EXAMPLES.raw_of(7))
    strokes = sum(int(EXAMPLES.raw_of(i)[:, 3].sum()) for i in (3, 7))
    assert points.numpy()[:, 3].sum() == strokes, "joining moves strokes, and makes none"


def test_a_single_example_is_joined_to_nothing():
    points, labels = CORPUS.joined(tf.constant([4, NO_EXAMPLE]), tf.constant([1, 2]))
    np.testing.assert_array_equal(points, EXAMPLES.raw_of(4))
    assert ALPHABET.decode(labels.numpy()) == "cab"


def test_an_alphabet_without_a_space_joins_words_without_one():
    examples = EXAMPLES.select([0, 2])
    corpus = Corpus(examples, Alphabet(tuple("abch")), sense_of(RECIPE))
    _, labels = corpus.joined(tf.constant([0, 1]), tf.constant([1, 2]))
    assert labels.numpy().tolist() == [0, 1, 2, 3]
    assert corpus.num_labels_of([np.array([0, 1]), np.array([1])]) == 5


def test_batches_hold_the_planned_rows_as_features():
    batches, plan = plain_batches(), planned_rows(8)
    assert any(len(row) > 1 for rows in plan for row in rows), "some rows are joined"
    for step, (batch, rows) in enumerate(zip(batches, plan, strict=True)):
        assert batch["step"] == step and batch["index"].tolist() == [row[0] for row in rows]
        texts = [" ".join(TEXTS[i] for i in row) for row in rows]
        lengths = batch["label_length"].tolist()
        assert [ALPHABET.decode(b[:n]) for b, n in zip(batch["labels"], lengths)] == texts
        assert batch["num_labels"] == sum(map(len, texts)) == sum(lengths)
        assert batch["weight"].tolist() == [1.0] * len(rows)
        assert batch["features"].shape == (len(rows), batch["length"].max(), 6)
        assert batch["labels"].shape == (len(rows), max(lengths))
        for k, row in enumerate(rows):
            features, length = batch["features"][k], batch["length"][k]
            assert not features[length:].any() and not batch["labels"][k, lengths[k] :].any()
            if len(row) == 1:
                np.testing.assert_allclose(
                    features[:length], ink_features(EXAMPLES.raw_of(row[0]), RECIPE.features), atol=1e-6
                )


def test_the_same_arguments_give_the_same_batches_and_any_step_is_a_start():
    batches = take(9, AUGMENTED)
    assert_equal(take(9, AUGMENTED), batches)
    assert_equal(take(4, AUGMENTED, start_step=5), batches[5:])


def test_augmentation_is_that_of_the_features_with_a_seed_of_row_and_step():
    config = dataclasses.replace(AUGMENTED.augmentation, join_words=1)
    recipe = dataclasses.replace(AUGMENTED, augmentation=config)
    for batch in take(2, recipe):
        for k, index in enumerate(batch["index"]):
            seed = tf.constant([5 * ROWS_PER_SEED + k, int(batch["step"])], tf.int32)
            points = augment(EXAMPLES.raw_of(index), seed, config)
            expected = ink_features(points, recipe.features)
            np.testing.assert_allclose(batch["features"][k, : batch["length"][k]], expected, atol=1e-5)


def test_replicas_share_a_global_batch():
    whole, shared = plain_batches()[:4], take(8, replicas=(0, 1), num_replicas=2)
    for step, batch in enumerate(whole):
        parts = shared[2 * step : 2 * step + 2]
        assert len(parts[0]["index"]) == len(parts[1]["index"]) == -(-len(batch["index"]) // 2)
        for r, part in enumerate(parts):
            assert part["step"] == step and part["num_labels"] == batch["num_labels"]
            for k, weight in enumerate(part["weight"]):
                row = 2 * k + r
                assert weight == (row < len(batch["index"]))
                if weight:
                    length = batch["length"][row]
                    assert (part["index"][k], part["length"][k]) == (batch["index"][row], length)
                    np.testing.assert_array_equal(part["features"][k, :length], batch["features"][row, :length])


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(1, 4), min_size=1, max_size=9), st.integers(1, 5))
def test_the_union_over_replicas_is_the_global_batch(sizes, num_replicas):
    starts = np.cumsum([0, *sizes])
    rows = [np.arange(start, start + size) for start, size in zip(starts, sizes)]
    parts = [_rows_of_replica(rows, replica, num_replicas, 4, len(rows)) for replica in range(num_replicas)]
    assert len({len(indices) for indices, *_ in parts}) == 1, "replicas step together"
    found = {}
    for indices, numbers, weights in parts:
        for row, number, weight in zip(indices, numbers, weights):
            assert row[0] != NO_EXAMPLE, "rows that only fill up hold an example too"
            assert weight == (number < len(rows))
            if weight:
                found[int(number)] = row[row != NO_EXAMPLE].tolist()
    assert found == {number: row.tolist() for number, row in enumerate(rows)}


def test_a_label_that_augmentation_made_too_long_counts_for_nothing():
    """The row stays, so that shapes do, with a weight of 0 and a label that fits."""
    batch = next(iter(training_batches(CORPUS, make_plan(), RECIPE, lambda length: 0 * length + 3).as_numpy_iterator()))
    texts = [" ".join(TEXTS[i] for i in row) for row in planned_rows(1)[0]]
    needed = np.array([len(text) + sum(a == b for a, b in zip(text, text[1:])) for text in texts])
    assert batch["weight"].tolist() == (needed <= 3).tolist()
    assert batch["label_length"].tolist() == np.where(needed <= 3, [len(t) for t in texts], 1).tolist()


def few_shapes(**changes):
    plain = make_plan(AUGMENTED)
    fields = {field.name: getattr(plain, field.name) for field in dataclasses.fields(plain)}
    return BucketPlan(**fields, ratios=np.array([0.8, 1.0, 1.2]), **changes)


def row_of(corpus, row, number, step):
    """Length and features of one augmented row."""
    seed = tf.constant([5 * ROWS_PER_SEED + number, step], tf.int32)
    indices = np.array([*row, *[NO_EXAMPLE] * (AUGMENTED.augmentation.join_words - len(row))], np.int32)
    features = corpus.sense.feature_graph(corpus.sense.augment(corpus.joined(indices, seed)[0], seed)).numpy()
    return len(features), int(row[0]), features


def test_rows_of_few_shapes_are_those_of_their_group_divided_by_their_real_lengths():
    plan, corpus = few_shapes(), Corpus(EXAMPLES, ALPHABET, sense_of(AUGMENTED))
    dataset = training_batches(corpus, plan, AUGMENTED, halved).as_numpy_iterator()
    for group in itertools.islice(plan.step_groups(), 2):
        batches = [next(dataset) for _ in group.batches]
        assert [batch["step"] for batch in batches] == [group.first_step + k for k in range(len(batches))]
        expected = [
            row_of(corpus, rows[number % len(rows)], number, group.first_step + k)
            for k, (rows, shape) in enumerate(zip(group.batches, group.shapes))
            for number in range(shape.num_rows)
        ]
        expected.sort(key=lambda row: row[0])  # stable, as the order of equally long rows must be
        for k in sorted(range(len(batches)), key=lambda k: group.shapes[k].num_frames):
            batch, rows = batches[k], [expected.pop(0) for _ in range(group.shapes[k].num_rows)]
            assert batch["length"].tolist() == [row[0] for row in rows]
            assert batch["index"].tolist() == [row[1] for row in rows]
            for features, (length, _, row) in zip(batch["features"], rows):
                np.testing.assert_allclose(features[:length], row, atol=1e-5)
        assert not expected
        weights = [len(rows) for rows in group.batches]
        assert sum(batch["weight"].sum() for batch in batches) == sum(weights), "rows that fill up weigh nothing"
        num_labels = sum(corpus.num_labels_of(rows) for rows in group.batches)
        assert sum(batch["num_labels"] for batch in batches) == num_labels


def test_batches_of_few_shapes_are_padded_to_them():
    plan, corpus = few_shapes(), Corpus(EXAMPLES, ALPHABET, sense_of(AUGMENTED))
    for batch in training_batches(corpus, plan, AUGMENTED, halved).take(6).as_numpy_iterator():
        sizes = [len(batch["length"]), batch["length"].max(), max(len(row.nonzero()[0]) for row in batch["labels"])]
        assert (*batch["features"].shape[:2], batch["labels"].shape[1]) == plan.padded(*sizes)
        for k, length in enumerate(batch["length"]):
            assert not batch["features"][k, length:].any()
            assert not batch["labels"][k, batch["label_length"][k] :].any() or not batch["weight"][k]


def test_batches_of_few_shapes_resume_anywhere_in_a_group():
    plan, corpus = few_shapes(), Corpus(EXAMPLES, ALPHABET, sense_of(AUGMENTED))
    end = 1 + sum(len(group.batches) for group in itertools.islice(plan.step_groups(), 2))
    batches = list(training_batches(corpus, plan, AUGMENTED, halved).take(end).as_numpy_iterator())
    for start in (1, end // 2, end - 1):
        resumed = training_batches(corpus, plan, AUGMENTED, halved, start).take(end - start)
        assert_equal(list(resumed.as_numpy_iterator()), batches[start:])


def test_batches_of_few_shapes_are_of_one_replica():
    with pytest.raises(ValueError, match="one replica. Received: 2"):
        training_batches(CORPUS, few_shapes(), AUGMENTED, halved, replicas=(0, 1), num_replicas=2)


def test_evaluation_reads_every_example_once_by_length_and_alike_each_time():
    dataset = evaluation_batches(CORPUS, FRAMES, AUGMENTED, halved)  # whose augmentation is for training only
    first, second = (list(dataset.as_numpy_iterator()) for _ in range(2))
    assert_equal(second, first)
    index = np.concatenate([batch["index"] for batch in first])
    assert sorted(index) == list(range(len(TEXTS)))
    lengths = np.concatenate([batch["length"] for batch in first])
    np.testing.assert_array_equal(lengths, FRAMES[index])
    assert (np.diff(lengths) >= 0).all()
    for batch in first:
        assert batch["features"].shape[:2] == (len(batch["index"]), batch["length"].max())
        assert np.prod(batch["features"].shape[:2]) <= 700 or len(batch["index"]) == 1
        assert len(batch["index"]) <= 3
        for k, i in enumerate(batch["index"]):
            features = ink_features(EXAMPLES.raw_of(i), RECIPE.features)
            np.testing.assert_allclose(batch["features"][k, : len(features)], features, atol=1e-6)
            assert ALPHABET.decode(batch["labels"][k, : batch["label_length"][k]]) == TEXTS[i]


def test_more_cores_give_the_same_batches_sooner():
    """Sixteen pretended cores: rows that sleep show how many are under way."""
    now, most, lock = [0], [0], threading.Lock()

    def sleep(index):
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        time.sleep(0.03)
        with lock:
            now[0] -= 1
        return index

    class Slow(Corpus):
        def inputs(self, index):
            return super().inputs(tf.ensure_shape(tf.numpy_function(sleep, [index], tf.int32), []))

    plan = dataclasses.replace(make_plan(), batch_frames=10**6, max_batch_size=6)
    options = tf.data.Options()
    options.threading.private_threadpool_size = 16
    arguments = EXAMPLES, ALPHABET, sense_of(RECIPE)
    slow, plain = (
        training_batches(corpus, plan, RECIPE, halved, cores=16).take(4) for corpus in (Slow(*arguments), CORPUS)
    )
    assert_equal(list(slow.with_options(options).as_numpy_iterator()), list(plain.as_numpy_iterator()))
    assert most[0] > 9, "three batches of one row each, and what tf.data begins ahead of them, would be 9; cores are 16"
