import importlib
import json
import shutil
import tarfile
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from seqapp.datasets.ink.ink_builder import InkBuilder
from seqapp.datasets.ink.unipen.reader import examples
from seqapp.datasets.load import BUILDERS, left_out, load, prepare
from seqapp.datasets.skipped import Skipped

INK = ".WRITER_ID {writer}\n.POINTS_PER_SECOND 100\n" + ".PEN_DOWN\n1 2\n3 4\n5 1\n9 1\n.PEN_UP\n" * 2


@pytest.fixture(scope="module")
def distribution(tmp_path_factory):
    root = tmp_path_factory.mktemp("data") / "unipen"
    for writer in "ABCDEFGHIJKLMNOPQRSTUVWXYZ":
        include = f".INCLUDE lex/data/{writer}.dat\n"
        for name, text in {
            f"include/lex/data/{writer}.dat": INK.format(writer=writer),
            f"data/8/lex/{writer}.dat": f'{include}.SEGMENT TEXT 0-1 OK "é {writer}"\n',
            f"data/7/lex/{writer}.dat": f'{include}.SEGMENT WORD 0 BAD "{writer}"\n',
            f"data/6/lex/{writer}.dat": f'{include}.SEGMENT WORD 1 OK "{writer}"\n',
        }.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "latin-1")
    return root


def rows(dataset):
    return {row["id"].decode(): row for row in dataset.as_numpy_iterator()}


def texts(dataset):
    return [row["text"].decode() for row in rows(dataset).values()]


def test_prepared_examples_are_the_readers(distribution, tmp_path):
    expected = {e.ink.id: e for e in examples(distribution, ("8",), Skipped())}
    for split in ("train", "validation", "test"):
        found = rows(load("unipen/lines", split, distribution, tmp_path))
        assert set(found) == {id for id, e in expected.items() if e.split == split} != set()
        for id, row in found.items():
            assert row["text"].decode() == expected[id].ink.text
            assert row["writer_id"].decode() == expected[id].ink.writer_id
            np.testing.assert_array_equal(row["points"], expected[id].ink.points)


def test_an_archive_is_as_good_as_its_folder_and_a_folder_around_it(distribution, tmp_path):
    path = tmp_path / "in" / "unipen.tar.xz"
    path.parent.mkdir()
    with tarfile.open(path, "w:xz") as archive:
        archive.add(distribution, ".")
    for data_dir in (path, path.parent):
        assert len(rows(load("unipen/lines", "all", data_dir, tmp_path / "out"))) == 26


def test_what_was_skipped_lies_beside_the_examples(distribution, tmp_path):
    builder = prepare("unipen/words", distribution, tmp_path)
    skipped = json.loads((builder.data_path / "skipped.json").read_text("utf-8"))
    assert skipped["counts"] == {"quality BAD": 26}
    assert builder.info.splits.total_num_examples == 26


def test_a_changed_source_is_prepared_anew(tmp_path):
    source = tmp_path / "ink"
    source.mkdir()
    (source / "train.json").write_text(json.dumps({"text": "a", "strokes": [[[0, 0]]]}))
    assert texts(load("json_ink", "train", source, tmp_path / "p")) == ["a"]
    (source / "train.json").write_text(json.dumps({"text": "another", "strokes": [[[0, 0]]]}))
    assert texts(load("json_ink", "train", source, tmp_path / "p")) == ["another"]


def test_a_label_corrected_deep_in_a_corpus_is_seen_and_a_file_beside_it_is_not(distribution, tmp_path):
    corpus = tmp_path / "around" / "unipen"
    shutil.copytree(distribution, corpus)
    first = prepare("unipen/lines", tmp_path / "around", tmp_path / "p").data_dir
    (corpus / "notes.txt").touch()
    (tmp_path / "around" / "other").mkdir()
    assert prepare("unipen/lines", tmp_path / "around", tmp_path / "p").data_dir == first
    path = corpus / "data/8/lex/A.dat"
    path.write_text(path.read_text("latin-1").replace("é A", "corrected"), "latin-1")
    assert "corrected" in texts(load("unipen/lines", "all", tmp_path / "around", tmp_path / "p"))


def test_a_cache_inside_the_corpus_is_no_change_of_it(tmp_path):
    (tmp_path / "a.json").write_text(json.dumps({"strokes": [[[0, 0]]]}))
    first = prepare("json_ink", tmp_path, tmp_path / "cache").data_dir
    assert prepare("json_ink", tmp_path, tmp_path / "cache").data_dir == first


def test_a_prepared_archive_is_not_unpacked_again(distribution, tmp_path):
    with tarfile.open(tmp_path / "unipen.tar", "w") as archive:
        archive.add(distribution, ".")
    first = prepare("unipen/lines", tmp_path / "unipen.tar", tmp_path / "p").data_dir
    shutil.rmtree(tmp_path / "p" / "unpacked")
    assert prepare("unipen/lines", tmp_path / "unipen.tar", tmp_path / "p").data_dir == first
    assert not (tmp_path / "p" / "unpacked").exists()


def test_repeated_ids_are_left_out_and_listed(tmp_path):
    for split in ("train", "test"):  # in two splits an id is no repeat: people number each from 0
        records = [{"id": id, "text": f"{id}{place}", "strokes": [[[0, 0]]]} for place, id in enumerate("aba")]
        (tmp_path / f"{split}.json").write_text(json.dumps(records))
    assert sorted(texts(load("json_ink", "train", tmp_path, tmp_path / "p"))) == ["a0", "b1"]
    assert left_out("json_ink", tmp_path, tmp_path / "p") == Skipped([("a", "repeated id")] * 2)


def test_two_runs_on_a_fresh_cache_prepare_it_once(tmp_path, monkeypatch):
    records = [{"id": f"{number}", "strokes": [[[0, 0]]]} for number in range(40)]
    (tmp_path / "train.json").write_text(json.dumps(records))
    preparing, generate = [], InkBuilder._download_and_prepare

    def noted(builder, *args, **kwargs):
        preparing.append(builder)
        time.sleep(0.2)  # the other is sure to have come by then
        generate(builder, *args, **kwargs)

    monkeypatch.setattr(InkBuilder, "_download_and_prepare", noted)
    with ThreadPoolExecutor(2) as pool:  # for this lock two threads are as two processes
        builders = [pool.submit(prepare, "json_ink", tmp_path, tmp_path / "p") for _ in range(2)]
    assert [builder.result().info.splits["train"].num_examples for builder in builders] == [40, 40]
    assert len(preparing) == 1


def test_a_prepared_corpus_is_read_where_nothing_can_be_written(tmp_path, monkeypatch):
    (tmp_path / "train.json").write_text(json.dumps({"text": "a", "strokes": [[[0, 0]]]}))
    prepare("json_ink", tmp_path, tmp_path / "p")
    monkeypatch.setattr("seqapp.datasets.load.locked", lambda path: pytest.fail(f"locked {path}"))
    assert texts(load("json_ink", "train", tmp_path, tmp_path / "p")) == ["a"]


def test_unipen_alone_is_its_headline_task():
    assert BUILDERS["unipen"] == BUILDERS["unipen/lines"]


def test_inkml_folders_are_splits(tmp_path):
    for split in ("train", "test"):
        (tmp_path / "in" / split).mkdir(parents=True)
        text = f'<ink><annotation type="truth">{split}</annotation><trace>1 2, 3 4</trace></ink>'
        (tmp_path / "in" / split / "a.inkml").write_text(text)
    assert texts(load("inkml", "test", tmp_path / "in", tmp_path / "p")) == ["test"]
    with pytest.raises(ValueError, match="expected a split of .*train.*received 'validation'"):
        load("inkml", "validation", tmp_path / "in", tmp_path / "p")


def test_the_cache_is_named_by_the_environment(tmp_path, monkeypatch):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.json").write_text(json.dumps({"strokes": [[[0, 0]]]}))
    monkeypatch.setenv("SEQAPP_CACHE", str(tmp_path / "cache"))
    load("json_ink", "train", tmp_path / "in")
    assert list((tmp_path / "cache").glob("json_ink-*"))


def test_preparing_prints_nothing_to_stdout(tmp_path, capsys):
    (tmp_path / "a.json").write_text(json.dumps({"strokes": [[[0, 0]]]}))
    load("json_ink", "train", tmp_path, tmp_path / "p")
    assert capsys.readouterr().out == ""


def test_mistakes_are_named(tmp_path):
    with pytest.raises(ValueError, match="expected one of .*unipen/lines.*received 'unipen/pages'"):
        load("unipen/pages", "train")
    with pytest.raises(ValueError, match="expected a data directory.*Fetch UNIPEN"):
        load("unipen/lines", "train")
    with pytest.raises(ValueError, match="is no folder and no archive"):
        load("unipen/lines", "train", tmp_path / "none")
    with pytest.raises(ValueError, match="expected data/ and include/"):
        load("unipen/lines", "train", tmp_path, tmp_path / "p")
    (tmp_path / "ink").mkdir()
    (tmp_path / "ink/a.json").write_text(json.dumps({"strokes": []}))
    with pytest.raises(ValueError, match="at least one usable ink"):
        load("json_ink", "train", tmp_path / "ink", tmp_path / "p")


def test_every_name_has_a_builder_of_that_config():
    for package, config in BUILDERS.values():
        module = importlib.import_module(f"seqapp.datasets.{package}.{package.rpartition('.')[2]}_dataset_builder")
        configs = [c.name for c in module.Builder.BUILDER_CONFIGS]
        assert config is None or config in configs
