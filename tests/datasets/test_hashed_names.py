import hashlib

import pytest

from seqapp.datasets.hashed_names import hashed_name


@pytest.mark.parametrize("corpus, name", [("apple", "Jo Doe"), ("an4", "fash")])
def test_a_name_becomes_the_first_eight_digits_of_sha1_behind_the_corpus(corpus, name):
    assert hashed_name(corpus, name) == f"{corpus}/" + hashlib.sha1(f"{corpus}/{name}".encode()).hexdigest()[:8]


def test_equal_names_in_two_corpora_are_two_people():
    assert hashed_name("an4", "fash") != hashed_name("timit", "fash")


@pytest.mark.parametrize("corpus", ["apple", "an4"])
def test_an_unknown_name_stays_unknown(corpus):
    assert hashed_name(corpus, "") == ""
