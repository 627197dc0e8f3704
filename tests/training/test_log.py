"""metrics.csv: each row once, whatever interrupted the run that wrote it."""

import csv

import pytest
import tensorflow as tf

from seqapp.training import log as training_log
from seqapp.training.log import COLUMNS, MetricsLog


@pytest.fixture
def open_log(tmp_path):
    logs = []

    def open_at(step, quiet=False):
        logs.append(MetricsLog(tmp_path / "metrics.csv", tmp_path / "tensorboard", step, 100, quiet))
        return logs[-1]

    yield open_at
    for each in logs:
        each.close()


def rows(folder):
    with (folder / "metrics.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def test_rows_hold_what_was_given_and_nothing_else(open_log, tmp_path, caplog):
    caplog.set_level("INFO")
    open_log(0).write(20, loss=1.23456789, minutes=0.5)
    (row,) = rows(tmp_path)
    assert tuple(row) == COLUMNS
    assert {name: value for name, value in row.items() if value} == {"step": "20", "minutes": "0.5", "loss": "1.23457"}
    assert "step 20: loss 1.235, minutes 0.5" in caplog.text


def test_a_resumed_run_forgets_the_rows_behind_its_checkpoint(open_log, tmp_path):
    first = open_log(0)
    for step in (20, 25, 40, 60):
        first.write(step, loss=step)
    open_log(40).write(60, loss=7)
    losses = {row["step"]: row["loss"] for row in rows(tmp_path)}
    assert losses == {"20": "20", "25": "25", "40": "40", "60": "7"} and len(rows(tmp_path)) == 4


@pytest.mark.parametrize("rest", ["2", "4,0.3,1.5", "\x00\x00"])
def test_a_row_that_a_full_disk_cut_off_is_dropped(rest, open_log, tmp_path):
    open_log(0).write(20, loss=1)
    with (tmp_path / "metrics.csv").open("a") as file:
        file.write(rest)
    open_log(40).write(60, loss=2)
    assert [row["step"] for row in rows(tmp_path)] == ["20", "60"]
    assert {path.name for path in tmp_path.iterdir()} == {"metrics.csv", "tensorboard"}


def test_events_hold_the_same_numbers(open_log, tmp_path):
    log = open_log(0)
    log.write(20, loss=1.5, validation_cer=0.25)
    log.close()
    found = {}
    for path in (tmp_path / "tensorboard").iterdir():
        for event in tf.compat.v1.train.summary_iterator(str(path)):
            found |= {value.tag: (event.step, float(tf.make_ndarray(value.tensor))) for value in event.summary.value}
    assert found == {"loss": (20, 1.5), "validation_cer": (20, 0.25)}


def test_a_worker_that_is_not_the_chief_writes_nothing(open_log, tmp_path):
    log = open_log(0, quiet=True)
    log.advance(1.0, 10)
    log.write(20, loss=1)
    assert not list(tmp_path.iterdir())


def test_speed_is_frames_by_time_since_it_was_asked_last(open_log, monkeypatch):
    log = open_log(0)
    clock = iter([100.0, 104.0, 104.0, 106.0, 106.0])
    monkeypatch.setattr(training_log.time, "monotonic", lambda: next(clock))
    log._since = next(clock)
    for seconds in (4, 2):
        log.advance(1.0, 100)
        log.advance(1.0, 300)
        assert log.frames_per_s() == 400 / seconds
