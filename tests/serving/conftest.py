"""An exported model of speech that streams, for whoever looks at what an export is."""

import pytest

from seqapp.serving.export import export
from tests.once import made_once
from tests.small_models import write_workdir
from tests.small_speech import speech_recipe
from tests.small_transcribers import FITTED


@pytest.fixture(scope="session")
def streaming_version(tmp_path_factory):
    """Path of its version, made without a decoder from a workdir with a confidence."""

    def make(folder):
        recipe = speech_recipe(bidirectional=False, look_ahead=2)
        workdir = write_workdir(tmp_path_factory.mktemp("runs") / "run", recipe)
        facts = {"examples": 9, "readings": 1_234, "auroc": 0.9, "expected_calibration_error": 0.03}
        workdir.confidence.write_text(FITTED.to_json(**facts))
        export(workdir.path, folder / "talk")

    return made_once(tmp_path_factory, "streaming_models", make) / "talk" / "1"
