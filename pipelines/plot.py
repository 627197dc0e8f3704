"""Draw how a training went, or how raw input, frames and text of one example belong together.

python pipelines/plot.py learning runs/quickstart learning.png
python pipelines/plot.py alignment saved_models/unipen line.inkml alignment.png
python pipelines/plot.py alignment runs/an4 recording.flac alignment.png
python pipelines/plot.py memory runs/bard "To be, or not to be, that is the question" memory.png
"""

import argparse
import json
from pathlib import Path

from seqapp import command_line


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    pictures = parser.add_subparsers(title="pictures", required=True)
    learning = pictures.add_parser("learning", help="loss, error rates and gradients over steps, finished or running")
    learning.add_argument("workdir", type=Path, help="the workdir of a training")
    learning.set_defaults(draw=draw_learning)
    alignment = pictures.add_parser("alignment", help="strokes or spectrum, posteriors and text of one example")
    alignment.add_argument("model", type=Path, help="a SavedModel, the folder of its versions, or a workdir")
    alignment.add_argument("input", type=Path, help="a file, folder or archive; its first usable example is drawn")
    alignment.set_defaults(draw=draw_alignment)
    memory = pictures.add_parser("memory", help="units of a language model over a text, and those that follow words")
    memory.add_argument("workdir", type=Path, help="the workdir of a language model")
    memory.add_argument("text", help="what it reads")
    memory.set_defaults(draw=draw_memory)
    for picture in (learning, alignment, memory):
        picture.add_argument("picture", type=Path, help="the file to write, .png, .svg or .pdf")
    arguments = parser.parse_args(argv)
    arguments.draw(arguments)
    print(arguments.picture)


def draw_learning(arguments):
    from seqapp.evaluation.figure import save_figure
    from seqapp.evaluation.learning_curves import plot_learning_curves

    metrics, best = arguments.workdir / "metrics.csv", arguments.workdir / "best.json"
    if not metrics.is_file():
        raise ValueError(f"{arguments.workdir} has no metrics.csv. Expected the workdir of a training that has begun.")
    chosen_step = json.loads(best.read_text(encoding="utf-8"))["step"] if best.is_file() else None
    save_figure(plot_learning_curves(metrics, chosen_step, arguments.workdir.resolve().name), arguments.picture)


def draw_alignment(arguments):
    command_line.import_tensorflow()
    from seqapp.datasets.skipped import Skipped
    from seqapp.evaluation.pictures import save_alignment
    from seqapp.input_pipeline.read import read_inputs
    from seqapp.models import Transcriber

    transcriber = Transcriber.load(arguments.model)
    examples = read_inputs([arguments.input], transcriber.sense, Skipped())
    if not len(examples):
        raise ValueError(
            f"{arguments.input} holds nothing usable. pipelines/transcribe.py names what is wrong with it."
        )
    save_alignment(transcriber, examples, 0, arguments.picture)


def draw_memory(arguments):
    command_line.import_tensorflow()
    from seqapp.evaluation.figure import save_figure
    from seqapp.evaluation.memory_plot import plot_memory
    from seqapp.language.memory import activations
    from seqapp.language.workdir import load_model
    from seqapp.models import Workdir

    model, _, vocabulary = load_model(Workdir(arguments.workdir))
    symbols, states = vocabulary.split(arguments.text), activations(model, vocabulary, arguments.text)
    gaps = [not symbol[0].isalnum() for symbol in symbols]
    save_figure(plot_memory(states, symbols, gaps, "gaps between words", arguments.workdir.name), arguments.picture)


if __name__ == "__main__":
    command_line.run(main)
