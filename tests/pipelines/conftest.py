"""Scripts as users run them, on a tiny corpus of synthetic ink; each start of TensorFlow is shared by many tests."""

import json
import os
import re
import runpy
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
import tensorflow as tf

from seqapp.datasets.ink.synthetic_ink.examples import example
from seqapp.models.transcriber import local_transcriber
from tests.warm_python import WarmPython

REPOSITORY = Path(__file__).parents[2]
SPLITS = {"train": range(16), "validation": range(4), "test": range(2, 6)}  # numbers of training words in all of them
CHANGES = (
    "data.dataset=json_ink", "data.max_batch_size=8", "features.step=0.15", "augmentation.noise=0.01",
    "encoder.units=32", "encoder.num_layers=1", "encoder.bidirectional=False", "encoder.dropout=0.1",
    "encoder.execution=parallel_scan",  # what is compiled for every batch size pays in trainings of minutes only
    "training.steps=100", "training.learning_rate=0.02", "training.warmup_steps=10", "training.average_decay=0.9",
    "training.evaluate_every=25", "training.checkpoint_every=5", "output.confidence_examples=4",
)  # fmt: skip


def run(name, *arguments):
    """A script's `main` in this process, which has started TensorFlow already."""
    main = runpy.run_path(str(REPOSITORY / "pipelines" / f"{name}.py"), run_name="script")["main"]
    return main([str(argument) for argument in arguments])


class Scripts(NamedTuple):
    """Starts scripts of pipelines/ in processes of their own."""

    folder: Path
    warm_python: WarmPython

    def start(self, name, *arguments):
        """As users do, from nothing."""
        command = [sys.executable, *self.command(name, *arguments)]
        return subprocess.Popen(
            command, env=self.environment(), cwd=self.folder, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )

    def start_warm(self, name, *arguments):
        """With TensorFlow imported already."""
        return self.warm_python.start(self.command(name, *arguments), self.environment(), self.folder)

    def command(self, name, *arguments):
        return [str(part) for part in (REPOSITORY / "pipelines" / f"{name}.py", *arguments)]

    def environment(self):
        clean = {k: v for k, v in os.environ.items() if not k.startswith("TF_")}
        return clean | {"SEQAPP_CACHE": str(self.folder / "cache"), "PYTHONPATH": str(REPOSITORY)}

    def finish(self, process):
        stdout, stderr = process.communicate(timeout=900)
        return Finished(process.returncode, stdout, stderr)


class Finished(NamedTuple):
    """What a script left."""

    status: int
    stdout: str
    stderr: str


@pytest.fixture(scope="session")
def scripts(tmp_path_factory, warm_python):
    """`Scripts` in a folder with `corpus/`: train, validation and test words as JSON ink."""
    folder = tmp_path_factory.mktemp("user")
    (folder / "corpus").mkdir()
    for split, numbers in SPLITS.items():
        records = [record(example("train", number, max_words=1)) for number in numbers]
        (folder / "corpus" / f"{split}.json").write_text(json.dumps(records), encoding="utf-8")
    return Scripts(folder, warm_python)


@pytest.fixture(scope="module", autouse=True)
def models_are_opened_once():
    """Scripts that a file runs in this process share the models they open: tracing one takes as long as a script."""
    opened, load = {}, local_transcriber.load

    def load_once(path):
        files = [file.stat().st_mtime_ns for file in Path(path).rglob("*")]
        key = str(path), len(files), max(files, default=0)
        if key not in opened:
            opened[key] = load(path)
        return opened[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(local_transcriber, "load", load_once)
        yield


def record(ink):
    strokes = [stroke.tolist() for stroke in ink.strokes()]
    return {"id": ink.id, "text": ink.text, "writer_id": ink.writer_id, "strokes": strokes}


def training_of(workdir, *changes):
    """The script that trains, and its arguments."""
    recipe = REPOSITORY / "pipelines" / "recipes" / "quickstart.py"
    return "train", recipe, "--workdir", workdir, "--data-dir", "corpus", "--set", *CHANGES, *changes


@pytest.fixture(scope="session")
def trained(scripts):
    """The workdir of a training that nothing disturbed, and what the script left."""
    workdir = scripts.folder / "undisturbed"
    return workdir, scripts.finish(scripts.start(*training_of(workdir)))


def checkpoint_values(workdir):
    """Every variable of the newest checkpoint but the time that it took and the number of savings, by name."""
    reader = tf.train.load_checkpoint(str(workdir / "checkpoints"))
    names = [name for name in reader.get_variable_to_shape_map() if not re.search("core_minutes|save_counter", name)]
    return {name: reader.get_tensor(name) for name in names}
