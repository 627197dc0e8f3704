"""Confidence of a reading: the probability that its text is right, by its log-probability under the network.

The probability of a text, all of its alignments summed, is what CTC itself says of it; where networks meet what they
were not made for, that is too high. A logistic regression on validation data, clean, damaged and without a text, makes
it right on average. A geometric mean over the characters stays near 1: frame by frame a network is sure of the wrong
thing, and it forgets how many characters there are to go wrong.
"""

import dataclasses
import json
from pathlib import Path

import numpy as np

CERTAIN = 0.01  # nats: a text that lacks less is as certain as any


def doubt(log_prob):
    """Return what the regression sees of a text's log-probability: the logarithm of what it lacks, in nats."""
    return np.log(CERTAIN - np.minimum(log_prob, 0.0))


@dataclasses.dataclass(frozen=True)
class ReadingConfidence:
    """A logistic regression on the log-probability of a text.

    Args:
        bias: The logit of a text that lacks one nat.
        doubt: By how much the logit rises with each unit of `doubt`; it falls.
        empty: By how much it rises where the text is empty; it falls where there mostly is a text.
        sure_from: A reading of less confidence is "not sure": it is more like readings of which more than half is wrong
            than like others.
        rivals: By how much the logit rises with each unit of `doubt` of the text's share among all that a search
            found; 0 where nothing was searched.
    """

    bias: float
    doubt: float
    empty: float
    sure_from: float
    rivals: float = 0.0

    def __call__(self, log_prob, is_empty, log_share=0.0) -> np.ndarray:
        """Compute confidences float64 `[...]` in (0, 1).

        Args:
            log_prob: Float `[...]`, natural logarithms of the probabilities of the texts, see `text_log_prob`.
            is_empty: Bool `[...]`.
            log_share: Float `[...]`, natural logarithms of what the texts have among all that were found, see
                `seqapp.decoding.agreement.shares`.
        """
        logits = self.bias + self.doubt * doubt(log_prob) + self.empty * np.asarray(is_empty)
        return _sigmoid(logits + self.rivals * doubt(log_share) if self.rivals else logits)

    def judge(self, log_prob: float, is_empty: bool, log_share: float = 0.0) -> tuple[float, bool]:
        """Return the confidence of one text, and whether it reaches the bound."""
        confidence = float(self(log_prob, is_empty, log_share))
        return confidence, confidence >= self.sure_from

    @classmethod
    def fit(cls, log_probs, is_empty, is_right, is_bad, log_shares=None) -> "ReadingConfidence":
        """Fit by maximum likelihood.

        Args:
            log_probs: Float `[n]`.
            is_empty: Bool `[n]`.
            is_right: Bool `[n]`; one more reading of each kind is taken for granted, since no text is certain.
            is_bad: Bool `[n]`, readings that are of no use; `sure_from` divides them from the others as well as can be.
            log_shares: Float `[n]`, of texts that a search found; None: nothing was searched.

        Reference: Platt 1999, "Probabilistic outputs for support vector machines" (also for the additional readings);
            Youden 1950, "Index for rating diagnostic tests" (the bound).
        """
        from scipy.optimize import minimize  # late: only a fit needs it

        is_right = np.asarray(is_right, bool)
        num_right = is_right.sum()
        targets = np.where(is_right, (num_right + 1) / (num_right + 2), 1 / (len(is_right) - num_right + 2))
        columns = [np.ones(len(targets)), doubt(log_probs), np.asarray(is_empty, np.float64)]
        columns = np.stack(columns + ([] if log_shares is None else [doubt(log_shares)]), axis=1)

        def cost(values):
            logits = columns @ values
            loss = np.mean(np.logaddexp(0.0, logits) - targets * logits)
            return loss, columns.T @ (_sigmoid(logits) - targets) / len(targets)

        found = minimize(cost, np.zeros(columns.shape[1]), jac=True, method="L-BFGS-B").x.tolist()
        fitted = cls(*found[:3], 0.0, *found[3:])
        confidences = fitted(log_probs, is_empty, 0.0 if log_shares is None else log_shares)
        return dataclasses.replace(fitted, sure_from=_bound(confidences, np.asarray(is_bad, bool)))

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
            return cls(*(float(content[name]) for name in names), float(content.get("rivals", 0.0)))
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"{path}: expected the numbers {', '.join(names)} of a confidence. {error!r}") from error


def _sigmoid(logits):
    return 0.5 + 0.5 * np.tanh(0.5 * logits)


def _bound(confidences, is_bad):
    """The confidence at which to divide; 0 where none is bad: nothing is known of such readings."""
    if not is_bad.any():
        return 0.0
    order = np.argsort(confidences, kind="stable")
    # Of bad readings below, and of others below, when the first k + 1 lie below.
    bad_below = np.cumsum(is_bad[order]) / is_bad.sum()
    others_below = np.cumsum(~is_bad[order]) / max(1, (~is_bad).sum())
    last = order[np.argmax(bad_below - others_below)]
    return float(np.nextafter(confidences[last], 1.0))
