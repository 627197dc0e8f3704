"""Replica deployment: one version of one model in a process of its own, anywhere in a cluster."""

import asyncio
import math
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import numpy as np
import tensorflow as tf

from seqapp.serving.server.loaded_models.model import Model
from seqapp.serving.server.loaded_models.warm_up import warm_up
from seqapp.serving.server.refusal import Refusal
from seqapp.serving.server.settings import Settings


class Answer(NamedTuple):
    """Answer of a replica.

    Attributes:
        outputs: NumPy arrays by name; None where it refuses.
        refusal: Arguments of a `Refusal`, which exceptions from afar would hide in others; None where it answers.
        replica: Id of the replica, for those who want to know.
    """

    outputs: dict[str, np.ndarray] | None
    refusal: tuple | None
    replica: str


class Replica:
    """A deployment of Ray Serve: loads a SavedModel once, then answers calls of its signatures in batches.

    The batches are those of our server (`Batcher`), not `ray.serve.batch`: only they know which rows may share one, how
    ragged rows are filled up and cut again, and they keep nobody waiting for company.

    Args:
        name: Of the model.
        version: Number.
        path: Folder of its SavedModel, as every node of the cluster sees it.
        settings: `Settings`.
        cpus: Cores that it may use.
    """

    def __init__(self, name: str, version: int, path: str, settings: Settings, cpus: float):
        num_threads = max(1, math.ceil(cpus))
        tf.config.threading.set_intra_op_parallelism_threads(num_threads)
        tf.config.threading.set_inter_op_parallelism_threads(num_threads)
        self._pool = ThreadPoolExecutor(settings.num_parallel, "model")
        self._model = Model(name, version, Path(path), settings, self._pool, lambda *_: None)
        self._id = uuid.uuid4().hex[:8]
        warm_up(self._model)

    async def predict(self, signature_name: str, inputs: dict[str, np.ndarray]) -> Answer:
        """Compute the outputs of a signature, as `Model.submit` does.

        Args:
            signature_name: Such as "serving_default".
            inputs: NumPy arrays by name.
        """
        try:
            future = self._model.submit(signature_name, inputs)
            return Answer(await asyncio.wrap_future(future), None, self._id)
        except Refusal as refusal:
            arguments = (refusal.code, refusal.message, refusal.retry_after_s, refusal.http_status)
            return Answer(None, arguments, self._id)
