"""Fixed seeds, one start of TensorFlow, tiers of tests, and the marker of tests on real corpora."""

import collections
import gc
import itertools
import os
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
# Almost all that XLA compiles here runs once or twice, on a few numbers: LLVM's optimiser and MLIR took half its time.
os.environ["XLA_FLAGS"] = (
    "--xla_backend_optimization_level=0 --xla_llvm_disable_expensive_passes=true --xla_cpu_use_fusion_emitters=false "
    + os.environ.get("XLA_FLAGS", "")  # what is given wins
)

import pytest
from hypothesis import HealthCheck, settings

from tests.memory import Memory
from tests.warm_python import WarmPython

# How long a draw takes says something about the machine's other work, and nothing about the code.
settings.register_profile("shared machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("shared machine")

TESTS = Path(__file__).parent
# Begun first, since a worker that meets one of them last works on alone; trainings, processes and compilations.
LONGEST = (
    "rnn/test_recurrent.py", "pipelines/test_train.py", "pipelines/test_user_path.py", "rnn/execution/test_fused.py",
    "training/test_strategy.py", "training/test_loop.py", "rnn/test_precision.py", "models/encoder/test_stream.py",
    "models/encoder/test_encoder.py", "serving/test_committed_models.py", "rnn/test_keras_citizen.py",
    "serving/test_export.py", "pipelines/test_comparison_path.py", "training/test_language_objective.py",
    "training/test_fine_tuning.py", "rnn/test_strategies.py", "pipelines/test_speech_path.py",
    "pipelines/test_stream_path.py", "pipelines/test_line_path.py", "pipelines/test_benchmark.py",
    "transcription/test_matrix.py", "models/to_text/test_ink_to_text.py",
    "serving/server/test_hostile_process.py", "serving/page/test_page.py", "serving/server/test_serve.py",
)  # fmt: skip
NUM_FILES_SHOWN = 80
MEMORY = pytest.StashKey[Memory]()
# Run by the worker of another file, whose training, export or traced models they read.
OF_SMALL_TRANSCRIBERS = (
    "transcription/test_model.py", "transcription/test_transcripts.py",
    "transcription/recording/test_read_recording.py", "models/to_text/test_character_places.py",
    "evaluation/test_tune_decoder.py", "evaluation/conditions/test_fit_confidence.py",
)  # fmt: skip
WITH = {
    "pipelines/test_user_path.py": "pipelines/test_train.py",
    "serving/test_export_stream.py": "serving/test_export_context.py",
} | dict.fromkeys(OF_SMALL_TRANSCRIBERS, "transcription/test_matrix.py")


# Marks of the tests that each tier leaves out.
TIERS = {"quick": {"slow", "exhaustive"}, "slow": {"exhaustive"}, "all": set()}


def pytest_addoption(parser):
    """The option of tiers."""
    parser.addoption(
        "--tier",
        choices=TIERS,
        default="quick",
        help="quick: while you work, the default. slow: whole user paths, trainings, programs, committed models and "
        "pairs of factors too, as CI runs. all: all combinations of factors too, before a release",
    )


def pytest_report_header(config):
    """The tier, so that nobody takes it for the whole suite."""
    return f"tier: {config.getoption('tier')} (of {', '.join(TIERS)})"


def pytest_collection_modifyitems(config, items):
    """Leave out other tiers, and begin with the longest files: --no-loadscope-reorder keeps this order."""
    marks = TIERS[config.getoption("tier")]
    is_left_out = [any(map(item.get_closest_marker, marks)) for item in items]
    config.hook.pytest_deselected(items=list(itertools.compress(items, is_left_out)))
    items[:] = [item for item, is_out in zip(items, is_left_out, strict=True) if not is_out]
    places = {TESTS / name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path, len(LONGEST)))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """--dist loadfile, with the files of WITH as parts of others."""
    from xdist.scheduler import LoadFileScheduling

    class Scheduling(LoadFileScheduling):
        def _split_scope(self, nodeid):
            name = super()._split_scope(nodeid).removeprefix("tests/")
            return WITH.get(name, name)

    return Scheduling(config, log) if config.getoption("dist") == "loadfile" else None


def pytest_make_parametrize_id(config, val, argname):
    """Bytes go by their argument's name: a zipped one holds the second it was made in, which differs by worker."""
    return argname if isinstance(val, bytes) else None


def pytest_collection():
    """No search for garbage while modules are imported, which leaves millions of objects and hardly any garbage."""
    gc.disable()


def pytest_collection_finish(session):
    """From here on, garbage is looked for among what tests leave, not among modules."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    gc.enable()
    run_graphs_as_traced()
    session.config.stash[MEMORY] = Memory()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item, nextitem):
    """Behind the last test of a file and the end of its fixtures, what the file has computed is let go."""
    yield
    if nextitem is None or nextitem.path != item.path:
        item.config.stash[MEMORY].clean_up_after(item.module)


def pytest_terminal_summary(terminalreporter, config):
    """With --durations, the seconds of the longest files too: those of tests do not tell where fixtures go."""
    if not config.getoption("durations"):
        return
    seconds = collections.Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            if isinstance(report, pytest.TestReport):
                seconds[report.nodeid.partition("::")[0]] += report.duration
    terminalreporter.section(f"seconds of files, of {sum(seconds.values()):.0f} of all workers")
    for name, total in seconds.most_common(NUM_FILES_SHOWN):
        terminalreporter.line(f"{total:6.0f} {name}")


def run_graphs_as_traced():
    """No optimiser of graphs, which pays where they run often; programs that tests start keep theirs."""
    if tensorflow := sys.modules.get("tensorflow"):
        tensorflow.config.optimizer.set_experimental_options({"disable_meta_optimizer": True})


@pytest.fixture(scope="session")
def warm_python():
    """Starts programs with TensorFlow imported already, in processes of their own."""
    python = WarmPython("scripts")
    yield python
    python.close()


@pytest.fixture(scope="session")
def foreign_python():
    """The same without this package and without Keras."""
    python = WarmPython("foreign")
    yield python
    python.close()


@pytest.fixture
def corpora_dir():
    """The folder of real corpora; tests that ask for it carry @pytest.mark.corpus."""
    folder = os.environ.get("SEQAPP_DATA")
    if not folder:
        pytest.skip("SEQAPP_DATA is not set: it points to the folder of real corpora")
    return Path(folder)
