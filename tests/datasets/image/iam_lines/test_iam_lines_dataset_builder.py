"""IAM's lines in their own layout, with the cases that are known to be broken."""

import pytest
from PIL import Image

from seqapp.datasets.image.iam_lines.splits import read_lists, split_of
from seqapp.datasets.image.iam_lines.transcripts import read_texts, read_tokens, read_writers
from seqapp.datasets.load import left_out, load
from seqapp.datasets.skipped import Skipped
from tests.small_lines import draw_line

LINES = {
    "a01-000u-00": "A|MOVE|to|stop|,|Mr.|Gait",
    "a01-000u-01": "is|to|be|made|at",
    "b02-045-00": 'the|"|house|"|of',
    "p02-109-01": "a|broken|image",
    "c03-003a-00": "in|no|list",
}
XML = {
    "a01-000u": [("a01-000u-00", "A MOVE to stop, Mr. Gait"), ("a01-000u-01", "is to be made at")],
    "b02-045": [("b02-045-00", "the &amp;quot;house&amp;quot; of")],
    "p02-109": [("p02-109-01", "a broken image")],
}


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    root = tmp_path_factory.mktemp("iam") / "iam"
    rows = ["#--- lines.txt ---#", "# a comment"]
    for number, (id, text) in enumerate(LINES.items()):
        form = id.rpartition("-")[0]
        folder = root / "lines" / form.split("-")[0] / form
        folder.mkdir(parents=True, exist_ok=True)
        Image.fromarray(draw_line(text.replace("|", " "))).save(folder / f"{id}.png")
        rows.append(f"{id} {'err' if number == 1 else 'ok'} 154 19 408 746 1661 89 {text}")
    truncated = root / "lines" / "p02" / "p02-109" / "p02-109-01.png"
    truncated.write_bytes(truncated.read_bytes()[:100])
    (root / "ascii").mkdir()
    (root / "ascii" / "lines.txt").write_text("\n".join(rows) + "\n")
    (root / "ascii" / "forms.txt").write_text("# forms\na01-000u 000 2 prt 7 5 52 36\nb02-045 012 2 all 7 5 52 36\n")
    (root / "xml").mkdir()
    for form, lines in XML.items():
        inside = "".join(f'<line id="{id}" text="{text}"/>' for id, text in lines)
        (root / "xml" / f"{form}.xml").write_text(f"<form><handwritten-part>{inside}</handwritten-part></form>")
    (root / "xml" / "z01-000z.xml").write_text("<form><handwritten-part>")
    official = root / "largeWriterIndependentTextLineRecognitionTask"
    lists = {"trainset": "a01-000u-00\n a01-000u-01\n\n", "testset": "b02-045-00\np02-109-01\n"}
    for folder, names in (
        (official, lists | {"validationset1": "x01-000-00\n", "validationset2": ""}),
        (root / "aachen", {"train": "# forms\na01-000u\n", "valid": "", "test": "b02-045\n"}),
    ):
        folder.mkdir()
        for name, content in names.items():
            (folder / f"{name}.txt").write_text(content)
    return root


def test_both_spellings(root):
    skipped = Skipped()
    tokens, texts = read_tokens(root), read_texts(root, skipped)
    assert tokens["a01-000u-00"] == "A MOVE to stop , Mr. Gait" and texts["a01-000u-00"] == "A MOVE to stop, Mr. Gait"
    assert texts["b02-045-00"] == 'the "house" of' and [id for id, _ in skipped.items] == ["z01-000z"]
    assert read_writers(root) == {"a01-000u": "000", "b02-045": "012"}


def test_lists_hold_lines_or_forms(root):
    official, aachen = read_lists(root, "official"), read_lists(root, "aachen")
    assert [split_of(id, official) for id in LINES] == ["train", "train", "test", "test", None]
    assert [split_of(id, aachen) for id in LINES] == ["train", "train", "test", None, None]


@pytest.mark.parametrize("name, text", [("official", 'the "house" of'), ("aachen_tokens", 'the " house " of')])
def test_lines_are_prepared_and_what_is_broken_is_listed(root, tmp_path, name, text):
    name = f"iam_lines/{name}"
    train = list(load(name, "train", root.parent, tmp_path).as_numpy_iterator())
    (test,) = load(name, "test", root.parent, tmp_path).as_numpy_iterator()
    assert {example["id"].decode() for example in train} == {"a01-000u-00", "a01-000u-01"}
    assert test["text"].decode() == text and test["writer_id"].decode().startswith("iam/")
    skipped = dict(left_out(name, root.parent, tmp_path).items)
    assert ("p02-109-01" in skipped) == (name == "iam_lines/official")


def test_what_is_missing_is_named(root, tmp_path):
    with pytest.raises(ValueError, match="IAM's lines are not in there"):
        load("iam_lines", "train", tmp_path, tmp_path / "cache")
    (tmp_path / "ascii").mkdir()
    (tmp_path / "ascii" / "lines.txt").write_text("a01-000u-00 ok 154\n")
    with pytest.raises(ValueError, match="expected a list trainset.txt"):
        read_lists(tmp_path, "official")
    with pytest.raises(ValueError, match="line 1: expected 8 fields and a text"):
        read_tokens(tmp_path)
