"""Worker: one of several server processes, which takes connections once its models are loaded and warm."""

import asyncio
import dataclasses
import os
import signal
from pathlib import Path

from gunicorn.workers.base import Worker

from seqapp import command_line
from seqapp.serving.server.listening import SharedSocket
from seqapp.serving.server.processes.supervisor import METRICS_FOLDER
from seqapp.serving.server.settings import Settings, num_cores

BEAT_S = 1.0
LOOK_S = 0.05
LOADING = ("START", "LOADING", "WARMING")


def share_of(settings: Settings) -> tuple[Settings, int]:
    """Share the cores out between processes.

    Args:
        settings: `Settings` of all of them.

    Returns:
        Settings of one process, and the threads of its operations.
    """
    num_parallel = max(1, settings.num_parallel // settings.processes)
    return dataclasses.replace(settings, num_parallel=num_parallel), max(1, num_cores() // settings.processes)


class ModelWorker(Worker):
    """gunicorn's worker around the event loop of `seqapp.serving.server.serve`."""

    def init_signals(self) -> None:
        """Take back the supervisor's handlers; the event loop has its own."""
        for number in self.SIGNALS:
            signal.signal(number, signal.SIG_DFL)

    def run(self) -> None:
        """Serve until a signal, or until the supervisor is gone."""
        command_line.import_tensorflow()
        import tensorflow as tf

        from seqapp.serving.server.serve import be_quiet

        settings, num_threads = share_of(self.app.settings)
        tf.config.threading.set_intra_op_parallelism_threads(num_threads)
        tf.config.threading.set_inter_op_parallelism_threads(num_threads)
        be_quiet()
        asyncio.run(self._serve(settings))

    async def _serve(self, settings):
        from seqapp.serving.server.grpc_api.server import grpc_server
        from seqapp.serving.server.loaded_models.repository import Repository
        from seqapp.serving.server.metrics import Metrics
        from seqapp.serving.server.serve import answer, end_by_signal

        end = end_by_signal()
        repository = Repository(self.app.path, settings, Metrics(Path(os.environ[METRICS_FOLDER])))
        beating = asyncio.create_task(self._beat(end))
        repository.start()
        # Another process may answer meanwhile: whoever came here would have to be sent away.
        while not (end.is_set() or _is_loaded(repository)):
            await asyncio.sleep(LOOK_S)
        rpc = None
        if settings.grpc_port >= 0 and not end.is_set():
            rpc, _ = grpc_server(repository, settings, is_shared=True)
            await rpc.start()
        listening = SharedSocket(fileno=os.dup(self.app.listening.fileno()))
        await answer(repository, settings, listening, rpc, end, backlog=1)
        beating.cancel()

    async def _beat(self, end):
        """Tell the supervisor that the event loop runs; end with it, or the port would be taken for ever."""
        while True:
            self.notify()
            if os.getppid() != self.ppid:
                end.set()
            await asyncio.sleep(BEAT_S)


def _is_loaded(repository):
    return repository.is_loaded and not set(repository.states().values()) & set(LOADING)
