"""Whatever an id holds, its file lies below the output folder and has a name of its own."""

from pathlib import Path

import pytest

from seqapp.transcription.output_paths import OutputPaths


@pytest.mark.parametrize(
    ("id", "name"),
    [
        ("a/b", "a/b.txt"),
        ("../../evil", "evil.txt"),
        ("/var/tmp/outside", "var/tmp/outside.txt"),
        ("..\\..\\evil", "evil.txt"),
        ("a/./b//c", "a/b/c.txt"),
        ("n\0l", "n_l.txt"),
        ("..", "_.txt"),
        ("v1.2", "v1.2.txt"),
    ],
)
def test_an_id_is_a_path_below_the_folder(tmp_path, id, name):
    path = OutputPaths(tmp_path, ".txt").place(id)
    assert path == tmp_path / name and path.resolve().is_relative_to(tmp_path.resolve())


def test_overlong_ids_are_cut_and_stay_apart(tmp_path):
    paths = OutputPaths(tmp_path, ".txt")
    places = [paths.place("é" * 300 + end) for end in "ab"]
    for place in places:
        place.write_text("x")
    assert len(set(places)) == 2


def test_two_ids_never_share_a_file():
    paths = OutputPaths("out", ".json")
    assert [paths.place(id) for id in ("a", "../a", "a_2")] == [Path(f"out/{n}.json") for n in ("a", "a_2", "a_2_2")]
