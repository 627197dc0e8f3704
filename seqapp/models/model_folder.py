"""Model folders: one reader and one writer of workdirs and of SavedModel versions.

saved_models/NAME/1/saved_model.pb        a version, as TensorFlow Serving counts them: 1, 2, ...
saved_models/NAME/1/assets.extra/         what TensorFlow leaves to us: recipe.json, alphabet.txt or vocabulary.txt
runs/NAME/                                a workdir: the same files beside the weights
"""

import contextlib
import dataclasses
import functools
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import tensorflow as tf
from tensorflow.core.protobuf import saved_model_pb2

import seqapp.recipe
from seqapp.decoding.config import DecoderConfig
from seqapp.decoding.reading_confidence import ReadingConfidence
from seqapp.recipe import Recipe
from seqapp.text import Alphabet

SAVED_MODEL = "saved_model.pb"
ASSETS = "assets.extra"  # the folder that TensorFlow keeps free for files of the user
RECIPE = "recipe.json"
ALPHABET = "alphabet.txt"
VOCABULARY = "vocabulary.txt"
METADATA = "metadata.json"
CONFIDENCE = "confidence.json"
CONTEXT = "context.json"  # the decoder that stands in the graph, beside its language model
CONTEXT_MODEL = "context.npz"
CARD = "MODEL_CARD.md"
GRADIENT = "_gradient_op_type"  # of a node with a gradient of its own


@dataclasses.dataclass(frozen=True)
class ModelFolder:
    """A workdir, or one version of a SavedModel.

    Args:
        path: The folder.
    """

    path: Path

    @classmethod
    def find(cls, path: str | Path) -> "ModelFolder":
        """Return the newest version in a folder of versions; a SavedModel or a workdir as it is.

        Raises:
            ValueError: There is no model.
        """
        folder = cls(newest(path))
        if folder.is_saved_model or folder.file(RECIPE).is_file():
            return folder
        raise ValueError(
            f"No model at {folder.path}. Expected the workdir of a training (recipe.json, best.weights.h5) or a "
            "SavedModel (saved_model.pb), or a folder of its versions 1, 2, ..."
        )

    @property
    def is_saved_model(self) -> bool:
        """Whether this is a version of a SavedModel, and not a workdir."""
        return (self.path / SAVED_MODEL).is_file()

    @property
    def name(self) -> str:
        """The model and its version, such as "an4/1"; of a workdir its own name."""
        return f"{self.path.parent.name}/{self.path.name}" if self.is_saved_model else self.path.name

    def file(self, name: str) -> Path:
        """Return the path of one of our files, such as `RECIPE`."""
        return (self.path / ASSETS if self.is_saved_model else self.path) / name

    @functools.cached_property
    def recipe(self) -> Recipe:
        """The recipe, `Recipe` or `LanguageRecipe`."""
        return seqapp.recipe.load(self.file(RECIPE))

    @functools.cached_property
    def alphabet(self) -> Alphabet:
        """The alphabet of a recogniser."""
        return Alphabet.load(self.file(ALPHABET))

    @functools.cached_property
    def confidence(self) -> ReadingConfidence | None:
        """The fitted confidence of a recogniser, where it has one."""
        return ReadingConfidence.load(self.file(CONFIDENCE))

    @functools.cached_property
    def context(self) -> DecoderConfig | None:
        """The decoder of a recogniser that reads with a language model in its graph, where it does."""
        return DecoderConfig.load(self.file(CONTEXT)) if self.file(CONTEXT).is_file() else None

    def load_graph(self):
        """Load a SavedModel, with `signatures` by name; it holds their variables as long as somebody holds it."""
        return tf.saved_model.load(str(self.path))


def newest(path: str | Path) -> Path:
    """Return the newest version in a folder of versions; a SavedModel or a workdir as it is."""
    path = Path(path)
    numbers = [] if (path / SAVED_MODEL).is_file() else _numbers(path)
    return path / str(max(numbers)) if numbers else path


def next_number(folder: str | Path) -> int:
    """Return the number of the version to come."""
    return 1 + max(_numbers(Path(folder)), default=0)


def _numbers(folder):
    return [int(path.name) for path in folder.glob("*") if path.name.isdigit()]


@contextlib.contextmanager
def new_version(folder: str | Path, module: tf.Module, signatures: Mapping[str, Callable]) -> Iterator[Path]:
    """Write the next version of a SavedModel; files may be added to it before it appears.

    It is written beside its place and renamed at the end: a server that watches the folder never sees half of a model,
    and a failure leaves none.

    Args:
        folder: Of the versions; made where it is missing.
        module: `tf.Module` that holds the variables.
        signatures: Functions by name.

    Yields:
        The unfinished version; `ASSETS` exists in it. Afterwards it is `folder / str(next_number(folder))`.

    Raises:
        OSError: It cannot be written.
    """
    number = next_number(folder)
    unfinished = Path(folder) / f".unfinished-{number}"
    shutil.rmtree(unfinished, ignore_errors=True)  # of an export that was interrupted
    try:
        save_graph(module, unfinished, signatures)
        (unfinished / ASSETS).mkdir()
        yield unfinished
    except tf.errors.OpError as error:
        raise OSError(f"{folder} could not be written: {error.message}. Free some space and export again.") from error
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    unfinished.rename(Path(folder) / str(number))


def save_graph(module: tf.Module, folder: str | Path, signatures: Mapping[str, Callable]) -> None:
    """Write a SavedModel without derived gradients, which are a third of a graph and of the time to load it.

    Whoever trains on takes the weights. Nodes forget that there were gradients: loaders would warn of each.

    Args:
        module: `tf.Module`.
        folder: Path that does not exist.
        signatures: Functions by name.
    """
    options = tf.saved_model.SaveOptions(experimental_custom_gradients=False)
    tf.saved_model.save(module, str(folder), signatures=signatures, options=options)
    forget_gradients(Path(folder) / SAVED_MODEL)


def forget_gradients(path: Path) -> None:
    """Rewrite the file of a graph without the names of derived gradients."""
    message = saved_model_pb2.SavedModel.FromString(path.read_bytes())
    for function in message.meta_graphs[0].graph_def.library.function:
        for node in function.node_def:
            if GRADIENT in node.attr:
                del node.attr[GRADIENT]
    path.write_bytes(message.SerializeToString())
