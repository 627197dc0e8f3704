"""A tiny distribution of invented ink with the traps of the real one."""

import pytest

FILES = {
    "include/cec/head.doc": """.VERSION 1.0
.COMMENT A mention of keywords in prose:
\t  .PEN_DOWN and .PEN_UP.
.COORD X Y
.POINTS_PER_SECOND 100
.INCLUDE cec/words.lex
""",
    "include/cec/words.lex": '.LEXICON "one"\n',
    "include/cec/data/Doe.dat": """.WRITER_ID Jane Doe
.COMMENT .SEGMENT WORD 0 OK "not a segment"
.PEN_DOWN
0 100
10 110
.PEN_UP
.PEN_DOWN
20 100
.PEN_UP
21 90
22 80.5
.DT 500
.PEN_DOWN
-30 -100
31 101
32 102
.PEN_UP

.PEN_DOWN
40 100
41 101
.PEN_UP
""",
    # components with points: 0 down (2 points), 1 down (1), 2 up (2: hovering), 3 down (3), 4 down (2)
    "data/8/cec/Doe.dat": r""".VERSION 1.0
.INCLUDE cec/head.doc
.INCLUDE cec/data/Doe.dat
.SEGMENT TEXT 0-3 OK "say \"no\" \\ yes"
.SEGMENT TEXT 4 ? "continued
     here"
.SEGMENT TEXT 0-1 BAD "dropped"
.SEGMENT TEXT 3-9 OK "too far"
""",
    "data/7/cec/Doe.dat": r""".INCLUDE cec/head.doc
.INCLUDE cec/data/Doe.dat
.SEGMENT WORD 0:1-3:0 OK "part"
.SEGMENT WORD 4,0 GOOD "th\@ree"
""",
    "data/6/cec/Doe.dat": r""".INCLUDE cec/head.doc
.INCLUDE cec/data/Doe.dat
.SEGMENT WORD 4,0 GOOD "th\@ree"
.SEGMENT WORD 2-3 GOOD "more"
""",
    "include/bbd/data/x.dat": """.WRITER_ID xyz
.COORD X Y T P
.PEN_DOWN
0 0 1000 7
5 5 1010 7
.PEN_UP
.PEN_DOWN
nonsense
.PEN_UP
""",
    "data/8/bbd/x.dat": """.INCLUDE bbd/data/x.dat
.SEGMENT TEXT 0 OK "timed"
.SEGMENT TEXT 1 OK "broken"
""",
    "include/bbb/data/masked.dat": ".WRITER_ID q\n.PEN_DOWN\n0 0\n.PEN_UP\n",
    "data/8/bbb/masked.dat": '.INCLUDE bbb/data/masked.dat\n.SEGMENT TEXT 0 OK "withheld"\n',
    "data/8/bbb/orphan.dat": '.INCLUDE bbb/data/nowhere.dat\n.SEGMENT TEXT 0 OK "lost"\n',
}


@pytest.fixture
def distribution(tmp_path):
    root = tmp_path / "unipen"
    for name, text in FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "latin-1")
    return root
