"""Command-line options of transcripts: format, folder, resuming. Nothing is imported: `--help` answers at once."""

from pathlib import Path


def add_output_options(parser) -> None:
    """Give an `argparse.ArgumentParser` the options of `seqapp.transcription.transcripts.transcribe`."""
    parser.add_argument(
        "--format", choices=("txt", "json", "srt", "vtt", "trn", "xml"), default="txt",
        help="default: txt; xml: the ALTO or PAGE that was given, with the text in it",
    )  # fmt: skip
    parser.add_argument("--json", action="store_const", const="json", dest="format", help="the same as --format json")
    parser.add_argument("--output", type=Path, help="a folder for one file each (default: all on stdout)")
    parser.add_argument("--resume", action="store_true", help="leave out what has its file in --output already")
