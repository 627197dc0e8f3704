"""Fit of a language model's tokens to an alphabet: characters or words, the space's name, the case of letters."""

import dataclasses
import logging
import re
import unicodedata

import numpy as np

from seqapp.decoding.ngram import BEGIN, END, UNKNOWN, NGramModel
from seqapp.decoding.scorers.word_scorer import spelled
from seqapp.text.alphabet import Alphabet, escape

log = logging.getLogger(__name__)

SPECIAL = (BEGIN, END, UNKNOWN)
# The space as other programs name it, compared without case: PyLaia, ESPnet, sentencepiece, Kaldi, fairseq ...
SPACE_NAMES = (
    "<space>", "<sp>", "<spc>", "<ws>", "[space]", "{space}", "(space)", "space",
    "\u2581", "\u2423", "\u00a0", "\u3000", "|", "_",
)  # fmt: skip
COMMON = 5  # a symbol that may also be itself, such as "_", is a space if it is among so many likeliest tokens
MOSTLY = 0.9  # share of single characters among the tokens, from which on a model is one of characters
LEAST_SHARED = 0.1  # share of the probability of letters and digits, or words, below which a model is refused
ENOUGH_SHARED = 0.9  # and below which there is a warning
_ESCAPED = re.compile(r"\\(.|u\{[0-9a-f]+\})")  # one character, as `escape` writes it


def is_of_characters(model: NGramModel, alphabet: Alphabet) -> bool:
    """Tell whether the tokens of a model are symbols, and not words."""
    symbols = {escape(symbol) for symbol in alphabet.symbols}
    tokens = [token for token in model.tokens if token not in SPECIAL and not _is_tag(token)]
    single = [
        token
        for token in tokens
        if token in symbols or _ESCAPED.fullmatch(token) or len(unicodedata.normalize("NFC", token)) == 1
    ]
    return len(single) >= MOSTLY * len(tokens)


def _is_tag(token):
    """Tell whether a token is the name of something: <space>, <ctc>, [noise]."""
    return token.casefold() in SPACE_NAMES or (len(token) > 2 and (token[0], token[-1]) in (("<", ">"), ("[", "]")))


def fitted(model: NGramModel, alphabet: Alphabet, name: str = "the language model", is_told: bool = True) -> NGramModel:
    """Return a model that knows the symbols of an alphabet by their escaped spelling, as `aliases` of its tokens.

    Args:
        model: `NGramModel` of characters or of words; one of words needs no alias.
        alphabet: `Alphabet` of the recogniser.
        name: Of the model's file, for the log.
        is_told: Whether what was found is logged.

    Raises:
        ValueError: If the alphabet can write next to nothing of what the model knows.
    """
    fit = _Characters(model, alphabet) if is_of_characters(model, alphabet) else _Words(model, alphabet)
    if fit.shared < LEAST_SHARED:
        raise ValueError(
            f"{name} does not fit the recogniser: of the probability of its {fit.units}, {100 * fit.shared:.0f} % is "
            f"that of {fit.units} which the recogniser's alphabet can write; among the likeliest others are "
            f"{fit.examples()}. Expected a language model of characters or words of the same script."
        )
    if is_told:
        contents = f"{model.order}-gram model of {fit.kind}, {len(model.tokens)} tokens, {len(model) - 1} n-grams"
        log.info("%s: taken for a %s%s", name, contents, fit.space)
        for remark in fit.remarks:
            log.warning("%s: %s", name, remark)
        if fit.shared < ENOUGH_SHARED:
            log.warning(
                "%s: the alphabet can write %.0f %% of the probability of its %s; it lacks %s",
                name, 100 * fit.shared, fit.units, fit.examples(),
            )  # fmt: skip
    return dataclasses.replace(model, aliases=fit.aliases) if fit.aliases != model.aliases else model


class _Fit:
    """What both kinds have: how much of the model's probability the alphabet can write."""

    space = ""

    def __init__(self, model):
        self.remarks = []
        self.aliases = {}
        self._mass = np.exp(model.log_prob[1 : 1 + len(model.tokens)].astype(np.float64))  # node 1 + t is token t
        self._others = []
        self.shared = 1.0

    def _share(self, numbers, is_writable):
        total = self._mass[numbers].sum()
        if total > 0:
            self.shared = float(self._mass[[n for n in numbers if is_writable(n)]].sum() / total)
        self._others = sorted((n for n in numbers if not is_writable(n)), key=lambda n: -self._mass[n])

    def examples(self):
        return ", ".join(repr(self._tokens[number]) for number in self._others[:8])


class _Words(_Fit):
    kind = units = "words"

    def __init__(self, model, alphabet):
        super().__init__(model)
        self._tokens = model.tokens
        letters = {letter for symbol in alphabet.symbols for letter in spelled(symbol)}
        words = [number for number, token in enumerate(model.tokens) if token not in SPECIAL and not _is_tag(token)]
        spellings = {n: spelled(unicodedata.normalize("NFC", model.tokens[n])) for n in words}
        self._share(words, lambda n: bool(spellings[n]) and set(spellings[n]) <= letters)
        if sum(model.tokens[n].startswith("\u2581") for n in words) > 0.2 * len(words):
            self.remarks.append("its tokens look like pieces of words, which are not put together: use words")


class _Characters(_Fit):
    kind = "characters"
    units = "letters and digits"

    def __init__(self, model, alphabet):
        super().__init__(model)
        self._tokens = model.tokens
        self._index = {token: number for number, token in enumerate(model.tokens)}
        numbers = {symbol: self._number(symbol) for symbol in alphabet.symbols}
        self._choose_space(numbers)
        self._choose_case(numbers, set(alphabet.symbols))
        for symbol, number in numbers.items():
            if number is not None and self._index.get(escape(symbol)) != number:
                self.aliases[escape(symbol)] = number
        known = set(numbers.values())
        self._share([n for n, token in enumerate(model.tokens) if _is_letter(token)], known.__contains__)

    def _number(self, symbol):
        """Return the token of a symbol in its own case, None where there is none."""
        spellings = (escape(symbol), symbol, *(unicodedata.normalize(form, symbol) for form in ("NFC", "NFD")))
        return next((self._index[spelling] for spelling in spellings if spelling in self._index), None)

    def _choose_space(self, numbers):
        if numbers.get(" ", -1) is not None:  # no space in the alphabet, or one that is found
            return
        names = {token.casefold(): number for token, number in self._index.items()}
        common = set(np.argsort(-self._mass)[:COMMON].tolist())
        for name in SPACE_NAMES:
            number = names.get(name)
            if number is not None and (name not in numbers or number in common):
                numbers[" "] = number
                self.space = f"; the space is {self._tokens[number]!r}"
                if name in numbers:
                    numbers[name] = self._index.get(UNKNOWN)
                return
        self.remarks.append(
            "it has no token for the space, which is unknown to it. Expected \\s or one of "
            f"{' '.join(SPACE_NAMES[:5])} \u2581 | _"
        )

    def _choose_case(self, numbers, symbols):
        """Read letters in the other case where the model lacks their own.

        Where the alphabet has one case and the model both, all are read in the likelier one.
        """
        pairs = {symbol: other for symbol in symbols if (other := symbol.swapcase()) != symbol and len(other) == 1}
        instead = {symbol: number for symbol, other in pairs.items() if (number := self._number(other)) is not None}
        has_one_case = not any(other in symbols for other in pairs.values())
        own_mass = sum(self._mass[numbers[symbol]] for symbol in pairs if numbers[symbol] is not None)
        is_likelier = has_one_case and self._mass[list(instead.values())].sum() > own_mass
        changed = [symbol for symbol in instead if is_likelier or numbers[symbol] is None]
        numbers.update({symbol: instead[symbol] for symbol in changed})
        if changed:
            self.remarks.append(
                f"{len(changed)} letters of the alphabet, such as {min(changed)!r}, stand in the other case in it, and "
                "are read so"
            )


def _is_letter(token):
    return (
        token not in SPECIAL
        and not _is_tag(token)
        and len(unicodedata.normalize("NFC", token)) == 1
        and (token.isalnum() or unicodedata.normalize("NFC", token).isalnum())
    )
