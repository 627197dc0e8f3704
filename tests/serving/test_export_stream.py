"""A forward model of speech is exported with its stream, which needs TensorFlow alone."""

import json

import numpy as np
import pytest

from seqapp.models import Transcriber
from tests.small_speech import say

pytestmark = pytest.mark.slow

SAMPLES = say("ab cad dab")

HEAR_WITH_TENSORFLOW_ALONE = """
import sys
sys.modules["seqapp"] = sys.modules["keras"] = None
import json
import numpy as np
import tensorflow as tf

signatures = tf.saved_model.load(sys.argv[1]).signatures
samples = np.load(sys.argv[2]).astype(np.float32) / 32768
state, texts = signatures["stream_init"](batch_size=tf.constant(1)), []
for start in range(0, len(samples), 2560):
    chunk = samples[None, start : start + 2560]
    chunk = {"waveform": chunk, "lengths": [chunk.shape[1]], "final": [start + 2560 >= len(samples)]}
    found = signatures["stream_step"](**{name: tf.constant(value) for name, value in chunk.items()}, **state)
    state = {name: found[name] for name in state}
    texts.append(found["text"].numpy()[0].decode("utf-8"))
whole = signatures["serving_default"](waveform=tf.constant(samples[None]), lengths=tf.constant([len(samples)]))
print(json.dumps([texts, whole["text"].numpy()[0].decode("utf-8")]))
"""


@pytest.fixture
def exported(streaming_version):
    return streaming_version


def test_a_fresh_process_hears_the_text_of_the_whole_chunk_by_chunk(exported, foreign_python, tmp_path):
    np.save(tmp_path / "samples.npy", SAMPLES)
    command = ["-c", HEAR_WITH_TENSORFLOW_ALONE, exported, tmp_path / "samples.npy"]
    texts, whole = json.loads(foreign_python.run(command, cwd=tmp_path))
    assert "".join(texts) == whole and sum(map(bool, texts)) >= 2


def test_a_saved_stream_reads_as_the_transcriber_does(exported):
    transcriber = Transcriber.load(exported)
    (whole,) = transcriber.transcribe([SAMPLES])
    stream = transcriber.stream()
    stream.push(SAMPLES)
    (reading,) = stream.finish()
    assert (reading.text, reading.char_frames) == (whole.text, whole.char_frames) and whole.text


def test_the_card_says_how_to_stream_and_how_long_a_frame_waits(exported):
    card = (exported / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert "stream_init" in card and "--stream recording.flac" in card
    # A stem of kernel 3, then 2 frames of 20 ms: 10 + 40 ms, and half a window of 25 ms.
    assert "A frame is known 62 ms after its middle" in card
