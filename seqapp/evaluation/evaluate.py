"""Evaluation of a model on a corpus: every labelled example transcribed and scored."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np

from seqapp.datasets.skipped import Skipped
from seqapp.evaluation.evaluation import Evaluation
from seqapp.evaluation.recognition import Recognition
from seqapp.evaluation.summarise import summarise
from seqapp.evaluation.training_texts import training_texts
from seqapp.input_pipeline.read import read, read_stored
from seqapp.input_pipeline.stored_split import StoredSplit

BATCHES_AT_ONCE = 16  # of raw examples in memory


def evaluate(
    transcriber, examples, skipped: Iterable[tuple[str, str]] = (), batch_size: int = 32, **options
) -> Evaluation:
    """Read every example and score it.

    Nothing is left out because it is hard: what the model cannot read gives an empty text and counts in full.

    Args:
        transcriber: `Transcriber`, or anything with its `transcribe`, `alphabet` and `sense`.
        examples: `Examples` or `StoredSplit`, with labels.
        skipped: `Skipped` of the reader, for the report.
        batch_size: Examples at once.
        **options: For `summarise`.

    Returns:
        `Evaluation`.
    """
    labelled = [i for i in range(len(examples)) if examples.texts[i]]
    skipped = Skipped(skipped) + Skipped((examples.ids[i], "no label") for i in np.flatnonzero(examples.texts == ""))
    readings = []
    # A split on disk is read in parts; within each, examples of similar length are computed together.
    size = batch_size * BATCHES_AT_ONCE if isinstance(examples, StoredSplit) else max(1, len(labelled))
    for start in range(0, max(1, len(labelled)), size):
        part = [examples.raw_of(i) for i in labelled[start : start + size]]
        readings += transcriber.transcribe(part, batch_size)
    sense = transcriber.sense
    recognitions = [recognition(examples, i, reading, sense.page_of) for i, reading in zip(labelled, readings)]
    return summarise(recognitions, skipped, transcriber.alphabet, group=sense.group, unit=sense.unit, **options)


def evaluate_corpus(
    transcriber,
    name: str,
    split: str,
    data_dir: str | Path | None = None,
    prepared_dir: str | Path | None = None,
    batch_size: int = 32,
    training_files: Sequence[str | Path] | None = (),
    in_memory: bool = False,
    **options,
) -> tuple:
    """Read one split of a corpus and score it.

    Args:
        transcriber: `Transcriber`, or anything like it that has a `recipe`.
        name: Of a corpus, as `seqapp.input_pipeline.read.read` takes it; "recipe" is the one of the model's recipe.
        split, data_dir, prepared_dir: As there.
        batch_size: Examples at once.
        training_files: Text files that the model or its decoder learned from, beside the train splits of its corpora;
            None: nobody asks which texts recur.
        in_memory: Whether the whole split is needed in memory, however large.
        **options: For `summarise`; labels are spelled as the recipe says.

    Returns:
        examples: `Examples`; or `StoredSplit`, of which each is read when it is asked for.
        evaluation: `Evaluation`.
    """
    recipe = transcriber.recipe
    name = recipe.data.dataset if name == "recipe" else name
    examples, skipped = (read if in_memory else read_stored)(name, split, recipe, data_dir, prepared_dir)
    options |= {"normalization": recipe.data.normalization}
    if training_files is not None:
        options["training_texts"] = training_texts(recipe, name, split, data_dir, prepared_dir, training_files)
    return examples, evaluate(transcriber, examples, skipped, batch_size, **options)


def recognition(examples, index: int, reading, page_of: Callable[[str], str] = lambda id: "") -> Recognition:
    """Return the reading of example `index` beside its label; `page_of` names its page by its id."""
    return Recognition(
        id=str(examples.ids[index]),
        group_id=str(examples.group_ids[index]),
        reference=str(examples.texts[index]),
        hypothesis=reading.text,
        confidence=reading.confidence,
        char_frames=reading.char_frames,
        char_confidences=reading.char_confidences,
        page_id=page_of(str(examples.ids[index])),
        is_sure=reading.is_sure,
    )
