"""Scoring must stay light: in a server or a script, without TensorFlow and without matplotlib."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("module", "absent"),
    [
        ("seqapp.text", ("tensorflow", "matplotlib", "numpy")),
        ("seqapp.evaluation", ("tensorflow", "matplotlib")),
        ("seqapp.evaluation.plots.ink_alignment", ("tensorflow", "matplotlib.pyplot")),
        ("seqapp.evaluation.plots.speech_alignment", ("tensorflow", "matplotlib.pyplot")),
        ("seqapp.evaluation.plots.errors", ("tensorflow", "matplotlib.pyplot")),
        ("seqapp.evaluation.plots.learning_curves", ("tensorflow", "matplotlib.pyplot")),
    ],
)
def test_importing_loads_nothing_heavy(module, absent):
    check = f"import sys, {module}; sys.exit(' '.join({set(absent)!r} & sys.modules.keys()) or None)"
    result = subprocess.run([sys.executable, "-c", check], cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
