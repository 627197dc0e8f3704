"""MODEL_CARD.md: what a model is for, what it was trained on, and how well it reads."""

from typing import NamedTuple

import seqapp
import seqapp.recipe


class SenseText(NamedTuple):
    """What a card says of one sense."""

    title: str
    inputs: str
    outputs: str
    places: str
    limits: str


SENSES = {
    "ink": SenseText(
        title="Pen strokes to text",
        inputs="points float32 [B, N, 4] (x, y growing down, time_s, pen_up = 1 on the last point of a stroke)",
        outputs="char_points",
        places="frame_of_point",
        limits="One line of writing at a time, in the order in which it was written; any unit and place. Other "
        "scripts,\nalphabets and pens than those of the training data are read badly.",
    ),
    "speech": SenseText(
        title="Speech to text",
        inputs="waveform float32 [B, N] (one channel in [-1, 1] at 16 kHz)",
        outputs="characters, char_start_s and char_end_s",
        places="frame_start_s",
        limits="Utterances of the kind and the language of the training data; other words, accents and rooms are heard "
        "badly.\nTimes are where the network was surest of a character, not where its sound begins.",
    ),
}


def model_card(name, recipe, facts, num_parameters, alphabet) -> str:
    """The card of an exported model, from what its workdir knows; figures on test are added by who measured them.

    Args:
        name: Of the model.
        recipe: `Recipe`.
        facts: Of best.json: step, cer, wer, core_minutes.
        num_parameters: Of the network.
        alphabet: `Alphabet`.

    Returns:
        Markdown.
    """
    sources = ", ".join((recipe.data.dataset, *recipe.data.extra_train))
    encoder, training, sense = recipe.encoder, recipe.training, SENSES[recipe.features.sense]
    direction = "bidirectional" if encoder.bidirectional else "forward"
    validated = ""
    if "validation_examples" in facts:
        validated = f" on {facts['validation_examples']} lines, {facts['validation_skipped']} skipped"
    return f"""# {name}

{sense.title}: {encoder.num_layers} {direction} {encoder.cell} layers of {encoder.units} units, CTC,
{num_parameters:,} parameters, seqapp {seqapp.__version__}.

| | |
|---|---|
| trained on | {sources} (train splits) |
| validation, greedy, no language model | CER {100 * facts["cer"]:.2f} %, WER {100 * facts["wer"]:.2f} %{validated} |
| training | step {facts["step"]} of {training.steps}, {facts["core_minutes"]:.0f} core-minutes, seed {training.seed} |
| symbols | {len(alphabet)} |
| licence of the weights | Apache-2.0; mind the licences of the data |

## Signatures

`serving_default`: {sense.inputs} and
lengths int32 [B] give text, confidence, num_characters, char_frames, char_confidences,
{sense.outputs}.
`log_probs`: the same arguments give log_probs float32 [B, T, {alphabet.num_classes}] (blank last), num_frames and
{sense.places}. Any batch size, any length. TensorFlow alone loads it.

`assets.extra/` holds the alphabet and the whole recipe.

## Limits

{sense.limits} Confidences are not calibrated.
"""
