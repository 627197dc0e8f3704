"""A file goes in as it lies on a disk, and its text comes out."""

import errno
import io
import json
import struct
import zlib

import numpy as np
import pytest
import soundfile
from PIL import Image

from seqapp.datasets.ink.ink import Ink
from seqapp.models import Transcriber
from seqapp.recipe import ImageAugmentationConfig, LineImageConfig, Recipe
from seqapp.senses import sense_of
from seqapp.serving.server.refusal import Refusal
from seqapp.serving.server.rest.upload import read_upload
from tests.small_containers import encode
from tests.small_models import small_recipe
from tests.small_speech import RATE_HZ, say, speech_recipe

INK = sense_of(small_recipe())
SPEECH = sense_of(speech_recipe({"max_seconds": 2.0}))
IMAGE = sense_of(Recipe(features=LineImageConfig(), augmentation=ImageAugmentationConfig()))
STROKES = [[[0, 0], [3, 4]], [[5, 5], [6, 7], [8, 8]]]
INKML = b'<ink xmlns="http://www.w3.org/2003/InkML"><trace>0 0, 3 4</trace><trace>5 5, 6 7, 8 8</trace></ink>'
RAW = {"points": Ink.from_strokes("", [np.array(stroke) for stroke in STROKES]).points}


def audio(samples, format="WAV"):
    file = io.BytesIO()
    soundfile.write(file, samples, RATE_HZ, format=format)
    return file.getvalue()


def picture(array, format="PNG"):
    file = io.BytesIO()
    Image.fromarray(array).save(file, format)
    return file.getvalue()


def bomb(width, height):
    """The head of a PNG that claims a size, and no content."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunk = b"IHDR" + head
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", len(head)) + chunk + struct.pack(">I", zlib.crc32(chunk))


@pytest.mark.parametrize("content", [json.dumps({"strokes": STROKES}).encode(), INKML], ids=["JSON", "InkML"])
def test_ink_is_told_by_content(content):
    np.testing.assert_array_equal(read_upload(content, INK), RAW["points"])


@pytest.mark.parametrize("format", ["WAV", "FLAC"])
def test_audio_is_told_by_content(format):
    np.testing.assert_array_equal(read_upload(audio(say("ab"), format), SPEECH), say("ab"))


@pytest.mark.parametrize("kind", ["phone.m4a", "browser.webm", "clip.mp4", "note.amr", "windows.wma"])
def test_recordings_of_phones_and_browsers_are_read(kind):
    assert abs(len(read_upload(encode(say("ab"), kind), SPEECH)) - len(say("ab"))) < 4_000
    with pytest.raises(Refusal, match="too long"):
        read_upload(encode(np.tile(say("ab"), 8), kind), SPEECH)


def test_a_picture_is_a_line():
    line = np.full([80, 300], 255, np.uint8)
    line[30:50, 40:240] = 0
    columns = read_upload(picture(line), IMAGE)
    assert columns.dtype == np.uint8 and columns.shape[1] == 64 and 100 < len(columns) < 600 and columns.min() < 50


REFUSED = [
    (INK, b"", "unknown format"),
    (INK, audio(say("a")), "unknown format"),
    (INK, b'{"strokes": []}', "no points"),
    (INK, b'{"strokes": [[[0, 0], [1, NaN]]]}', "not finite"),
    (INK, json.dumps([{"strokes": STROKES}] * 2).encode(), "Expected one line of ink. Received: 2"),
    (INK, b"[" * 50_000, "recursion"),
    (INK, b"<ink><trace>0 0, 3", "broken XML: upload"),
    (INK, b".VERSION 1.0\n.INCLUDE /etc/passwd\n", "outside|include|no points|Expected one"),
    (SPEECH, b"", "empty file"),
    (SPEECH, INKML, "no audio or damaged"),
    (SPEECH, audio(say("ab"))[:-4_000], "truncated"),
    (SPEECH, audio(np.zeros(3 * RATE_HZ, np.int16)), "too long"),
    (SPEECH, audio(np.zeros(0, np.int16)), "no samples"),
    (IMAGE, INKML, "broken image: upload"),
    (IMAGE, picture(np.random.default_rng(0).integers(0, 255, [64, 200], np.uint8))[:3_000], "broken image"),
    (IMAGE, bomb(20_000, 5_000), "too large|broken image"),
    (IMAGE, bomb(2**31 - 1, 2**31 - 1), "exceeds limit|too large|broken image"),
]  # fmt: skip


@pytest.mark.parametrize("sense, content, message", REFUSED)
def test_other_files_are_refused_by_what_is_wrong_with_them(sense, content, message):
    with pytest.raises(Refusal, match=message) as caught:
        read_upload(content, sense)
    assert caught.value.http_status == 400 and "/tmp" not in caught.value.message


def test_a_recording_is_heard_as_the_transcriber_of_the_folder_hears_it(client, talk):
    response = client.post("/v1/models/talk:transcribe", content=audio(say("cad dab"), "FLAC"))
    (expected,) = Transcriber.load(talk).transcribe([say("cad dab")])
    found = response.json()
    assert response.status_code == 200 and (found["model"], found["version"]) == ("talk", 1)
    assert found["text"] == expected.text and found["text"]
    assert found["confidence"] == pytest.approx(expected.confidence, abs=1e-5)
    assert [(w["text"], w["start_s"]) for w in found["words"]] == [(w.text, w.start_s) for w in expected.words]
    assert client.post("/v1/models/talk/versions/1:transcribe", content=audio(say("ab"))).status_code == 200


def test_a_file_that_is_none_is_the_senders_mistake(client):
    response = client.post("/v1/models/talk:transcribe", content=b"hello")
    assert response.status_code == 400 and "no audio or damaged" in response.json()["error"]


def test_a_fault_of_the_servers_own_disk_is_no_mistake_of_the_sender(monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(type(SPEECH), "read_files", full)
    with pytest.raises(OSError, match="No space left"):
        read_upload(audio(say("ab")), SPEECH)
