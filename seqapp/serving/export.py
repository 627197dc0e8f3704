"""Export of a workdir as one folder that needs nothing of ours: SavedModel, alphabet, recipe, model card."""

import json
import shutil
from pathlib import Path

import seqapp.recipe
from seqapp.decoding.reading_confidence import ReadingConfidence
from seqapp.models.model_folder import (
    ALPHABET,
    CARD,
    CONFIDENCE,
    METADATA,
    RECIPE,
    ModelFolder,
    new_version,
    next_number,
)
from seqapp.models.to_text.to_text_class import to_text_class
from seqapp.models.workdir import Workdir
from seqapp.serving.model_card import LICENCE, model_card
from seqapp.serving.portable.export import export_portable


def export(workdir: str | Path, target: str | Path, formats: tuple[str, ...] = ()) -> Path:
    """Write the best weights of a workdir as a SavedModel.

    The signatures take any batch size and any number of points or samples: `serving_default` is `recognize` of
    `InkToText`, `SpeechToText` or `ImageToText`, `log_probs`, `beam` and `score_text` theirs; a forward model of speech
    has `stream_init` and `stream_step` of `SpeechStream` too.

    Args:
        workdir: Path of a training.
        target: Folder of the model; a new version 1, 2, ... is made in it, as TensorFlow Serving counts.
        formats: As `export_portable` takes them.

    Returns:
        Path of the version's folder. It appears when it is complete, under its final name.

    Raises:
        ValueError: One of `formats` cannot be; no version is made.
    """
    workdir = Workdir(workdir)
    recognizer, recipe, alphabet = workdir.load_model()
    confidence = ReadingConfidence.load(workdir.confidence)
    module = to_text_class(recipe)(recognizer, recipe, alphabet, confidence)
    functions = module.functions()
    facts = json.loads(workdir.best.read_text(encoding="utf-8"))
    name = Path(target).resolve().name
    number = next_number(target)
    metadata = {
        "name": name,
        "version": number,
        "sense": recipe.features.sense,
        "num_parameters": recognizer.count_params(),
        "licence": LICENCE,
        "seqapp": seqapp.__version__,
        "signatures": sorted(functions),
        "validation": facts,
    }
    fine_tuning = json.loads(workdir.fine_tuning.read_text(encoding="utf-8")) if workdir.fine_tuning.is_file() else {}
    metadata |= fine_tuning  # parent, taken, step_0 and parent_test of a model that began with another
    look_ahead = recognizer.look_ahead_frames() if "stream_step" in functions else None
    fitted = json.loads(workdir.confidence.read_text(encoding="utf-8")) if confidence else None
    card = model_card(name, recipe, facts, recognizer.count_params(), alphabet, look_ahead, fine_tuning, fitted)
    with new_version(target, module, functions) as unfinished:
        folder = ModelFolder(unfinished)
        alphabet.save(folder.file(ALPHABET))
        folder.file(RECIPE).write_text(seqapp.recipe.to_json(recipe), encoding="utf-8")
        if confidence is not None:
            shutil.copyfile(workdir.confidence, folder.file(CONFIDENCE))
        folder.file(METADATA).write_text(json.dumps(metadata, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        (unfinished / CARD).write_text(card, encoding="utf-8")
        export_portable(unfinished, formats)
    return Path(target) / str(number)
