"""Fit of the confidence of readings: validation examples read clean, damaged, and with nothing of their text left."""

import logging

import numpy as np

from seqapp.conditions.condition import find_conditions
from seqapp.conditions.tables import conditions_of, unreadable_of
from seqapp.decoding.agreement import log_share
from seqapp.decoding.calibration import reliability
from seqapp.decoding.decoder import Decoder
from seqapp.decoding.reading_confidence import ReadingConfidence
from seqapp.decoding.text_probability import best_path, path_log_prob, text_log_prob
from seqapp.evaluation.conditions.condition_scores import damage
from seqapp.evaluation.conditions.confidence_quality import auroc
from seqapp.evaluation.evaluation import DOUBTFUL_RATE
from seqapp.text import character_errors

log = logging.getLogger(__name__)


def fit_confidence(
    transcriber, examples, batch_size: int = 32, seed: int = 0, decoder: Decoder | None = None
) -> tuple[ReadingConfidence, dict]:
    """Fit what makes the confidence of readings the probability that they are right.

    Each example is read as it is, under each condition of its sense, and as each input that has no text.

    Args:
        transcriber: `LocalTranscriber`, whose posteriors are read.
        examples: `Examples` of validation; those without a label are left out.
        batch_size: Examples at once.
        seed: Of all random damage.
        decoder: `Decoder`, where texts are to be searched for; by default they are the best paths.

    Returns:
        confidence: `ReadingConfidence`.
        facts: Numbers about the fit, by name: examples, readings, auroc, expected_calibration_error, sure_of_bad (share
            of the readings of no use that it calls sure) and sure_of_others.

    Raises:
        ValueError: No example has a label.
    """
    examples = examples.select(np.flatnonzero(examples.texts != ""))
    if not len(examples):
        raise ValueError("Expected validation examples with a label, to fit a confidence to. Received: none.")
    sense, readings = transcriber.sense, []
    for table, has_text in ((conditions_of(sense.name), True), (unreadable_of(sense.name), False)):
        conditions = [None] * has_text + find_conditions(["all"], table)
        for number, condition in enumerate(conditions, 1):
            log.info("confidence: %s, %d of %d", condition.title if condition else "clean", number, len(conditions))
            damaged = damage(examples, condition, sense, seed) if condition else examples
            readings += _readings(transcriber, damaged, batch_size, has_text, decoder)
    log_probs, num_labels, rates, log_shares, paths = (np.array(column) for column in zip(*readings))
    is_right, is_bad = rates == 0, rates > DOUBTFUL_RATE
    searched = {"log_shares": log_shares} if decoder else {}
    confidence = ReadingConfidence.fit(log_probs, num_labels, is_right, is_bad, **searched, path_log_probs=paths)
    confidences = confidence(log_probs, num_labels, log_shares, paths)
    is_sure = confidence.is_sure(confidences, log_probs, num_labels)
    facts = {
        "examples": len(examples), "readings": len(readings), "auroc": auroc(confidences, is_right),
        "expected_calibration_error": reliability(confidences, is_right).expected_calibration_error,
        "sure_of_bad": float(is_sure[is_bad].mean()) if is_bad.any() else None,
        "sure_of_others": float(is_sure[~is_bad].mean()) if (~is_bad).any() else None,
    }  # fmt: skip
    return confidence, facts


def damaged_posteriors(transcriber, examples, batch_size: int = 32, seed: int = 0):
    """Yield (log-probabilities, text) of labelled examples under each condition of their sense.

    Args:
        transcriber, examples, batch_size, seed: As for `fit_confidence`.
    """
    sense = transcriber.sense
    for condition in find_conditions(["all"], conditions_of(sense.name)):
        damaged = damage(examples, condition, sense, seed)
        raw = [damaged.raw_of(i) for i in range(len(damaged))]
        for index, log_probs, _ in transcriber.posteriors(raw, batch_size):
            yield log_probs, damaged.texts[index]


def draw_labelled(examples, count: int, seed: int):
    """Draw at most `count` of the `Examples` that have a label, in their order."""
    labelled = np.flatnonzero(examples.texts != "")
    drawn = np.random.default_rng(seed).choice(labelled, min(count, len(labelled)), replace=False)
    return examples.select(np.sort(drawn))


def _readings(transcriber, examples, batch_size, has_text, decoder):
    """Of each text that is read: its log-probability, characters, CER, logarithm of its share, best path's of this.

    The CER is 1 where no text can be right.
    """
    symbols = transcriber.alphabet.symbols
    for index, log_probs, _ in transcriber.posteriors([examples.raw_of(i) for i in range(len(examples))], batch_size):
        labels, share = _search(decoder, log_probs) if decoder else (best_path(log_probs), 0.0)
        rate = character_errors(examples.texts[index], "".join(symbols[k] for k in labels)).rate if has_text else 1.0
        yield text_log_prob(log_probs, labels), len(labels), rate, share, path_log_prob(log_probs)


def _search(decoder, log_probs):
    hypotheses = decoder.hypotheses(log_probs)
    return hypotheses[0].labels, log_share([hypothesis.score for hypothesis in hypotheses])
