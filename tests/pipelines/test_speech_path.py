"""Speech as users have it: a folder of audio and texts, trained on, evaluated, exported, transcribed elsewhere."""

import json
import subprocess
import sys

import numpy as np
import pytest
import soundfile

from tests.pipelines.conftest import REPOSITORY, Scripts
from tests.small_speech import RATE_HZ, say, sentences

CHANGES = (
    "data.dataset=audio_folder", "data.batch_frames=800", "data.max_batch_size=8", "features.num_mel_bins=20",
    "features.max_seconds=10", "augmentation.gain_db=0", "encoder.units=32", "encoder.num_layers=1",
    "encoder.stem_strides=2", "encoder.dropout=0", "training.steps=120", "training.learning_rate=0.02",
    "training.warmup_steps=10", "training.average_decay=0", "training.clip_norm=1.0", "training.evaluate_every=60",
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
    """`Scripts` in a folder with corpus/{train,validation,test}/: wav and txt, two of them broken."""
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
    return Scripts(folder)


def run(user, name, *arguments):
    finished = user.finish(user.start(name, *arguments))
    assert finished.status == 0, finished.stderr[-3000:]
    return finished


@pytest.fixture(scope="module")
def trained(user):
    recipe = REPOSITORY / "pipelines" / "recipes" / "spoken_digits.py"
    run(user, "train", recipe, "--workdir", "run", "--data-dir", "corpus", "--set", *CHANGES)
    return user.folder / "run"


@pytest.fixture(scope="module")
def exported(user, trained):
    return run(user, "export", "run", "model").stdout.strip()


def test_bad_audio_is_listed_and_the_training_goes_on(trained):
    skipped = json.loads((trained / "skipped.json").read_text())
    listed = {id: reason for split in skipped.values() for id, reason in split.items()}
    assert len(listed) == 2 and any("broken" in id for id in listed)
    (reason,) = (reason for id, reason in listed.items() if "endless" in id)
    assert reason.startswith("too long: 11.0 s")
    assert json.loads((trained / "best.json").read_text())["cer"] < 0.5


def test_the_report_is_by_speaker_or_line_and_has_pictures(user, trained):
    arguments = ("--dataset", "audio_folder", "--data-dir", "corpus", "--split", "test")
    finished = run(user, "evaluate", "run", *arguments, "--json", "--plots", "plots")
    report = json.loads(finished.stdout)
    assert report["group"] == "speaker" and report["num_lines"] == 6 and report["cer"]["rate"] < 0.5
    assert {path.name for path in (user.folder / "plots").iterdir()} == {"errors.png", "alignment.png"}


def test_a_recording_is_transcribed_alike_with_and_without_this_package(user, exported):
    paths = sorted((user.folder / "corpus" / "test").glob("*.wav"))
    finished = run(user, "transcribe", "model", *paths, "--format", "json", "--picture", "a.png")
    readings = [json.loads(line) for line in finished.stdout.splitlines()]
    assert [reading["id"] for reading in readings] == [path.stem for path in paths]
    for reading in readings:
        assert " ".join(word["text"] for word in reading["words"]) == " ".join(reading["text"].split())
        assert len(reading["char_start_s"]) == len(reading["text"])
    assert (user.folder / "a.png").stat().st_size > 1000

    samples = [soundfile.read(path, dtype="int16")[0] for path in paths]
    waveform = np.zeros([len(samples), max(map(len, samples))], np.float32)
    for row, audio in zip(waveform, samples):
        row[: len(audio)] = audio / 32_768
    np.savez(user.folder / "audio.npz", waveform=waveform, lengths=np.int32([len(audio) for audio in samples]))
    command = [sys.executable, "-I", "-c", ELSEWHERE, exported, "audio.npz"]
    found = subprocess.run(command, cwd=user.folder, capture_output=True, text=True, check=True, timeout=300)
    assert json.loads(found.stdout) == [reading["text"] for reading in readings]


def test_subtitles_lie_in_a_folder_and_a_broken_file_costs_nothing_but_itself(user, exported):
    broken, good = (user.folder / "corpus" / "train" / name for name in ("broken.wav", "train00.wav"))
    finished = run(user, "transcribe", "model", broken, good, "--format", "vtt", "--output", "subtitles")
    assert finished.stdout == "" and "broken" in finished.stderr
    (path,) = (user.folder / "subtitles").iterdir()
    assert path.name == "train00.vtt" and path.read_text().startswith("WEBVTT\n\n00:00:00.")
