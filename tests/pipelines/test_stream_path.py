"""transcribe.py --stream, as a user starts it."""

import json

import pytest
import soundfile

from seqapp.models import Transcriber
from tests.pipelines.conftest import Scripts
from tests.small_models import write_workdir
from tests.small_speech import RATE_HZ, say, speech_recipe

pytestmark = pytest.mark.slow


def test_a_file_is_heard_chunk_by_chunk_and_read_as_the_whole(tmp_path, warm_python):
    samples, scripts = say("ab cad dab"), Scripts(tmp_path, warm_python)
    write_workdir(tmp_path / "run", speech_recipe(bidirectional=False))
    soundfile.write(tmp_path / "talk.wav", samples, RATE_HZ)
    never = ("--endpoint", "inf", "inf", "inf")
    heard = scripts.start_warm("transcribe", "run", "--stream", "talk.wav", "--chunk-ms", "100", "--json", *never)
    (whole,) = Transcriber.load(tmp_path / "run").transcribe([samples])
    finished = scripts.finish(heard)
    assert finished.status == 0, finished.stderr[-3000:]
    *partials, final = [json.loads(line) for line in finished.stdout.splitlines()]
    assert final["type"] == "final" and final["text"] == whole.text != ""
    assert {line["type"] for line in partials} == {"partial"}
    assert all(whole.text.startswith(line["text"]) for line in partials)
