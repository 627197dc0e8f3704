"""The reader against golden counts of the real distribution, every row."""

import hashlib
import lzma
import os
from collections import Counter
from pathlib import Path

import pytest

from seqapp.datasets.archive import opened
from seqapp.datasets.ink.unipen.multi_line import is_multi_line
from seqapp.datasets.ink.unipen.reader import ENGLISH_LINES, examples, find_root
from seqapp.datasets.skipped import Skipped

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif("SEQAPP_DATA" not in os.environ, reason="SEQAPP_DATA names no folder of corpora"),
]


def golden_rows(path):
    for line in lzma.decompress(path.read_bytes()).decode("utf-8").splitlines()[1:]:
        category, provider, file, span, _, writer, multi_line, strokes, points, text = line.split("\t")
        name = hashlib.sha1(file.removeprefix(f"data/{category}/").encode()).hexdigest()[:10]
        id = f"{category}/{provider}/{name}/{span}"
        yield id, text.strip(), writer, multi_line == "1", int(strokes), int(points)


@pytest.fixture(scope="module")
def found():
    with opened(Path(os.environ["SEQAPP_DATA"]) / "unipen.tar.xz") as folder:
        root, skipped = find_root(folder), Skipped()
        yield [example for c in "87" for example in examples(root, (c,), skipped, ENGLISH_LINES)]


def test_every_golden_row_is_found_equal(found):
    golden = Counter(golden_rows(Path(os.environ["SEQAPP_DATA"]) / "unipen-segments.tsv.xz"))
    rows = Counter(
        (ink.id, ink.text, ink.writer_id, is_multi_line(ink), len(ink.strokes()), len(ink.points))
        for ink in (example.ink for example in found)
    )
    assert sum(golden.values()) == 25_606
    assert not golden - rows
    assert not rows - golden


def test_the_headline_task_has_its_published_size(found):
    lines = [e for e in found if e.category == "8" and not is_multi_line(e.ink)]
    assert Counter(e.split for e in lines) == {"train": 3248, "validation": 347, "test": 582}
    characters = Counter()
    for example in lines:
        characters[example.split] += len(example.ink.text)
    assert [round(characters[s] / 1000, 1) for s in ("train", "validation", "test")] == [161.5, 13.0, 14.7]


def test_no_writer_is_in_two_splits(found):
    splits = {(e.ink.writer_id, e.split) for e in found if e.ink.writer_id.partition("/")[0] != "bbn"}
    assert len(splits) == len({writer for writer, _ in splits})
