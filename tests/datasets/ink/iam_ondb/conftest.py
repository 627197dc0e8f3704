"""Invented forms in the corpus' layout, with all that goes wrong in the real one."""

import pytest


def line_xml(strokes, encoding="ISO-8859-1"):
    points = "".join(
        '<Stroke colour="black" start_time="0" end_time="0">'
        + "".join(f'<Point x="{x}" y="{y}" time="{t}"/>' for x, y, t in stroke)
        + "</Stroke>"
        for stroke in strokes
    )
    return f"""<?xml version="1.0" encoding="{encoding}"?>
<WhiteboardCaptureSession>
  <WhiteboardDescription><SensorLocation corner="top_left"/>
    <DiagonallyOppositeCoords x="6512" y="1376"/></WhiteboardDescription>
  <StrokeSet>{points}</StrokeSet>
</WhiteboardCaptureSession>"""


STROKES = [[(10, 20, 769.05), (12, 24, 769.06)], [(30, 20, 769.5)]]
LATE = [[(10, 20, 1497871186.25), (12, 24, 1497871186.26)]]
TWO = "OCR:\n\nprinted one\nprinted two\n\nCSR:\n\nwritten one\n  caf\xe9 two \n\n%%%%%%%%%%%\n\n"
ORIGINAL = """<?xml version="1.0" encoding="ISO-8859-1"?><WhiteboardCaptureSession><General>
<Form id="a01-000u" writerID="10040" productionDate="2004"/></General></WhiteboardCaptureSession>"""

FILES = {
    "lineStrokes/a01/a01-000/a01-000u-01.xml": line_xml(STROKES),
    "lineStrokes/a01/a01-000/a01-000u-02.xml": line_xml(LATE),
    "ascii/a01/a01-000/a01-000u.txt": TWO,
    "original/a01/a01-000/strokesu.xml": ORIGINAL,
    "lineStrokes/b02/b02-010/b02-010-01.xml": line_xml(STROKES),
    "lineStrokes/b02/b02-010/b02-010-03.xml": line_xml([[]]),
    "ascii/b02/b02-010/b02-010.txt": "OCR:\n\nx\n\nCSR:\n\none\ntwo\nthree\n",
    "lineStrokes/c03/c03-007/c03-007z-01.xml": line_xml(STROKES),
    "ascii/c03/c03-007/c03-007z.txt": "OCR:\n\nx\n\nCSR:\n\none\ntwo\nthree\n",
    "lineStrokes/h02/h02-037/h02-037-01.xml": line_xml(STROKES)[:300],
    "lineStrokes/h02/h02-037/h02-037-02.xml": line_xml(STROKES),
    "ascii/h02/h02-037/h02-037.txt": "CSR:\n\none\ntwo\n",
    "lineStrokes/z01/z01-000/z01-000z-01.xml": line_xml([]),
    "task1/trainset.txt": " a01-000u\n\n c03-007z\n",
    "task1/testset_v.txt": " b02-010\n",
    "task1/testset_t.txt": " h02-037\n z01-000z\n",
    "task1/testset_f.txt": " b02-010-01\n q09-001\n",
}


@pytest.fixture
def corpus(tmp_path):
    root = tmp_path / "iam"
    for name, text in FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "latin-1")
    return root
