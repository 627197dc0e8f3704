"""RIMES in its own layout: lists of pages with boxes, some of them broken."""

from xml.sax.saxutils import quoteattr

import numpy as np
import pytest
from PIL import Image

from seqapp.datasets.image.rimes_2011.document import read_documents
from seqapp.datasets.image.rimes_2011.reader import open_page
from seqapp.datasets.load import left_out, load
from tests.small_lines import LINES, draw_page


def line(box, text):
    sides = " ".join(f'{side}="{value}"' for side, value in zip(("Left", "Top", "Right", "Bottom"), box))
    return f"<Line {sides} Value={quoteattr(text)}/>"


def box(shape):
    points = np.array(shape[0])
    return *points.min(axis=0), *points.max(axis=0)


def write_part(root, listed, folder, names, lines):
    pages = "".join(
        f'<SinglePage FileName="images/{name}.png"><Paragraph Left="0" Right="1" Top="0" Bottom="1">{lines}'
        f"</Paragraph></SinglePage>"
        for name in names
    )
    (root / listed).write_text(f'<?xml version="1.0"?><DocumentList>{pages}</DocumentList>', encoding="utf-8")
    (root / folder / "images").mkdir(parents=True, exist_ok=True)
    for name in names:
        Image.fromarray(draw_page()[0]).save(root / folder / "images" / f"{name}.png")


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    root = tmp_path_factory.mktemp("rimes") / "RIMES"
    root.mkdir()
    shapes = draw_page()[1]
    (_, top, right, bottom), second = box(shapes[0]), box(shapes[1])
    lines = line((-40, top, right, bottom), LINES[0]) + line(second, "puis\\nla deuxième\n") + line(second, "")
    write_part(root, "training_2011.xml", "training_2011", [f"train2011-{n}" for n in range(11)], lines)
    broken = line((2_000, top, 2_100, bottom), "hors de la page") + line(("a", top, right, bottom), "sans nombre")
    write_part(root, "eval_2011_annotated.xml", "eval_2011", ["eval2011-0", "eval2011-1"], lines + broken)
    (root / "eval_2011" / "images" / "eval2011-1.png").unlink()
    return root


def test_boxes_are_clipped_and_texts_are_one_line(root):
    page, *others = read_documents(root / "training_2011.xml")
    assert len(others) == 10 and page.image == "images/train2011-0.png"
    assert [found.text for found in page.lines] == [LINES[0], "puis la deuxième", ""]
    assert page.lines[0].polygon[0, 0] == -40 and page.lines[0].polygon.shape == (4, 2)
    _, picture = open_page(page, (root / "training_2011",))
    assert picture.shape == draw_page()[0].shape


def test_the_first_tenth_of_the_pages_is_validation_and_eval_is_test(root, tmp_path):
    counts, texts = {}, {}
    for split in ("train", "validation", "test"):
        examples = list(load("rimes_2011", split, root.parent, tmp_path).as_numpy_iterator())
        counts[split] = len(examples)
        texts |= {example["id"].decode(): example["text"].decode() for example in examples}
    assert counts == {"train": 18, "validation": 4, "test": 2}
    assert texts["train2011-1/line_1"] == LINES[0] and texts["eval2011-0/line_2"] == "puis la deuxième"
    skipped = left_out("rimes_2011", root.parent, tmp_path)
    assert dict(skipped.counts()) == {"no text": 12, "outside the page": 1, "no polygon": 1, "no image": 1}
    assert ("eval2011-1", "no image: expected 'images/eval2011-1.png' in eval_2011/, found nothing") in skipped.items


def test_what_is_missing_is_named(root, tmp_path):
    with pytest.raises(ValueError, match="expected training_2011.xml, found none. Fetch RIMES"):
        load("rimes_2011", "train", tmp_path, tmp_path / "cache")
    (tmp_path / "x.xml").write_text("<alto/>")
    with pytest.raises(ValueError, match="no RIMES: x.xml: expected <DocumentList> .* found <alto>"):
        read_documents(tmp_path / "x.xml")
