"""Survey of a corpus before training: the length of each example, and unusable ones by id and reason."""

import dataclasses
from collections.abc import Callable

import numpy as np

from seqapp.command_line import log_progress
from seqapp.ctc import frames_needed
from seqapp.datasets.skipped import Skipped
from seqapp.input_pipeline.examples import Examples
from seqapp.input_pipeline.feature_lengths import feature_lengths
from seqapp.input_pipeline.record_examples import RecordExamples
from seqapp.recipe import Recipe
from seqapp.senses import sense_of
from seqapp.text.alphabet import Alphabet


@dataclasses.dataclass(frozen=True)
class Survey:
    """What `survey` found.

    Attributes:
        num_frames: Int64 `[n]`, feature frames of each example, 0 where it cannot be used.
        skipped: `Skipped`, the others.
    """

    num_frames: np.ndarray
    skipped: Skipped

    @property
    def usable(self) -> np.ndarray:
        """Int64 indices of the examples to train or evaluate on."""
        return np.flatnonzero(self.num_frames > 0)


def survey(
    examples: Examples | RecordExamples,
    recipe: Recipe,
    alphabet: Alphabet,
    output_length: Callable[[int], int],
    name: str,
    max_frames: int | None = None,
) -> Survey:
    """Measure every example and find those that CTC or the features cannot take.

    Args:
        examples: `Examples`, or `RecordExamples`, whose index has the lengths already.
        recipe: `Recipe`; features and limits are used.
        alphabet: `Alphabet` of the model.
        output_length: Function from feature frames to logit frames.
        name: Split name, for the log line.
        max_frames: Longest usable example in feature frames; None: any.

    Returns:
        A `Survey`. Skipped are: what the sense finds at fault (nothing there, not finite, too long), an empty label,
        characters outside the alphabet, too few frames for the label, more than max_frames.
    """
    sense = sense_of(recipe)
    faults = ((i, _fault(examples, i, sense, alphabet)) for i in range(len(examples)))
    reasons = {i: reason for i, reason in faults if reason}
    num_frames = np.zeros(len(examples), np.int64)
    usable = np.array([i for i in range(len(examples)) if i not in reasons], np.int64)
    if isinstance(examples, RecordExamples):
        lengths = examples.num_frames[usable]
    else:
        lengths = log_progress(feature_lengths(examples, usable, sense), f"measuring {name}", len(usable))
    for i, frames in zip(usable, lengths):
        needed = frames_needed(alphabet.encode(examples.texts[i]))
        if output_length(int(frames)) < needed:
            reasons[i] = f"label cannot be aligned: {output_length(int(frames))} frames, {needed} needed"
        elif max_frames is not None and frames > max_frames:
            reasons[i] = f"{frames} frames, more than data.max_frames = {max_frames}"
        else:
            num_frames[i] = frames
    skipped = Skipped((examples.ids[i], reason) for i, reason in sorted(reasons.items()))
    skipped.log(name, len(examples) - len(skipped))
    return Survey(num_frames, skipped)


def _fault(examples, index, sense, alphabet):
    text = examples.texts[index]
    is_indexed = isinstance(examples, RecordExamples)
    if fault := examples.faults[index] if is_indexed else sense.fault(examples.raw_of(index)):
        return fault
    if not text:
        return "empty label"
    if unknown := alphabet.unknown(text):
        return f"characters outside the alphabet: {' '.join(sorted(unknown))}"
    return None
