"""The package as it is imported: what it sets before TensorFlow comes."""

import importlib
import os

import seqapp


def test_memory_of_a_gpu_grows_as_it_is_needed_unless_somebody_said_otherwise(monkeypatch):
    monkeypatch.delenv("TF_FORCE_GPU_ALLOW_GROWTH", raising=False)
    importlib.reload(seqapp)
    assert os.environ["TF_FORCE_GPU_ALLOW_GROWTH"] == "true"
    monkeypatch.setenv("TF_FORCE_GPU_ALLOW_GROWTH", "false")
    importlib.reload(seqapp)
    assert os.environ["TF_FORCE_GPU_ALLOW_GROWTH"] == "false"
