"""Lines in files of their own: many are read as few are."""

import numpy as np
import pytest
from PIL import Image

from seqapp.datasets.image import line_reading
from seqapp.datasets.image.line_reading import LineFile, read_line_files
from seqapp.datasets.skipped import Skipped
from tests.small_lines import draw_line


@pytest.fixture
def files(tmp_path):
    found = []
    for number in range(7):
        path = tmp_path / f"{number}.png"
        Image.fromarray(draw_line(f"ligne {number}")).save(path)
        found.append(LineFile(path, f"l{number}", f"ligne {number}" if number != 4 else "", "w"))
    (tmp_path / "2.png").write_bytes(b"no picture")
    (tmp_path / "5.png").unlink()
    return found


def read(files, **options):
    skipped = Skipped()
    return list(read_line_files(files, skipped, **options)), skipped


def test_what_cannot_be_read_is_listed(files):
    lines, skipped = read(files)
    assert [(line.id, line.text) for line in lines] == [(f"l{n}", f"ligne {n}") for n in (0, 1, 3, 6)]
    assert dict(skipped.counts()) == {"no text": 1, "broken image": 1, "no image": 1}
    lines, skipped = read(files, needs_text=False)
    assert [line.id for line in lines] == ["l0", "l1", "l3", "l4", "l6"] and len(skipped) == 2


def test_several_processes_give_the_same(files, monkeypatch):
    alone, skipped = read(files)
    monkeypatch.setenv("SEQAPP_PROCESSES", "2")
    monkeypatch.setattr(line_reading, "FEW_LINES", 2)
    together, skipped_together = read(files)
    assert [line.id for line in together] == [line.id for line in alone] and skipped_together == skipped
    assert all(np.array_equal(one.columns, other.columns) for one, other in zip(alone, together))
