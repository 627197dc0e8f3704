"""Photos of things, empty paper: the shipped models find no line there, and transcribe.py says so and ends well."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from seqapp.models.line_finder.line_finder import LineFinder
from tests.drawn_photos import PHOTOS, SIZE, cat
from tests.pipelines.conftest import run

pytestmark = pytest.mark.slow

MODELS = Path(__file__).parents[3] / "saved_models"


@pytest.fixture(scope="module")
def line_finder():
    return LineFinder.load(MODELS / "pages")


@pytest.mark.parametrize("photo", PHOTOS, ids=lambda photo: photo.__name__)
def test_no_line_is_found_on_a_photo(line_finder, photo):
    assert line_finder.find(photo(np.random.default_rng(0))) == []


def test_transcribe_gives_empty_results_and_names_them_in_the_log(tmp_path, caplog):
    pictures = {"cat": cat(np.random.default_rng(0)), "blank": np.full((*SIZE, 3), 236, np.uint8)}
    for name, picture in pictures.items():
        Image.fromarray(picture).save(tmp_path / f"{name}.png")
    paths = [tmp_path / f"{name}.png" for name in pictures]
    assert run("transcribe", MODELS / "copiste", *paths, "--format", "json", "--output", tmp_path / "out") == 0
    for name in pictures:
        record = json.loads((tmp_path / "out" / f"{name}.json").read_text(encoding="utf-8"))
        assert (record["text"], record["lines"], record["confidence"], record["is_sure"]) == ("", [], 0.0, False)
        assert f"no line found on 1 of 1 pages: {name}" in caplog.text
