"""The script hands on what it was given; what a cluster does with it is tested in tests/serving/ray_serve."""

import importlib.util
import sys
import types

import pytest

from pipelines import serve_ray
from seqapp import command_line
from seqapp.serving.ray_serve import Scaling


@pytest.fixture
def deployed(monkeypatch):
    """What was to be deployed, where Ray seems to be installed."""
    found = []
    room = types.SimpleNamespace(deploy=lambda *given: found.append(given), wait_for_end=lambda: found.append("end"))
    monkeypatch.setitem(sys.modules, "seqapp.serving.ray_serve.deployment", room)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: name)
    monkeypatch.setattr(command_line, "import_tensorflow", lambda: None)
    return found


@pytest.fixture
def models(tmp_path):
    (tmp_path / "an4" / "1").mkdir(parents=True)
    (tmp_path / "an4" / "1" / "saved_model.pb").touch()
    return tmp_path


def test_options_become_settings_and_scaling(deployed, models, tmp_path):
    (tmp_path / "keys.txt").write_text("one\ntwo\n", encoding="utf-8")
    options = ["--port", "9", "--max-replicas", "16", "--ray-address", "auto", "--origin", "https://a.example"]
    serve_ray.main([str(models), *options, "--api-key-file", str(tmp_path / "keys.txt")])
    ((path, settings, scaling),) = deployed  # a cluster that others keep goes on without the script
    assert path == models and scaling == Scaling(max_replicas=16, ray_address="auto")
    assert (settings.port, settings.api_keys, settings.origins) == (9, ("one", "two"), ("https://a.example",))


def test_a_cluster_of_its_own_ends_with_the_script(deployed, models):
    serve_ray.main([str(models)])
    assert deployed[-1] == "end"


def test_without_ray_the_remedy_is_named(deployed, models, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "ray" else name)
    with pytest.raises(ValueError, match=r"\.\[ray\]"):
        serve_ray.main([str(models)])
    assert not deployed
