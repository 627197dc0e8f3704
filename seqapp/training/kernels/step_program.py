"""Program of a whole training step as a GPU would get it, without corpus and without GPU."""

import tempfile

import tensorflow as tf
from tensorflow.compiler.xla.service import hlo_pb2

from seqapp.models import Recognizer
from seqapp.models.workdir import Workdir
from seqapp.recipe import Recipe
from seqapp.rnn.execution.target import for_gpu
from seqapp.senses import sense_of
from seqapp.text import Alphabet
from seqapp.training.loop import Training
from seqapp.training.objective import Evaluation, Objective
from seqapp.training.recognizer_objective import recognizer_loss
from seqapp.training.strategy import building, make_strategy

ALPHABET = Alphabet(tuple(" 'abcdefghijklmnopqrstuvwxyz"))
FRAMES_PER_LABEL = 7  # of speech read aloud, where a frame is 10 ms


def full_batch(recipe: Recipe, num_frames: int) -> tuple[int, int, int]:
    """Return rows, frames and labels of a batch as large as a recipe allows, of so many frames."""
    return recipe.data.batch_frames // num_frames, num_frames, num_frames // FRAMES_PER_LABEL


def step_program(recipe: Recipe, num_rows: int, num_frames: int, num_labels: int) -> bytes:
    """Trace one training step as a GPU would get it.

    Args:
        recipe: `Recipe`.
        num_rows: B.
        num_frames: T.
        num_labels: U.

    Returns:
        Serialised HLO.

    Raises:
        ValueError: The recipe's step is not compiled as a whole.
    """
    if not isinstance(recipe, Recipe) or recipe.training.compile != "step":
        raise ValueError(
            "Expected the recipe of a recogniser with training.compile=step, which XLA compiles as a whole. "
            f"Received: {type(recipe).__name__} with training.compile={recipe.training.compile}."
        )
    float_rows, int_rows = (tf.TensorSpec([num_rows], dtype) for dtype in (tf.float32, tf.int32))
    batch = {
        "features": tf.TensorSpec([num_rows, num_frames, sense_of(recipe).num_features]), "length": int_rows,
        "labels": tf.TensorSpec([num_rows, num_labels], tf.int32), "label_length": int_rows,
        "weight": float_rows, "index": int_rows,
        "step": tf.TensorSpec([], tf.int64), "num_labels": tf.TensorSpec([]),
    }  # fmt: skip
    with for_gpu(), tempfile.TemporaryDirectory() as folder:
        training = Training(_UntrainedObjective(recipe, Workdir(folder)))
        step = training.step_function(batch)
        names = list(batch)
        # TensorFlow gives the program of functions of plain tensors only.
        flat = tf.function(lambda stop, *tensors: step(dict(zip(names, tensors)), stop), jit_compile=True)
        program = flat.experimental_get_compiler_ir(tf.TensorSpec([]), *batch.values())(stage="hlo_serialized")
    return _without_copies(program)


def _without_copies(program):
    """Write copies as reshapes to the same shape: JAX has no counterpart of a copy, and the compiler removes both."""
    module = hlo_pb2.HloModuleProto.FromString(program)
    for computation in module.computations:
        for instruction in computation.instructions:
            if instruction.opcode == "copy":
                instruction.opcode = "reshape"
    return module.SerializeToString()


class _UntrainedObjective(Objective):
    """A recogniser without a corpus: its step can be traced."""

    score_name = "none"

    def __init__(self, recipe, workdir):
        super().__init__(recipe.training, workdir, make_strategy("one_device"))
        self._output = recipe.output
        with building(self.strategy, self.config):
            self.model = Recognizer.from_recipe(recipe, ALPHABET)

    def batches(self, start_step, replicas, num_replicas):
        raise NotImplementedError("There is nothing to train on.")

    def loss(self, batch, carried):
        return recognizer_loss(self.model, self._output, batch), carried

    def size(self, batch):
        return tf.reduce_sum(batch["length"])

    def evaluate(self) -> Evaluation:
        raise NotImplementedError("There is nothing to evaluate on.")
