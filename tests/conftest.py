"""Fixed seeds, one start of TensorFlow, and the marker of tests on real corpora."""

import os
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import pytest

# Begun first, since a worker that meets one of them last works on alone; trainings, processes and compilations.
LONGEST = (
    "rnn/test_recurrent.py", "pipelines/test_train.py", "pipelines/test_user_path.py", "training/test_strategy.py",
    "rnn/test_strategies.py", "training/test_loop.py", "pipelines/test_speech_path.py", "pipelines/test_benchmark.py",
)  # fmt: skip


def pytest_collection_modifyitems(items):
    """Sort the longest files to the front; with --no-loadscope-reorder they are dealt out in this order."""
    places = {Path(__file__).parent / name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path, len(LONGEST)))


@pytest.fixture
def corpora_dir():
    """The folder of real corpora; tests that ask for it carry @pytest.mark.corpus."""
    folder = os.environ.get("SEQAPP_DATA")
    if not folder:
        pytest.skip("SEQAPP_DATA is not set: it points to the folder of real corpora")
    return Path(folder)
