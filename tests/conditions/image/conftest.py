"""A line in a typeface as columns, and blank paper."""

import numpy as np
import pytest

from seqapp.datasets.image.line_height import to_columns
from tests.small_lines import draw_line


@pytest.fixture(scope="session")
def line():
    """Float32 [W, 64], paper of 235/255."""
    return to_columns(draw_line("une ligne gelée")).astype(np.float32) / 255.0


@pytest.fixture(scope="session")
def other():
    return to_columns(draw_line("puis la deuxième")).astype(np.float32) / 255.0


@pytest.fixture(scope="session")
def blank():
    return np.full([200, 64], 0.9, np.float32)
