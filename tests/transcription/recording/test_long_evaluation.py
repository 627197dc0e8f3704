"""A recording composed of a corpus is read as a user's is, and scored beside its utterances."""

import dataclasses

import numpy as np
import pytest

from seqapp.transcription.recording.long_evaluation import evaluate_recording
from tests.small_speech import say, small_examples
from tests.small_transcribers import local_transcriber

TEXTS = ["ab cad", "dab bc", ""]


def test_utterances_with_a_label_are_joined_and_scored():
    waveforms = [say(text or "a") for text in TEXTS]
    splits = np.cumsum([0, *map(len, waveforms)])
    texts = np.array(TEXTS, object)
    examples = dataclasses.replace(small_examples(3), raw=np.concatenate(waveforms), splits=splits, texts=texts)
    transcriber = local_transcriber("speech")
    score = evaluate_recording(transcriber, examples, minutes=0.2)
    assert score.minutes >= 0.2 and score.num_utterances >= 3
    assert score.alone.reference_length == score.joined.reference_length == 2 * score.num_utterances
    assert score.real_time_factor > 0
    with pytest.raises(ValueError, match="labelled audio"):
        evaluate_recording(transcriber, dataclasses.replace(examples, texts=np.array([""] * 3, object)), 0.2)
