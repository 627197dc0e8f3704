"""Every decoder of a config has its row, each with one part more than the one above it."""

import json

import numpy as np
import pytest

from seqapp.benchmark.work import decoders
from seqapp.decoding.config import DecoderConfig, LanguageModelConfig
from seqapp.decoding.ngram import estimate, write_arpa
from tests.small_models import scribble, small_recipe, write_workdir


def test_rows_are_the_parts_of_a_config():
    models = (LanguageModelConfig("lm.arpa"),)
    assert list(decoders.searches(DecoderConfig(hotwords=("cat",), lexicon="words.txt"))) == [
        "beam", "beam, lexicon", "beam, lexicon, hotwords",
    ]  # fmt: skip
    found = decoders.searches(DecoderConfig(models, hotwords=("cat",), beam_width=9))
    assert list(found) == ["beam", "beam, n-gram", "beam, n-gram, hotwords"]
    assert [bool(c.language_models) for c in found.values()] == [False, True, True]
    assert [bool(c.hotwords) for c in found.values()] == [False, False, True]
    assert {config.beam_width for config in found.values()} == {9}


def test_an_example_is_decoded_by_each(tmp_path):
    workdir = write_workdir(tmp_path / "workdir", small_recipe())
    write_arpa(estimate([["a", "a"], ["a"]], 2), tmp_path / "lm.arpa")
    strokes = np.split(scribble(60)[:, :2], [20])
    (tmp_path / "ink.json").write_text(json.dumps({"strokes": [stroke.tolist() for stroke in strokes]}))
    config = DecoderConfig((LanguageModelConfig(str(tmp_path / "lm.arpa")),), hotwords=("aa",))
    rows = decoders.decoder_rows(workdir.path, tmp_path / "ink.json", config, 1, 1)
    names = ["network alone", "network and greedy", "beam", "beam, n-gram", "beam, n-gram, hotwords"]
    assert [row["name"] for row in rows] == names
    assert all(row["forward_ms"] > 0 and row["step_ms"] is None and row["shape"][1] == 6 for row in rows)
    (tmp_path / "empty").mkdir()
    with pytest.raises(ValueError, match="holds nothing usable|no "):
        decoders.decoder_rows(workdir.path, tmp_path / "empty", None, 1, 1)
