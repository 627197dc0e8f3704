"""Training objectives: the interface between the loop and a model with its batches, its loss and its validation."""

import abc
import dataclasses
import time

from seqapp.models.workdir import Workdir
from seqapp.recipe import TrainingConfig


@dataclasses.dataclass(frozen=True)
class Evaluation:
    """The result of a validation.

    Attributes:
        score: Decides on the best weights; lower is better.
        columns: Names of columns of metrics.csv to floats.
        facts: For best.json, beside step and time: names to numbers.
    """

    score: float
    columns: dict[str, float]
    facts: dict[str, float]


class Objective(abc.ABC):
    """One thing that can be trained, ready for the loop once it is made.

    The constructor of a subclass claims the workdir, builds `model` inside of `strategy.building`, and prepares all
    that batches and evaluations need. Whatever is wrong with recipe, workdir or corpus, it says there.

    Args:
        config: `TrainingConfig`.
        workdir: `Workdir` of the run.
        strategy: From `make_strategy`.

    Attributes:
        config, workdir, strategy: As given.
        started: Processor time at which the preparation began, in seconds: it counts as part of the training.
        model: Keras model, its weights drawn.
        score_name: Name of `Evaluation.score` in the log.
    """

    score_name: str

    def __init__(self, config: TrainingConfig, workdir: Workdir, strategy):
        self.config = config
        self.workdir = workdir
        self.strategy = strategy
        self.started = time.process_time()
        self.model = None

    # Not abstract, since most have nothing to learn.
    def begin(self) -> None:  # noqa: B027
        """Learn what must be known before step 0. A resumed run has it in its checkpoint."""

    def carried(self) -> list:
        """Return the tensors that rows carry from batch to batch, as they are before the first; none by default."""
        return []

    @abc.abstractmethod
    def batches(self, start_step: int, replicas, num_replicas: int):
        """Return batches from a step on, for ever: the same for the same arguments, so that none need be saved.

        Args:
            start_step: Step of the first batch.
            replicas: Replicas of the global batch that are fed; one element per replica, in this order.
            num_replicas: Replicas altogether.

        Returns:
            tf.data.Dataset of dicts of tensors.
        """

    @abc.abstractmethod
    def loss(self, batch, carried):
        """Compute the loss of a batch, in the graph.

        Args:
            batch: An element of `batches`.
            carried: List of tensors, like `carried()`.

        Returns:
            loss: Float32 scalar, this replica's share of the loss of the global batch.
            carried: List of tensors for the next batch.
        """

    @abc.abstractmethod
    def size(self, batch):
        """Return the frames or tokens of a batch, int32 scalar: the unit of speed."""

    def examples(self, batch) -> list[str]:
        """Return the ids of the examples in a batch, for the message that its loss is not finite; none by default."""
        return []

    @abc.abstractmethod
    def evaluate(self) -> Evaluation:
        """Validate the model as it stands."""

    # Not abstract, since most have nothing left to do.
    def finish(self) -> None:  # noqa: B027
        """Do what follows the last step, where the workdir holds the best weights."""
