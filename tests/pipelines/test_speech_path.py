"""Speech as users have it: a folder of audio and texts, trained on, evaluated, exported, transcribed elsewhere."""

import json

import numpy as np
import pytest
import soundfile

from tests.pipelines.conftest import REPOSITORY, run
from tests.small_speech import RATE_HZ, say, sentences

pytestmark = pytest.mark.slow

CHANGES = (
    "data.dataset=audio_folder", "data.batch_frames=800", "data.max_batch_size=8", "features.num_mel_bins=20",
    "features.max_seconds=10", "augmentation.gain_db=0", "encoder.units=32", "encoder.num_layers=1",
    "encoder.stem_strides=2", "encoder.dropout=0", "encoder.execution=parallel_scan", "training.steps=120",
    "training.learning_rate=0.02", "training.warmup_steps=10", "training.average_decay=0", "training.clip_norm=1.0",
    "training.evaluate_every=60", "output.confidence_examples=2",
)  # fmt: skip

# sys.modules[...] = None makes an import fail, wherever the package may be installed.
ELSEWHERE = """
import sys
sys.modules["seqapp"] = sys.modules["keras"] = None
import json
import numpy as np
import tensorflow as tf

model, audio = tf.saved_model.load(sys.argv[1]), np.load(sys.argv[2])
found = model.signatures["serving_default"](**{name: tf.constant(audio[name]) for name in ("waveform", "lengths")})
print(json.dumps([text.decode("utf-8") for text in found["text"].numpy()]))
"""


@pytest.fixture(scope="module")
def user(tmp_path_factory):
    """A folder with corpus/{train,validation,test}/: wav and txt, two of them broken."""
    folder = tmp_path_factory.mktemp("speech")
    for split, count, seed in (("train", 24, 0), ("validation", 6, 100), ("test", 6, 200)):
        (folder / "corpus" / split).mkdir(parents=True)
        for i, text in enumerate(sentences(count, seed)):
            path = folder / "corpus" / split / f"{split}{i:02d}.wav"
            soundfile.write(path, say(text, seed + i), RATE_HZ)
            path.with_suffix(".txt").write_text(text)
    train = folder / "corpus" / "train"
    (train / "broken.wav").write_text("no audio at all")
    (train / "broken.txt").write_text("ab")
    soundfile.write(train / "endless.wav", np.zeros(11 * RATE_HZ, np.int16), RATE_HZ)
    (train / "endless.txt").write_text("ab")
    return folder


@pytest.fixture(scope="module")
def places(user):
    return "--data-dir", user / "corpus", "--prepared-dir", user / "cache"


@pytest.fixture(scope="module")
def trained(user, places):
    recipe = REPOSITORY / "pipelines" / "recipes" / "spoken_digits.py"
    assert run("train", recipe, "--workdir", user / "run", *places, "--set", *CHANGES) == 0
    return user / "run"


@pytest.fixture(scope="module")
def exported(user, trained):
    run("export", trained, user / "model")
    return user / "model"


def test_bad_audio_is_listed_and_the_training_goes_on(trained):
    skipped = json.loads((trained / "skipped.json").read_text())
    listed = dict(item for split in skipped.values() for item in split["items"])
    assert len(listed) == 2 and any("broken" in id for id in listed)
    (reason,) = (reason for id, reason in listed.items() if "endless" in id)
    assert reason.startswith("too long: 11.0 s")
    assert json.loads((trained / "best.json").read_text())["cer"] < 0.5


def test_the_report_is_by_speaker_or_utterance_and_has_pictures(user, trained, places, capsys):
    arguments = ("--dataset", "audio_folder", *places, "--split", "test")
    run("evaluate", trained, *arguments, "--json", "--plots", user / "plots")
    report = json.loads(capsys.readouterr().out)
    assert (report["group"], report["unit"], report["num_examples"]) == ("speaker", "utterance", 6)
    assert report["cer"]["rate"] < 0.5
    assert {path.name for path in (user / "plots").iterdir()} == {"errors.png", "reliability.png", "alignment.png"}


def test_a_recording_is_transcribed_alike_with_and_without_this_package(user, exported, foreign_python, capsys):
    paths = sorted((user / "corpus" / "test").glob("*.wav"))
    capsys.readouterr()
    run("transcribe", exported, *paths, "--format", "json", "--picture", user / "a.png")
    readings = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [reading["id"] for reading in readings] == [path.stem for path in paths]
    for reading in readings:
        assert " ".join(word["text"] for word in reading["words"]) == " ".join(reading["text"].split())
        assert len(reading["char_start_s"]) == len(reading["text"])
    assert (user / "a.png").stat().st_size > 1000

    samples = [soundfile.read(path, dtype="int16")[0] for path in paths]
    waveform = np.zeros([len(samples), max(map(len, samples))], np.float32)
    for row, audio in zip(waveform, samples):
        row[: len(audio)] = audio / 32_768
    np.savez(user / "audio.npz", waveform=waveform, lengths=np.int32([len(audio) for audio in samples]))
    texts = foreign_python.run(["-c", ELSEWHERE, exported / "1", "audio.npz"], cwd=user)
    assert json.loads(texts) == [reading["text"] for reading in readings]


def test_subtitles_lie_in_a_folder_and_a_broken_file_costs_nothing_but_itself(user, exported, capsys, caplog):
    broken, good = (user / "corpus" / "train" / name for name in ("broken.wav", "train00.wav"))
    capsys.readouterr()
    run("transcribe", exported, broken, good, "--format", "vtt", "--output", user / "subtitles")
    assert capsys.readouterr().out == "" and "broken" in caplog.text
    (path,) = (user / "subtitles").iterdir()
    assert path.name == "train00.vtt" and path.read_text().startswith("WEBVTT\n\n00:00:00.")
