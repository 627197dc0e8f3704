"""Prometheus metrics of several server processes: each writes its own into one folder, any sums up those of all."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import prometheus_client as prometheus
from prometheus_client import multiprocess
from prometheus_client.metrics_core import Metric

LIVE = "gauge_livesum_"  # of the file in which a process keeps its gauges, until it has ended
SUMMED = ("process_cpu_seconds", "process_resident_memory_bytes", "process_virtual_memory_bytes", "process_open_fds")


def shared_registry(folder: Path) -> prometheus.CollectorRegistry:
    """Make a registry that reads what all processes have written.

    Args:
        folder: That `PROMETHEUS_MULTIPROC_DIR` named when prometheus_client was imported.
    """
    registry = prometheus.CollectorRegistry()
    multiprocess.MultiProcessCollector(registry, str(folder))
    return registry


def forget(pid: int, folder: Path) -> None:
    """Take a process that has ended out of the gauges of all. Several processes may do so at once."""
    with contextlib.suppress(FileNotFoundError):
        multiprocess.mark_process_dead(pid, str(folder))


def forget_ended(folder: Path) -> None:
    """Forget all processes that have ended, before their supervisor has found the time."""
    for path in folder.glob(f"{LIVE}*.db"):
        pid = int(path.stem.removeprefix(LIVE))
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            forget(pid, folder)
        except PermissionError:  # it lives
            pass


class MetricsOfProcesses:
    """Processor time, memory and open files of all processes together, under the names that one process has.

    Args:
        folder: Of their metrics.
    """

    def __init__(self, folder: Path):
        self._folder = folder

    def collect(self) -> Iterator[Metric]:
        """Collect for a page of metrics."""
        totals = {}
        for path in self._folder.glob(f"{LIVE}*.db"):
            pid = path.stem.removeprefix(LIVE)
            for metric in prometheus.ProcessCollector(pid=lambda pid=pid: pid, registry=None).collect():
                if metric.name not in SUMMED:
                    continue
                if metric.name not in totals:
                    totals[metric.name] = metric
                else:
                    (total,), (sample,) = totals[metric.name].samples, metric.samples
                    totals[metric.name].samples = [total._replace(value=total.value + sample.value)]
        yield from totals.values()
