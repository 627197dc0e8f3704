"""Tuning of a decoder on labelled examples: weights of its language models, then confidences of words and of texts."""

import dataclasses
from collections.abc import Callable

from seqapp.decoding.calibration import fit_calibration
from seqapp.decoding.config import DecoderConfig
from seqapp.decoding.decoder import Decoder, read_models
from seqapp.decoding.tuning import Trial, tune
from seqapp.evaluation.conditions.fit_confidence import damaged_posteriors, draw_labelled, fit_confidence


def tune_decoder(
    transcriber, examples, config: DecoderConfig, rescorers, report: Callable[[Trial], None],
    confidence_examples: int, seed: int = 0, calibrate_damaged: bool = False, keeps_weights: bool = False,
) -> tuple[DecoderConfig, Trial]:  # fmt: skip
    """Find the weights of fewest word errors, and what confidences of such readings mean.

    Args:
        transcriber: `LocalTranscriber`, whose posteriors are read.
        examples: `Examples`, with labels, that nothing was trained on.
        config: `DecoderConfig` to begin with.
        rescorers: Of `config.rescorers`, as `read_rescorers` gives them.
        report: Called with each `Trial`.
        confidence_examples: How many of the examples the confidence of texts is fitted to, each read some twenty times:
            clean, damaged and without its text; 0: none is fitted.
        seed: Draws these examples and their damage.
        calibrate_damaged: Whether confidences of words are fitted to these examples damaged too, which weigh as much as
            all examples clean.
        keeps_weights: Whether the weights of `config` stay, and confidences alone are fitted.

    Returns:
        The tuned config, and the trial that it comes from.

    Raises:
        ValueError: A language model cannot be read or does not fit, or no example has a label.
    """
    models = read_models(config, transcriber.alphabet)
    posteriors = transcriber.posteriors([examples.raw_of(i) for i in range(len(examples))])
    log_probs = [row[1] for row in sorted(posteriors, key=lambda row: row[0])]
    given = log_probs, list(examples.texts), transcriber.alphabet
    best = tune(*given, config, models, report, rescorers, keeps_weights)
    drawn = draw_labelled(examples, confidence_examples, seed)
    damaged = damaged_posteriors(transcriber, drawn, seed=seed) if calibrate_damaged else ()
    temperature, offset = fit_calibration(*given, best.config, models, rescorers, damaged)
    tuned = dataclasses.replace(best.config, temperature=temperature, offset=offset, confidence=None)
    if confidence_examples:
        decoder = Decoder(transcriber.alphabet, tuned, models, rescorers)
        confidence, _ = fit_confidence(transcriber, drawn, seed=seed, decoder=decoder)
        tuned = dataclasses.replace(tuned, confidence=confidence)
    return tuned, best
