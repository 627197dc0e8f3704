import json
import tarfile
import zipfile

import pytest

from seqapp.datasets.ink.ink_files import read_ink
from seqapp.datasets.skipped import Skipped

UNIPEN = ".COMMENT made up\n.PEN_DOWN\n1 2\n3 4\n.PEN_UP\n"
INKML = '<?xml version="1.0"?><ink xmlns="http://www.w3.org/2003/InkML"><trace>1 2, 3 4</trace></ink>'
JSON = json.dumps({"strokes": [[[1, 2], [3, 4]]]})
IAM_ONDB = (
    "<WhiteboardCaptureSession><StrokeSet><Stroke>"
    "<Point x='1' y='2' time='0'/><Point x='3' y='4' time='1'/></Stroke></StrokeSet></WhiteboardCaptureSession>"
)
CONTENT = {"u.dat": UNIPEN, "i.inkml": INKML, "j.json": JSON, "l.jsonl": JSON + "\n" + JSON, "w.xml": IAM_ONDB}


@pytest.mark.parametrize("name", CONTENT)
def test_the_format_is_told_by_content_not_by_name(tmp_path, name):
    (tmp_path / "some.txt").write_text(CONTENT[name])
    ink, *_ = read_ink(tmp_path / "some.txt", Skipped())
    assert abs(ink.points[:, :2]).tolist() == [[1, 2], [3, 4]]


def test_a_byte_order_mark_does_not_hide_json(tmp_path):
    (tmp_path / "a.json").write_text(JSON, "utf-8-sig")
    assert len(list(read_ink(tmp_path / "a.json", Skipped()))) == 1


def test_a_folder_may_mix_formats_and_its_archive_reads_the_same(tmp_path):
    folder = tmp_path / "mixed"
    for place in ("", "sub/"):
        for name, text in CONTENT.items():
            (folder / place).mkdir(parents=True, exist_ok=True)
            (folder / place / name).write_text(text)
    (folder / "cut.inkml").write_text(INKML[:80])
    with zipfile.ZipFile(tmp_path / "mixed.zip", "w") as archive:
        for path in folder.rglob("*.*"):
            archive.write(path, path.relative_to(tmp_path))
    skipped = Skipped()
    ids = [ink.id for ink in read_ink(folder, skipped)]
    assert sorted(ids) == sorted(
        [f"{place}{name}" for place in ("", "sub/") for name in ("u", "i", "j", "l/0", "l/1", "w")]
    )
    assert [id for id, _ in skipped.items] == ["cut.inkml"]
    assert [ink.id for ink in read_ink(tmp_path / "mixed.zip", Skipped())] == [f"mixed/{id}" for id in ids]


@pytest.mark.parametrize("text", ["", "hello", "<html></html>"])
def test_an_unknown_format_lists_the_known_ones(tmp_path, text):
    (tmp_path / "a.bin").write_text(text)
    with pytest.raises(ValueError, match="a.bin: unknown format. Supported: UNIPEN.*IAM-OnDB.*InkML.*JSON"):
        list(read_ink(tmp_path / "a.bin", Skipped()))


def test_nothing_there_and_nothing_in_there(tmp_path):
    with pytest.raises(ValueError, match="found nothing"):
        list(read_ink(tmp_path / "none", Skipped()))
    with pytest.raises(ValueError, match="no ink in there. Supported"):
        list(read_ink(tmp_path, Skipped()))


def test_an_id_that_comes_again_is_counted(tmp_path):
    records = [{"id": id, "strokes": [[[place, 0]]]} for place, id in enumerate("abab")]
    (tmp_path / "a.json").write_text(json.dumps(records))
    skipped = Skipped()
    assert [(ink.id, ink.points[0, 0]) for ink in read_ink(tmp_path, skipped)] == [("a", 0), ("b", 1)]
    assert skipped.items == [("a", "repeated id"), ("b", "repeated id")]


@pytest.fixture
def iam_ondb(tmp_path):
    """IAM-OnDB's two parts, each packed on its own as it is distributed; and unpacked."""
    line, text = "lineStrokes/a01/a01-000/a01-000u-01.xml", "ascii/a01/a01-000/a01-000u.txt"
    for name, content in {line: IAM_ONDB, text: "CSR:\n\nwritten\n"}.items():
        (tmp_path / "corpus" / name).parent.mkdir(parents=True)
        (tmp_path / "corpus" / name).write_text(content)
    for part in ("lineStrokes", "ascii"):
        with tarfile.open(tmp_path / f"{part}-all.tar.gz", "w:gz") as archive:
            archive.add(tmp_path / "corpus" / part, part)
    return tmp_path


def test_the_ink_of_iam_ondb_alone_is_read_without_labels(iam_ondb):
    (ink,) = read_ink(iam_ondb / "lineStrokes-all.tar.gz", Skipped())
    assert (ink.id, ink.text) == ("lineStrokes/a01/a01-000/a01-000u-01", "")
    (ink,) = read_ink(iam_ondb / "corpus" / "lineStrokes", Skipped())
    assert (ink.id, ink.text) == ("a01/a01-000/a01-000u-01", "")


def test_both_parts_of_iam_ondb_give_labelled_lines_packed_or_not(iam_ondb):
    for folder in (iam_ondb, iam_ondb / "corpus"):
        assert [(ink.id, ink.text) for ink in read_ink(folder, Skipped())] == [("a01-000u-01", "written")]


def test_a_folder_of_archives_names_them(tmp_path):
    with zipfile.ZipFile(tmp_path / "mine.zip", "w") as archive:
        archive.writestr("a.json", JSON)
    with pytest.raises(ValueError, match="no ink in there. Give one of the archives in there by its name: mine.zip"):
        list(read_ink(tmp_path, Skipped()))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_prefixed_namespace_is_inkml_in_any_encoding(tmp_path, encoding):
    text = '<ns0:ink xmlns:ns0="http://www.w3.org/2003/InkML"><ns0:trace>1 2, 3 4</ns0:trace></ns0:ink>'
    (tmp_path / "a.inkml").write_text(f'<?xml version="1.0" encoding="{encoding}"?>{text}', encoding)
    (ink,) = read_ink(tmp_path / "a.inkml", Skipped())
    assert ink.points[:, :2].tolist() == [[1, 2], [3, 4]]


def test_what_a_folder_holds_and_is_not_ink_is_listed(tmp_path, caplog):
    for name in ("a.json", ".ipynb_checkpoints/a.json", "b.isf", "c.isf"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(JSON)
    assert [ink.id for ink in read_ink(tmp_path, Skipped())] == ["a"]
    assert "not read: 2 .isf" in caplog.text


def test_files_that_number_their_inks_alike_are_all_read(tmp_path):
    for name in ("w1", "w2"):
        records = [json.dumps({"id": f"{number}", "strokes": [[[1, 2], [3, 4]]]}) for number in (0, 1, 1)]
        (tmp_path / f"{name}.jsonl").write_text("\n".join(records))
    skipped = Skipped()
    assert [ink.id for ink in read_ink(tmp_path, skipped)] == ["0", "1", "w2/0", "w2/1"]
    assert skipped.items == [("1", "repeated id"), ("w2/1", "repeated id")]


@pytest.mark.parametrize("text", ["[" * 200_000, '["' * 200_000, '{"strokes":' + "[" * 200_000])
def test_json_nested_without_end_is_one_broken_file(tmp_path, text):
    (tmp_path / "a.json").write_text(text)
    (tmp_path / "b.json").write_text(JSON)
    skipped = Skipped()
    assert [ink.id for ink in read_ink(tmp_path, skipped)] == ["b"]
    assert dict(skipped.counts()) == {"broken JSON": 1}
