"""The Python API: files and arrays of any layout read alike; what cannot be read is said in one sentence."""

import doctest
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PIL import Image

import seqapp
import seqapp.transcription.model
from seqapp.models import Endpointing
from seqapp.transcription.model import Model
from tests.small_lines import draw_line
from tests.small_models import scribble
from tests.small_speech import RATE_HZ, say
from tests.small_transcribers import ALPHABET, SENSES, local_transcriber, write_inputs

ROOT = Path(__file__).parents[2]
STROKES = np.split(scribble(60)[:, :3], np.flatnonzero(scribble(60)[:-1, 3]) + 1)


@pytest.fixture
def model(request):
    return Model(local_transcriber(request.param))


def each(*senses):
    return pytest.mark.parametrize("model", senses, indirect=True)


@each(*SENSES)
def test_files_folders_and_lists_of_files_are_read(model, tmp_path):
    paths = write_inputs(model.sense, tmp_path / "in")
    readings = model.transcribe(paths)
    assert len(readings) == len(readings.ids) >= 2 and readings.skipped == []
    assert model.transcribe(str(paths[0]))[0] == model.transcribe([paths[0]])[0]
    if model.sense != "image":  # a folder with a layout holds pages only
        assert sorted(r.text for r in model.transcribe(tmp_path / "in")) == sorted(r.text for r in readings)


@each("speech")
@pytest.mark.parametrize("rate_hz", [RATE_HZ, 8_000, 44_100])
@pytest.mark.parametrize("dtype, subtype", [("int16", "PCM_16"), ("int32", "PCM_32"), ("float32", "FLOAT")])
def test_audio_in_memory_reads_as_the_file_of_it(model, tmp_path, rate_hz, dtype, subtype):
    samples = say("ab cad").astype(np.float64) / 32_768
    samples = samples if dtype == "float32" else np.round(samples * np.iinfo(dtype).max)
    soundfile.write(tmp_path / "a.wav", samples.astype(dtype), rate_hz, subtype)
    (expected,) = model.transcribe(tmp_path / "a.wav")
    assert model.transcribe(samples.astype(dtype), sample_rate_hz=rate_hz)[0] == expected


@each("speech")
def test_channels_are_mixed_however_they_lie(model):
    samples = say("dab")
    (expected,) = model.transcribe(samples)
    for channels in (np.stack([samples, samples], axis=1), np.stack([samples, samples]), samples[:, np.newaxis]):
        assert model.transcribe(channels)[0].text == expected.text


@each("ink")
def test_ink_is_points_or_strokes_and_several_are_a_list(model):
    (expected,) = model.transcribe(scribble(60))
    for ink in (STROKES, [stroke.tolist() for stroke in STROKES], scribble(60).astype(np.float64)):
        assert model.transcribe(ink)[0].text == expected.text
    both = model.transcribe([STROKES, scribble(60)])
    assert both.ids == ["0", "1"] and [reading.text for reading in both] == [expected.text] * 2
    assert len(model.transcribe(STROKES[0])) == len(model.transcribe([STROKES[0], STROKES[1]])) == 1


@each("image")
def test_an_image_is_grey_or_coloured_and_of_any_type(model, tmp_path):
    grey = draw_line("une ligne")
    Image.fromarray(grey).save(tmp_path / "line.png")
    (expected,) = model.transcribe(tmp_path / "line.png")
    coloured = np.repeat(grey[..., np.newaxis], 3, axis=2)
    opaque = np.concatenate([coloured, np.full_like(grey, 255)[..., np.newaxis]], axis=2)
    for image in (grey, coloured, opaque, grey / 255.0, coloured / 255.0):
        assert model.transcribe(image)[0].text == expected.text


BAD = [
    ("speech", np.zeros([100, 100]), "samples of shape .*Received: shape .100, 100"),
    ("speech", np.zeros([2, 3, 4]), "samples of shape"),
    ("speech", np.zeros(0), "samples of shape"),
    ("speech", np.array(["a"]), "expected an array of int16"),
    ("speech", np.full(5_000, np.nan), "audio"),
    ("ink", np.zeros([5, 7]), r"expected strokes of shape \[n, 2\]"),
    ("ink", np.zeros([0, 4]), "no points"),
    ("ink", [np.full([3, 2], np.nan)], "not finite"),
    ("image", np.zeros([5]), r"expected shape \[H, W\]"),
    ("image", np.zeros([5, 5, 2]), r"expected shape \[H, W\]"),
]


@pytest.mark.parametrize("model, example, message", BAD, indirect=["model"])
def test_what_is_no_example_is_refused_in_one_sentence(model, example, message):
    with pytest.raises(ValueError, match=message) as error:
        model.transcribe(example)
    assert "\n" not in str(error.value) and "broadcast" not in str(error.value)


@each("speech")
def test_a_rate_that_is_none_is_refused(model):
    for rate_hz in (0.5, 12, 10**7):
        with pytest.raises(ValueError):
            model.transcribe(say("ab"), sample_rate_hz=rate_hz)


@each("ink", "image")
def test_what_has_no_rate_takes_none(model):
    with pytest.raises(ValueError, match="has no sample rate"):
        model.transcribe(scribble(9), sample_rate_hz=8_000)


@each("speech")
def test_one_bad_example_of_several_costs_itself(model):
    readings = model.transcribe([say("ab"), np.zeros([2, 3, 4]), say("cad")])
    assert readings.ids == ["0", "2"] and [id for id, _ in readings.skipped] == ["1"]
    assert model.transcribe([]) == []


@each(*SENSES)
def test_the_same_object_gives_posteriors_and_n_best(model, tmp_path):
    path = write_inputs(model.sense, tmp_path / "in")[0]
    (posteriors,) = model.posteriors(path)
    assert posteriors.log_probs.shape[1] == len(ALPHABET.symbols) + 1
    np.testing.assert_allclose(np.exp(posteriors.log_probs).sum(axis=1), 1.0, rtol=1e-4)
    (reading,) = model.with_beam_search(hotwords=["cad"]).transcribe(path)
    assert len(reading.alternatives) > 1 and reading.alternatives[0].text == reading.text
    assert model.transcribe(path)[0].alternatives == ()


@each("speech")
def test_the_same_object_streams(model):
    samples = say("ab cad")
    stream = model.stream(Endpointing())
    for start in range(0, len(samples), 2_560):
        stream.push(samples[start : start + 2_560])
    assert stream.finish()[-1].text
    with pytest.raises(ValueError, match="one channel"):
        stream.push(np.zeros([10, 2]))


def test_the_package_names_what_is_public_and_imports_it_late():
    code = "import seqapp, sys; print('tensorflow' in sys.modules, set(seqapp.__all__) - set(dir(seqapp)))"
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    finished = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, cwd=ROOT)
    assert (finished.returncode, finished.stdout) == (0, "False set()\n"), finished.stderr
    assert all(getattr(seqapp, name) is not None for name in seqapp.__all__)
    with pytest.raises(AttributeError, match="no attribute 'load'. Public names: Alphabet"):
        _ = seqapp.load


def test_the_examples_of_the_documentation_run(monkeypatch):
    monkeypatch.chdir(ROOT)
    assert doctest.testmod(seqapp.transcription.model).failed == 0
