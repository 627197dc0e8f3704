"""The command `seqapp`: runs a script by its name, or lists what there is."""

import sys

import seqapp
from seqapp.command_line.exit_status import run
from seqapp.command_line.near_names import did_you_mean
from seqapp.command_line.scripts import first_line_of, main_of, script_names
from seqapp.command_line.spelling import program_name

GROUPS = {
    "Read and predict": ("transcribe", "next_word", "serve", "serve_ray"),
    "Train, measure and export": (
        "quickstart", "train", "search", "evaluate", "evaluate_stream", "evaluate_recording", "evaluate_notes",
        "evaluate_pages", "plot", "export", "benchmark", "load", "language_model", "tune", "perplexity",
        "compare_language", "compare_ngrams",
    ),
}  # fmt: skip
HELP = ("-h", "--help", "help")


def main(argv: list[str] | None = None) -> None:
    """Run `seqapp NAME ARGUMENTS`, and exit as the script does; with 2 where there is no such command.

    Args:
        argv: Name and arguments; None: those of this process.
    """
    name, *arguments = (sys.argv[1:] if argv is None else argv) or HELP
    if name in HELP:
        run(lambda _: print(overview()))
    if name == "--version":
        run(lambda _: print(f"seqapp {seqapp.__version__}"))
    script = name.replace("-", "_")
    if script not in script_names():
        near = did_you_mean(script, script_names())
        print(f"seqapp: no command {name!r}.{near} `seqapp` alone lists them.", file=sys.stderr)
        sys.exit(2)
    sys.argv = [program_name(script), *arguments]
    run(main_of(script), arguments)


def overview() -> str:
    """One screen: each command with one line, in groups."""
    grouped = [name for names in GROUPS.values() for name in names]
    others = tuple(name for name in script_names() if name not in grouped)
    groups = {**GROUPS, "Others": others} if others else GROUPS
    lines = ["usage: seqapp COMMAND ...        seqapp COMMAND --help tells more of one"]
    for title, names in groups.items():
        lines += [title, *(f"  {name:<19}{first_line_of(name).rstrip('.')}" for name in names)]
    return "\n".join(lines)
