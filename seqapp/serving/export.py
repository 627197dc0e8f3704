"""Export of a model as one folder that needs nothing of ours: SavedModel, alphabet, recipe, model card."""

import json
from pathlib import Path
from typing import NamedTuple

import seqapp.recipe
from seqapp.decoding.config import DecoderConfig
from seqapp.decoding.decoder import read_models
from seqapp.decoding.ngram import in_bytes, quantised, write_beside, write_compact
from seqapp.decoding.reading_confidence import ReadingConfidence
from seqapp.models.context.load import in_graph, make_context
from seqapp.models.model_folder import (
    ALPHABET,
    CARD,
    CONFIDENCE,
    CONTEXT,
    CONTEXT_MODEL,
    METADATA,
    RECIPE,
    ModelFolder,
    new_version,
    newest,
    next_number,
)
from seqapp.models.recognizer import Recognizer
from seqapp.models.starting_point import StartingPoint
from seqapp.models.to_text.to_text_class import to_text_class
from seqapp.models.workdir import Workdir
from seqapp.recipe import Recipe
from seqapp.serving.model_card import LICENCE, context_section, model_card, without_context
from seqapp.serving.portable.export import export_portable
from seqapp.serving.portable.network import portable_encoder
from seqapp.serving.portable.scores import score_portable, section, without_scores
from seqapp.text import Alphabet

MANY_NGRAMS = 200_000  # beyond these a graph holds bytes


class _Trained(NamedTuple):
    """A trained model: its parts, the facts of metadata.json and the text of its card."""

    recognizer: Recognizer
    recipe: Recipe
    alphabet: Alphabet
    confidence: ReadingConfidence | None
    confidence_json: str
    facts: dict
    card: str


def export(
    source: str | Path, target: str | Path, formats: tuple[str, ...] = (), decoder: DecoderConfig | None = None,
    data_dir: str | Path | None = None,
) -> Path:  # fmt: skip
    """Write a model as a SavedModel: the best weights of a workdir, or those of another SavedModel.

    The signatures take any batch size and any number of points or samples: `serving_default` is `recognize` of
    `InkToText`, `SpeechToText` or `ImageToText`, `log_probs`, `beam` and `score_text` theirs; a forward model of speech
    has `stream_init` and `stream_step` of `SpeechStream` too. With a decoder, `serving_default` and `beam` read with
    its language model, and `greedy` reads without.

    Args:
        source: Path of a training, of a SavedModel, or of the folder of its versions.
        target: Folder of the model; a new version 1, 2, ... is made in it, as TensorFlow Serving counts.
        formats: As `export_portable` takes them.
        decoder: `DecoderConfig` of one n-gram model of characters.
        data_dir: Where the corpus of the recipe lies: files of `formats` are scored on its validation split, and the
            card tells; None: they are not.

    Returns:
        Path of the version's folder. It appears when it is complete, under its final name.

    Raises:
        ValueError: One of `formats` or the decoder cannot be; no version is made.
    """
    # What stands beside the graph, for streams and other decoders, is what stands in it.
    models = [_for_graph(model) for model in read_models(decoder)] if decoder else []
    name, number = Path(target).resolve().name, next_number(target)
    folder = ModelFolder(newest(source))
    trained = _of_saved_model(folder) if folder.is_saved_model else _of_workdir(Workdir(source), name)
    if formats:
        portable_encoder(trained.recipe)  # refused before the graph is traced, which takes long
    context = make_context(decoder, trained.alphabet, models) if decoder else None
    parts = trained.recognizer, trained.recipe, trained.alphabet, trained.confidence
    module = to_text_class(trained.recipe)(*parts, context)
    functions = module.functions()
    facts = {"name": name, "version": number, **trained.facts, "signatures": sorted(functions)}
    card = trained.card
    if decoder:
        facts["context"] = in_graph(decoder, models)
        card += context_section(facts["context"], decoder.confidence or trained.confidence)
    with new_version(target, module, functions) as unfinished:
        folder = ModelFolder(unfinished)
        trained.alphabet.save(folder.file(ALPHABET))
        folder.file(RECIPE).write_text(seqapp.recipe.to_json(trained.recipe), encoding="utf-8")
        if trained.confidence is not None:
            folder.file(CONFIDENCE).write_text(trained.confidence_json, encoding="utf-8")
        if decoder:
            _write_model(models[0], context.scorer, folder.file(CONTEXT_MODEL))
            decoder.with_files([folder.file(CONTEXT_MODEL)]).save(folder.file(CONTEXT))
        folder.file(METADATA).write_text(json.dumps(facts, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        (unfinished / CARD).write_text(card, encoding="utf-8")
        export_portable(unfinished, formats)
        if formats and data_dir is not None:
            card += section(score_portable(unfinished, formats, data_dir))
            (unfinished / CARD).write_text(card, encoding="utf-8")
    return Path(target) / str(number)


def _for_graph(model):
    """The model with logarithms as a graph holds them; a byte less per n-gram is nothing where there are few."""
    model = quantised(model)
    return in_bytes(model) if len(model) > MANY_NGRAMS else model


def _write_model(model, scorer, path):
    """Write the language model beside the graph, or where to find it in the graph's variables."""
    if scorer.is_compact:
        write_beside(model, path, scorer.unknown, scorer.share)
    else:
        write_compact(model, path)


def _of_workdir(workdir, name):
    recognizer, recipe, alphabet = workdir.load_model()
    best = json.loads(workdir.best.read_text(encoding="utf-8"))
    confidence = ReadingConfidence.load(workdir.confidence)
    confidence_json = workdir.confidence.read_text(encoding="utf-8") if confidence else ""
    fine_tuning = json.loads(workdir.fine_tuning.read_text(encoding="utf-8")) if workdir.fine_tuning.is_file() else {}
    facts = {
        "sense": recipe.features.sense,
        "num_parameters": recognizer.count_params(),
        "licence": LICENCE,
        "seqapp": seqapp.__version__,
        "validation": best,
        **fine_tuning,  # parent, taken, step_0 and parent_test of a model that began with another
    }
    can_stream = recipe.features.sense == "speech" and not recipe.encoder.bidirectional
    look_ahead = recognizer.look_ahead_frames() if can_stream else None
    fitted = json.loads(confidence_json) if confidence else None
    card = model_card(name, recipe, best, recognizer.count_params(), alphabet, look_ahead, fine_tuning, fitted)
    return _Trained(recognizer, recipe, alphabet, confidence, confidence_json, facts, card)


def _of_saved_model(folder):
    """What an export wrote, to be written once more."""
    weights = StartingPoint.load(folder.path).weights
    recognizer = Recognizer.from_recipe(folder.recipe, folder.alphabet)
    for variable, value in zip(recognizer.variables, weights, strict=True):
        variable.assign(value)
    confidence_json = folder.file(CONFIDENCE).read_text(encoding="utf-8") if folder.confidence else ""
    facts = json.loads(folder.file(METADATA).read_text(encoding="utf-8"))
    facts = {name: value for name, value in facts.items() if name not in ("name", "version", "signatures", "context")}
    card = without_context(without_scores((folder.path / CARD).read_text(encoding="utf-8")))
    return _Trained(recognizer, folder.recipe, folder.alphabet, folder.confidence, confidence_json, facts, card)
