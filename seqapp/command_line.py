"""How every script behaves: results on stdout, log on stderr, one line an error, exit 0, 1, 2 or 130."""

import logging
import os
import sys


def run(main, argv=None):
    """Run a script's `main(argv)` and exit with its status.

    A ValueError or OSError is a user's mistake or the machine's: it ends as one line and exit 1 (argparse exits
    with 2 by itself). Anything else is our mistake and keeps its traceback.
    """
    # Set before TensorFlow is imported, which scripts do inside main: its start-up notes are no result of ours.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S", stream=sys.stderr)
    logging.getLogger("absl").setLevel(logging.WARNING)
    try:
        status = main(argv)
    except KeyboardInterrupt:
        status = 130
    except (ValueError, OSError, FloatingPointError) as error:
        logging.getLogger("seqapp").error("error: %s", error)
        status = 1
    sys.exit(status)
