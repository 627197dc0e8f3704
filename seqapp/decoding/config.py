"""Decoder configuration: beam width, language models, lexicon, hotwords; kept as JSON beside the models' files."""

import dataclasses
import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # NumPy would come with it, and a script's --help needs none
    from seqapp.decoding.reading_confidence import ReadingConfidence


@dataclasses.dataclass(frozen=True)
class LanguageModelConfig:
    """One n-gram model of characters or of words (its tokens tell), and its say."""

    file: str  # ARPA, or ARPA.gz; a relative path counts from the file of this config
    weight: float = 1.0  # on log p beside the network's
    bonus: float = 1.5  # added per character or word: a language model alone prefers short texts

    def __post_init__(self):
        _expect_weight(self.file, self.weight, self.bonus)


@dataclasses.dataclass(frozen=True)
class RescorerConfig:
    """One recurrent language model that judges the texts a search ends with, and its say."""

    model: str  # a workdir, a SavedModel, or the folder of its versions; a relative path counts from this config's file
    weight: float = 0.5  # on log p beside the search's score
    bonus: float = 0.0  # added per character

    def __post_init__(self):
        _expect_weight(self.model, self.weight, self.bonus)


def _expect_weight(name, weight, bonus):
    if not (0 <= weight < math.inf and math.isfinite(bonus)):
        raise ValueError(
            f"{name}: its weight must be a finite number of at least 0, and its bonus a finite number. "
            f"Received: {weight} and {bonus}."
        )


PARTS = {"language_models": LanguageModelConfig, "rescorers": RescorerConfig}


@dataclasses.dataclass(frozen=True)
class DecoderConfig:
    """A beam search and what speaks for a text beside the network."""

    language_models: tuple[LanguageModelConfig, ...] = ()
    rescorers: tuple[RescorerConfig, ...] = ()
    lexicon: str = ""  # file of words, one per line, or a pronunciation dictionary; no other word is read
    hotwords: tuple[str, ...] = ()  # words and phrases that are likelier here than elsewhere
    hotword_boost: float = 1.5  # natural logarithm, per character of a hotword
    beam_width: int = 32  # prefixes kept after each frame
    num_alternatives: int = 10  # texts given of each example, the best one included
    temperature: float = 1.0  # logits of confidences are divided by it
    offset: float = 0.0  # and this is added
    confidence: "ReadingConfidence | None" = None  # of whole readings, fitted to readings of this decoder

    def __post_init__(self):
        counts = self.beam_width, self.num_alternatives
        if not all(isinstance(count, int) and count >= 1 for count in counts) or not 0 < self.temperature < math.inf:
            raise ValueError(
                "beam_width and num_alternatives must be whole numbers of at least 1, and temperature a finite one "
                f"greater than 0. Received: {self.beam_width}, {self.num_alternatives} and {self.temperature}."
            )
        if not (0 <= self.hotword_boost < math.inf and math.isfinite(self.offset)):
            raise ValueError(
                "hotword_boost must be a finite number of at least 0, and offset a finite number. Received: "
                f"{self.hotword_boost} and {self.offset}."
            )

    @classmethod
    def load(cls, path: str | Path) -> "DecoderConfig":
        """Read what `save` wrote.

        Raises:
            ValueError: For a file that is none, or unknown fields.
        """
        path = Path(path)
        if not path.is_file():
            raise ValueError(f"No decoder at {path}. Expected greedy, beam, or a JSON file of pipelines/tune.py.")
        try:
            values = json.loads(path.read_text(encoding="utf-8"))
            parts = {name: tuple(kind(**v) for v in values.pop(name, [])) for name, kind in PARTS.items()}
            parts["confidence"] = _read_confidence(values.pop("confidence", None))
            config = cls(**parts, **{k: tuple(v) if isinstance(v, list) else v for k, v in values.items()})
        except (TypeError, AttributeError, json.JSONDecodeError) as error:
            fields = ", ".join(field.name for field in dataclasses.fields(cls))
            raise ValueError(f"{path} is no decoder: {error}. Expected a JSON object with any of {fields}.") from error
        except ValueError as error:
            raise ValueError(f"{path}: {error}") from error
        return config.relative_to(path.parent)

    def with_files(self, files: Sequence[str | Path]) -> "DecoderConfig":
        """Return the same config with other files of its language models."""
        models = tuple(dataclasses.replace(m, file=str(f)) for m, f in zip(self.language_models, files, strict=True))
        return dataclasses.replace(self, language_models=models)

    def relative_to(self, folder: str | Path) -> "DecoderConfig":
        """Return the same config with its files found from `folder`."""
        models = tuple(dataclasses.replace(m, file=str(Path(folder) / m.file)) for m in self.language_models)
        rescorers = tuple(dataclasses.replace(r, model=str(Path(folder) / r.model)) for r in self.rescorers)
        lexicon = str(Path(folder) / self.lexicon) if self.lexicon else ""
        return dataclasses.replace(self, language_models=models, rescorers=rescorers, lexicon=lexicon)

    def save(self, path: str | Path) -> None:
        """Write as indented JSON; files in the same folder are named without it, so that the folder may move."""
        path = Path(path)
        folder = path.resolve().parent

        def name(file):
            return Path(file).name if Path(file).resolve().parent == folder else str(Path(file).resolve())

        values = dataclasses.asdict(self)
        for model in values["language_models"]:
            model["file"] = name(model["file"])
        for rescorer in values["rescorers"]:
            rescorer["model"] = name(rescorer["model"])
        values["lexicon"] = name(self.lexicon) if self.lexicon else ""
        path.write_text(json.dumps(values, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _read_confidence(values):
    from seqapp.decoding.reading_confidence import ReadingConfidence

    return ReadingConfidence(**values) if values else None
