"""Remote model: a version that is computed by replicas elsewhere, with the interface of a loaded one."""

import asyncio
import concurrent.futures
import logging
from pathlib import Path

import numpy as np
from ray.exceptions import RayError, RayTaskError
from ray.serve.exceptions import BackPressureError, RayServeException
from tensorflow.core.protobuf import saved_model_pb2

from seqapp.serving.server.budget import Budget
from seqapp.serving.server.loaded_models.model import Model
from seqapp.serving.server.loaded_models.signature import Signature
from seqapp.serving.server.loaded_models.versions import SAVED_MODEL
from seqapp.serving.server.refusal import Refusal
from seqapp.serving.server.settings import Settings

log = logging.getLogger(__name__)

RETRY_AFTER_S = 1


class RemoteModel(Model):
    """A `Model` whose calls go to replicas; each may go to another one.

    Args:
        name: Of the model.
        version: Number.
        path: Folder of its SavedModel: its signatures are read here, its weights are not.
        handle: Of its deployment: `handle.predict.remote` is `Replica.predict`.
        loop: Event loop of this process, in which calls wait.
        settings: `Settings`.
    """

    def __init__(
        self, name: str, version: int, path: Path, handle, loop: asyncio.AbstractEventLoop, settings: Settings
    ):
        # Not that of Model, which loads.
        self.name = name
        self.version = version
        self.path = path
        self._predict = handle.predict
        self._loop = loop
        self._budget = Budget(settings)
        self._settings = settings
        message = saved_model_pb2.SavedModel.FromString((path / SAVED_MODEL).read_bytes())
        self.signature_defs = dict(message.meta_graphs[0].signature_def)
        self.signatures = {
            key: Signature(key, signature_def)
            for key, signature_def in self.signature_defs.items()
            if not key.startswith("__")  # __saved_model_init_op is nobody's to call
        }

    def submit(self, signature_name: str, inputs: dict[str, np.ndarray]) -> concurrent.futures.Future:
        """Submit as `Model.submit` does; for any thread, and the future waits in the event loop."""
        if signature_name not in self.signatures:
            raise Refusal("FAILED_PRECONDITION", f'Serving signature key "{signature_name}" not found.')
        self._cost(signature_name, inputs)
        return asyncio.run_coroutine_threadsafe(self._answer(signature_name, inputs), self._loop)

    def check_room(self, signature_name: str) -> None:
        """Do nothing: only replicas know how many wait there."""

    async def _answer(self, signature_name, inputs):
        try:
            answer = await self._predict.remote(signature_name, inputs)
        except BackPressureError:
            raise Refusal("UNAVAILABLE", f"{signature_name}: the queue is full. Retry later.", RETRY_AFTER_S) from None
        except RayTaskError:  # a mistake in the replica's own code, which is still there
            raise
        except (RayError, RayServeException) as error:  # a replica or its machine ended meanwhile: another one will do
            log.warning("%s/%d: %s", self.name, self.version, error)
            raise Refusal("UNAVAILABLE", f"{self.name}: a replica was lost. Retry.", RETRY_AFTER_S) from None
        if answer.refusal:
            raise Refusal(*answer.refusal)
        return answer.outputs
