"""Command-line options of transcripts: format, folder, resuming. Nothing is imported: `--help` answers at once."""

from pathlib import Path


def add_output_options(parser) -> None:
    """Give an `argparse.ArgumentParser` the options of `seqapp.transcription.transcripts.transcribe`."""
    parser.add_argument(
        "--format", choices=("txt", "json", "srt", "vtt", "trn", "xml", "alto", "page"), default="txt",
        help="default: txt; xml: the ALTO or PAGE that was given, with the text in it, or ALTO of pages whose lines "
        "were found; alto, page: ALTO or PAGE of these",
    )  # fmt: skip
    parser.add_argument("--json", action="store_const", const="json", dest="format", help="the same as --format json")
    parser.add_argument("--output", type=Path, help="a folder for one file each (default: all on stdout)")
    parser.add_argument(
        "--line-finder", metavar="FOLDER", help="a model that finds the lines of pages (default: the folder pages "
        "beside the recogniser's, if it is there); none: every picture is one of a line",
    )  # fmt: skip
    parser.add_argument("--resume", action="store_true", help="leave out what has its file in --output already")
