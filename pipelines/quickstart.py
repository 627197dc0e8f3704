"""Train, evaluate, export and transcribe on synthetic ink.

    python pipelines/quickstart.py
    python pipelines/quickstart.py --workdir runs/mine --set training.steps=2000

Each step is a script of its own; its command is shown before it runs. At the end stands a picture: the alignment of a
held-out sample and its text.
"""

import json
from pathlib import Path

from seqapp import command_line


def main(argv=None):
    parser = command_line.make_parser(__doc__)
    parser.add_argument("--workdir", type=Path, default=Path("runs/quickstart"), help="default: runs/quickstart")
    parser.add_argument("--set", nargs="+", action="extend", default=[], metavar="SECTION.FIELD=VALUE", dest="changes")
    arguments = parser.parse_args(argv)
    workdir = arguments.workdir
    changes = ["--set", *arguments.changes] if arguments.changes else []
    if status := run("train", "quickstart", "--workdir", workdir, *changes):
        return status
    run("evaluate", workdir, "--dataset", "synthetic_ink", "--plots", workdir / "pictures")
    run("export", workdir, workdir / "saved_model")
    sample = workdir / "sample.json"
    sample.write_text(json.dumps(held_out_sample()), encoding="utf-8")
    run("transcribe", workdir / "saved_model", sample, "--picture", workdir / "alignment.png")
    print(f"The alignment of strokes and text: {workdir / 'alignment.png'}")


def run(script, *arguments):
    arguments = [str(argument) for argument in arguments]
    print(f"\n$ {command_line.command_of(script, arguments)}", flush=True)
    return command_line.main_of(script)(arguments)


def held_out_sample():
    """One test example of the synthetic corpus as JSON strokes."""
    from seqapp.datasets.ink.ink import Ink
    from seqapp.input_pipeline.read import read
    from seqapp.recipe import Recipe

    examples, _ = read("synthetic_ink", "test", Recipe())
    ink = Ink(str(examples.ids[0]), examples.raw_of(0), str(examples.texts[0]))
    return {"id": ink.id, "text": ink.text, "strokes": [stroke.tolist() for stroke in ink.strokes()]}


if __name__ == "__main__":
    command_line.run(main)
