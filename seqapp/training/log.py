"""Log of a training: metrics.csv, TensorBoard, a line per interval, and a progress bar on a terminal."""

import contextlib
import csv
import logging
import os
import sys
import time
from pathlib import Path

import tensorflow as tf
from tqdm import tqdm
from tqdm.contrib.logging import logging_redirect_tqdm

from seqapp.command_line.progress import duration
from seqapp.training.pace import Pace

log = logging.getLogger(__name__)

COLUMNS = (
    "step", "minutes", "loss", "grad_norm", "learning_rate", "frames_per_s",
    "validation_loss", "validation_cer", "validation_wer", "blank_share",
)  # fmt: skip


class MetricsLog:
    """Rows of metrics.csv, the same numbers for TensorBoard, and a progress bar where stderr is a terminal.

    Args:
        csv_path: Path of metrics.csv. Rows after `step` are dropped, and one that a full disk cut off: a resumed run
            writes them again.
        tensorboard: Folder of the event files.
        step: Step at which the run starts or resumes.
        num_steps: Last step.
        quiet: True on workers that are not the chief: nothing is written.
    """

    def __init__(self, csv_path, tensorboard, step, num_steps, quiet=False):
        self._quiet = quiet
        self._frames = 0
        self._since = time.monotonic()
        self._pace = Pace(step, num_steps)
        if quiet:
            return
        self._path = Path(csv_path)
        self._forget_after(step)
        self._events = tf.summary.create_file_writer(str(tensorboard))
        is_terminal = sys.stderr.isatty()
        self._bar = tqdm(
            total=num_steps, initial=step, unit="step", disable=not is_terminal, dynamic_ncols=True, leave=True
        )
        self._open = contextlib.ExitStack()
        if is_terminal:  # lines of the log go above the bar, not through it
            self._open.enter_context(logging_redirect_tqdm())
        log.info("tracing the first step: its graph is made and compiled once, in seconds to minutes")

    def _forget_after(self, step):
        rows = []
        if self._path.exists():
            with self._path.open(newline="", encoding="utf-8") as file:
                rows = [row for row in csv.DictReader(file) if None not in row.values() and int(row["step"]) <= step]
        unfinished = self._path.with_suffix(".unfinished")
        with unfinished.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, COLUMNS)
            writer.writeheader()
            writer.writerows(rows)
        os.replace(unfinished, self._path)

    def advance(self, loss, frames):
        """One step of so many frames is done."""
        self._frames += frames
        first_seconds = self._pace.advance()
        if not self._quiet:
            if first_seconds is not None:
                log.info("the first step took %s", duration(first_seconds))
            self._bar.set_postfix_str(f"loss {loss:.3f}", refresh=False)
            self._bar.update()

    def frames_per_s(self):
        """The speed since it was asked for last."""
        speed = self._frames / (time.monotonic() - self._since)
        self._frames = 0
        self._since = time.monotonic()
        return speed

    def write(self, step, **values):
        """One row: `values` by column name."""
        if self._quiet:
            return
        with self._path.open("a", newline="", encoding="utf-8") as file:
            csv.DictWriter(file, COLUMNS).writerow({"step": step, **{k: f"{v:.6g}" for k, v in values.items()}})
        try:
            with self._events.as_default():
                for name, value in values.items():
                    tf.summary.scalar(name, value, step=step)
            self._events.flush()
        except tf.errors.OpError as error:  # a full disk, say: metrics.csv and the checkpoints matter more
            log.warning("TensorBoard's events of step %d could not be written: %s", step, error.message)
        numbers = ", ".join(f"{name} {value:.4g}" for name, value in values.items())
        log.info("step %d: %s", step, "; ".join(filter(None, (numbers, self._pace.describe()))))

    def close(self):
        if not self._quiet:
            self._bar.close()
            self._open.close()
            self._events.close()
