"""Draw learning curves, alignments and hidden states.

python pipelines/plot.py learning runs/lstm runs/gru learning.png
python pipelines/plot.py alignment saved_models/unipen line.inkml alignment.png
python pipelines/plot.py unrolled runs/bard "To be, or not" unrolled.png
"""

from pathlib import Path

from seqapp import command_line


def main(argv=None):
    parser = command_line.make_parser(__doc__)
    pictures = parser.add_subparsers(title="pictures", required=True)
    learning = pictures.add_parser("learning", help="loss, error rates and gradients over steps, finished or running")
    alignment = pictures.add_parser("alignment", help="raw input, posteriors and text of one example")
    memory = pictures.add_parser("memory", help="units over time, and those that follow pen-ups, gaps, quotes")
    unrolled = pictures.add_parser("unrolled", help="x(t), h(t) and y(t) of some steps, as textbooks draw them")
    draws = {learning: draw_learning, alignment: draw_alignment, memory: draw_memory, unrolled: draw_memory}
    for picture, draw in draws.items():
        number = "+" if picture is learning else None
        picture.add_argument("model", type=Path, nargs=number, help="a workdir (learning: or several), or a SavedModel")
        if picture is not learning:
            picture.add_argument("example", help="a file, folder or archive: its first usable example; or a text")
        picture.add_argument("picture", type=Path, help="the file to write, .png, .svg or .pdf")
        picture.set_defaults(draw=draw, first=None)
    for picture in (memory, unrolled):
        picture.add_argument("--layer", type=int, default=-1, help="0 is the first (default: the last)")
    unrolled.add_argument("--first", type=int, default=0, help="the step to begin with (default: 0)")
    arguments = parser.parse_args(argv)
    command_line.expect_paths(arguments.model, arguments.example if arguments.draw is draw_alignment else None)
    arguments.draw(arguments)
    print(arguments.picture)


def draw_learning(arguments):
    from seqapp.evaluation.plots.learning_curves import save_learning_curves

    save_learning_curves(arguments.model, arguments.picture)


def draw_alignment(arguments):
    command_line.import_tensorflow()
    from seqapp.evaluation.plots.pictures import save_first_alignment

    save_first_alignment(arguments.model, arguments.example, arguments.picture)


def draw_memory(arguments):
    command_line.import_tensorflow()
    from seqapp.evaluation.hidden_states.pictures import save_memory
    from seqapp.language.hidden_states import remembered

    of_text = remembered(arguments.model, arguments.example)
    save_memory(arguments.model, arguments.example, arguments.picture, arguments.layer, arguments.first, of_text)


if __name__ == "__main__":
    command_line.run(main)
