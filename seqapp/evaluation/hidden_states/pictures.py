"""Plots of hidden states as files."""

from pathlib import Path

from seqapp.evaluation.hidden_states.recognizer_states import recognizer_memory
from seqapp.evaluation.hidden_states.states import text_memory
from seqapp.evaluation.hidden_states.units_plot import plot_memory
from seqapp.evaluation.hidden_states.unrolled_plot import plot_unrolled
from seqapp.evaluation.plots.figure import save_figure


def save_memory(
    model: str | Path, example: str | Path, picture: str | Path, layer: int = -1, first: int | None = None, of_text=None
) -> None:
    """Write one picture of what a model holds in mind.

    Args:
        model: A workdir, a SavedModel, or the folder of its versions.
        example: A file, folder or archive, whose first usable example is read.
        picture: The file to write.
        layer: Whose units are drawn whole, 0 the first.
        first: The step with which the drawing unrolled in time begins; None: units over time.
        of_text: Of a language model what `seqapp.language.hidden_states.remembered` gives; None: it is a recogniser.

    Raises:
        ValueError: Where there is no model or nothing usable, or the model has no such layer, the example no such step.
    """
    name = Path(model).name
    memory = recognizer_memory(model, Path(example)) if of_text is None else text_memory(*of_text, name)
    if not -len(memory.layers) <= layer < len(memory.layers):
        raise ValueError(f"The layer must be one of 0 ... {len(memory.layers) - 1}. Received: {layer}.")
    figure = plot_memory(memory, layer) if first is None else plot_unrolled(memory, first, layer)
    save_figure(figure, picture)
