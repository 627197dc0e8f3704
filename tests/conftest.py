"""Fixed seeds, one start of TensorFlow, and the marker of tests on real corpora."""

import os
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import pytest


@pytest.fixture
def corpora_dir():
    """The folder of real corpora; tests that ask for it carry @pytest.mark.corpus."""
    folder = os.environ.get("SEQAPP_DATA")
    if not folder:
        pytest.skip("SEQAPP_DATA is not set: it points to the folder of real corpora")
    return Path(folder)
