"""The TFDS builder: prepares without a download, and gives back what was generated."""

import numpy as np
import pytest

from seqapp.datasets.ink.ink_builder import InkBuilder
from seqapp.datasets.ink.synthetic_ink.examples import example
from seqapp.datasets.ink.synthetic_ink.synthetic_ink_dataset_builder import Builder, SyntheticInkConfig


@pytest.fixture(scope="module")
def builder(tmp_path_factory):
    config = SyntheticInkConfig(name="tiny", num_train=12, num_validation=3, num_test=4)
    builder = Builder(config=config, data_dir=tmp_path_factory.mktemp("tfds"))
    builder.download_and_prepare()
    return builder


def test_it_is_named_after_its_folder(builder):
    assert builder.name == "synthetic_ink"
    assert {config.name for config in Builder.BUILDER_CONFIGS} == {"phrases", "words"}
    assert builder.info.description and "Hershey" in builder.info.citation


def test_splits_have_the_asked_sizes(builder):
    sizes = {split: info.num_examples for split, info in builder.info.splits.items()}
    assert sizes == {"train": 12, "validation": 3, "test": 4}


def test_examples_come_back_as_generated(builder):
    read = {row["id"].decode(): row for row in builder.as_dataset("test").as_numpy_iterator()}
    assert len(read) == 4
    for index in range(4):
        ink = example("test", index)
        row = read[ink.id]
        assert row["points"].dtype == np.float32
        np.testing.assert_array_equal(row["points"], ink.points)
        assert (row["text"].decode(), row["writer_id"].decode()) == (ink.text, ink.writer_id)


def test_it_is_built_as_all_corpora_are(builder):
    assert isinstance(builder, InkBuilder)
    assert (builder.data_path / "skipped.json").is_file()
