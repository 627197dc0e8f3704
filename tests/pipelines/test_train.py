"""A training that meets a full disk, Ctrl-C and kill -9, against one that nothing disturbed."""

import csv
import json
import random
import re
import resource
import signal
import time

import numpy as np
import pytest
import tensorflow as tf

import seqapp.recipe
from tests.pairwise import mostly_slow
from tests.pipelines.conftest import checkpoint_values, training_of

FILES = {
    "recipe.json", "train.log", "alphabet.txt", "skipped.json", "metrics.csv", "best.weights.h5", "best.json",
    "confidence.json", "checkpoints/checkpoint",
    *(f"checkpoints/ckpt-{step}.{part}" for step in (95, 100) for part in ("index", "data-00000-of-00001")),
}  # fmt: skip


def fill_disk(process):
    """From now on no file grows beyond 150 kB: the best weights have 100 kB, a checkpoint 230."""
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (150_000, resource.RLIM_INFINITY))


def interrupt(process):
    process.send_signal(signal.SIGINT)


def kill(process):
    time.sleep(random.uniform(0, 0.2))
    process.kill()


def leave_alone(process):
    pass


DISTURBANCES = {"full disk": fill_disk, "Ctrl-C": interrupt, "kill -9": kill, "nothing": leave_alone}


@pytest.fixture(scope="module")
def disturbed(scripts):
    """The workdir, what each run left, and the step of the newest checkpoint after each.

    These runs read their examples from disk, the undisturbed one has them in memory.
    """
    workdir, runs, steps = scripts.folder / "disturbed", {}, {}
    for name, disturb in DISTURBANCES.items():
        before, process = saved_at(workdir), scripts.start_warm(*training_of(workdir, "data.storage=disk"))
        while saved_at(workdir) == before and process.poll() is None:
            time.sleep(0.02)
        disturb(process)
        runs[name], steps[name] = scripts.finish(process), newest_step(workdir)
    return workdir, runs, steps


def saved_at(workdir):
    """When the newest checkpoint took effect; None before the first."""
    newest = workdir / "checkpoints" / "checkpoint"
    return newest.stat().st_mtime_ns if newest.exists() else None


def newest_step(workdir):
    checkpoint = tf.train.latest_checkpoint(str(workdir / "checkpoints"))
    return checkpoint and int(checkpoint.rpartition("-")[2])


def resumed_at(run):
    return int(re.search(r"resuming at step (\d+) of 100", run.stderr)[1])


def test_nothing_is_said_but_one_line_a_decision(trained):
    _, run = trained
    assert run.status == 0
    assert not [line for line in run.stderr.splitlines() if not re.match(r"\d\d:\d\d:\d\d ", line)]
    assert not re.search(
        "warning|deprecat|Downloading|Sharding callback|retracing|oneDNN|cuInit", run.stderr, re.IGNORECASE
    )


def test_results_are_the_facts_of_the_best_weights_and_the_resolved_recipe_stays_in_the_workdir(trained):
    workdir, run = trained
    assert json.loads(run.stdout) == json.loads((workdir / "best.json").read_text())
    assert seqapp.recipe.load(workdir / "recipe.json").encoder.units == 32


def test_the_log_says_what_is_trained_how_fast_and_how_long_it_takes(trained):
    _, run = trained
    assert run.stderr.splitlines()[0].endswith("undisturbed/recipe.json; not its defaults:")
    assert "  encoder       units=32  num" in run.stderr
    for text in ("starting TensorFlow", "preparing json_ink, once", "tracing the first step", "the first step took"):
        assert f" {text}" in run.stderr
    assert re.search(r"step 100: minutes .*, frames_per_s \S+; \S+ steps/s, 0 s left\n", run.stderr)


@pytest.mark.parametrize("which", mostly_slow(["trained", "disturbed"], ["trained"]))
def test_the_workdir_keeps_what_every_run_said(which, request):
    workdir, told = request.getfixturevalue(which)[:2]
    runs = [told] if which == "trained" else told.values()
    lines = (workdir / "train.log").read_text(encoding="utf-8").splitlines()
    assert [line[11:] for line in lines] == [line for run in runs for line in run.stderr.splitlines()]


@pytest.mark.slow
def test_a_full_disk_ends_in_one_line_and_leaves_the_last_checkpoint(disturbed):
    _, runs, steps = disturbed
    run = runs["full disk"]
    assert run.status == 1 and "Traceback" not in run.stderr
    error = run.stderr.rstrip().splitlines()[-1]
    assert re.search(r"error: The checkpoint of step \d+ could not be written to \S+: [^{}]+ The last", error)
    assert f"ckpt-{steps['full disk']}. Free some space" in error
    assert resumed_at(runs["Ctrl-C"]) == steps["full disk"]


@pytest.mark.slow
def test_ctrl_c_leaves_a_checkpoint_of_the_step_that_was_running(disturbed):
    _, runs, steps = disturbed
    assert runs["Ctrl-C"].status == 130 and "Traceback" not in runs["Ctrl-C"].stderr
    assert f"stopped at step {steps['Ctrl-C']}; the same command resumes here" in runs["Ctrl-C"].stderr
    assert resumed_at(runs["kill -9"]) == steps["Ctrl-C"]


@pytest.mark.slow
def test_kill_9_costs_the_steps_since_the_last_checkpoint(disturbed):
    _, runs, steps = disturbed
    assert runs["kill -9"].status == -signal.SIGKILL
    assert steps["Ctrl-C"] < steps["kill -9"] < steps["nothing"] == 100
    assert resumed_at(runs["nothing"]) == steps["kill -9"]


@pytest.mark.slow
def test_every_bit_ends_as_without_disturbance(trained, disturbed):
    expected, found = checkpoint_values(trained[0]), checkpoint_values(disturbed[0])
    assert found.keys() == expected.keys() and len(found) > 40
    for name, value in expected.items():
        np.testing.assert_array_equal(found[name], value, err_msg=name)
    assert (disturbed[0] / "best.weights.h5").read_bytes() == (trained[0] / "best.weights.h5").read_bytes()


@pytest.mark.slow
def test_metrics_hold_every_row_once(trained, disturbed):
    def rows(workdir):
        with (workdir / "metrics.csv").open(newline="") as file:
            return [row | {"minutes": None, "frames_per_s": None} for row in csv.DictReader(file)]

    assert rows(disturbed[0]) == rows(trained[0])
    assert [int(row["step"]) for row in rows(trained[0])] == sorted([*range(20, 101, 20), *range(25, 101, 25)])


@pytest.mark.parametrize("which", mostly_slow(["trained", "disturbed"], ["trained"]))
def test_a_workdir_holds_the_documented_files_and_no_others(which, request):
    workdir = request.getfixturevalue(which)[0]
    files = {path.relative_to(workdir).as_posix() for path in workdir.rglob("*") if path.is_file()}
    events = {name for name in files if name.startswith("tensorboard/events.out.tfevents.")}
    assert events and files - events == FILES
