"""Command-line options of streams. Nothing is imported: `--help` answers at once."""

NO_FILES = ("microphone", "-")  # sources of a stream beside files, see `seqapp.datasets.speech.audio_source`


def add_live_options(parser) -> None:
    """Give an `argparse.ArgumentParser` the options of `seqapp.transcription.listen.listen`."""
    live = parser.add_argument_group(
        "audio while it is spoken (txt: start, end, text; json: partial ones too; srt, vtt)"
    )
    live.add_argument("--stream", action="store_true", help="one audio file, microphone, or - (raw int16 at 16 kHz)")
    live.add_argument("--chunk-ms", type=float, default=160.0, help="audio heard at once (default: 160)")
    live.add_argument("--realtime", action="store_true", help="a file no faster than it was spoken")
    live.add_argument(
        "--endpoint", type=float, nargs=3, default=(1.2, 2.4, 20.0), metavar=("PAUSE_S", "SILENCE_S", "LENGTH_S"),
        help="what ends an utterance: silence after words, silence alone, length; inf: never (default: 1.2 2.4 20)",
    )  # fmt: skip


def paths_to_read(arguments) -> list:
    """Files and folders among parsed options that must be there.

    A server knows the model by its name, a stream may be no file, and one of several inputs that is missing costs
    nothing but itself.
    """
    inputs = [path for path in arguments.inputs if not arguments.stream or str(path) not in NO_FILES]
    inputs = [] if any(path.exists() for path in inputs) else inputs
    return inputs if arguments.server else [arguments.model, *inputs]
