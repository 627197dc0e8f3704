"""Models come and go with their folders, and no request is lost on the way."""

import gc
import shutil
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from seqapp.serving.server import Settings
from seqapp.serving.server.loaded_models.repository import Repository
from seqapp.serving.server.loaded_models.versions import find_models
from seqapp.serving.server.refusal import Refusal
from tests.serving.server.conftest import Toolbox

SETTINGS = Settings(num_parallel=1, labels={"toolbox": {"old": 1}})


@pytest.fixture
def folder(tmp_path, toolbox):
    (tmp_path / "toolbox").mkdir()
    return tmp_path


@pytest.fixture(scope="module")
def three(tmp_path_factory):
    """The same model, which adds 3 instead of 2."""
    return Toolbox(offset=3.0).save(tmp_path_factory.mktemp("three") / "model")


def y(model):
    return float(model.submit("serving_default", {"x": np.float32([1])}).result(120)["y"][0])


def states(repository, name="toolbox"):
    return {status.version: status.state for status in repository.statuses(name)}


def test_newer_versions_replace_older_ones_and_labelled_ones_stay(folder, toolbox, three):
    repository = Repository(folder, SETTINGS)
    with pytest.raises(Refusal, match="not yet available") as caught:
        repository.model("toolbox")
    assert caught.value.http_status == 503 and not repository.is_ready
    shutil.copytree(toolbox, folder / "toolbox" / "1")
    shutil.copytree(toolbox, folder / "toolbox" / "9")
    repository.refresh()
    assert repository.is_ready and repository.model("toolbox").version == 9 and y(repository.model("toolbox")) == 2.5
    shutil.copytree(three, folder / "toolbox" / "10")  # newer as a number, older as a word
    held = repository.model("toolbox")
    repository.refresh()
    assert repository.model("toolbox").version == 10 and y(repository.model("toolbox")) == 3.5
    assert repository.model("toolbox", label="old").version == 1
    assert states(repository) == {10: "AVAILABLE", 9: "UNLOADING", 1: "AVAILABLE"} and y(held) == 2.5
    with pytest.raises(Refusal, match=r"Specific\(toolbox, 9\)"):
        repository.model("toolbox", version=9)
    del held
    gc.collect()
    repository.refresh()
    assert states(repository)[9] == "END"
    repository.close()


def test_each_model_answers_as_soon_as_it_is_loaded_and_warms_up_beside(folder, toolbox, monkeypatch):
    for name in ("first", "second"):
        shutil.copytree(toolbox, folder / name / "1")
    (folder / "toolbox").rmdir()
    seen, warm = [], threading.Event()
    monkeypatch.setattr("seqapp.serving.server.loaded_models.repository.warm_up", lambda model: warm.wait(60))
    repository = Repository(folder, Settings(num_parallel=1))
    load = repository._load
    monkeypatch.setattr(repository, "_load", lambda *place: (seen.append(repository.states()), load(*place))[1])
    assert repository.states() == {}
    repository.refresh()
    assert seen == [{"first": "START", "second": "START"}, {"first": "WARMING", "second": "START"}]
    assert repository.states() == {"first": "WARMING", "second": "WARMING"} and repository.is_ready
    assert states(repository, "first") == {1: "AVAILABLE"} and y(repository.model("first")) == 2.5
    warm.set()
    repository._warming.shutdown()
    assert repository.states() == {"first": "AVAILABLE", "second": "AVAILABLE"}
    repository.close()


def test_a_broken_version_is_told_and_tried_again_when_its_files_change(folder, toolbox, three, caplog):
    shutil.copytree(toolbox, folder / "toolbox" / "2")
    repository = Repository(folder, Settings(num_parallel=1))
    repository.refresh()
    shutil.copytree(three, folder / "toolbox" / "3")
    weights = folder / "toolbox" / "3" / "variables" / "variables.data-00000-of-00001"
    content = weights.read_bytes()
    weights.unlink()  # as of a copy that goes on
    for _ in range(3):
        repository.refresh()
    assert y(repository.model("toolbox")) == 2.5 and caplog.text.count("toolbox/3: cannot be loaded") == 1
    (status,) = repository.statuses("toolbox", version=3)
    assert (status.state, status.error_code) == ("END", "UNKNOWN") and status.error_message
    weights.write_bytes(content)
    repository.refresh()
    assert y(repository.model("toolbox")) == 3.5 and states(repository)[2] in ("UNLOADING", "END")
    repository.close()


def test_a_model_that_is_taken_away_is_not_found_and_the_others_stay(folder, toolbox):
    for name in ("toolbox", "other"):
        shutil.copytree(toolbox, folder / name / "1", dirs_exist_ok=True)
    repository = Repository(folder, Settings(num_parallel=1))
    repository.refresh()
    assert repository.names() == ["other", "toolbox"]
    shutil.rmtree(folder / "other")
    repository.refresh()
    assert repository.names() == ["toolbox"]
    with pytest.raises(Refusal, match=r"Latest\(other\)"):
        repository.model("other")
    repository.close()


def test_no_request_is_lost_while_versions_change_under_load(folder, toolbox, three):
    shutil.copytree(toolbox, folder / "toolbox" / "1")
    repository = Repository(folder, Settings(num_parallel=1, poll_s=0.05))
    repository.start()
    while not repository.is_ready:
        time.sleep(0.01)
    answers, stop = [], threading.Event()

    def ask():
        while not stop.is_set():
            answers.append(y(repository.model("toolbox")))
            time.sleep(0.001)  # the one who loads needs a turn too

    clients = [threading.Thread(target=ask) for _ in range(4)]
    for thread in clients:
        thread.start()
    for version, source in ((2, three), (3, toolbox)):
        shutil.copytree(source, folder / "unfinished")
        (folder / "unfinished").rename(folder / "toolbox" / str(version))
        while repository.model("toolbox").version != version:
            time.sleep(0.01)
        count = len(answers)
        while len(answers) < count + 20 and all(thread.is_alive() for thread in clients):
            time.sleep(0.01)
    stop.set()
    for thread in clients:
        thread.join(120)
    repository.close()
    assert set(answers) == {2.5, 3.5} and answers[-1] == 2.5


def test_a_folder_that_is_not_ours_costs_the_others_nothing(folder, toolbox, monkeypatch, caplog):
    shutil.copytree(toolbox, folder / "toolbox" / "12")
    (folder / "lost+found").mkdir()
    look = Path.iterdir

    def guarded(path):
        if path.name == "lost+found":
            raise PermissionError(13, "Permission denied")
        return look(path)

    monkeypatch.setattr(Path, "iterdir", guarded)
    assert find_models(folder) == {"toolbox": {12: folder / "toolbox" / "12"}} and "lost+found" in caplog.text


def test_a_recipe_that_cannot_be_read_is_the_end_of_its_version_alone(folder, toolbox):
    shutil.copytree(toolbox, folder / "toolbox" / "1")
    shutil.copytree(toolbox, folder / "reader" / "1")
    (folder / "reader" / "1" / "assets.extra").mkdir(exist_ok=True)
    for name, content in (("alphabet.txt", "a\n"), ("recipe.json", '{"of": "another time"}')):
        (folder / "reader" / "1" / "assets.extra" / name).write_text(content)
    repository = Repository(folder, SETTINGS)
    repository.refresh()
    (status,) = repository.statuses("reader")
    assert (
        status.state == "END" and "Unknown sections" in status.error_message and states(repository) == {1: "AVAILABLE"}
    )
    repository.close()


def test_a_folder_may_be_of_models_of_versions_or_of_one(folder, toolbox):
    shutil.copytree(toolbox, folder / "toolbox" / "12")
    shutil.copytree(toolbox, folder / "toolbox" / ".unfinished-13")
    (folder / "notes").mkdir()
    (folder / "toolbox" / "14").mkdir()  # nothing in it yet
    expected = {"toolbox": {12: folder / "toolbox" / "12"}}
    assert find_models(folder) == find_models(folder / "toolbox") == find_models(folder / "toolbox" / "12") == expected
    shutil.copytree(toolbox, folder / "alone")
    assert find_models(folder / "alone") == {"alone": {1: folder / "alone"}}
    with pytest.raises(ValueError, match="Expected a folder of models"):
        find_models(folder / "nowhere")


def test_a_version_that_is_loaded_while_it_is_copied_is_loaded_again_when_it_is_whole(folder, toolbox, three, caplog):
    repository = Repository(folder, SETTINGS)
    shutil.copytree(toolbox, folder / "toolbox" / "1")
    variables = folder / "toolbox" / "1" / "variables" / "variables.data-00000-of-00001"
    whole = variables.read_bytes()
    variables.write_bytes(whole[: len(whole) // 2])
    repository.refresh()
    assert states(repository) == {1: "END"} and repository.is_loaded and not repository.is_ready
    variables.write_bytes(whole)
    repository.refresh()
    assert y(repository.model("toolbox")) == 2.5 and repository.is_ready
    time.sleep(0.01)
    for path in (three / "variables").iterdir():  # in place, of the same size
        shutil.copy2(path, folder / "toolbox" / "1" / "variables" / path.name)
    repository.refresh()
    assert y(repository.model("toolbox")) == 3.5 and states(repository) == {1: "AVAILABLE"}
    variables.write_bytes(whole[: len(whole) // 2])
    repository.refresh()
    assert y(repository.model("toolbox")) == 3.5 and states(repository) == {1: "AVAILABLE"}
    repository.close()
