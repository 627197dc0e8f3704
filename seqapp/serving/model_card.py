"""Model card (MODEL_CARD.md): purpose, training data, error rates and limits of a model."""

import math
import textwrap
from typing import NamedTuple

import seqapp
import seqapp.recipe
from seqapp.senses import sense_of

LICENCE = "Apache-2.0"  # of the weights


class SenseText(NamedTuple):
    """The sentences of a card that depend on the sense."""

    title: str
    inputs: str
    outputs: str
    places: str
    limits: str


SENSES = {
    "ink": SenseText(
        title="Pen strokes to text",
        inputs="points float32 [B, N, 4] (x, y growing down, time_s, pen_up = 1 on the last point of a stroke)",
        outputs="char_points, num_lines, num_strokes and stroke_lines",
        places="frame_of_point and frame_lines",
        limits="One or several lines of writing, from left to right, as a list or a note; any unit and place. Columns "
        "side by side\nare read across. Other scripts, alphabets and pens than those of the training data are read "
        "badly.",
    ),
    "speech": SenseText(
        title="Speech to text",
        inputs="waveform float32 [B, N] (one channel in [-1, 1] at 16 kHz)",
        outputs="characters, char_start_s and char_end_s",
        places="frame_start_s",
        limits="Utterances of the kind and the language of the training data; other words, accents and rooms are heard "
        "badly.\nTimes are where the network was surest of a character, not where its sound begins.",
    ),
    "image": SenseText(
        title="Images of handwritten lines to text",
        inputs="columns float32 [B, W, 64] (grey in [0, 1], 1 white: columns of images 64 rows high)",
        outputs="char_left and char_right (columns). `images`: files (PNG, JPEG, BMP, GIF) of one line each,\n"
        "string [B], give the same, in pixels of the files",
        places="frame_columns",
        limits="One line at a time, dark on light, upright; other languages, scripts and hands than those of the "
        "training data\nare read badly. Characters end half-way to their neighbours, not where their ink ends.",
    ),
}


STREAM = """
## As a stream

`stream_init`: batch_size int32 [] gives the state of so many streams, a dict of tensors of one size.
`stream_step`: a chunk of waveform float32 [B, N] (any N), lengths int32 [B], final bool [B] (True where the audio ends:
such a row begins anew) and the state give text (what is new of it), log_probs, num_frames, frame_labels,
frame_log_probs, frame_characters and frame_start_s of the frames that are new, and the state for the next chunk.
All texts joined are those of the whole. A frame is known {wait_ms:.0f} ms after its middle.

    python pipelines/transcribe.py saved_models/{name} --stream recording.flac
    python pipelines/evaluate_stream.py saved_models/{name} --dataset {dataset} --data-dir CORPUS
"""


def stream_section(name: str, recipe: seqapp.recipe.Recipe, look_ahead_frames: int) -> str:
    """Write the section on streaming.

    Args:
        name: Of the model.
        recipe: `Recipe` of speech.
        look_ahead_frames: As `Recognizer.look_ahead_frames` counts them.
    """
    features = recipe.features
    wait_ms = look_ahead_frames * features.frame_step_ms + features.frame_length_ms / 2
    return STREAM.format(name=name, wait_ms=wait_ms, dataset=recipe.data.dataset)


def confidence_sentence(fitted: dict | None) -> str:
    """Write what confidences mean, to stand behind another sentence.

    Args:
        fitted: Of confidence.json, see `seqapp.evaluation.conditions.fit_confidence`; None: nothing was fitted.
    """
    if not fitted:
        return " Confidences are not calibrated."
    auroc = "unknown" if fitted["auroc"] is None else f"{fitted['auroc']:.3f}"
    error = 100 * fitted["expected_calibration_error"]
    sentence = (
        f"Confidence is the probability that all of a text is right, fitted to {fitted['readings']:,} readings of "
        f"{fitted['examples']} validation examples, clean, damaged and without a text: AUROC {auroc}, calibration "
        f"error {error:.1f} %. {sure_sentence(fitted['sure_from'], fitted.get('sure_log_prob'))}"
    )
    return "\n" + textwrap.fill(sentence, 120)


CONTEXT_TITLE = "\n## Context\n"


def context_section(context: dict, fitted) -> str:
    """Write the section on the language model in the graph.

    Args:
        context: Facts of `seqapp.models.context.load.in_graph`.
        fitted: `ReadingConfidence` of readings with it, or None.
    """
    sure = f" {sure_sentence(fitted.sure_from, fitted.sure_log_prob)}" if fitted else ""
    text = (
        f"`serving_default` and `beam` read with a character {context['order']}-gram model of "
        f"{context['num_ngrams']:,} n-grams ({context['language_model']}): prefix beam search of width "
        f"{context['beam_width']}, weight {context['weight']:g}, bonus {context['bonus']:g} a character. `greedy` "
        f"reads without; texts that the language model has not seen may be changed to likelier ones.{sure}"
    )
    return CONTEXT_TITLE + "\n" + textwrap.fill(text, 120) + "\n"


def sure_sentence(sure_from: float, sure_log_prob: float | None) -> str:
    """Say which readings are not sure; arguments as of `ReadingConfidence`."""
    if sure_log_prob is None:
        return f"Below a confidence of {sure_from:.3f} a reading is not sure."
    return (
        f"A reading whose text has less than {math.exp(sure_log_prob):.2f} of probability per character (geometric "
        "mean) is not sure, nor is an empty one."
    )


def without_context(card: str) -> str:
    """Return a card without the section that `context_section` wrote, which stands at its end."""
    return card.partition(CONTEXT_TITLE)[0]


def fine_tuning_section(record: dict) -> str:
    """Write the section on the model that another one began with.

    Args:
        record: Of fine_tuning.json, see `seqapp.training.fine_tuning`.
    """
    parent = record["parent"]
    taken = record["taken"]
    step_0 = record["step_0"]["validation"]
    lines = [
        "\n## Fine-tuning\n",
        f"Began with {parent['name']}, trained on {', '.join(parent['trained_on'])}: {taken['weights']:,} weights, "
        f"{len(taken['symbols'])} symbols;",
        f"{len(taken['new_symbols'])} symbols are new, {len(taken['left_out_symbols'])} left out. "
        f"Before the first step: CER {100 * step_0['cer']:.2f} % on validation.",
    ]
    if test := record.get("parent_test"):
        before, after = (100 * test[when]["cer"] for when in ("before", "after"))
        lines.append(f"CER on the test set of {parent['name']}: {before:.2f} % before, {after:.2f} % after.")
    if parent["citation"]:
        lines.append(f"\nPlease cite what it was trained on first:\n\n```bibtex\n{parent['citation']}\n```")
    return "\n".join(lines) + "\n"


def model_card(
    name: str,
    recipe: seqapp.recipe.Recipe,
    facts: dict,
    num_parameters: int,
    alphabet,
    look_ahead_frames: int | None = None,
    fine_tuning: dict | None = None,
    confidence: dict | None = None,
) -> str:
    """Write the card of an exported model, by its workdir; figures on test are added by who measured them.

    Args:
        name: Of the model.
        recipe: `Recipe`.
        facts: Of best.json: step, cer, wer, core_minutes.
        num_parameters: Of the network.
        alphabet: `Alphabet`.
        look_ahead_frames: Of a model that streams: feature frames behind the first that a logit frame reads.
        fine_tuning: Of fine_tuning.json, for a model that began with another one.
        confidence: Of confidence.json, where one was fitted.

    Returns:
        Markdown.
    """
    sources = ", ".join((recipe.data.dataset, *recipe.data.extra_train))
    encoder = recipe.encoder
    training = recipe.training
    sense = SENSES[recipe.features.sense]
    direction = "bidirectional" if encoder.bidirectional else "forward"
    streaming = "" if look_ahead_frames is None else stream_section(name, recipe, look_ahead_frames)
    validated = ""
    if "validation_examples" in facts:
        unit = sense_of(recipe).unit
        validated = f" on {facts['validation_examples']} {unit}s, {facts['validation_skipped']} skipped"
    return f"""# {name}

{sense.title}: {encoder.num_layers} {direction} {encoder.cell} layers of {encoder.units} units, CTC,
{num_parameters:,} parameters, seqapp {seqapp.__version__}.

| | |
|---|---|
| trained on | {sources} (train splits) |
| validation, greedy, no language model | CER {100 * facts["cer"]:.2f} %, WER {100 * facts["wer"]:.2f} %{validated} |
| training | step {facts["step"]} of {training.steps}, {facts["core_minutes"]:.0f} core-minutes, seed {training.seed} |
| symbols | {len(alphabet)} |
| licence of the weights | {LICENCE}; mind the licences of the data |

## Signatures

`serving_default`: {sense.inputs} and
lengths int32 [B] give text, confidence, {"is_sure, " if confidence else ""}num_characters, char_frames,
char_confidences, {sense.outputs}.
`log_probs`: the same arguments give log_probs float32 [B, T, {alphabet.num_classes}] (blank last), num_frames and
{sense.places}.
`beam`: the same arguments give texts [B, 8], the most probable first, and scores, natural logarithms of their
probabilities. `score_text`: with text string [B] they give score [B], that of each text.
Any batch size, any length. TensorFlow alone loads it.

`assets.extra/` holds the alphabet, the whole recipe and, as `metadata.json`, name, version,
signatures and validation figures.
{streaming}{fine_tuning_section(fine_tuning) if fine_tuning else ""}
## Limits

{sense.limits}{confidence_sentence(confidence)}
"""
