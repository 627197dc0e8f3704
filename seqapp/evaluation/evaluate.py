"""A model and a corpus to an Evaluation."""

import numpy as np

from seqapp.datasets.skipped import Skipped
from seqapp.evaluation.evaluation import Evaluation
from seqapp.evaluation.recognition import Recognition
from seqapp.evaluation.summarise import summarise


def evaluate(transcriber, examples, skipped=(), batch_size=32, **options) -> Evaluation:
    """Read every example and score it.

    Nothing is left out because it is hard: what the model cannot read gives an empty text and counts in full.

    Args:
        transcriber: `Transcriber`, or anything with its `transcribe`, `alphabet` and `sense`.
        examples: `Examples` with labels.
        skipped: `Skipped` of the reader, for the report.
        batch_size: Examples at once.
        **options: For `summarise`.

    Returns:
        `Evaluation`.
    """
    labelled = [i for i in range(len(examples)) if examples.texts[i]]
    skipped = Skipped(skipped) + Skipped((examples.ids[i], "no label") for i in np.flatnonzero(examples.texts == ""))
    readings = transcriber.transcribe([examples.raw_of(i) for i in labelled], batch_size)
    recognitions = [recognition(examples, i, reading) for i, reading in zip(labelled, readings)]
    sense = transcriber.sense
    return summarise(recognitions, skipped, transcriber.alphabet, group=sense.group, unit=sense.unit, **options)


def recognition(examples, index, reading) -> Recognition:
    """What was read in example `index`, beside its label."""
    return Recognition(
        id=str(examples.ids[index]),
        group_id=str(examples.group_ids[index]),
        reference=str(examples.texts[index]),
        hypothesis=reading.text,
        confidence=reading.confidence,
        char_frames=reading.char_frames,
        char_confidences=reading.char_confidences,
    )
