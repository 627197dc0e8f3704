import numpy as np
import pytest

from seqapp.datasets.hashed_names import hashed_name
from seqapp.datasets.ink.inkml.reader import read
from seqapp.datasets.skipped import Skipped

CROHME = """<ink xmlns="http://www.w3.org/2003/InkML">
<traceFormat><channel name="X" type="decimal"/><channel name="Y" type="decimal"/></traceFormat>
<annotation type="truth">$a+b$</annotation><annotation type="UI">2011_X</annotation>
<annotation type="writer">Jane Doe</annotation>
<trace id="0">1 2, 3 4</trace>
<trace id="1">
5 6
</trace>
<traceGroup xml:id="2"><annotation type="truth">Segmentation</annotation>
<traceGroup xml:id="3"><annotation type="truth">a</annotation><traceView traceDataRef="0"/></traceGroup>
</traceGroup>
</ink>"""

GROUPS = """<?xml version="1.0"?><ink xmlns="http://www.w3.org/2003/InkML"><definitions>
<context xml:id="c"><inkSource xml:id="s"><traceFormat>
<channel name="X"/><channel name="Y" orientation="-ve"/><channel name="T" units="s"/>
<intermittentChannels><channel name="F"/></intermittentChannels>
</traceFormat></inkSource></context></definitions>
<traceGroup xml:id="one"><annotation type="transcription">first
   line</annotation>
<trace xml:id="t0" contextRef="#c">0 0 10 : 5, 1 1 10.5</trace>
<trace xml:id="up" type="penUp" contextRef="#c">7 7 11</trace></traceGroup>
<trace xml:id="t1" contextRef="#c" continuation="begin">2 2 12</trace>
<trace xml:id="t2" contextRef="#c" continuation="end" priorRef="#t1">3 3 12.5</trace>
<traceView xml:id="two"><annotation type="truth">second</annotation><traceView traceDataRef="#t1"/>
</traceView>
</ink>"""


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def test_a_crohme_file_is_one_ink_with_the_root_truth(tmp_path):
    (ink,) = read(write(tmp_path / "f.inkml", CROHME), Skipped())
    assert (ink.id, ink.text, ink.writer_id) == ("f", "$a+b$", hashed_name("inkml", "Jane Doe"))
    np.testing.assert_array_equal(ink.points, [[1, 2, 0, 0], [3, 4, 0, 1], [5, 6, 0, 1]])


def test_labelled_groups_become_inks_with_the_contexts_format(tmp_path):
    first, second = read(write(tmp_path / "f.inkml", GROUPS), Skipped())
    assert (first.id, first.text) == ("f/one", "first line")
    np.testing.assert_array_equal(first.points, [[0, 0, 0, 0], [1, -1, 0.5, 1]])
    assert (second.id, second.text) == ("f/two", "second")
    np.testing.assert_array_equal(second.points, [[2, -2, 0, 0], [3, -3, 0.5, 1]])


def test_time_is_in_milliseconds_unless_a_unit_is_named(tmp_path):
    text = (
        '<ink><traceFormat><channel name="X"/><channel name="Y"/><channel name="T"/></traceFormat>'
        "<trace>0 0 100, 1 1 350</trace></ink>"
    )
    (ink,) = read(write(tmp_path / "f.inkml", text), Skipped())
    np.testing.assert_allclose(ink.points[:, 2], [0, 0.25])
    assert ink.text == ""


def test_a_folder_skips_broken_files_and_unusable_inks(tmp_path):
    write(tmp_path / "a/good.inkml", CROHME)
    write(tmp_path / "b/cut.inkml", CROHME[:400])
    write(tmp_path / "b/none.inkml", "<ink/>")
    write(tmp_path / "b/nan.inkml", "<ink><trace>1 ?</trace></ink>")
    write(tmp_path / "b/word.inkml", "<ink><trace>1 nan</trace></ink>")
    skipped = Skipped()
    assert [ink.id for ink in read(tmp_path, skipped)] == ["a/good"]
    assert dict(skipped.counts()) == {
        "broken XML": 1,
        "no points": 1,
        "point 0 is not finite": 1,
        "malformed point": 1,
    }


def test_a_single_broken_file_is_an_error(tmp_path):
    with pytest.raises(ValueError, match="broken XML: cut.inkml"):
        list(read(write(tmp_path / "cut.inkml", CROHME[:400]), Skipped()))
    with pytest.raises(ValueError, match="expected InkML"):
        list(read(write(tmp_path / "page.inkml", "<html/>"), Skipped()))


def test_two_traces_of_one_id_are_two_strokes_and_references_mean_the_first(tmp_path):
    traces = '<trace id="t">0 0, 0 20</trace><trace id="t">30 0, 30 20</trace>'
    (ink,) = read(write(tmp_path / "a.inkml", f"<ink>{traces}</ink>"), Skipped())
    assert [stroke[:, 0].tolist() for stroke in ink.strokes()] == [[0, 0], [30, 30]]
    view = '<traceView id="v"><annotation type="truth">x</annotation><traceView traceDataRef="#t"/></traceView>'
    (first,) = read(write(tmp_path / "b.inkml", f"<ink>{traces}{view}</ink>"), Skipped())
    assert first.points[:, 0].tolist() == [0, 0]
