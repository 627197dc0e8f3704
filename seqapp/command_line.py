"""How every script behaves: results on stdout, log on stderr, one line an error, exit 0, 1, 2 or 130."""

import logging
import os
import sys
import tempfile


def run(main, argv=None):
    """Run a script's `main(argv)` and exit with its status.

    A ValueError or OSError is a user's mistake or the machine's: it ends as one line and exit 1 (argparse exits
    with 2 by itself). Anything else is our mistake and keeps its traceback.
    """
    # Set before TensorFlow is imported, which scripts do inside main: its notes are no result of ours. 3, since a
    # machine without a GPU is reported as an error (cuInit); what stops a program comes as an exception anyway.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S", stream=sys.stderr)
    for library in ("absl", "tensorflow"):
        logging.getLogger(library).setLevel(logging.WARNING)
    try:
        status = main(argv)
    except KeyboardInterrupt:
        status = 130
    except (ValueError, OSError, FloatingPointError) as error:
        logging.getLogger("seqapp").error("error: %s", error)
        status = 1
    sys.exit(status)


def import_tensorflow():
    """Import TensorFlow without its start-up notes; scripts call this after they have read their arguments.

    Its libraries log while they are loaded, before they look at any environment variable (oneDNN, CUDA drivers,
    absl; TensorFlow 2.21), so what they write meanwhile is held back, and shown only where the import fails.
    TF_CPP_MIN_LOG_LEVEL below 2 shows everything.
    """
    if os.environ.get("TF_CPP_MIN_LOG_LEVEL", "0") < "2":
        import tensorflow  # noqa: F401

        return
    sys.stderr.flush()
    shown = os.dup(2)
    with tempfile.TemporaryFile() as held_back:
        os.dup2(held_back.fileno(), 2)
        try:
            import tensorflow  # noqa: F401
        except BaseException:
            held_back.seek(0)
            os.write(shown, held_back.read())
            raise
        finally:
            os.dup2(shown, 2)
            os.close(shown)
