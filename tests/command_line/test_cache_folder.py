"""The folder of the cache: what is given wins over the environment, and that over the home folder."""

from pathlib import Path

import pytest

from seqapp.command_line.cache_folder import cache_folder


@pytest.mark.parametrize(
    ("given", "environment", "expected"),
    [
        ("here", "there", "here"),
        (Path("~/here"), "there", "/home/me/here"),
        (None, "there", "there"),
        (None, "~/there", "/home/me/there"),
        (None, "", "/home/me/.cache/seqapp"),
    ],
)
def test_what_is_given_then_the_environment_then_the_home_folder(monkeypatch, given, environment, expected):
    monkeypatch.setenv("HOME", "/home/me")
    monkeypatch.setenv("SEQAPP_CACHE", environment)
    assert cache_folder(given) == Path(expected)
