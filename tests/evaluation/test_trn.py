"""Files for sclite; where it is installed, its sums are compared with ours."""

import re
import shutil
import subprocess

import pytest

from seqapp.evaluation.recognition import Recognition
from seqapp.evaluation.summarise import summarise
from seqapp.evaluation.trn import write_trn

SCLITE = shutil.which("sclite") or shutil.which("sclite", path="/usr/lib/sctk/bin")
LINES = [
    Recognition("b (2)", "bob_7-x", "(517) a { b } @ * ; c\\d", "(517) a { c } @ * ; c\\d"),
    Recognition("a", "ann/1", "the  cat\nsat", "the hat"),
    Recognition("c", "", "", "oh no"),
]


def test_each_line_is_text_and_speaker_with_a_unique_id(tmp_path):
    reference, hypothesis = write_trn(summarise(LINES), tmp_path / "new")
    assert reference.read_text(encoding="utf-8").splitlines() == [
        "the cat sat (ann/1-000000-a)",
        "(517) a ｛ b ｝ ＠ ＊ ； c＼d (bob.7.x-000001-b..2.)",
        " (unknown-000002-c)",
    ]
    assert hypothesis.read_text(encoding="utf-8").splitlines()[2] == "oh no (unknown-000002-c)"


@pytest.mark.skipif(SCLITE is None, reason="sclite (Debian package sctk) is not installed")
def test_sclite_counts_the_same_words_and_lines(tmp_path):
    evaluation = summarise(LINES)
    reference, hypothesis = write_trn(evaluation, tmp_path)
    files = ["-r", reference, "trn", "-h", hypothesis, "trn"]
    command = [SCLITE, "-s", "-i", "spu_id", *files, "-o", "rsum", "stdout"]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    counts = [int(number) for number in re.findall(r"\d+", re.search(r"\| *Sum.*", output)[0])]
    words = evaluation.words
    assert counts == [
        3, words.reference_length, words.hits, words.substitutions, words.deletions, words.insertions,
        words.errors, evaluation.num_wrong_examples,
    ]  # fmt: skip
