import io

import pytest

from seqapp.datasets.speech.steady_file import SteadyFile


@pytest.fixture(params=["memory", "disk"])
def file(request, tmp_path):
    (tmp_path / "a.raw").write_bytes(b"0123456789")
    with io.BytesIO(b"0123456789") if request.param == "memory" else open(tmp_path / "a.raw", "rb") as file:
        yield file


def test_it_reads_like_the_file(file):
    steady = SteadyFile(file)
    assert steady.seek(4) == steady.tell() == 4 and steady.read(2) == b"45"
    assert steady.seek(-3, io.SEEK_END) == 7 and steady.seek(1, io.SEEK_CUR) == 8
    buffer = bytearray(5)
    assert steady.readinto(buffer) == 2 and buffer[:2] == b"89" and steady.read() == b""


@pytest.mark.parametrize("seek", [(-1,), (-11, io.SEEK_END), (-5, io.SEEK_CUR)])
def test_sent_before_its_start_it_can_still_be_read(file, seek):
    steady = SteadyFile(file)
    steady.seek(4)
    place = steady.seek(*seek)
    assert place == steady.tell() and place in (0, 4) and steady.read(1) == str(place).encode()


def test_it_has_no_name_that_a_suffix_could_be_believed_of(file):
    assert not hasattr(SteadyFile(file), "name")
