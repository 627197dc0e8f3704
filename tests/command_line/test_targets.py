"""A target that cannot be written is named before anything is done."""

import os

import pytest

from seqapp.command_line import expect_writable


def test_new_files_and_old_ones_pass(tmp_path, monkeypatch):
    (tmp_path / "old.json").touch()
    expect_writable(tmp_path / "old.json")
    expect_writable(tmp_path / "new.json")
    monkeypatch.chdir(tmp_path)
    expect_writable("new.json")


def test_what_cannot_be_written_is_refused(tmp_path, monkeypatch):
    with pytest.raises(ValueError, match="Received the folder"):
        expect_writable(tmp_path)
    with pytest.raises(ValueError, match="Expected a folder .*missing to write lm.arpa into"):
        expect_writable(tmp_path / "missing" / "lm.arpa")
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(ValueError, match="permission denied"):
        expect_writable(tmp_path / "lm.arpa")
