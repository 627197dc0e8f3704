"""Confidence of a reading: the probability that its text is right, by its log-probability under the network.

The probability of a text, all of its alignments summed, is what CTC itself says of it; where networks meet what they
were not made for, that is too high. A logistic regression on validation data, clean, damaged and without a text, makes
it right on average. A geometric mean over the characters stays near 1: frame by frame a network is sure of the wrong
thing, and it forgets how many characters there are to go wrong.

Whether a reading is of use at all is another question: of a long line one letter is nearly always wrong, and that makes
it no scribble. That is told by the log-probability of the text per character.
"""

import dataclasses
import json
from pathlib import Path

import numpy as np

CERTAIN = 0.01  # nats: a text that lacks less is as certain as any


def doubt(log_prob):
    """Return what the regression sees of a text's log-probability: the logarithm of what it lacks, in nats."""
    return np.log(CERTAIN - np.minimum(log_prob, 0.0))


def each(log_prob, num_labels):
    """Return the log-probability of a text per character, its end counted as one more: float `[...]`."""
    return np.asarray(log_prob) / (np.asarray(num_labels) + 1.0)


@dataclasses.dataclass(frozen=True)
class ReadingConfidence:
    """A logistic regression on the log-probability of a text, and a bound on that per character.

    Args:
        bias: The logit of a text that lacks one nat.
        doubt: By how much the logit rises with each unit of `doubt`; it falls.
        empty: By how much it rises where the text is empty; it falls where there mostly is a text.
        sure_from: A reading of less confidence is "not sure": it is more like readings of which more than half is wrong
            than like others. Used where there is no `sure_log_prob`: by those that were fitted before it.
        rivals: By how much the logit rises with each unit of `doubt` of the text's share among all that a search
            found; 0 where nothing was searched.
        path: By how much the logit rises with each unit of `doubt` of the best path, the likeliest class of every
            frame.
        sure_log_prob: A text of less log-probability per character, its end counted as one more, is "not sure", and so
            is an empty one; None: `sure_from` tells.
    """

    bias: float
    doubt: float
    empty: float
    sure_from: float
    rivals: float = 0.0
    path: float = 0.0
    sure_log_prob: float | None = None

    def __call__(self, log_prob, num_labels, log_share=0.0, path_log_prob=0.0) -> np.ndarray:
        """Compute confidences float64 `[...]` in (0, 1).

        Args:
            log_prob: Float `[...]`, natural logarithms of the probabilities of the texts, see `text_log_prob`.
            num_labels: Int `[...]`, characters of the texts.
            log_share: Float `[...]`, natural logarithms of what the texts have among all that were found, see
                `seqapp.decoding.agreement.shares`.
            path_log_prob: Float `[...]`, those of the best paths, see `path_log_prob`.
        """
        logits = self.bias + self.doubt * doubt(log_prob) + self.empty * (np.asarray(num_labels) == 0)
        logits = logits + self.rivals * doubt(log_share) if self.rivals else logits
        return _sigmoid(logits + self.path * doubt(path_log_prob) if self.path else logits)

    def is_sure(self, confidence, log_prob, num_labels) -> np.ndarray:
        """Return whether texts are of use, bool `[...]`; arguments as above, and what the call gave for them."""
        if self.sure_log_prob is None:
            return np.asarray(confidence) >= self.sure_from
        return (np.asarray(num_labels) > 0) & (each(log_prob, num_labels) >= self.sure_log_prob)

    def judge(
        self, log_prob: float, num_labels: int, log_share: float = 0.0, path_log_prob: float = 0.0
    ) -> tuple[float, bool]:
        """Return the confidence of one text, and whether it is of use."""
        confidence = float(self(log_prob, num_labels, log_share, path_log_prob))
        return confidence, bool(self.is_sure(confidence, log_prob, num_labels))

    @classmethod
    def fit(
        cls, log_probs, num_labels, is_right, is_bad, log_shares=None, path_log_probs=None
    ) -> "ReadingConfidence":  # fmt: skip
        """Fit by maximum likelihood.

        Args:
            log_probs: Float `[n]`.
            num_labels: Int `[n]`.
            is_right: Bool `[n]`; one more reading of each kind is taken for granted, since no text is certain.
            is_bad: Bool `[n]`, readings that are of no use; the bounds divide them from the others as well as can be.
            log_shares: Float `[n]`, of texts that a search found; None: nothing was searched.
            path_log_probs: Float `[n]`, of the best paths; None: they are not looked at.

        Reference: Platt 1999, "Probabilistic outputs for support vector machines" (also for the additional readings);
            Youden 1950, "Index for rating diagnostic tests" (the bound).
        """
        from scipy.optimize import minimize  # late: only a fit needs it

        is_right, is_bad = np.asarray(is_right, bool), np.asarray(is_bad, bool)
        is_empty = np.asarray(num_labels) == 0
        num_right = is_right.sum()
        targets = np.where(is_right, (num_right + 1) / (num_right + 2), 1 / (len(is_right) - num_right + 2))
        columns = {"bias": np.ones(len(targets)), "doubt": doubt(log_probs), "empty": is_empty.astype(np.float64)}
        columns |= {} if log_shares is None else {"rivals": doubt(log_shares)}
        columns |= {} if path_log_probs is None else {"path": doubt(path_log_probs)}
        names, columns = [*columns], np.stack([*columns.values()], axis=1)

        def cost(values):
            logits = columns @ values
            loss = np.mean(np.logaddexp(0.0, logits) - targets * logits)
            return loss, columns.T @ (_sigmoid(logits) - targets) / len(targets)

        found = minimize(cost, np.zeros(columns.shape[1]), jac=True, method="L-BFGS-B").x.tolist()
        confidences = _sigmoid(columns @ found)
        bound = None
        if is_bad.any():
            bound = _bound(np.where(is_empty, -np.inf, each(log_probs, num_labels)), is_bad)
        return cls(**dict(zip(names, found)), sure_from=_bound(confidences, is_bad), sure_log_prob=bound)

    def to_json(self, **facts) -> str:
        """Return what `load` reads; `facts` about the fit, numbers and texts, are for those who read it."""
        return json.dumps(dataclasses.asdict(self) | facts, indent=2) + "\n"

    @classmethod
    def load(cls, path: str | Path) -> "ReadingConfidence | None":
        """Read a file of `to_json`; None where there is no such file.

        Raises:
            ValueError: Another file.
        """
        if not Path(path).is_file():
            return None
        names = [field.name for field in dataclasses.fields(cls) if field.default is dataclasses.MISSING]
        try:
            content = json.loads(Path(path).read_text(encoding="utf-8"))
            numbers = {name: float(content[name]) for name in names}
            later = ("rivals", "path", "sure_log_prob")  # than the first files
            numbers |= {name: float(content[name]) for name in later if content.get(name) is not None}
            return cls(**numbers)
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"{path}: expected the numbers {', '.join(names)} of a confidence. {error!r}") from error


def _sigmoid(logits):
    return 0.5 + 0.5 * np.tanh(0.5 * logits)


def _bound(confidences, is_bad):
    """The number at which to divide; 0 where none is bad: nothing is known of such readings."""
    if not is_bad.any():
        return 0.0
    order = np.argsort(confidences, kind="stable")
    # Of bad readings below, and of others below, when the first k + 1 lie below.
    bad_below = np.cumsum(is_bad[order]) / is_bad.sum()
    others_below = np.cumsum(~is_bad[order]) / max(1, (~is_bad).sum())
    last = order[np.argmax(bad_below - others_below)]
    return float(np.nextafter(confidences[last], 1.0))
