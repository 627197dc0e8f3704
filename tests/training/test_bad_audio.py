"""A corpus of which one file in a hundred is broken trains, and says which files these are and what is wrong."""

import json
import tracemalloc
from collections import Counter

import pytest

from seqapp.datasets.skipped import Skipped
from seqapp.datasets.speech.audio_files import read_audio
from seqapp.input_pipeline.read import read_training
from seqapp.models import Workdir
from seqapp.training import Corpora, RecognizerObjective, Training, make_strategy
from tests.bad_audio import KINDS, ODD, write_bad_audio, write_odd_audio
from tests.small_audio import write_audio
from tests.small_speech import say, sentences, speech_recipe

GOOD = 100 * len(KINDS) - len(KINDS)  # so that one in a hundred is bad
NUM_RECORDINGS = 20  # which the good utterances name in turn


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Recordings, and manifests of a training and a validation split that name them."""
    folder = tmp_path_factory.mktemp("corpus")
    write_bad_audio(folder / "bad")
    write_odd_audio(folder / "odd")
    texts = sentences(NUM_RECORDINGS)
    for i, text in enumerate(texts):
        write_audio(folder / f"good{i}.wav", say(text, i))
    good = [{"audio_filepath": f"good{i % NUM_RECORDINGS}.wav", "text": texts[i % NUM_RECORDINGS]} for i in range(GOOD)]
    odd = [{"audio_filepath": f"odd/{name}", "text": "ab"} for name in ODD]
    bad = [{"audio_filepath": f"bad/{name}", "text": "ab", "id": name} for name in KINDS]
    for split, lines in (("train", good[len(odd) :] + odd + bad), ("validation", good[:4])):
        (folder / f"{split}.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines), "utf-8")
    return folder


@pytest.mark.parametrize(("name", "kind"), KINDS.items())
def test_a_bad_file_is_refused_by_name_in_little_memory(folder, name, kind):
    tracemalloc.start()
    with pytest.raises(ValueError, match=f"^{kind}: {name}"):
        list(read_audio(folder / "bad" / name, Skipped(), max_seconds=60.0))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2e6


@pytest.mark.parametrize("name", ODD)
def test_an_odd_file_is_read_like_any_other(folder, name):
    (audio,) = read_audio(folder / "odd" / name, Skipped(), max_seconds=60.0)
    assert audio.seconds == pytest.approx(0.5, abs=0.01) and audio.samples.std() > 1_000


@pytest.mark.slow
def test_one_bad_file_in_a_hundred_is_counted_and_listed_and_the_rest_is_trained_on(folder, tmp_path, caplog):
    settings = {"steps": 2, "warmup_steps": 0, "evaluate_every": 2, "checkpoint_every": 2}
    recipe = speech_recipe(data={"dataset": "manifest"}, training=settings)
    corpora = Corpora(*read_training(recipe, folder, tmp_path / "cache"))
    assert len(corpora.train) == GOOD and len(corpora.validation) == 4
    objective = RecognizerObjective(recipe, corpora, Workdir(tmp_path / "run"), make_strategy("one_device"))
    training = Training(objective)
    assert training.run()["step"] == 2
    listed = json.loads((tmp_path / "run" / "skipped.json").read_text())["reader"]
    assert {name: reason.split(":")[0] for name, reason in listed["items"]} == KINDS
    assert listed["counts"] == Counter(KINDS.values())
    assert f"skipped {len(KINDS)} (" in caplog.text
