"""Resume workload: batch plans of a large corpus, from the first epoch and from a later one, to their first batch."""

import time

import numpy as np

from seqapp.benchmark.work.shapes import FRAMES_PER_LABEL, speech_lengths
from seqapp.input_pipeline import BatchPlan

AXES = "examples, epoch"
LONGEST = 1_650  # frames
BATCH_FRAMES = 50_000  # as of the recipe librispeech_100


def resume_rows(num_examples: int, epoch: int, threads: int) -> list[dict]:
    """Time what a training that resumes plans before its first batch.

    Args:
        num_examples: Of the corpus; 281,241 has LibriSpeech's 960 hours.
        epoch: The later one that it resumes in.
        threads: What to write into the rows.

    Returns:
        Rows: processor seconds of the first epoch and of the later one.
    """
    lengths = speech_lengths(num_examples, LONGEST)
    plan = BatchPlan(
        num_frames=lengths, num_labels=lengths // FRAMES_PER_LABEL, groups=np.array([""] * num_examples, object),
        is_extra=np.zeros(num_examples, bool), extra_share=0.0, longest_row=1, batch_frames=BATCH_FRAMES,
        max_batch_size=num_examples, seed=0,
    )  # fmt: skip
    steps = {1: 0, epoch: sum(len(plan.epoch(number)) for number in range(epoch - 1))}
    return [
        {"name": f"resumed in epoch {number}", "shape": [num_examples, number], "plan_s": _timed(plan, step)}
        | {"threads": threads}
        for number, step in steps.items()
    ]


def _timed(plan, step):
    start = time.process_time()
    next(plan.batches(step))
    return round(time.process_time() - start, 2)
