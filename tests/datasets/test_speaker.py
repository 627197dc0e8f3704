import hashlib

from seqapp.datasets.speaker import hashed_speaker


def test_a_speaker_is_eight_digits_of_sha1_behind_the_corpus():
    assert hashed_speaker("an4", "fash") == "an4/" + hashlib.sha1(b"an4/fash").hexdigest()[:8]
    assert hashed_speaker("an4", "fash") != hashed_speaker("timit", "fash")


def test_an_unknown_speaker_stays_unknown():
    assert hashed_speaker("an4", "") == ""
