import pytest

from seqapp.datasets.json_fields import text_field


@pytest.mark.parametrize(
    ("record", "text"),
    [({"text": "a"}, "a"), ({"text": 0}, "0"), ({"text": 1.5}, "1.5"), ({"text": ""}, ""), ({"text": None}, "none"),
     ({}, "none"), ({"text": None, "word": "b"}, "b"), ({"text": "\ud83d"}, "\ufffd")],
)  # fmt: skip
def test_numbers_are_texts_and_null_is_absent(record, text):
    assert text_field(record, "text", "word", default="none") == text


@pytest.mark.parametrize("value", [False, True, ["a"], {"a": 1}, []])
def test_what_is_no_text_is_refused_by_name(value):
    with pytest.raises(ValueError, match="text: expected a text, received"):
        text_field({"text": value}, "text")
