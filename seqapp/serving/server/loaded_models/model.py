"""One loaded version of a model: its signatures behind queues, and the transcriber of those that read or hear."""

import functools

import tensorflow as tf

import seqapp.recipe
from seqapp.language.corpus.vocabulary import Vocabulary
from seqapp.language.predictor import Predictor
from seqapp.language.workdir import VOCABULARY
from seqapp.models.transcriber.transcriber import Transcriber
from seqapp.serving.server.loaded_models.batcher import Batcher
from seqapp.serving.server.loaded_models.saved_graph import SavedGraph
from seqapp.serving.server.loaded_models.signature import Signature
from seqapp.serving.server.refusal import Refusal
from seqapp.text import Alphabet


class Model:
    """Answers requests of one version.

    Args:
        name: Of the model.
        version: Number.
        path: Folder of its SavedModel.
        settings: `Settings`.
        pool: Executor that computes.
        observe: Called with (signature's name, rows of a batch, its seconds) after each.

    Attributes:
        signatures: `Signature`s by name.
        signature_defs: `SignatureDef` messages by name, as they stand in the file.
    """

    def __init__(self, name, version, path, settings, pool, observe):
        self.name, self.version, self.path = name, version, path
        graph = SavedGraph(path)
        self.signature_defs = graph.signature_defs
        self.signatures = {
            key: Signature(key, described, graph.function(key))
            for key, described in self.signature_defs.items()
            if not key.startswith("__")  # what fills tables is nobody's to call
        }
        self._batchers = {
            key: Batcher(signature, settings, pool, functools.partial(observe, key))
            for key, signature in self.signatures.items()
        }

    def submit(self, signature_name, inputs):
        """Ask for one computation, in a batch with those of others.

        Args:
            signature_name: Such as "serving_default".
            inputs: NumPy arrays by name.

        Returns:
            `concurrent.futures.Future` of NumPy arrays by name; its exceptions are `Refusal`s. One that is cancelled
            before its turn costs nothing.

        Raises:
            Refusal: Inputs that the signature does not take, or too many requests that wait.
        """
        if signature_name not in self._batchers:
            raise Refusal("FAILED_PRECONDITION", f'Serving signature key "{signature_name}" not found.')
        self.signatures[signature_name].check(inputs)
        return self._batchers[signature_name].submit(inputs, self)

    def call(self, signature_name, **tensors):
        """A signature as if it were called here, through the queue. For a thread that may wait; errors as of `submit`.

        Args:
            signature_name: Such as "serving_default".
            **tensors: Its inputs.

        Returns:
            Dict of tensors.
        """
        found = self.submit(signature_name, {name: tensor.numpy() for name, tensor in tensors.items()}).result()
        return {name: tf.constant(array) for name, array in found.items()}

    def check_room(self, signature_name):
        """Raises the `Refusal` of `submit` for a full queue, before inputs are prepared."""
        self._batchers[signature_name].check_room()

    @functools.cached_property
    def transcriber(self):
        """`Transcriber` of this version, for threads that may wait; None for a model that reads nothing.

        Its calls, streams too, go through the queues: what many of them ask at the same time is computed at once.
        """
        extra = self.path / "assets.extra"
        if not (extra / "alphabet.txt").is_file():
            return None
        recipe, alphabet = seqapp.recipe.load(extra / "recipe.json"), Alphabet.load(extra / "alphabet.txt")
        functions = {name: functools.partial(self.call, name) for name in self.signatures}
        recognize, log_probs = functions["serving_default"], functions["log_probs"]
        name = f"{self.name}/{self.version}"
        return Transcriber(recognize, log_probs, recipe, alphabet, name, self, lambda: functions)

    @functools.cached_property
    def predictor(self):
        """`Predictor` of a language model, which remembers what it has read; calls go through the queues likewise."""
        vocabulary = Vocabulary.load(self.path / "assets.extra" / VOCABULARY)
        return Predictor({name: functools.partial(self.call, name) for name in self.signatures}, vocabulary, self)

    @property
    def sense(self):
        """Name of the sense: "ink", "speech", "image"; "" for a model that reads nothing."""
        return self.transcriber.sense.name if self.transcriber else ""
