"""Two replicas, of one process or of two machines, do what one does."""

import csv
import json
import os
import socket
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

import seqapp.training.loop
from seqapp.training.strategy import is_chief, make_strategy
from tests.small_trainings import make_training, small_recipe

REPOSITORY = Path(__file__).parents[2]
# Dropout is off: replicas draw masks of their own. Augmentation is on: it is seeded by the row of the global batch.
CHANGES = (
    "training.steps=6", "training.evaluate_every=3", "training.average_decay=0.9", "training.clip_norm=1.0",
    "training.learning_rate=0.003", "training.weight_decay=0.1",
)  # fmt: skip


def start(python, kind, workdir, cluster=None, index=0):
    environment = {k: v for k, v in os.environ.items() if k != "TF_CONFIG"}
    environment |= {"TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONPATH": f"{REPOSITORY}{os.pathsep}{REPOSITORY / 'tests'}"}
    if cluster:
        environment["TF_CONFIG"] = json.dumps({"cluster": cluster, "task": {"type": "worker", "index": index}})
    command = [REPOSITORY / "tests" / "training" / "worker.py", kind, workdir, *CHANGES]
    return python.start(command, environment)


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("localhost", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


@pytest.fixture(scope="module")
def workdirs(tmp_path_factory, warm_python):
    """Workdirs of the same training on one device, on two of one process, and on two workers."""
    folder = tmp_path_factory.mktemp("strategies")
    cluster = {"worker": [f"localhost:{port}" for port in free_ports(2)]}
    processes = [start(warm_python, "mirrored", folder / "mirrored")]
    processes += [start(warm_python, "multi_worker", folder / "multi_worker", cluster, k) for k in range(2)]
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(seqapp.training.loop, "LOG_EVERY", 1)
            make_training(folder / "one_device", small_recipe(*CHANGES)).run()
        for process in processes:
            _, log = process.communicate(timeout=900)
            assert process.returncode == 0, log
    finally:
        for process in processes:
            process.kill()
    return folder


def column(workdir, name):
    with (workdir / "metrics.csv").open(newline="") as file:
        return np.array([float(row[name]) for row in csv.DictReader(file) if row[name]])


def variables(workdir):
    reader = tf.train.load_checkpoint(str(workdir / "checkpoints"))
    shapes = reader.get_variable_to_shape_map()
    return {name: reader.get_tensor(name) for name in shapes if "model_variables" in name or "averages" in name}


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["mirrored", "multi_worker"])
def test_two_replicas_have_the_losses_and_the_weights_of_one(workdirs, kind):
    expected, found = workdirs / "one_device", workdirs / kind
    for name in ("step", "loss", "grad_norm", "learning_rate"):
        assert len(column(found, name)) >= 6
    np.testing.assert_allclose(column(found, "loss"), column(expected, "loss"), rtol=2e-5)
    np.testing.assert_allclose(column(found, "grad_norm"), column(expected, "grad_norm"), rtol=2e-4)
    if kind == "mirrored":
        np.testing.assert_allclose(column(found, "validation_loss"), column(expected, "validation_loss"), rtol=2e-5)
    for name, value in variables(expected).items():
        np.testing.assert_allclose(variables(found)[name], value, atol=2e-5, err_msg=name)


@pytest.mark.slow
def test_ctrl_c_of_one_worker_stops_all_after_one_step_and_only_the_chief_writes(workdirs):
    """What stops is checked by worker.py itself; here is what is left of it."""
    workdir = workdirs / "multi_worker"
    files = {path.relative_to(workdir).as_posix() for path in workdir.rglob("*.*")}
    names = {name for name in files if not name.startswith("tensorboard/")}
    checkpoints = {f"checkpoints/ckpt-{s}.{part}" for s in (4, 6) for part in ("index", "data-00000-of-00001")}
    assert names == checkpoints | {
        "recipe.json", "alphabet.txt", "skipped.json", "metrics.csv", "best.weights.h5", "best.json"
    }  # fmt: skip
    assert column(workdir, "loss").size == 6, "each step stands there once"


def test_the_chief_is_worker_0_unless_the_cluster_names_one(monkeypatch):
    def chief(**config):
        monkeypatch.setenv("TF_CONFIG", json.dumps(config))
        return is_chief()

    workers, named = {"worker": ["a:1", "b:1"]}, {"chief": ["a:1"], "worker": ["b:1"]}
    assert chief(cluster=workers, task={"type": "worker", "index": 0})
    assert not chief(cluster=workers, task={"type": "worker", "index": 1})
    assert chief(cluster=named, task={"type": "chief", "index": 0})
    assert not chief(cluster=named, task={"type": "worker", "index": 0})
    monkeypatch.delenv("TF_CONFIG")
    assert is_chief()


def test_multi_worker_without_a_cluster_says_what_it_reads(monkeypatch):
    monkeypatch.delenv("TF_CONFIG", raising=False)
    with pytest.raises(ValueError, match='TF_CONFIG. Received: none. Example: {"cluster"'):
        make_strategy("multi_worker")
