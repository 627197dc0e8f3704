"""Fine-tuning: the record of what a model took from its parent, its scores at step 0, and what it forgets."""

import dataclasses
import json
import logging
from pathlib import Path

from seqapp.datasets.citation import citation
from seqapp.evaluation.comparison import compare
from seqapp.evaluation.evaluate import evaluate
from seqapp.evaluation.evaluation import Evaluation
from seqapp.input_pipeline.read import read
from seqapp.models import StartingPoint, Transcriber
from seqapp.models.workdir import write_whole
from seqapp.training.loop import Training
from seqapp.training.objective import Objective

log = logging.getLogger(__name__)

SURE = 0.05  # two-sided p below which a rise of the error rate is no chance


@dataclasses.dataclass(frozen=True)
class ParentCorpus:
    """The corpus that the parent was trained on, where it is at hand.

    Args:
        data_dir: The corpus as its owners distribute it (any folder for a synthetic one); None: not at hand.
        prepared_dir: Folder of TFDS for its copy.
    """

    data_dir: str | Path | None = None
    prepared_dir: str | Path | None = None

    def examples(self, recipe, split: str):
        """Return the `Examples` of a split of the parent's `Recipe`; None where they are not at hand."""
        if self.data_dir is None:
            return None
        try:
            examples, _ = read(recipe.data.dataset, split, recipe, self.data_dir, self.prepared_dir)
        except (ValueError, OSError) as error:
            log.warning("the parent's own %s split cannot be read: %s", split, error)
            return None
        return examples if any(examples.texts) else None


class FineTuning(Training):
    """A training that begins with the weights of another model, and tells what becomes of them.

    Args:
        objective: `RecognizerObjective` of a starting point.
        start: `StartingPoint`.
        parent: Path of the model that it was loaded from.
        corpus: `ParentCorpus`.
    """

    def __init__(self, objective: Objective, start: StartingPoint, parent: str | Path, corpus: ParentCorpus):
        super().__init__(objective)
        self._start = start
        self._parent = parent
        self._corpus = corpus

    def run(self) -> dict[str, float]:
        """Train as `Training.run` does; before the first step and after the last, measure and write what is known."""
        if not self._workdir.fine_tuning.exists():
            self._write(self._taken() | {"step_0": self._step_0()})
        facts = super().run()
        if self._is_chief and not self.was_stopped and facts:
            record = json.loads(self._workdir.fine_tuning.read_text(encoding="utf-8"))
            if "parent_test" not in record:  # else this run had been finished before
                self._write(record | self._forgotten())
        return facts

    def _write(self, record):
        if self._is_chief:
            write_whole(self._workdir.fine_tuning, json.dumps(record, indent=2, ensure_ascii=False) + "\n")

    def _taken(self):
        """Return and log what came from the parent: name, weights, symbols."""
        record = {"parent": lineage(self._start), "taken": self._start.taken(self.objective.alphabet)}
        taken = record["taken"]
        log.info(
            "from %s: %s weights; %d symbols taken, %d new (%s), %d left out", self._start.name,
            f"{taken['weights']:,}", len(taken["symbols"]), len(taken["new_symbols"]), "".join(taken["new_symbols"]),
            len(taken["left_out_symbols"]),
        )  # fmt: skip
        if self._corpus.data_dir is None:
            log.info("what it forgets can be told with --parent-data-dir, the corpus of %s", self._start.name)
        return record

    def _step_0(self):
        """Return the error rates of the untrained model on the new validation, and of the parent on its own."""
        record = {"validation": self.objective.evaluate().facts, "parent_validation": None}
        log.info("step 0: validation CER %.4f", record["validation"]["cer"])
        if (examples := self._corpus.examples(self._start.recipe, "validation")) is not None:
            record["parent_validation"] = _rates(self._evaluated(self._parent, examples))
            log.info("step 0: CER %.4f on the parent's own validation", record["parent_validation"]["cer"])
        return record

    def _forgotten(self):
        """Score parent and child on the parent's own test set."""
        if (examples := self._corpus.examples(self._start.recipe, "test")) is None:
            return {}
        evaluations = [self._evaluated(path, examples) for path in (self._parent, self._workdir.path)]
        return {"parent_test": forgetting(self._start.name, self._workdir.path.name, *evaluations)}

    def _evaluated(self, path, examples):
        return evaluate(Transcriber.load(path), examples, normalization=self._start.recipe.data.normalization)


def forgetting(parent: str, child: str, before: Evaluation, after: Evaluation) -> dict:
    """Compare parent and child on the parent's own test set; warn where the child is worse.

    Args:
        parent: Name of the parent.
        child: Name of the child.
        before: `Evaluation` of the parent.
        after: `Evaluation` of the child, of the same examples.

    Returns:
        Error rates before and after, and the paired difference of the CER (None with a single writer or example).
    """
    cer = compare([parent, child], [before, after]).contrasts[0].cer
    change = f"CER on the test set of {parent}: {100 * before.characters.rate:.2f} % before, "
    change += f"{100 * after.characters.rate:.2f} % after"
    if after.characters.rate > before.characters.rate and (cer is None or cer.p_value < SURE):
        log.warning("%s; mix its corpus in (data.extra_train), freeze layers or train less", change)
    else:
        log.info(change)
    return {"before": _rates(before), "after": _rates(after), "cer": cer and dataclasses.asdict(cer)}


def lineage(start: StartingPoint) -> dict:
    """Return the name of a model to start from, the corpora it was trained on, and their citations."""
    data = start.recipe.data
    corpora = [data.dataset, *data.extra_train]
    citations = dict.fromkeys(text for corpus in corpora if (text := citation(corpus)))
    return {"name": start.name, "trained_on": corpora, "citation": "\n\n".join(citations)}


def _rates(evaluation):
    return {"cer": evaluation.characters.rate, "wer": evaluation.words.rate, "examples": len(evaluation.examples)}
