"""N-gram model of characters beside KenLM's and torch.nn.LSTM of the same text: bits per token of held-out texts."""

import dataclasses
import math
import random
import resource
import subprocess
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from seqapp.decoding.ngram import NGramModel, log_prob, read_ngram_model
from seqapp.decoding.sentences import symbol_sentences
from seqapp.decoding.spelling import Spelling
from seqapp.decoding.token_fit import fitted
from seqapp.text import Alphabet

SPACE = "\u2581"  # for KenLM, whose tokens are parted by spaces


@dataclasses.dataclass(frozen=True)
class Measured:
    """One model: its size, the processor time that it took, and bits per token of each held-out text.

    A token is a character or the end of a sentence.
    """

    name: str
    size: str
    core_s: float | None
    bits: Mapping[str, float]

    def __str__(self):
        time = "" if self.core_s is None else f"{self.core_s:7.1f} core-s"
        bits = "".join(f"  {name} {value:.4f}" for name, value in self.bits.items())
        return f"{self.name:<16} {self.size:<22} {time:<14}{bits} bits a token"


def spelled(texts: Iterable[str], alphabet: Alphabet) -> list[str]:
    """Spell texts as a model of this alphabet is estimated from them; those of which nothing is left are left out."""
    return [text for text in map(Spelling(alphabet).writable, texts) if text]


def measure(
    name: str, model: NGramModel, alphabet: Alphabet, held_out: Mapping[str, Sequence[str]], core_s: float | None = None
) -> Measured:
    """Measure an n-gram model of characters.

    Args:
        name: Of the model.
        model: `NGramModel`.
        alphabet: `Alphabet` of its characters.
        held_out: Spelled texts by name.
        core_s: What its estimation took.
    """
    model = fitted(model, alphabet, name)
    bits = {key: _bits(model, symbol_sentences(texts, alphabet)) for key, texts in held_out.items()}
    return Measured(name, f"{len(model) - 1:,} n-grams", core_s, bits)


def kenlm(lmplz: str | Path, order: int, texts: Sequence[str], alphabet: Alphabet) -> tuple[NGramModel, float]:
    """Estimate a model with KenLM's lmplz.

    Args:
        lmplz: The program.
        order: Longest n-gram.
        texts: Spelled.
        alphabet: `Alphabet`.

    Returns:
        `NGramModel`, and seconds of processor time.

    Raises:
        ValueError: lmplz fails; its last words are named.
    """
    with tempfile.TemporaryDirectory() as folder:
        tokens, arpa = Path(folder) / "tokens.txt", Path(folder) / "kenlm.arpa"
        with tokens.open("w", encoding="utf-8") as file:
            for text in texts:
                print(*(SPACE if symbol == " " else symbol for symbol in alphabet.split(text)), file=file)
        # Alphabets have too few 1-grams for discounts of their own.
        command = [lmplz, "-o", str(order), "-S", "1G", "-T", folder, "--discount_fallback"]
        before = _children_s()
        with tokens.open("rb") as source, arpa.open("wb") as target:
            finished = subprocess.run(command, stdin=source, stdout=target, stderr=subprocess.PIPE)
        if finished.returncode:
            words = finished.stderr.decode("utf-8", "replace").strip()[-300:]
            raise ValueError(f"{lmplz} ends with status {finished.returncode}: {words}")
        return read_ngram_model(arpa), _children_s() - before


def torch_lstm(
    num_parameters: int, core_minutes: float, texts: Sequence[str], held_out: Mapping[str, Sequence[str]], seed: int = 0
) -> Measured:
    """Train two layers of torch.nn.LSTM on the same sentences, in random order, and measure them. Needs PyTorch.

    Args:
        num_parameters: At most.
        core_minutes: Processor time of the training.
        texts: Spelled.
        held_out: Spelled texts by name.
        seed: Of the order and of the weights.
    """
    import torch

    from seqapp.benchmark.torch_language_model import TorchPeer
    from seqapp.language.corpus.text_windows import Windows

    torch.manual_seed(seed)
    texts = list(texts)
    random.Random(seed).shuffle(texts)
    numbers = {character: i for i, character in enumerate(sorted({"\n", *"".join(texts)}))}

    def encode(lines):
        return np.array([numbers[c] for line in lines for c in f"{line}\n" if c in numbers], np.int32)

    peer = TorchPeer(len(numbers), num_parameters, dropout=0.0)
    peer.train_for(Windows(encode(texts), numbers["\n"], 32, 128), core_minutes)
    bits = {name: peer.bits_per_token(encode(lines), numbers["\n"]) for name, lines in held_out.items()}
    return Measured("torch.nn.LSTM", f"{peer.num_parameters:,} parameters", 60 * core_minutes, bits)


def _bits(model, sentences):
    nats = -sum(log_prob(model, sentence) for sentence in sentences)
    return nats / math.log(2.0) / sum(len(sentence) + 1 for sentence in sentences)


def _children_s():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
