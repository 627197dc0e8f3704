"""Beam search frame by frame: the characters of one utterance of a stream."""

import math
import os

import numpy as np

from seqapp.decoding.agreement import calibrated, frame_matches, log_share, shares
from seqapp.decoding.decoder import NO_TEXT
from seqapp.decoding.text_probability import path_log_prob, text_log_prob
from seqapp.models.transcriber.greedy_characters import GreedyCharacters, PartialText


class BeamCharacters:
    """The characters of one utterance so far, as `Decoder.decode` finds them in all of its frames at once.

    Silence is still told by the best classes, so that utterances end where they end without a search. Rescorers want
    to see a text as a whole: they are asked at its end.

    Args:
        decoder: `Decoder`.
        alphabet: `Alphabet` of the recogniser.
        fitted: `ReadingConfidence` of the model, where it has one.
    """

    def __init__(self, decoder, alphabet, fitted=None):
        self._decoder, self._alphabet, self._fitted = decoder, alphabet, fitted
        self._runs, self._search, self._log_probs = GreedyCharacters(), decoder.begin(), []

    @property
    def num_frames(self):
        """Frames heard."""
        return self._runs.num_frames

    @property
    def num_silent(self):
        """The last of these in which nothing was said."""
        return self._runs.num_silent

    def add(self, character, is_blank, log_prob, log_probs):
        """One frame more, as for `GreedyCharacters.add`."""
        self._runs.add(character, is_blank, log_prob)
        self._search.push(log_probs[np.newaxis])
        self._log_probs.append(log_probs)

    def so_far(self, is_final) -> PartialText:
        """Return the text so far; `is_final`: the utterance ends here.

        All texts that are kept begin with the settled characters, so that whatever comes does, too; only a lexicon can
        forbid them all in the end.
        """
        hypotheses = self._search.hypotheses(is_final=is_final) or [NO_TEXT]
        hypotheses = self._decoder.rescored(hypotheses) if is_final else hypotheses
        log_probs = np.array(self._log_probs).reshape(len(self._log_probs), self._alphabet.num_classes)
        labels = hypotheses[0].labels
        frames, confidences, confidence = self._places_and_confidences(hypotheses, log_probs)
        symbols = [self._alphabet.symbols[label] for label in labels]
        settled = labels if is_final else os.path.commonprefix([h.labels for h in hypotheses])
        judged = confidence, True
        if self._fitted:
            share = log_share([h.score for h in hypotheses])
            evidence = text_log_prob(log_probs, labels), len(labels), share, path_log_prob(log_probs)
            judged = self._fitted.judge(*evidence)
        return PartialText(symbols, list(frames), list(confidences), len(settled), *judged)

    def _places_and_confidences(self, hypotheses, log_probs):
        """Frames and confidences of the best text's labels, and the confidence of them all."""
        decoding = self._decoder.decoding(hypotheses, log_probs)
        return decoding.frames, decoding.confidences, decoding.confidence


class ContextCharacters(BeamCharacters):
    """The characters of one utterance so far, as a model with context finds them in its graph."""

    def _places_and_confidences(self, hypotheses, log_probs):
        best = hypotheses[0]
        peaks = best.peaks or log_probs[:, -1].tolist()  # without a label: of its blanks
        is_there = frame_matches([h.labels for h in hypotheses], [h.frames for h in hypotheses])
        config = self._decoder.config
        confidences = calibrated(shares([h.score for h in hypotheses]) @ is_there, config.temperature, config.offset)
        return best.frames, confidences.tolist(), math.exp(sum(peaks) / len(peaks)) if peaks else 1.0
