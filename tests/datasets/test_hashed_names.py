import hashlib

from seqapp.datasets.writer import hashed_writer


def test_a_writer_becomes_the_first_eight_digits_of_sha1():
    assert hashed_writer("apple", "Jo Doe") == "apple/" + hashlib.sha1(b"apple/Jo Doe").hexdigest()[:8]


def test_an_unknown_writer_stays_unknown():
    assert hashed_writer("apple", "") == ""
