"""What transcribe.py does with paths, apart from any model: what is broken costs nothing but itself."""

import json
import runpy
import types

import pytest

from seqapp.models import Reading, Transcriber
from seqapp.recipe import InkConfig, Recipe
from seqapp.senses import sense_of
from tests.pipelines.conftest import REPOSITORY


@pytest.fixture
def transcribe(monkeypatch, tmp_path_factory):
    """The script's `main`, its model one that reads every ink of at most 3 points as nothing."""
    main = runpy.run_path(str(REPOSITORY / "pipelines" / "transcribe.py"), run_name="script")["main"]
    recipe = Recipe(features=InkConfig(max_points=3))
    model = types.SimpleNamespace(
        sense=sense_of(recipe), reads_notes=True, transcribe=lambda inks: [NOTHING for _ in inks]
    )
    monkeypatch.setattr(Transcriber, "load", lambda path: model)
    folder = tmp_path_factory.mktemp("model")
    return lambda *paths: main([str(folder), *map(str, paths)])


NOTHING = Reading("", 0.5, (), ())


def write(path, num_points):
    path.write_text(json.dumps({"strokes": [[[0, 0]] * num_points]}))
    return path


def test_one_broken_path_of_several_is_skipped_and_named(tmp_path, transcribe, capsys, caplog):
    (tmp_path / "cut.json").write_text("{")
    (tmp_path / "none").mkdir()
    paths = (write(tmp_path / "a.json", 2), tmp_path / "cut.json", tmp_path / "none", write(tmp_path / "b.json", 2))
    assert transcribe(*paths) == 1, "an input that was named gave nothing"
    assert capsys.readouterr().out == "a\t\nb\t\n"
    assert "cut.json: broken JSON" in caplog.text and "none: no ink in there" in caplog.text


def test_inputs_of_one_name_are_two_files_and_an_id_is_no_way_out(tmp_path, transcribe):
    paths = [write(place / "line.json", 2) for place in (tmp_path / "a", tmp_path / "b") if place.mkdir() is None]
    evil = tmp_path / "evil.json"
    evil.write_text(json.dumps({"id": "../../evil", "strokes": [[[0, 0]]]}))
    assert transcribe(*paths, evil, "--output", tmp_path / "x" / "out") == 0
    written = [path.relative_to(tmp_path / "x").as_posix() for path in (tmp_path / "x").rglob("*.txt")]
    assert sorted(written) == ["out/a/line.txt", "out/b/line.txt", "out/evil.txt"]


def test_ids_of_two_inputs_are_told_apart_or_refused(tmp_path, transcribe, capsys):
    record = json.dumps({"id": "0", "strokes": [[[0, 0]]]})
    for name in ("w1.json", "w2.json"):
        (tmp_path / name).write_text(record)
    assert transcribe(tmp_path / "w1.json", tmp_path / "w2.json") == 0
    assert capsys.readouterr().out == "0\t\nw2/0\t\n"
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.json").write_text(record)
    (tmp_path / "w2.json").write_text(json.dumps({"id": "sub/0", "strokes": [[[0, 0]]]}))
    with pytest.raises(ValueError, match="1 ids come more than once: sub/0. Give these inputs one after the other"):
        transcribe(tmp_path / "w1.json", tmp_path / "w2.json", tmp_path / "sub")


def test_a_single_broken_path_is_an_error_and_several_exit_with_1(tmp_path, transcribe):
    (tmp_path / "cut.json").write_text("{")
    with pytest.raises(ValueError, match="broken JSON: cut.json"):
        transcribe(tmp_path / "cut.json")
    (tmp_path / "none").mkdir()
    assert transcribe(tmp_path / "cut.json", tmp_path / "none") == 1


def test_the_models_recipe_says_how_many_points_are_allowed(tmp_path, transcribe, capsys, caplog):
    assert transcribe(write(tmp_path / "long.json", 4), write(tmp_path / "a.json", 3)) == 1
    assert capsys.readouterr().out == "a\t\n"
    assert "skipped long: 4 points, more than features.max_points = 3" in caplog.text


def test_subtitles_are_for_speech(tmp_path, transcribe):
    with pytest.raises(ValueError, match="--format srt is for speech.*Received: ink. Use txt or json"):
        transcribe(write(tmp_path / "a.json", 2), "--format", "srt")


def test_one_file_each_where_a_folder_is_given(tmp_path, transcribe, capsys):
    paths = [write(tmp_path / f"{name}.json", 2) for name in "ab"]
    assert transcribe(*paths, "--format", "trn", "--output", tmp_path / "out") == 0
    assert {p.name: p.read_text() for p in (tmp_path / "out").iterdir()} == {"a.trn": " (a)\n", "b.trn": " (b)\n"}
    assert capsys.readouterr().out == ""
