"""Loaded version of a model: its signatures behind queues, and its transcriber or predictor."""

import functools
from collections.abc import Callable
from concurrent.futures import Executor, Future
from pathlib import Path

import numpy as np

from seqapp.language.corpus.vocabulary import Vocabulary
from seqapp.language.predictor import Predictor
from seqapp.models.model_folder import ALPHABET, VOCABULARY, ModelFolder
from seqapp.models.to_text.ink_to_text import LINES
from seqapp.models.transcriber.local_transcriber import LocalTranscriber
from seqapp.serving.server.budget import SMALL_MB, Budget
from seqapp.serving.server.loaded_models.batcher import Batcher
from seqapp.serving.server.loaded_models.cost import CostModel
from seqapp.serving.server.loaded_models.language_models import LanguageModels, name_in_graph
from seqapp.serving.server.loaded_models.saved_graph import SavedGraph
from seqapp.serving.server.loaded_models.signature import Signature
from seqapp.serving.server.refusal import Refusal
from seqapp.serving.server.settings import Settings

HEAVY_MB = 256.0  # of predicted memory: a computation of seconds


class Model:
    """Computes the requests to one version.

    Args:
        name: Of the model.
        version: Number.
        path: Folder of its SavedModel.
        settings: `Settings`.
        pool: Executor that computes.
        observe: Called with (signature's name, rows of a batch, its seconds) after each.
        budget: `Budget` that is shared with other models; None: one of its own.
        heavy_pool: Executor that computes large requests, or small ones of other models would wait for them; None: the
            same.

    Attributes:
        signatures: `Signature`s by name.
        signature_defs: `SignatureDef` messages by name, as they stand in the file.
    """

    def __init__(
        self, name: str, version: int, path: Path, settings: Settings, pool: Executor,
        observe: Callable[[str, int, float], None], budget: Budget | None = None, heavy_pool: Executor | None = None,
    ):  # fmt: skip
        self.name = name
        self.version = version
        self.path = path
        self._budget = budget or Budget(settings)
        self._settings = settings
        graph = SavedGraph(path)
        self.signature_defs = graph.signature_defs
        self.signatures = {
            key: Signature(key, described, graph.function(key))
            for key, described in self.signature_defs.items()
            if not key.startswith("__")  # what fills tables is nobody's to call
        }
        self._batchers, self._heavy_batchers = (
            {
                key: Batcher(signature, settings, executor, functools.partial(observe, key))
                for key, signature in self.signatures.items()
            }
            for executor in (pool, heavy_pool or pool)
        )

    def submit(self, signature_name: str, inputs: dict[str, np.ndarray]) -> Future:
        """Submit one computation, in a batch with those of others.

        Args:
            signature_name: Such as "serving_default".
            inputs: NumPy arrays by name.

        Returns:
            `concurrent.futures.Future` of NumPy arrays by name; its exceptions are `Refusal`s. One that is cancelled
            before its turn costs nothing.

        Raises:
            Refusal: Inputs that the signature does not take, that would take too much memory, or too many requests
                that wait.
        """
        if signature_name not in self._batchers:
            raise Refusal("FAILED_PRECONDITION", f'Serving signature key "{signature_name}" not found.')
        megabytes = self._cost(signature_name, inputs)
        is_heavy = megabytes > HEAVY_MB
        self._budget.reserve(megabytes, SMALL_MB)
        try:
            batchers = self._heavy_batchers if is_heavy else self._batchers
            future = batchers[signature_name].submit(inputs, self, is_limited=is_heavy)
        except Refusal:
            self._budget.release(megabytes)
            raise
        future.add_done_callback(lambda _: self._budget.release(megabytes))
        return future

    def call(self, signature_name: str, **arrays) -> dict[str, np.ndarray]:
        """Call a signature through the queue, as if it were computed here. For a thread that may wait.

        Args:
            signature_name: Such as "serving_default".
            **arrays: Its inputs, NumPy arrays or what becomes one.

        Returns:
            Dict of NumPy arrays.

        Raises:
            Refusal: As `submit`.
        """
        return self.submit(signature_name, {name: np.asarray(array) for name, array in arrays.items()}).result()

    def check_room(self, signature_name: str) -> None:
        """Refuse where the queue is full, before inputs are prepared.

        Raises:
            Refusal: UNAVAILABLE.
        """
        self._batchers[signature_name].check_room()

    def _cost(self, signature_name, inputs):
        """Check inputs, and predict the megabytes that they take."""
        signature = self.signatures[signature_name]
        signature.check(inputs)
        megabytes = self._cost_model.megabytes(signature, inputs)
        self._budget.check(megabytes)
        return megabytes

    @functools.cached_property
    def _cost_model(self):
        return CostModel(self.transcriber, self._settings)

    @functools.cached_property
    def transcriber(self) -> LocalTranscriber | None:
        """`LocalTranscriber` of this version, for threads that may wait; None for a model that reads nothing.

        Its calls, streams too, go through the queues: those of many clients at the same time are computed at once.
        """
        folder = ModelFolder(self.path)
        if not folder.file(ALPHABET).is_file():
            return None
        recipe = folder.recipe  # first: what is wrong with it says more than a signature that is missing
        functions = {name: functools.partial(self.call, name) for name in self.signatures}
        transcriber = LocalTranscriber(
            functions["serving_default"], functions["log_probs"], recipe, folder.alphabet,
            f"{self.name}/{self.version}", self, lambda: functions, fitted_confidence=folder.confidence,
            greedy=functions.get("greedy"), context=folder.context,
        )  # fmt: skip
        is_ink = transcriber.sense.name == "ink"
        transcriber.reads_notes = not is_ink or LINES in self.signatures["serving_default"].outputs
        return transcriber

    @functools.cached_property
    def language_models(self) -> LanguageModels | None:
        """`LanguageModels` that requests may name; None for a model that reads nothing.

        Raises:
            ValueError: As `LanguageModels`.
        """
        decoders = self._settings.decoders.get(self.name, {})
        if self.transcriber is None:
            if decoders:
                raise ValueError(
                    f"--decoder {self.name}/...: expected a recogniser. Received: a model that reads nothing."
                )
            return None
        return LanguageModels(self.transcriber, name_in_graph(ModelFolder(self.path)), decoders)

    @functools.cached_property
    def predictor(self) -> Predictor:
        """`Predictor` of a language model, which remembers what it has read; calls go through the queues likewise."""
        vocabulary = Vocabulary.load(ModelFolder(self.path).file(VOCABULARY))
        return Predictor({name: functools.partial(self.call, name) for name in self.signatures}, vocabulary, self)

    @property
    def sense(self) -> str:
        """Name of the sense: "ink", "speech", "image"; "" for a model that reads nothing."""
        return self.transcriber.sense.name if self.transcriber else ""
